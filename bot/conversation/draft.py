"""A change to a conversation while it is being decided: events so far, things said, the case. Committed whole or not."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar, cast

from bot.conversation import clock
from bot.conversation.actions_port import Said
from bot.conversation.customers import Known
from bot.conversation.events import (
    AgentUttered,
    BaseEvent,
    BotUttered,
    Event,
    HandoffRequested,
    Owner,
    OwnershipChanged,
    SlotSet,
    SlotSource,
    StackChanged,
    SystemNotice,
    UserUttered,
)
from bot.conversation.flows.stack import Frame, awaited_slot
from bot.conversation.flows.watching import StepTaken, step_json
from bot.conversation.messages import KeptFile, Reply, Wording
from bot.conversation.ownership import check_transition
from bot.conversation.responses import Responses
from bot.conversation.rich import Button
from bot.conversation.secrecy import hidden_events
from bot.conversation.store import Case, Claim, Commit, Head, OutboxMessage, Person
from bot.conversation.tracker import Tracker

E = TypeVar("E", bound=BaseEvent)
Triage = Callable[[Case, Tracker, HandoffRequested], tuple[Case, dict[str, str]]]
"""Puts a new case where it belongs: queue, skills, head start, targets; state `callback` where nobody is there now.
With it come the variables of what the customer is told then."""
Recall = Callable[[str], Awaitable[Known]]
"""What is known of a conversation's customer from other conversations."""
SNAPSHOT_EVERY = 50
"""Events between snapshots: what a load reads is bounded by it."""


