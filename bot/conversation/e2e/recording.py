"""A conversation that took place, as a test case: what was said, and what came of it, in the words of test files.

Days and numbers that are others each time (받는 날, 접수번호) aren't expected again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from io import StringIO
from math import ceil
from typing import Any

from ruamel.yaml import YAML

from bot.conversation.clock import KOREA
from bot.conversation.events import (
    ActionExecuted,
    AgentUttered,
    BotUttered,
    CommandsIssued,
    Event,
    FlowCancelled,
    FlowCompleted,
    FlowStarted,
    HandoffOutcome,
    HandoffRequested,
    KnowledgeAnswered,
    NoteAdded,
    Owner,
    OwnershipChanged,
    SlotSet,
    SystemNotice,
    UserUttered,
)
from bot.conversation.flows.stack import awaited_slot
from bot.conversation.secrecy import HIDDEN
from bot.conversation.tracker import Tracker

PAUSE = 300.0
"""Seconds of silence that are worth a step of their own."""
_VARIES = re.compile(rf"\S*(?:\d|{HIDDEN})\S*")
"""Words that another run says otherwise."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ].*)?")
_LEAVING = {"user": "기다리지 않기", "payload": "/leave_queue"}
LEAST = 4
"""Letters that a piece of a reply needs to be worth expecting."""


def recorded(name: str, events: Sequence[Event], *, channel: str = "") -> dict[str, Any]:
    """The case as plain data. `events` are all of a conversation, in order; empty steps if no customer spoke.

    `channel` is where the test is to run, where that is another one than the conversation's own.
    """
    tracker = Tracker("recorded")
    steps: list[dict[str, Any]] = []
    events = _acts_alone(events)
    spoken_on = [event.input_channel for event in events if isinstance(event, UserUttered)]
    first_channel = channel or next(iter(spoken_on), "")
    last_channel, last_at, shown = first_channel, 0.0, set[str]()
    for turn in _turns(events):
        first = turn[0]
        step = _act(first, shown, turn)
        if isinstance(first, UserUttered):
            if steps and first.timestamp - last_at > PAUSE:
                steps.append({"later": _span(first.timestamp - last_at)})
            said_on = channel or first.input_channel or last_channel
            if said_on != last_channel:
                step["channel"] = said_on
            last_channel, last_at = said_on, first.timestamp
        elif _into_silence(first):
            step, last_at = {"later": _span(first.timestamp - last_at)}, first.timestamp
        before = _owner(tracker)
        for event in turn:
            tracker.apply(event)
        if step and (steps or isinstance(first, UserUttered)):
            found = [*_expectations(turn), {"awaits": awaited_slot(tracker.stack)}]
            if (owner := _owner(tracker)) != before:
                found.append({"owner": owner})
            steps.append({**step, "assertions": found})
        shown = _shown(turn) or shown
    case: dict[str, Any] = {"test_case": name}
    if first_channel:
        case["channel"] = first_channel
    if any(isinstance(event, HandoffRequested) for event in events):
        # Who is there to take over depends on the hour.
        case["at"] = f"{datetime.fromtimestamp(events[0].timestamp, KOREA):%Y-%m-%d %H:%M}"
    return {**case, "steps": steps}


def _owner(tracker: Tracker) -> Owner:
    """To whom a waiting case is offered is the desk's business, which a test hasn't."""
    return "queued" if tracker.owner == "offered" else tracker.owner


def _acts_alone(events: Sequence[Event]) -> list[Event]:
    """Without the notes that belong to a transfer, with the agents' values in the outcome that brings them to the bot."""
    found: list[Event] = []
    values: dict[str, Any] = {}
    for event in events:
        if isinstance(event, HandoffOutcome):
            if event.resolution == "transferred" and found and isinstance(found[-1], NoteAdded):
                found.pop()
            if event.resolution == "returned":
                event = event.model_copy(update={"slots": {**values, **event.slots}})
                values = {}
        elif isinstance(event, SlotSet) and event.source == "agent":
            values[event.name] = event.value
        found.append(event)
    return found


def as_test_file(cases: Iterable[dict[str, Any]]) -> str:
    """Cases as the text of a test file."""
    yaml = YAML()
    yaml.width = 110
    yaml.indent(mapping=2, sequence=4, offset=2)
    text = StringIO()
    yaml.dump({"test_cases": list(cases)}, text)
    return text.getvalue()


def _turns(events: Sequence[Event]) -> list[list[Event]]:
    """Events from one act of a person to the next. What a new session does comes before the message that began it."""
    turns: list[list[Event]] = []
    waiting: list[Event] = []
    for place, event in enumerate(events):
        spoke = isinstance(event, UserUttered | AgentUttered | NoteAdded)
        left = _left_queue(event) and not isinstance(events[place - 1], UserUttered)
        if spoke or left or _agent_moves(event) or _into_silence(event):
            turns.append([event, *waiting])
            waiting = []
        elif waiting or not turns or event.timestamp - turns[-1][-1].timestamp > PAUSE:
            waiting.append(event)
        else:
            turns[-1].append(event)
    return turns


def _agent_moves(event: Event) -> bool:
    if isinstance(event, HandoffOutcome):
        return event.resolution in ("returned", "closed", "transferred")
    return isinstance(event, OwnershipChanged) and (event.after == "agent" or _taken_away(event))


