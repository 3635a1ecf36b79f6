"""What a turn did at Rasa, read from its tracker; what Rasa says as our replies; what Rasa parses as an `Understanding`."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog
from pydantic import ValidationError

from bot.conversation.actions_port import ActionError
from bot.conversation.messages import Reply
from bot.execution.results import action_result
from bot.rasa_engine.server import Json, RasaFailed
from nlu.types import Entity, Intent, Understanding

INNER = frozenset({"requested_slot", "session_started_metadata"})
"""Slots that Rasa keeps for itself."""
_RICH = ("buttons", "quick_replies", "elements", "attachment", "image")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Step:
    """An action that Rasa ran."""

    name: str
    policy: str
    confidence: float


@dataclass(slots=True)
class RasaState:
    """The conversation as Rasa has it."""

    slots: dict[str, Any]
    requested: str | None
    form: str | None
    paused: bool

    @classmethod
    def of(cls, tracker: Json) -> RasaState:
        """Raises `RasaFailed` for what is no tracker."""
        slots, loop = tracker.get("slots"), tracker.get("active_loop") or {}
        if not isinstance(slots, dict) or not isinstance(loop, dict):
            raise RasaFailed("bad_result", "no tracker")
        requested = slots.get("requested_slot")
        return cls(
            slots={str(name): value for name, value in slots.items() if name not in INNER},
            requested=requested if isinstance(requested, str) else None,
            form=str(loop["name"]) if loop.get("name") else None,
            paused=bool(tracker.get("paused")),
        )


@dataclass(slots=True)
class RasaTurn:
    """What came of one message."""

    state: RasaState
    intent: str = ""
    steps: list[Step] = field(default_factory=list)
    said: list[Json] = field(default_factory=list)
    """`bot` events."""
    extracted: set[str] = field(default_factory=set)
    """Slots that were filled from the customer's words, before any action."""
    in_form: bool = False
    """A form was active when the message came, or is now."""
    restarted: bool = False


def turn_of(tracker: Json, message_id: str, text: str) -> RasaTurn:
    """The turn of a message in the tracker. Raises `RasaFailed` where Rasa broke off, or knows nothing of the message."""
    turn, events = RasaTurn(RasaState.of(tracker)), tracker.get("events")
    if not isinstance(events, list) or not all(isinstance(event, dict) for event in events):
        raise RasaFailed("bad_result", "a tracker without events")
    at = _place(events, message_id, text)
    turn.said += _greeting(events[:at])
    parsed = events[at].get("parse_data")
    intent = parsed.get("intent") if isinstance(parsed, dict) else None
    turn.intent = str(intent.get("name") or "") if isinstance(intent, dict) else ""
    turn.in_form = _form_before(events[:at]) is not None or turn.state.form is not None
    listens = False
    for event in events[at + 1 :]:
        listens = _fold(turn, event)
    if not listens and not turn.state.paused:
        raise RasaFailed("raised", "Rasa broke off in the middle of the turn")
    return turn


def _place(events: list[Json], message_id: str, text: str) -> int:
    """Where the message stands."""
    for at in range(len(events) - 1, -1, -1):
        event = events[at]
        if event.get("event") != "user":
            continue
        metadata = event.get("metadata")
        if isinstance(metadata, dict) and metadata.get("message_id") == message_id:
            return at
        if isinstance(metadata, dict) and "message_id" not in metadata and event.get("text") == text:
            # A channel of the builder's own that keeps no metadata.
            return at
        break
    raise RasaFailed("bad_result", "Rasa has not kept the message")


def _greeting(before: list[Json]) -> Iterable[Json]:
    """What was said when Rasa began a session for this message."""
    for at in range(len(before) - 1, -1, -1):
        kind = before[at].get("event")
        if kind == "user":
            return []
        if kind == "session_started":
            return [event for event in before[at:] if event.get("event") == "bot"]
    return []


def _form_before(events: list[Json]) -> str | None:
    for event in reversed(events):
        if event.get("event") in ("active_loop", "form"):
            return str(event["name"]) if event.get("name") else None
    return None


