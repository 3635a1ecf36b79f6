"""What a rasa-sdk action answers, translated into events of the vocabulary and things to be said."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from bot.conversation.actions_port import ActionError, ActionResult, Said
from bot.conversation.events import Event, load_event

ALLOWED = {"slot", "knowledge_answered", "handoff_requested"}
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


def action_result(name: str, body: Any) -> ActionResult:
    """The `{"events": […], "responses": […]}` of an action. Raises `ActionError` (bad_result) for anything else."""
    if not isinstance(body, dict):
        raise ActionError(name, "bad_result", f"an object expected, {type(body).__name__} given")
    events = tuple(_event(name, item, body) for item in _expand(body.get("events") or []))
    said = tuple(_said(name, item) for item in body.get("responses") or [])
    return ActionResult(events=tuple(event for event in events if event is not None), said=said)


def _expand(items: Any) -> list[dict[str, Any]]:
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _event(name: str, item: dict[str, Any], body: dict[str, Any]) -> Event | None:
    kind = item.get("event")
    if kind in PASSED_OVER:
        return None
    if kind not in ALLOWED:
        raise ActionError(name, "bad_result", f"event {kind!r} is not for actions")
    data = {key: value for key, value in item.items() if value is not None or key == "value"}
    if kind == "slot":
        data = {"event": "slot", "name": item.get("name"), "value": item.get("value"), "source": "action"}
    try:
        return load_event(data)
    except ValidationError as error:
        raise ActionError(name, "bad_result", f"event {kind!r}: {error.errors()[0]['msg']}") from None


def _said(name: str, item: Any) -> Said:
    if not isinstance(item, dict):
        raise ActionError(name, "bad_result", "a response is no object")
    known = {"text", "response", "template", "buttons", "image", "custom", "attachment", "elements"}
    own = {"citations", "message_id"}
    response = item.get("response") or item.get("template") or ""
    return Said(
        text=str(item.get("text") or ""),
        response=str(response),
        variables={key: value for key, value in item.items() if key not in known | own},
        buttons=tuple(
            (str(b.get("title", "")), str(b.get("payload", ""))) for b in item.get("buttons") or ()
        ),
        citations=tuple(item.get("citations") or ()),
        image=item.get("image") or None,
        custom=item.get("custom") or {},
        message_id=str(item.get("message_id") or ""),
    )
