"""What a rasa-sdk action answers, translated into events of the vocabulary and things to be said.

In process or from a remote server, the same is held: an answer is JSON. A value that is none (a date, NaN, half a
character) would only be noticed when the turn is stored, and would take the customer's message with it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import structlog
from pydantic import ValidationError

from bot.conversation.actions_port import ActionError, ActionResult, Said
from bot.conversation.domain import Variation
from bot.conversation.events import Event, load_event
from bot.conversation.rich import Attachment

ALLOWED = {"slot", "knowledge_answered", "handoff_requested", "facts_remembered"}
"""Events that an action may add. What was said comes by the dispatcher."""
PASSED_OVER = {
    "bot",
    "action",
    "followup",
    "session_started",
    "reminder",
    "cancel_reminder",
    "user_featurization",
}
"""Events of Rasa that mean nothing here; they are dropped, so that a builder's actions run unchanged."""
_RESPONSE_KEYS = {"text", "response", "template", "buttons", "image", "custom", "attachment", "elements"}
_OWN_KEYS = {"citations", "message_id"}

log = structlog.get_logger(__name__)


def action_result(name: str, body: Any, slots: Mapping[str, Any] | None = None) -> ActionResult:
    """The `{"events": […], "responses": […]}` of an action. Raises `ActionError` (bad_result) for anything else.

    `slots` are the domain's slots with their initial values; without them any slot may be set.
    """
    if not isinstance(body, dict):
        raise ActionError(name, "bad_result", f"an object expected, {type(body).__name__} given")
    _check_json(name, body)
    events: list[Event] = []
    for item in _list(name, body, "events"):
        events += _events(name, item, slots)
    said = tuple(_said(name, item) for item in _list(name, body, "responses"))
    return ActionResult(events=tuple(events), said=said)


def _check_json(name: str, body: dict[str, Any]) -> None:
    try:
        json.dumps(body, allow_nan=False, ensure_ascii=False).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise ActionError(name, "bad_result", f"not JSON ({type(error).__name__})") from None


def _list(name: str, body: dict[str, Any], key: str) -> list[Any]:
    items = body.get(key) or []
    if not isinstance(items, list):
        raise ActionError(name, "bad_result", f"{key!r} is no list")
    return items


def _events(name: str, item: Any, slots: Mapping[str, Any] | None) -> list[Event]:
    """The events that one of Rasa's stands for."""
    kind = item.get("event") if isinstance(item, dict) else None
    if kind in PASSED_OVER:
        return []
    if kind == "reset_slots":
        return [_load(name, _slot(slot, value)) for slot, value in (slots or {}).items()]
    if kind not in ALLOWED:
        raise ActionError(name, "bad_result", f"event {str(kind)[:40]!r} is not for actions")
    if kind != "slot":
        return [_load(name, {key: value for key, value in item.items() if value is not None})]
    if slots is not None and item.get("name") not in slots:
        # As in Rasa: a slot that the domain doesn't have is passed over.
        log.warning("unknown_slot", action=name, slot=str(item.get("name"))[:80])
        return []
    return [_load(name, _slot(item.get("name"), item.get("value")))]


def _slot(name: Any, value: Any) -> dict[str, Any]:
    return {"event": "slot", "name": name, "value": value, "source": "action"}


def _load(name: str, data: dict[str, Any]) -> Event:
    try:
        return load_event(data)
    except ValidationError as error:
        raise ActionError(
            name, "bad_result", f"event {data['event']!r}: {error.errors()[0]['msg']}"
        ) from None


def _said(name: str, item: Any) -> Said:
    if not isinstance(item, dict):
        raise ActionError(name, "bad_result", "a response is no object")
    return Said(
        text=str(item.get("text") or ""),
        response=str(item.get("response") or item.get("template") or ""),
        variables={key: value for key, value in item.items() if key not in _RESPONSE_KEYS | _OWN_KEYS},
        citations=_objects(name, item, "citations"),
        image=str(item["image"]) if item.get("image") else None,
        **_rich(name, item),
        custom=_custom(name, item.get("custom")),
        message_id=str(item.get("message_id") or ""),
    )


def _rich(name: str, item: dict[str, Any]) -> dict[str, Any]:
    """Buttons, cards and attachment of a response, checked as those of domain.yml are."""
    given = {key: item[key] for key in ("buttons", "elements", "attachment") if item.get(key)}
    if isinstance(given.get("attachment"), str):
        # What the SDK's own signature says: an address.
        given["attachment"] = {"type": "file", "payload": {"src": given["attachment"]}}
    try:
        wording = Variation.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"])
        raise ActionError(name, "bad_result", f"{place}: {first['msg']}") from None
    attachment = wording.attachment if isinstance(wording.attachment, Attachment) else None
    return {"buttons": tuple(wording.buttons), "elements": wording.cards(), "attachment": attachment}


def _objects(name: str, item: dict[str, Any], key: str) -> tuple[dict[str, Any], ...]:
    found = item.get(key) or []
    if not isinstance(found, list) or not all(isinstance(part, dict) for part in found):
        raise ActionError(name, "bad_result", f"{key!r} of a response is no list of objects")
    return tuple(found)


def _custom(name: str, value: Any) -> dict[str, Any]:
    if value is not None and not isinstance(value, dict):
        raise ActionError(name, "bad_result", "'custom' of a response is no object")
    return value or {}
