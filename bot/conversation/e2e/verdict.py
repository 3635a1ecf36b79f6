"""Whether a turn did what its test expects. Each check gives None, or what happened instead."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.conversation.e2e.assertions import (
    Assertion,
    AwaitedExpected,
    BotUtteredExpected,
    FlowsExpected,
    QueueExpected,
    SlotExpected,
    StepExpected,
)
from bot.conversation.events import (
    ActionExecuted,
    ActionFailed,
    BotUttered,
    CommandsIssued,
    Event,
    FlowCancelled,
    FlowCompleted,
    FlowStarted,
    HandoffRequested,
    KnowledgeAnswered,
    SlotSet,
    UserUttered,
)
from bot.conversation.flows.stack import Frame, user_frame
from bot.conversation.store import Case


@dataclass(frozen=True, slots=True)
class Turn:
    """What one step did: the new events, and the state after them."""

    events: Sequence[Event]
    slots: dict[str, Any]
    owner: str
    stack: Sequence[Frame] = field(default_factory=tuple)
    case: Case | None = None
    """The customer's newest case, open or not."""

    @property
    def said(self) -> list[BotUttered]:
        """The bot's messages."""
        return [event for event in self.events if isinstance(event, BotUttered)]


def check(assertion: Assertion, turn: Turn) -> str | None:
    """None if it holds, else what was found instead."""
    kind = next(iter(assertion.model_fields_set))
    expected = getattr(assertion, kind)
    found: str | None = _CHECKS[kind](expected, turn)
    return found


def _intent(expected: str, turn: Turn) -> str | None:
    for event in turn.events:
        if isinstance(event, UserUttered):
            intent = event.parse_data.get("intent") or {}
            if intent.get("name") == expected:
                return None
            found = f"{intent['name']} ({intent['confidence']:.2f})" if intent.get("name") else "none"
            return f"understood as {found}"
    return "the customer said nothing"


def _command(expected: str | dict[str, Any], turn: Turn) -> str | None:
    wanted = {"command": expected} if isinstance(expected, str) else expected
    issued = [command for e in turn.events if isinstance(e, CommandsIssued) for command in e.commands]
    if any(all(command.get(key) == value for key, value in wanted.items()) for command in issued):
        return None
    return f"commands: {[_short(command) for command in issued] or 'none'}"


def _short(command: dict[str, Any]) -> dict[str, Any]:
    """What a command says, without what it leaves open."""
    return {key: value for key, value in command.items() if value not in (None, "", {}, [], ())}


def _flow_started(expected: FlowsExpected | str, turn: Turn) -> str | None:
    wanted = FlowsExpected(flow_ids=[expected]) if isinstance(expected, str) else expected
    started = [event.flow_id for event in turn.events if isinstance(event, FlowStarted)]
    enough = all if wanted.operator == "all" else any
    return (
        None if enough(name in started for name in wanted.flow_ids) else f"flows started: {started or 'none'}"
    )


def _awaits(expected: AwaitedExpected | str | None, turn: Turn) -> str | None:
    frame = user_frame(list(turn.stack))
    asked = frame if frame is not None and frame.awaiting else None
    if expected is None:
        return None if asked is None else f"{asked.awaiting} is asked for by {asked.flow_id}/{asked.step_id}"
    wanted = AwaitedExpected(slot=expected) if isinstance(expected, str) else expected
    if asked is None:
        at = f"; it stands at {frame.flow_id}/{frame.step_id}" if frame else "; no flow is going on"
        return f"nothing is asked for{at}"
    fits = (
        wanted.slot in (None, asked.awaiting)
        and wanted.flow_id in (None, asked.flow_id)
        and wanted.flow_step_id in (None, asked.step_id)
    )
    return None if fits else f"{asked.awaiting} is asked for by {asked.flow_id}/{asked.step_id}"


def _flow_completed(expected: StepExpected | str, turn: Turn) -> str | None:
    return _ended("flows completed", expected, [e for e in turn.events if isinstance(e, FlowCompleted)])


def _flow_cancelled(expected: StepExpected | str, turn: Turn) -> str | None:
    return _ended("flows cancelled", expected, [e for e in turn.events if isinstance(e, FlowCancelled)])


def _ended(
    what: str, expected: StepExpected | str, ended: Sequence[FlowCompleted | FlowCancelled]
) -> str | None:
    wanted = StepExpected(flow_id=expected) if isinstance(expected, str) else expected
    for event in ended:
        if event.flow_id == wanted.flow_id and wanted.flow_step_id in (None, event.step_id):
            return None
    return f"{what}: {[f'{e.flow_id}/{e.step_id}' for e in ended] or 'none'}"


def _clarification(expected: list[str], turn: Turn) -> str | None:
    for event in turn.events:
        if isinstance(event, CommandsIssued):
            for command in event.commands:
                if command["command"] == "clarify":
                    missing = set(expected) - set(command["flows"])
                    return f"asked about {list(command['flows'])}" if missing else None
    return "no clarification was asked"