class Draft:
    """Works on the tracker in place; if it isn't committed the tracker must be thrown away."""

    def __init__(
        self,
        tracker: Tracker,
        responses: Responses,
        triage: Triage | None = None,
        recall: Recall | None = None,
    ) -> None:
        self.tracker = tracker
        self.responses = responses
        self.triage = triage
        self._recall = recall
        self._known = Known()
        self.claim: Claim | None = None
        self.base_version = tracker.seq
        self._asked: str | None = None
        """The slot that was asked for when the customer spoke."""
        self.events: list[Event] = []
        self.replies: list[Reply] = []
        self.wordings: dict[int, Wording] = {}
        """`seq` of a response -> what the domain says of its text."""
        self.steps: list[StepTaken] = []
        """Steps of flows that no event tells of yet."""
        self.case: Case | None = None
        self._case_changed = False
        self.taken_from: list[str] = []
        """Other conversations whose flows go on in this one from now on."""

    def emit(self, event: E) -> E:
        """Add an event: it gets its `seq` and is folded into the tracker."""
        placed = event.model_copy(update={"seq": self.tracker.seq + 1})
        if isinstance(event, UserUttered):
            kept = self.tracker.state.set_aside
            self._asked = awaited_slot(self.tracker.stack) or (awaited_slot(kept.frames) if kept else None)
        self.events.append(cast(Event, placed))
        self.tracker.apply(cast(Event, placed))
        return placed

    def note_stack(self, stack: Sequence[Frame]) -> None:
        """The dialogue stack as it stands now, with the steps that led to it."""
        steps, self.steps = [step_json(step) for step in self.steps], []
        self.emit(StackChanged(frames=[frame.model_dump() for frame in stack], steps=steps))

    # -- what is said -------------------------------------------------------------------------------------------

    def say(self, response: str, variables: dict[str, Any] | None = None) -> Reply:
        """Say a response of the domain. Raises `UnknownResponse`."""
        state = self.tracker.state
        reply = self.responses.say(
            response,
            slots=self.tracker.values,
            channel=state.channel,
            variables=variables,
            turn=state.turns,
        )
        return self.say_reply(reply)

    def say_if_known(self, response: str, variables: dict[str, Any] | None = None) -> Reply | None:
        """Say a response if the domain has it."""
        return self.say(response, variables) if response in self.responses else None

    def say_reply(self, reply: Reply) -> Reply:
        """Say a reply as the bot."""
        event = self.emit(
            BotUttered(
                text=reply.text, message_id=reply.message_id, data=reply.data(), response=reply.response
            )
        )
        if reply.wording is not None:
            self.wordings[event.seq] = reply.wording
        said = reply.model_copy(update={"seq": event.seq, "wording": None})
        self.replies.append(said)
        return said

    def say_what_was_said(self, said: Said) -> Reply:
        """Say something that an action wants said."""
        if said.response:
            return self._say_response(said)
        return self.say_reply(
            Reply(
                message_id=said.message_id or uuid.uuid4().hex,
                text=said.text,
                buttons=said.buttons,
                image=said.image,
                elements=said.elements,
                attachment=said.attachment,
                citations=said.citations,
                custom=said.custom,
            )
        )

    def _say_response(self, said: Said) -> Reply:
        """A response of the domain, with the buttons that the action adds to it."""
        state = self.tracker.state
        reply = self.responses.say(
            said.response,
            slots=self.tracker.values,
            channel=state.channel,
            variables=said.variables,
            turn=state.turns,
        )
        changes: dict[str, Any] = {"buttons": (*said.buttons, *reply.buttons)} if said.buttons else {}
        if said.message_id:
            changes["message_id"] = said.message_id
        return self.say_reply(reply.model_copy(update=changes))

    def notice(self, code: str, text: str, buttons: Sequence[Button] = ()) -> SystemNotice:
        """A line for the customer that nobody says: an agent joined, the queue was left."""
        data = {"buttons": [button.model_dump() for button in buttons]} if buttons else {}
        return self.emit(SystemNotice(text=text, code=code, message_id=uuid.uuid4().hex, data=data))

    @property
    def holds_secret(self) -> bool:
        """Whether the customer's message may be a secret, which goes to nobody outside."""
        secrets = self.responses.secret_slots
        return self._asked in secrets or any(
            isinstance(event, SlotSet) and event.name in secrets for event in self.events
        )

    def reword(self, texts: Mapping[int, str], by: str) -> None:
        """Say what is said by events of this draft in other words; `by` whom stands with each."""
        changed = {
            event.seq: event.model_copy(
                update={"text": texts[event.seq], "metadata": {**event.metadata, "rephrased": by}}
            )
            for event in self.events
            if isinstance(event, BotUttered) and event.seq in texts
        }
        self.events = [changed.get(event.seq, event) for event in self.events]
        self.replies = [
            reply.model_copy(update={"text": texts[reply.seq]}) if reply.seq in changed else reply
            for reply in self.replies
        ]
        self.tracker.reword(self.events)

    # -- slots, owner, case -------------------------------------------------------------------------------------

    def set_slot(self, name: str, value: Any, source: SlotSource) -> None:
        """Set a slot unless it has the value already."""
        if self.tracker.slot(name) == value and type(self.tracker.slot(name)) is type(value):
            return
        said_at = self.tracker.state.latest_user_seq if source in ("user", "button") else None
        self.emit(SlotSet(name=name, value=value, source=source, said_at=said_at))

    def change_owner(
        self,
        after: Owner,
        reason: str,
        *,
        agent_id: str | None = None,
        agent_name: str | None = None,
        case_id: str | None = None,
    ) -> None:
        """One transition of the ownership machine. Raises `OwnershipError`."""
        before = self.tracker.owner
        check_transition(before, after)
        self.emit(
            OwnershipChanged(
                before=before,
                after=after,
                reason=reason,
                agent_id=agent_id,
                agent_name=agent_name,
                case_id=case_id,
            )
        )

    async def look_back(self) -> None:
        """Ask what is known of the customer from other conversations; `open_case` goes by it."""
        if self._recall is not None:
            self._known = await self._recall(self.tracker.conversation_id)

    def open_case(self, event: HandoffRequested, goal: str | None) -> Case:
        """Put the customer in the queue for a person, or file the case for later where nobody is there.

        What the customer hears of it is `utter_handoff_started` or `utter_handoff_filed`.
        """
        state, now = self.tracker.state, clock.now()
        mood = state.moods[-1] if state.moods else None
        case = Case(
            id=event.case_id,
            conversation_id=self.tracker.conversation_id,
            channel=state.channel,
            customer_name=self._known.name or state.customer_name,
            segment=self._known.segment,
            reason_code=event.reason_code,
            reason_text=event.reason_text,
            urgency=event.urgency,
            goal=goal,
            created_at=now,
            waiting_since=now,
            last_speaker="customer",
            last_text=str(state.latest_message.get("text", ""))[:200],
            last_at=state.latest_user_at,
            sentiment_label=mood.label if mood else "",
            sentiment_score=mood.score if mood else 0.0,
        )
        case = case.model_copy(update=self._last_agent())
        if event.callback is not None:
            booked = {"state": "callback", "due_at": float(event.callback.get("at") or now)}
            case = case.model_copy(update={**booked, "phone": str(event.callback.get("phone") or "")})
        variables: dict[str, str] = {}
        if self.triage is not None:
            case, variables = self.triage(case, self.tracker, event)
        filed = case.state == "callback"
        words = "utter_handoff_filed" if filed else "utter_handoff_started"
        # A flow that booked a call-back has its own words, and so may an action that asks for a person.
        if event.callback is None and not any(reply.response == words for reply in self.replies):
            self.say_if_known(words, variables)
        if filed and self.tracker.state.filed and event.callback is None:
            return case
        self.emit(event.model_copy(update={"filed": filed}))
        if not filed:
            self.change_owner("queued", event.reason_code, case_id=event.case_id)
        return self.put_case(case)

    def _last_agent(self) -> dict[str, Any]:
        """Who talked to the customer last, here or in another conversation."""
        state, known = self.tracker.state, self._known
        here = (state.last_agent_at, state.last_agent_id or "", state.last_agent_name or "")
        at, agent_id, name = max(here, (known.last_agent_at, known.last_agent_id, known.last_agent_name))
        if not agent_id:
            return {}
        return {"last_agent": Person(id=agent_id, name=name), "last_agent_at": at}

    def put_case(self, case: Case) -> Case:
        """The open case as it will be after the commit."""
        self.case = case
        self._case_changed = True
        self.tracker.case = case if case.state not in ("returned", "closed", "callback") else None
        return case

    def update_case(self, **changes: Any) -> Case | None:
        """Change fields of the open case; its version grows by one a commit."""
        current = self.tracker.case
        if current is None:
            return None
        version = current.version if self._case_changed else current.version + 1
        return self.put_case(current.model_copy(update={**changes, "version": version}))

    # -- the whole ----------------------------------------------------------------------------------------------

    def commit(self, outbox_channels: frozenset[str]) -> Commit:
        """Everything as one commit. Messages of people get outbox rows on channels that can't subscribe."""
        tracker, state = self.tracker, self.tracker.state
        if self.steps:
            # Flows ran and left the stack as it was: a question that is asked again, a word beside it.
            self.note_stack(tracker.stack)
        head = Head(
            conversation_id=tracker.conversation_id,
            version=tracker.seq,
            owner=state.owner,
            agent_id=state.agent_id,
            case_id=state.case_id,
        )
        secrets = self.responses.secret_slots
        events = hidden_events(self.events, secrets, self._asked)
        if events != self.events:
            tracker.forget(events, secrets)
        crossed = tracker.seq // SNAPSHOT_EVERY > self.base_version // SNAPSHOT_EVERY
        return Commit(
            conversation_id=tracker.conversation_id,
            expected_version=self.base_version,
            events=events,
            head=head,
            channel=state.channel,
            case=self.case,
            outbox=self._outbox() if state.channel in outbox_channels else [],
            snapshot=tracker.snapshot() if crossed else None,
            claim=self.claim,
        )

    def _outbox(self) -> list[OutboxMessage]:
        """Rows for what the customer can't get as the answer to a request of theirs."""
        if any(isinstance(event, UserUttered) for event in self.events):
            return []
        return [
            self._row(event)
            for event in self.events
            if isinstance(event, AgentUttered | SystemNotice | BotUttered)
        ]

    def _row(self, event: AgentUttered | SystemNotice | BotUttered) -> OutboxMessage:
        speaker = {"agent": "agent", "notice": "system", "bot": "bot"}[event.event]
        reply = Reply(
            message_id=event.message_id,
            text=event.text,
            speaker=speaker,
            speaker_name=event.agent_name if isinstance(event, AgentUttered) else "",
            buttons=tuple(Button.model_validate(button) for button in event.data.get("buttons", ())),
            file=KeptFile.model_validate(event.data["file"]) if event.data.get("file") else None,
            seq=event.seq,
        )
        return OutboxMessage(
            # Unique among all conversations, which a client's own message id needn't be.
            id=outbox_id(self.tracker.conversation_id, event.message_id),
            conversation_id=self.tracker.conversation_id,
            channel=self.tracker.state.channel,
            payload=reply.model_dump(),
            created_at=event.timestamp,
        )


def outbox_id(conversation_id: str, message_id: str) -> str:
    """The id of a message's outbox row, of bounded length."""
    return hashlib.sha256(f"{conversation_id}\0{message_id}".encode()).hexdigest()
