"""A conversation that took place, as a test case: what was said, and what came of it, in the words of test files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import StringIO
from math import ceil
from typing import Any

from ruamel.yaml import YAML

from bot.conversation.events import (
    ActionExecuted,
    AgentUttered,
    BotUttered,
    Event,
    FlowCancelled,
    FlowCompleted,
    FlowStarted,
    HandoffOutcome,
    HandoffRequested,
    KnowledgeAnswered,
    NoteAdded,
    OwnershipChanged,
    SlotSet,
    SystemNotice,
    UserUttered,
)
from bot.conversation.flows.stack import awaited_slot
from bot.conversation.tracker import Tracker

PAUSE = 300.0
"""Seconds of silence that are worth a step of their own."""


def recorded(name: str, events: Sequence[Event], *, channel: str = "") -> dict[str, Any]:
    """The case as plain data. `events` are all of a conversation, in order; empty steps if no customer spoke.

    `channel` is where the test is to run, where that is another one than the conversation's own.
    """
    tracker = Tracker("recorded")
    steps: list[dict[str, Any]] = []
    spoken_on = [event.input_channel for event in events if isinstance(event, UserUttered)]
    first_channel = channel or next(iter(spoken_on), "")
    last_channel, last_at, shown = first_channel, 0.0, set[str]()
    for turn in _turns(events):
        first = turn[0]
        step = _act(first, shown)
        if isinstance(first, UserUttered):
            if steps and first.timestamp - last_at > PAUSE:
                steps.append({"later": _span(first.timestamp - last_at)})
            said_on = channel or first.input_channel or last_channel
            if said_on != last_channel:
                step["channel"] = said_on
            last_channel, last_at = said_on, first.timestamp
        elif _into_silence(first):
            step, last_at = {"later": _span(first.timestamp - last_at)}, first.timestamp
        before = tracker.owner
        for event in turn:
            tracker.apply(event)
        if step and (steps or isinstance(first, UserUttered)):
            found = [*_expectations(turn), {"awaits": awaited_slot(tracker.stack)}]
            if tracker.owner != before:
                found.append({"owner": tracker.owner})
            steps.append({**step, "assertions": found})
        shown = _shown(turn) or shown
    case: dict[str, Any] = {"test_case": name}
    return {**case, **({"channel": first_channel} if first_channel else {}), "steps": steps}


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
    for event in events:
        spoke = isinstance(event, UserUttered | AgentUttered | NoteAdded)
        if spoke or _agent_moves(event) or _into_silence(event):
            turns.append([event, *waiting])
            waiting = []
        elif waiting or not turns or event.timestamp - turns[-1][-1].timestamp > PAUSE:
            waiting.append(event)
        else:
            turns[-1].append(event)
    return turns


def _agent_moves(event: Event) -> bool:
    if isinstance(event, HandoffOutcome):
        return event.resolution in ("returned", "closed")
    return isinstance(event, OwnershipChanged) and event.after == "agent"


def _into_silence(event: Event) -> bool:
    """Whether the bot speaks first, as the customer has said nothing for a while."""
    return isinstance(event, ActionExecuted) and event.name == "pattern_user_silence"


def _act(event: Event, shown: set[str]) -> dict[str, Any]:
    if isinstance(event, UserUttered):
        # A pressed button was not read: there is nothing in it to understand.
        pressed = not event.parse_data and event.text in shown
        return {"button": event.text} if pressed else {"user": event.text}
    if isinstance(event, AgentUttered):
        return {"agent": {"say": event.text}}
    if isinstance(event, NoteAdded):
        return {"agent": {"note": event.text}}
    if isinstance(event, HandoffOutcome):
        what = {"returned": "give_back", "closed": "close"}[event.resolution]
        outcome: dict[str, Any] = {"code": event.code, "note": event.note}
        return {"agent": {what: {**outcome, "slots": event.slots} if event.slots else outcome}}
    return {"agent": {"accept": True}}


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
                slots[name] = value
            case KnowledgeAnswered(outcome="answer", citations=[{"document_id": document}, *_]):
                found.append({"cites": document})
            case HandoffRequested(reason_code=code):
                found.append({"handoff_reason": code})
            case BotUttered(response=response) if response:
                found.append({"bot_uttered": {"utter_name": response}})
            case BotUttered(text=text) if text and not event.data.get("citations"):
                found.append({"reply_contains": text.splitlines()[0]})
    if slots:
        found.append({"slot_was_set": [{"name": name, "value": value} for name, value in slots.items()]})
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