def _action_executed(expected: str, turn: Turn) -> str | None:
    return _among("actions run", expected, (e.name for e in turn.events if isinstance(e, ActionExecuted)))


def _action_failed(expected: str, turn: Turn) -> str | None:
    return _among("actions failed", expected, (e.name for e in turn.events if isinstance(e, ActionFailed)))


def _slot(expected: dict[str, Any], turn: Turn) -> str | None:
    wrong = {name: turn.slots.get(name) for name, value in expected.items() if turn.slots.get(name) != value}
    return f"slots: {wrong}" if wrong else None


def _slot_was_set(expected: list[SlotExpected], turn: Turn) -> str | None:
    for slot in expected:
        values = [
            event.value for event in turn.events if isinstance(event, SlotSet) and event.name == slot.name
        ]
        held = [*values, turn.slots.get(slot.name)]
        if not any(_fits(slot, value) for value in held):
            return f"{slot.name} is {turn.slots.get(slot.name)!r}"
    return None


def _slot_was_not_set(expected: list[SlotExpected], turn: Turn) -> str | None:
    for slot in expected:
        for event in turn.events:
            if isinstance(event, SlotSet) and event.name == slot.name and _fits(slot, event.value):
                return f"{slot.name} was set to {event.value!r}"
    return None


def _fits(slot: SlotExpected, value: Any) -> bool:
    return value is not None if slot.any_value else bool(value == slot.value)


def _reply_contains(expected: str | list[str], turn: Turn) -> str | None:
    said = "\n".join(event.text for event in turn.said)
    wanted = [expected] if isinstance(expected, str) else expected
    if all(words in said for words in wanted):
        return None
    return f"the bot said {[event.text for event in turn.said] or 'nothing'}"


def _bot_uttered(expected: BotUtteredExpected, turn: Turn) -> str | None:
    if any(_utters(expected, event) for event in turn.said):
        return None
    return f"the bot said {[event.text for event in turn.said] or 'nothing'}"


def _bot_did_not_utter(expected: BotUtteredExpected, turn: Turn) -> str | None:
    said = next((event for event in turn.said if _utters(expected, event)), None)
    return None if said is None else f"the bot said {said.text!r}"


def _utters(expected: BotUtteredExpected, event: BotUttered) -> bool:
    if expected.utter_name is not None and event.response != expected.utter_name:
        return False
    if expected.text_matches is not None and not re.search(expected.text_matches, event.text):
        return False
    if expected.buttons is None:
        return True
    shown = event.data.get("buttons", [])
    return len(shown) == len(expected.buttons) and all(
        wanted.title == button["title"] and wanted.payload in (None, button["payload"])
        for wanted, button in zip(expected.buttons, shown, strict=True)
    )


def _silent(expected: bool, turn: Turn) -> str | None:
    silent = not turn.said
    return None if silent is expected else f"the bot said {[event.text for event in turn.said] or 'nothing'}"


def _cites(expected: str, turn: Turn) -> str | None:
    cited = [
        citation.get("document_id", "")
        for event in turn.events
        if isinstance(event, KnowledgeAnswered)
        for citation in event.citations
    ]
    return _among("sources", expected, cited)


def _owner(expected: str, turn: Turn) -> str | None:
    return None if turn.owner == expected else f"the owner is {turn.owner!r}"


def _handoff_reason(expected: str, turn: Turn) -> str | None:
    reasons = (event.reason_code for event in turn.events if isinstance(event, HandoffRequested))
    return _among("handoffs", expected, reasons)


def _queue(expected: QueueExpected | str, turn: Turn) -> str | None:
    wanted = QueueExpected(name=expected) if isinstance(expected, str) else expected
    case = turn.case
    if case is None:
        return "no case was opened"
    found = {"name": case.queue, **case.model_dump(include=set(QueueExpected.model_fields))}
    found["skills"] = list(case.skills)
    asked = wanted.model_dump(exclude_unset=True)
    wrong = {key: found[key] for key, value in asked.items() if found[key] != value}
    return f"the case has {wrong}" if wrong else None


def _among(what: str, expected: str, found: Iterable[str]) -> str | None:
    names = list(found)
    return None if expected in names else f"{what}: {names or 'none'}"


_CHECKS: dict[str, Any] = {
    "intent": _intent,
    "command": _command,
    "awaits": _awaits,
    "slot": _slot,
    "reply_contains": _reply_contains,
    "queue": _queue,
    "flow_started": _flow_started,
    "flow_completed": _flow_completed,
    "flow_cancelled": _flow_cancelled,
    "pattern_clarification_contains": _clarification,
    "action_executed": _action_executed,
    "action_failed": _action_failed,
    "slot_was_set": _slot_was_set,
    "slot_was_not_set": _slot_was_not_set,
    "bot_uttered": _bot_uttered,
    "bot_did_not_utter": _bot_did_not_utter,
    "bot_is_silent": _silent,
    "cites": _cites,
    "owner": _owner,
    "handoff_reason": _handoff_reason,
}