def _taken_away(event: OwnershipChanged) -> bool:
    """Whether a supervisor took the case from who had it."""
    return event.before == "agent" and event.reason in ("taken_over", "reassigned")


def _left_queue(event: Event) -> bool:
    """Whether the customer gave up waiting, with the widget's button or in words."""
    return isinstance(event, HandoffOutcome) and event.resolution == "abandoned"


def _into_silence(event: Event) -> bool:
    """Whether the bot speaks first, as the customer has said nothing for a while."""
    return isinstance(event, ActionExecuted) and event.name == "pattern_user_silence"


def _act(event: Event, shown: set[str], turn: Sequence[Event]) -> dict[str, Any]:
    if isinstance(event, UserUttered):
        # What was pressed was not read: there is nothing in it to understand.
        if event.parse_data:
            return {"user": event.text}
        if event.text in shown:
            return {"button": event.text}
        payload = _payload(turn)
        return {"user": event.text, "payload": payload} if payload else {"user": event.text}
    if isinstance(event, AgentUttered):
        return {"agent": {"say": event.text}}
    if isinstance(event, NoteAdded):
        return {"agent": {"note": event.text}}
    if _left_queue(event):
        return _LEAVING
    if isinstance(event, HandoffOutcome) and event.resolution == "transferred":
        return {"agent": {"transfer": event.note}}
    if isinstance(event, OwnershipChanged) and _taken_away(event):
        return {"agent": {"transfer": ""}}
    if isinstance(event, HandoffOutcome):
        what = {"returned": "give_back", "closed": "close"}[event.resolution]
        outcome: dict[str, Any] = {"code": event.code, "note": event.note}
        return {"agent": {what: {**outcome, "slots": event.slots} if event.slots else outcome}}
    return {"agent": {"accept": True}}


def _payload(turn: Sequence[Event]) -> str:
    """What was behind a button that is no longer in sight, or a form; empty where it isn't known any more."""
    if any(_left_queue(event) for event in turn):
        return str(_LEAVING["payload"])
    commands = [c for e in turn if isinstance(e, CommandsIssued) for c in e.commands]
    values = {c["name"]: c.get("value") for c in commands if c["command"] == "set slot"}
    started = next((str(c["flow"]) for c in commands if c["command"] == "start flow"), "SetSlots")
    if not commands or len(values) + (started != "SetSlots") != len(commands):
        return ""
    return f"/{started}{json.dumps(values, ensure_ascii=False)}" if values else f"/{started}"


def _pieces(text: str) -> list[str]:
    """What of a reply's first line stays the same in another run."""
    pieces = (piece.strip(" .,:;()·") for piece in _VARIES.split(text.strip().splitlines()[0]))
    return [piece for piece in pieces if len(piece) >= LEAST]


def _slot_expected(name: str, value: Any) -> dict[str, Any]:
    """A day that was said as 내일 is another one tomorrow: only that there is one counts."""
    return (
        {"name": name} if isinstance(value, str) and _DAY.fullmatch(value) else {"name": name, "value": value}
    )


def _expectations(turn: Sequence[Event]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    slots: dict[str, Any] = {}
    for event in turn:
        match event:
            case FlowStarted(flow_id=flow_id):
                found.append({"flow_started": flow_id})
            case FlowCompleted(flow_id=flow_id):
                found.append({"flow_completed": flow_id})
            case FlowCancelled(flow_id=flow_id):
                found.append({"flow_cancelled": flow_id})
            case ActionExecuted(name=name) if name.startswith("action_"):
                found.append({"action_executed": name})
            case SlotSet(name=name, value=value, source=source) if source in ("user", "button"):
                # Of a secret nothing is kept that could be compared.
                if value != HIDDEN:
                    slots[name] = value
            case KnowledgeAnswered(outcome="answer", citations=[{"document_id": document}, *_]):
                found.append({"cites": document})
            case HandoffRequested(reason_code=code):
                found.append({"handoff_reason": code})
            case BotUttered(response=response) if response:
                found.append({"bot_uttered": {"utter_name": response}})
            case BotUttered(text=text) if text.strip() and not event.data.get("citations"):
                if pieces := _pieces(text):
                    found.append({"reply_contains": pieces[0] if len(pieces) == 1 else pieces})
    if slots:
        found.append({"slot_was_set": [_slot_expected(name, value) for name, value in slots.items()]})
    if not any(isinstance(event, BotUttered) for event in turn):
        found.append({"bot_is_silent": True})
    return found


def _shown(turn: Sequence[Event]) -> set[str]:
    """Titles of what can be pressed after the turn."""
    titles = set()
    for event in turn:
        if isinstance(event, BotUttered | SystemNotice):
            cards = [
                button for card in event.data.get("elements") or () for button in card.get("buttons") or ()
            ]
            titles |= {b["title"] for b in [*(event.data.get("buttons") or ()), *cards] if b.get("payload")}
    return titles


def _span(seconds: float) -> str:
    """Rounded up, so that what the time brought is brought again."""
    for unit, size in (("days", 86_400), ("hours", 3_600)):
        if seconds >= 2 * size:
            return f"{ceil(seconds / size)} {unit}"
    return f"{ceil(seconds / 60)} minutes"
