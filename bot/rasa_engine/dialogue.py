"""The dialogue manager that asks a Rasa server; repair patterns, knowledge, escalation and handoff stay ours."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable
from datetime import datetime
from typing import Any, TypeVar

import structlog

from bot.conversation.clock import KOREA
from bot.conversation.command_generator import OFFERS
from bot.conversation.commands import Abuse, AskKnowledge, ChitChat, Command, Handoff, LeaveQueue
from bot.conversation.dialogue_manager import Heard, Tools
from bot.conversation.draft import Draft
from bot.conversation.escalation.overruling import overruled
from bot.conversation.events import ActionExecuted, ActionFailed, BotUttered, CommandsIssued, Restarted
from bot.conversation.flow_dialogue import drop_flows
from bot.conversation.flows.stack import copied
from bot.conversation.messages import UserMessage
from bot.conversation.tracker import Tracker
from bot.rasa_engine.answers import RasaState, RasaTurn, merged, reply_of, turn_of
from bot.rasa_engine.mirror import follow_form, take_slots
from bot.rasa_engine.server import Json, RasaFailed, RasaServer, sender_of
from bot.rasa_engine.settings import RasaSettings
from korean.speech_act import asks, yes_or_no

REMEMBERED = 5_000
"""Conversations of which this process knows what Rasa was told."""
OURS = (LeaveQueue, Handoff, AskKnowledge)
"""What our own buttons ask for; all else is Rasa's."""
URGENCIES = ("normal", "high", "urgent")
Result = TypeVar("Result")

log = structlog.get_logger(__name__)


