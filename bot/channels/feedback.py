"""What customers say of an answer: read from a body, or carried by a button's payload where there is nothing else.

A pressed button is no message to the bot: it is kept as a judgement, whoever has the conversation.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

from bot.channels.body import is_id, storable
from bot.channels.contract import ChannelRefused

Verdict = Literal["up", "down"]
LONGEST_REASON = 500
_PREFIX = "/feedback"


@dataclass(frozen=True, slots=True)
class Feedback:
    """A judgement of one of the bot's messages; `value` None takes it back."""

    message_id: str
    value: Verdict | None
    reason: str = ""


def feedback_of(body: dict[str, Any]) -> Feedback:
    """`{message_id, value, reason?}`. Raises `ChannelRefused`."""
    found = _read(body)
    if found is None:
        raise ChannelRefused(
            "bad_feedback", ko="의견을 저장하지 못했어요.", en="'message_id' or 'value' is missing or wrong."
        )
    return found


def feedback_payload(message_id: str, value: Verdict, reason: str = "") -> str:
    """The payload of a button that judges a message."""
    body = {"message_id": message_id, "value": value, **({"reason": reason} if reason else {})}
    return _PREFIX + json.dumps(body, ensure_ascii=False)


def pressed_feedback(payload: str | None) -> Feedback | None:
    """What a payload of `feedback_payload` says; None for any other."""
    if payload is None or not payload.startswith(_PREFIX + "{"):
        return None
    try:
        body = json.loads(payload.removeprefix(_PREFIX))
    except (ValueError, RecursionError):
        return None
    return _read(body) if isinstance(body, dict) else None


def _read(body: dict[str, Any]) -> Feedback | None:
    message_id, value, reason = body.get("message_id"), body.get("value"), body.get("reason") or ""
    if "value" not in body or value not in ("up", "down", None) or not is_id(message_id):
        return None
    kept = reason[:LONGEST_REASON] if isinstance(reason, str) and storable(reason) else ""
    return Feedback(str(message_id), value, kept)