def _fold(turn: RasaTurn, event: Json) -> bool:
    """Whether Rasa listens after it."""
    kind, name = event.get("event"), str(event.get("name") or "")
    if kind == "slot" and not turn.steps:
        turn.extracted.add(name)
    elif kind == "bot":
        turn.said.append(event)
    elif kind == "restart":
        turn.restarted = True
    elif kind == "action" and name != "action_listen":
        confidence = event.get("confidence")
        sure = float(confidence) if isinstance(confidence, int | float) else 1.0
        turn.steps.append(Step(name, str(event.get("policy") or "rasa"), sure))
    return kind == "action" and name == "action_listen"


def reply_of(event: Json) -> tuple[Reply, Json]:
    """A `bot` event, or a message of a channel, as a reply; beside it what `custom` asks of us (handoff, knowledge)."""
    data = event.get("data") if isinstance(event.get("data"), dict) else event
    custom = data.get("custom") if isinstance(data, dict) else None
    custom = dict(custom) if isinstance(custom, dict) else ({"value": custom} if custom is not None else {})
    asked = {key: custom.pop(key) for key in ("handoff", "knowledge") if key in custom}
    given = {key: data[key] for key in _RICH if isinstance(data, dict) and data.get(key)}
    # Web widgets of Rasa bots are given these as custom JSON.
    given |= {key: custom.pop(key) for key in _RICH if custom.get(key) and key not in given}
    if given.get("attachment") == given.get("image"):
        # Rasa writes a picture down as both.
        given.pop("attachment", None)
    given["buttons"] = [*(given.pop("buttons", None) or ()), *(given.pop("quick_replies", None) or ())]
    metadata = event.get("metadata")
    response = str(metadata.get("utter_action") or "") if isinstance(metadata, dict) else ""
    text = str(event.get("text") or custom.pop("text", "") or "").strip()
    return _reply(text, given, custom, response), asked


def _reply(text: str, given: Mapping[str, Any], custom: Json, response: str) -> Reply:
    buttons = [_button(item) for item in given["buttons"] if isinstance(item, dict)]
    body = {"responses": [{**given, "text": text, "buttons": buttons, "custom": custom}]}
    try:
        [said] = action_result("rasa", body).said
    except ActionError as error:
        log.warning("rasa_reply_not_shown", response=response, detail=error.detail)
        return Reply(message_id=uuid.uuid4().hex, text=text, response=response)
    return Reply(
        message_id=uuid.uuid4().hex,
        text=said.text,
        buttons=said.buttons,
        image=said.image,
        elements=said.elements,
        attachment=said.attachment,
        custom=said.custom,
        response=response,
    )


def _button(item: Json) -> Json:
    """What we know of a button; builders add keys for their own widgets."""
    return {key: item[key] for key in ("title", "payload", "url", "type") if key in item}


def merged(ours: Understanding, parsed: Json) -> Understanding:
    """Mood, abuse and signals as we find them; intent and entities as Rasa does. Raises `RasaFailed`."""
    try:
        intent = parsed.get("intent") or {}
        ranking = tuple(_intent(item) for item in parsed.get("intent_ranking") or ())
        entities = tuple(_entity(ours.text, item) for item in parsed.get("entities") or ())
        named = _intent(intent) if intent.get("name") else None
    except (AttributeError, TypeError, ValueError, KeyError, ValidationError):
        raise RasaFailed("bad_result", "/model/parse gave no parse result") from None
    scope = ours.out_of_scope.model_copy(update={"decision": False})
    return ours.model_copy(
        update={"intent": named, "intent_ranking": ranking, "entities": entities, "out_of_scope": scope}
    )


def _intent(item: Json) -> Intent:
    return Intent(name=str(item["name"]), confidence=float(item.get("confidence") or 0.0))


def _entity(text: str, item: Json) -> Entity:
    start, end = int(item["start"]), int(item["end"])
    return Entity(
        entity=str(item["entity"]),
        start=start,
        end=end,
        text=text[start:end],
        value=item.get("value"),
        role=item.get("role"),
        group=item.get("group"),
        confidence=float(item.get("confidence_entity") or 1.0),
        extractor=str(item.get("extractor") or "rasa"),
    )