class RasaDialogue:
    """A `DialogueManager`. Rasa is asked only while the bot has the conversation; its failure is an apology and an event."""

    def __init__(self, tools: Tools, server: RasaServer, settings: RasaSettings) -> None:
        self._tools = tools
        self._server = server
        self._settings = settings
        self._told: OrderedDict[str, dict[str, Any]] = OrderedDict()

    # -- hearing ------------------------------------------------------------------------------------------------

    async def hear(self, message: UserMessage, text: str) -> Heard:
        """Mood, abuse and signals of words; what our own buttons ask for."""
        given = message.payload or text
        if message.payload is None and not text.startswith("/"):
            now = datetime.fromtimestamp(message.received_at, KOREA)
            return Heard(message, text, await self._tools.understander.understand(text, now))
        commands: list[Command] = [
            c for c in self._tools.generator.from_payload(given) or [] if isinstance(c, OURS)
        ]
        return Heard(message, text, commands=commands or None)

    async def consider(self, draft: Draft, heard: Heard) -> None:
        """What Rasa understands of words."""
        if heard.understanding is None or heard.notes:
            return
        heard.notes["words"] = _words(draft.tracker, heard)
        try:
            parsed = await self._within(heard, self._server.parse(heard.notes["words"]))
            heard.understanding = merged(heard.understanding, parsed)
        except RasaFailed as failure:
            heard.notes["failure"] = failure

    async def _within(self, heard: Heard, call: Awaitable[Result]) -> Result:
        """One time for all that a turn asks of Rasa."""
        loop = asyncio.get_running_loop()
        until = heard.notes.setdefault("until", loop.time() + self._settings.timeout)
        try:
            async with asyncio.timeout_at(until):
                return await call
        except TimeoutError:
            raise RasaFailed("timeout", f"over {self._settings.timeout:g} s") from None

    # -- answering ----------------------------------------------------------------------------------------------

    async def answer(self, draft: Draft, heard: Heard) -> None:
        """Policies first, then Rasa, then the policies again over what Rasa asks for."""
        if heard.commands is not None:
            await self._carry_out(draft, heard.commands, "button")
            return
        policies = self._tools.escalation
        wanted = overruled(policies, draft.tracker, heard.understanding, self._wishes(draft, heard))
        if wanted:
            await self._carry_out(draft, wanted, "rasa")
            warned = all(isinstance(command, Abuse) and not command.close for command in wanted)
            if not (warned and asks(heard.text)):
                return
        try:
            if "failure" in heard.notes:
                raise heard.notes["failure"]
            turn = await self._ask(draft, heard)
        except RasaFailed as failure:
            await self._apologise(draft, failure)
            return
        commands = self._take(draft, turn, heard)
        if not wanted:
            commands = overruled(policies, draft.tracker, heard.understanding, commands)
        if commands:
            await self._carry_out(draft, commands, "rasa")

    def _wishes(self, draft: Draft, heard: Heard) -> list[Command]:
        """What the message asks for without Rasa: a person, or the answer to our own offer of one."""
        intent = heard.understanding.intent if heard.understanding else None
        if intent is not None and intent.name in self._settings.handoff.intents:
            return [Handoff(reason_code="asked_for_person", reason_text="상담원 연결을 요청했어요")]
        if set(draft.tracker.state.previous_responses) & OFFERS:
            answer = yes_or_no(heard.text)
            if answer:
                return [
                    Handoff(reason_code="asked_for_person", reason_text="상담원 연결 제안을 받아들였어요")
                ]
            if answer is False and "utter_deny" in self._tools.assistant.responses:
                return [ChitChat(response="utter_deny")]
        return []

    async def _ask(self, draft: Draft, heard: Heard) -> RasaTurn:
        """Rasa's turn. Where a conflict makes the turn be decided again, the first answer stands."""
        if "turn" not in heard.notes:
            heard.notes["turn"] = await self._within(heard, self._exchange(draft.tracker, heard))
        turn: RasaTurn = heard.notes["turn"]
        return turn

    async def _exchange(self, tracker: Tracker, heard: Heard) -> RasaTurn:
        message, sender = heard.message, sender_of(tracker.conversation_id)
        words = heard.notes.setdefault("words", _words(tracker, heard))
        if owed := self._owed(tracker):
            await self._server.append(sender, [_slot(name, value) for name, value in owed.items()])
            self._note_told(tracker, owed)
        metadata = {**message.metadata, "message_id": message.message_id}
        await self._server.say(sender, words, message.channel, metadata)
        return turn_of(await self._server.tracker(sender), message.message_id, words)

    def _take(self, draft: Draft, turn: RasaTurn, heard: Heard) -> list[Command]:
        """Rasa's turn into the log and to the customer; what is left for us to do."""
        settings = self._settings
        for step in turn.steps:
            draft.emit(ActionExecuted(name=step.name, policy=step.policy, confidence=step.confidence))
        if turn.restarted:
            draft.emit(Restarted())
        self._mirror(draft, turn.state, turn.extracted, button=heard.understanding is None)
        ran = {step.name for step in turn.steps}
        lost = bool(ran & set(settings.fallback.actions))
        lost |= turn.intent in settings.fallback.intents and not turn.in_form
        commands: list[Command] = []
        for event in turn.said:
            reply, asked = reply_of(event)
            commands += _asked(asked, heard.text)
            shown = reply.text or reply.data()
            if shown and not lost:
                draft.say_reply(reply)
        if turn.state.paused or ran & set(settings.handoff.actions):
            commands.append(Handoff(reason_code="rasa", reason_text="챗봇이 상담원 연결을 요청했어요"))
        if not commands and (lost or not draft.replies):
            commands.append(AskKnowledge(question=heard.text))
        # One is enough, and a person counts more than an answer.
        return sorted(commands, key=lambda command: not isinstance(command, Handoff))[:1]

    async def _carry_out(self, draft: Draft, commands: list[Command], by: str) -> None:
        """By the repair patterns, above what Rasa is doing."""
        draft.emit(CommandsIssued(commands=[c.model_dump() for c in commands], metadata={"by": by}))
        stack = copied(draft.tracker.stack)
        base = list(stack)
        self._tools.processor.apply(draft, stack, commands)
        await self._tools.machine.run_above(draft, stack, base)

    async def _apologise(self, draft: Draft, failure: RasaFailed) -> None:
        log.warning("rasa_failed", code=failure.failure, detail=failure.detail)
        draft.emit(ActionFailed(name="rasa", code=failure.failure, detail=failure.detail))
        stack = copied(draft.tracker.stack)
        base = list(stack)
        self._tools.machine.push_pattern(stack, "pattern_internal_error", flow_name="")
        await self._tools.machine.run_above(draft, stack, base)

    # -- sessions and people ------------------------------------------------------------------------------------

    async def start_session(self, draft: Draft, now: float) -> None:
        """What was left half done is dropped, at Rasa too; Rasa carries slots over as its own domain says."""
        known = draft.tracker.seq > 0
        drop_flows(self._tools, draft)
        await self._tools.machine.run_pattern(draft, "pattern_session_start")
        if known:
            events = [{"event": "active_loop", "name": None}, _slot("requested_slot", None)]
            try:
                await self._server.append(sender_of(draft.tracker.conversation_id), events)
            except RasaFailed as failure:
                # The message that begins the session is about to be answered, or apologised for.
                log.warning("rasa_session_not_begun", code=failure.failure, detail=failure.detail)

    async def resume(self, draft: Draft) -> None:
        """Rasa learns the values that the agent set; then its form asks on, or the intent `returned_intent` is triggered."""
        tracker, sender = draft.tracker, sender_of(draft.tracker.conversation_id)
        try:
            state = RasaState.of(await self._server.tracker(sender, events=False))
            owed = self._owed(tracker)
            events: list[Json] = [_slot(name, value) for name, value in owed.items()]
            if state.requested in owed:
                # Else the customer's next words would be taken for its value.
                events.append(_slot("requested_slot", None))
            if state.paused:
                events.append({"event": "resume"})
            if events:
                await self._server.append(sender, events)
                self._note_told(tracker, owed)
            for message in await self._goes_on(sender, state):
                reply, _ = reply_of(message)
                if reply.text or reply.data():
                    draft.say_reply(reply)
            self._mirror(draft, RasaState.of(await self._server.tracker(sender, events=False)), set())
        except RasaFailed as failure:
            # The values are told before the customer's next message.
            log.warning("rasa_failed", code=failure.failure, detail=failure.detail)
            draft.emit(ActionFailed(name="rasa", code=failure.failure, detail=failure.detail))

    async def _goes_on(self, sender: str, state: RasaState) -> list[Json]:
        if state.form:
            asked = await self._server.execute(sender, state.form)
            # An action that was run from outside isn't followed by the listening without which no form takes an answer.
            await self._server.append(sender, [{"event": "action", "name": "action_listen"}])
            return asked
        if self._settings.returned_intent:
            return await self._server.trigger(sender, self._settings.returned_intent)
        return []

    def leave(self, draft: Draft) -> None:
        """Nothing half done is shown any more; Rasa's form is left when the next session begins."""
        self._tools.machine.store_stack(draft, [])

    async def close(self) -> None:
        """Close the connections."""
        await self._server.close()

    # -- slots --------------------------------------------------------------------------------------------------

    def _mirror(self, draft: Draft, state: RasaState, extracted: set[str], *, button: bool = False) -> None:
        take_slots(draft, state, extracted, button=button)
        follow_form(draft, self._tools.assistant, state)

    def _owed(self, tracker: Tracker) -> dict[str, Any]:
        """Values that an agent set or a dropped flow emptied, which Rasa can't know of yet."""
        told = self._told.get(tracker.conversation_id, {})
        found = {n: s.value for n, s in tracker.state.slots.items() if s.source in ("agent", "flow")}
        return {name: value for name, value in found.items() if name not in told or told[name] != value}

    def _note_told(self, tracker: Tracker, owed: dict[str, Any]) -> None:
        known = self._told.pop(tracker.conversation_id, {})
        self._told[tracker.conversation_id] = {**known, **owed}
        while len(self._told) > REMEMBERED:
            self._told.popitem(last=False)


