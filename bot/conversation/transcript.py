"""Events as the lines of a transcript: the `Message` of docs/reference/web-chat.md and the `DeskMessage` of the desk."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from bot.conversation.events import AgentUttered, BotUttered, Event, NoteAdded, SystemNotice, UserUttered


def iso(timestamp: float | None) -> str | None:
    """Seconds since the epoch as ISO 8601 in UTC."""
    return (
        None
        if timestamp is None
        else datetime.fromtimestamp(timestamp, UTC).isoformat(timespec="milliseconds")
    )


def customer_lines(events: Iterable[Event], bot_name: str) -> list[dict[str, Any]]:
    """What the customer may see, notes left out."""
    lines = (line(event, bot_name) for event in events if not isinstance(event, NoteAdded))
    return [item for item in lines if item is not None]


def desk_lines(events: Iterable[Event], bot_name: str) -> list[dict[str, Any]]:
    """What agents see: notes too, what was understood of customers' messages, what agents wrote that was translated."""
    return [item for event in events if (item := desk_line(event, bot_name)) is not None]


def desk_line(event: Event, bot_name: str) -> dict[str, Any] | None:
    """One event for agents; None if it is no line."""
    item = line(event, bot_name)
    if item is not None and isinstance(event, UserUttered):
        item["understanding"] = understanding_of(event)
    if item is not None and isinstance(event, AgentUttered) and event.original:
        item |= {"original": event.original, "language": event.language}
    return item


def line(event: Event, bot_name: str) -> dict[str, Any] | None:
    """One event as a `Message`; None for events that are no line."""
    speaker = _speaker(event, bot_name)
    if speaker is None or not isinstance(
        event, UserUttered | BotUttered | AgentUttered | NoteAdded | SystemNotice
    ):
        return None
    data = event.data if isinstance(event, BotUttered | AgentUttered | SystemNotice) else {}
    if isinstance(event, UserUttered):
        # What a customer sent along: a file, the answer to a form.
        data = {"attachment": event.metadata.get("attachment"), "answer_to": event.metadata.get("form")}
    item: dict[str, Any] = {
        "id": event.message_id,
        "seq": event.seq,
        "speaker": speaker,
        "text": event.text,
        "timestamp": iso(event.timestamp),
        "buttons": data.get("buttons", []),
        "citations": data.get("citations", []),
    }
    if isinstance(event, UserUttered | AgentUttered):
        item["client_msg_id"] = event.message_id
    if data.get("file"):
        item["attachment"] = data["file"]
    for key in ("image", "elements", "attachment", "form", "answer_to", "custom"):
        if data.get(key):
            item[key] = data[key]
    if isinstance(event, SystemNotice):
        item["code"] = event.code
    return item


def _speaker(event: Event, bot_name: str) -> dict[str, str] | None:
    if isinstance(event, UserUttered):
        return {"kind": "customer", "name": str(event.metadata.get("customer_name", ""))}
    if isinstance(event, BotUttered):
        if event.data.get("notice"):
            return {"kind": "system", "name": ""}
        return {"kind": "bot", "name": bot_name}
    if isinstance(event, AgentUttered):
        return {"kind": "agent", "name": event.agent_name}
    if isinstance(event, NoteAdded):
        return {"kind": "note", "name": event.agent_name}
    if isinstance(event, SystemNotice):
        return {"kind": "system", "name": ""}
    return None


def understanding_of(event: UserUttered) -> dict[str, Any] | None:
    """Intent, confidence, sentiment and entities of a customer's message; None for a pressed button."""
    parsed = event.parse_data
    if not parsed:
        return None
    intent = parsed.get("intent") or {}
    sentiment = parsed.get("sentiment") or {}
    return {
        "intent": intent.get("name"),
        "confidence": intent.get("confidence", 0.0),
        "sentiment": {"label": sentiment.get("label", "neutral"), "score": sentiment.get("score", 0.0)},
        "out_of_scope": bool((parsed.get("out_of_scope") or {}).get("decision")),
        "entities": [
            {"entity": e.get("entity"), "text": e.get("text"), "value": e.get("value")}
            for e in parsed.get("entities", ())
        ],
    }
