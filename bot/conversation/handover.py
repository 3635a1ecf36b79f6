"""What agents and customers do to the ownership of a conversation: accept, write, note, transfer, return, close, leave.

Each is one change under the conversation's lock and a compare-and-set in the store; who comes second is told so.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from typing import Any

from bot.conversation.draft import Draft
from bot.conversation.engine import Engine, leave_queue
from bot.conversation.errors import DuplicateMessage, NotOwner, OwnershipError, UnknownCase
from bot.conversation.events import AgentUttered, Event, HandoffOutcome, NoteAdded
from bot.conversation.intake import clean_text
from bot.conversation.store import Case
from formats import SangdamError


@dataclass(frozen=True, slots=True)
class Agent:
    """The person who acts."""

    id: str
    name: str


class AlreadyTaken(NotOwner):
    """Raised when an agent accepts what another one has."""

    def __init__(self, owner_name: str) -> None:
        super().__init__(owner_name)
        self.code = "already_taken"
        self.ko = f"{owner_name} 상담원이 먼저 받았어요." if owner_name else "다른 상담원이 먼저 받았어요."
        self.remedy = "Pick another case."


class CaseChanged(SangdamError):
    """Raised when an agent acts on a version of the case that is no longer the newest."""

    status = 409

    def __init__(self) -> None:
        super().__init__(
            "case_changed",
            ko="그사이 상태가 바뀌었어요. 새 내용을 확인해 주세요.",
            en="The case has changed since that version.",
            remedy="Load the case again, then repeat.",
        )


class Handover:
    """All acts on a case. Case ids are checked against the conversation's open case."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.conversations = engine.conversations

    async def accept(self, case: Case, agent: Agent) -> Case:
        """Take a waiting case. Taking one's own again changes nothing. Raises `AlreadyTaken`, `UnknownCase`."""

        async def decide(draft: Draft) -> Case:
            current = self._open(draft, case)
            if current.state == "agent":
                if current.agent_id == agent.id:
                    return current
                raise AlreadyTaken(current.agent_name or "")
            draft.change_owner(
                "agent", "accepted", agent_id=agent.id, agent_name=agent.name, case_id=current.id
            )
            draft.notice("agent_joined", f"{agent.name} 상담원이 연결됐어요")
            return self._changed(
                draft,
                state="agent",
                agent_id=agent.id,
                agent_name=agent.name,
                accepted_at=time.time(),
                unread=0,
            )

        return await self.conversations.change(case.conversation_id, decide)

    async def decline(self, case: Case, agent: Agent) -> Case:
        """Leave a case to others; it stays in the queue."""

        async def decide(draft: Draft) -> Case:
            current = self._open(draft, case)
            if draft.tracker.owner == "offered":
                draft.change_owner("queued", "declined", case_id=current.id)
                return self._changed(draft, state="queued")
            return current

        return await self.conversations.change(case.conversation_id, decide)

    async def say(self, case: Case, agent: Agent, text: str, message_id: str | None = None) -> Event:
        """A message to the customer. The same `message_id` again gives the first one. Raises `NotOwner`, `BadMessage`."""
        cleaned = clean_text(text)

        async def decide(draft: Draft) -> Event:
            self._own(draft, case, agent)
            await self._refuse_repetition(case, message_id)
            event = draft.emit(
                AgentUttered(
                    text=cleaned,
                    message_id=message_id or uuid.uuid4().hex,
                    agent_id=agent.id,
                    agent_name=agent.name,
                )
            )
            self._changed(
                draft, last_speaker="agent", last_text=cleaned[:200], last_at=event.timestamp, unread=0
            )
            return event

        return await self._once(case, decide)

    async def note(self, case: Case, agent: Agent, text: str, message_id: str | None = None) -> Event:
        """A note that the customer never sees. Any agent may write one."""
        cleaned = clean_text(text)

        async def decide(draft: Draft) -> Event:
            await self._refuse_repetition(case, message_id)
            return draft.emit(
                NoteAdded(
                    text=cleaned,
                    message_id=message_id or uuid.uuid4().hex,
                    agent_id=agent.id,
                    agent_name=agent.name,
                )
            )

        return await self._once(case, decide)

    async def seen(self, case: Case, agent: Agent) -> None:
        """The agent has looked: nothing is unread any more."""

        async def decide(draft: Draft) -> None:
            current = draft.tracker.case
            if (
                current is not None
                and current.id == case.id
                and current.agent_id == agent.id
                and current.unread
            ):
                draft.update_case(unread=0)

        await self.conversations.change(case.conversation_id, decide)

    async def transfer(self, case: Case, agent: Agent, note: str, *, version: int | None = None) -> Case:
        """Back into the queue for somebody else, with a note for them."""

        async def decide(draft: Draft) -> Case:
            self._own(draft, case, agent, version)
            self._note_of(draft, agent, note)
            draft.emit(
                HandoffOutcome(
                    case_id=case.id,
                    resolution="transferred",
                    note=note,
                    agent_id=agent.id,
                    agent_name=agent.name,
                )
            )
            draft.change_owner("queued", "transferred", case_id=case.id)
            draft.notice("transferred", "다른 상담원에게 전해 드렸어요. 잠시만 기다려 주세요")
            return self._changed(draft, state="queued", agent_id=None, agent_name=None, accepted_at=None)

        return await self.conversations.change(case.conversation_id, decide)

    async def give_back(
        self,
        case: Case,
        agent: Agent,
        code: str,
        note: str,
        slots: dict[str, Any] | None = None,
        *,
        version: int | None = None,
    ) -> Case:
        """Return the conversation to the bot, which knows the outcome and goes on where it was."""

        async def decide(draft: Draft) -> Case:
            self._own(draft, case, agent, version)
            known = self.engine.assistant.domain.slots
            given = {name: value for name, value in (slots or {}).items() if name in known}
            self._outcome(draft, case, agent, "returned", code, note, given)
            for name, value in given.items():
                draft.set_slot(name, value, "agent")
            changed = self._changed(
                draft, state="returned", closed_at=time.time(), outcome_code=code, outcome_note=note, unread=0
            )
            draft.change_owner("bot", "returned")
            await self.engine.resume(
                draft,
                "utter_returned_to_bot",
                {"agent_name": agent.name, "outcome_note": note, "outcome_code": code},
            )
            return changed

        return await self.conversations.change(case.conversation_id, decide)

    async def close(
        self, case: Case, agent: Agent, code: str, note: str, *, version: int | None = None
    ) -> Case:
        """End the matter."""

        async def decide(draft: Draft) -> Case:
            self._own(draft, case, agent, version)
            self._outcome(draft, case, agent, "closed", code, note, {})
            changed = self._changed(
                draft, state="closed", closed_at=time.time(), outcome_code=code, outcome_note=note, unread=0
            )
            draft.change_owner("wrapup", "closing", agent_id=agent.id, agent_name=agent.name, case_id=case.id)
            draft.change_owner("closed", "closed")
            # A closed matter leaves no half-done flow behind for the next one.
            self.engine.machine.store_stack(draft, [])
            draft.notice("closed", "상담이 끝났어요. 새로 문의하실 수 있어요")
            return changed

        return await self.conversations.change(case.conversation_id, decide)

    async def leave_queue(self, conversation_id: str) -> bool:
        """The customer no longer waits. False if nothing was waited for."""

        async def decide(draft: Draft) -> bool:
            if draft.tracker.owner not in ("queued", "offered"):
                return False
            leave_queue(draft)
            return True

        return await self.conversations.change(conversation_id, decide)

    # -- parts --------------------------------------------------------------------------------------------------

    def _open(self, draft: Draft, case: Case) -> Case:
        current = draft.tracker.case
        if current is None or current.id != case.id:
            raise OwnershipError(draft.tracker.owner, "agent") if draft.tracker.seq else UnknownCase()
        return current

    def _own(self, draft: Draft, case: Case, agent: Agent, version: int | None = None) -> Case:
        current = self._open(draft, case)
        if draft.tracker.owner != "agent" or current.agent_id != agent.id:
            raise NotOwner(current.agent_name or "")
        if version is not None and version != current.version:
            raise CaseChanged()
        return current

    def _changed(self, draft: Draft, **changes: Any) -> Case:
        changed = draft.update_case(**changes)
        if changed is None:
            raise UnknownCase()
        return changed

    def _outcome(
        self,
        draft: Draft,
        case: Case,
        agent: Agent,
        resolution: str,
        code: str,
        note: str,
        slots: dict[str, Any],
    ) -> None:
        draft.emit(
            HandoffOutcome.model_validate(
                {
                    "case_id": case.id,
                    "resolution": resolution,
                    "code": code,
                    "note": note,
                    "agent_id": agent.id,
                    "agent_name": agent.name,
                    "slots": slots,
                }
            )
        )

    def _note_of(self, draft: Draft, agent: Agent, note: str) -> None:
        if note.strip():
            draft.emit(
                NoteAdded(
                    text=clean_text(note),
                    message_id=uuid.uuid4().hex,
                    agent_id=agent.id,
                    agent_name=agent.name,
                )
            )

    async def _refuse_repetition(self, case: Case, message_id: str | None) -> None:
        if message_id is None:
            return
        seen = await self.conversations.store.find_message(case.conversation_id, message_id)
        if seen is not None:
            raise DuplicateMessage(message_id, seen)

    async def _once(self, case: Case, decide: Any) -> Event:
        try:
            event: Event = await self.conversations.change(case.conversation_id, decide)
        except DuplicateMessage as duplicate:
            events = await self.conversations.store.events(
                case.conversation_id, after=duplicate.seq - 1, limit=1
            )
            return events[0]
        return event