def _slot(name: str, value: Any) -> Json:
    return {"event": "slot", "name": name, "value": value}


def _words(tracker: Tracker, heard: Heard) -> str:
    """What Rasa is sent. A payload that Rasa didn't offer is no command: `/intent` from outside would skip understanding."""
    payload = heard.message.payload
    given = (heard.text if payload is None else payload).strip()
    if not given.startswith("/") or _offered(tracker, given):
        return given
    return (heard.text if payload is not None else given).strip().lstrip("/ ") or "?"


def _offered(tracker: Tracker, payload: str) -> bool:
    for event in tracker.recent:
        if isinstance(event, BotUttered):
            cards = event.data.get("elements") or ()
            buttons = [
                *event.data.get("buttons", ()),
                *(b for card in cards for b in card.get("buttons", ())),
            ]
            if any(button.get("payload") == payload for button in buttons):
                return True
    return False


def _asked(asked: Json, text: str) -> list[Command]:
    """What `custom: {handoff: …}` or `custom: {knowledge: …}` of a response asks for."""
    found: list[Command] = []
    if "handoff" in asked:
        given = asked["handoff"] if isinstance(asked["handoff"], dict) else {}
        urgency = given.get("urgency") if given.get("urgency") in URGENCIES else "normal"
        reason = str(given.get("reason") or "챗봇이 상담원 연결을 요청했어요")[:300]
        code = str(given.get("code") or "rasa")[:60]
        found.append(Handoff.model_validate({"reason_code": code, "reason_text": reason, "urgency": urgency}))
    if "knowledge" in asked:
        given = asked["knowledge"] if isinstance(asked["knowledge"], dict) else {}
        found.append(AskKnowledge(question=str(given.get("question") or text)[:500]))
    return found
