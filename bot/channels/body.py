"""Bodies of requests: JSON objects whose parts can be stored, or a word on what is wrong."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from aiohttp import web

from bot.channels.contract import ChannelRefused

MAX_ID = 255
"""Characters of an id that comes from outside."""
DEEPEST = 20
"""Levels of nested lists and objects that are kept of what a client sends along."""
LARGEST = 2**63
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


async def json_body(request: web.Request) -> dict[str, Any]:
    """The request's JSON object. Raises `ChannelRefused`."""
    try:
        body = json.loads(await request.text(), parse_constant=_not_json, parse_float=_finite)
    except (UnicodeDecodeError, LookupError):
        raise ChannelRefused("not_utf8", ko="본문이 UTF-8이 아니에요.", en="The body is not UTF-8.") from None
    except (ValueError, RecursionError) as error:
        detail = str(error) if isinstance(error, json.JSONDecodeError) else type(error).__name__
        raise ChannelRefused(
            "bad_json",
            ko="JSON 형식이 아니에요.",
            en=f"The body is not JSON: {detail}",
            remedy="Send a JSON object.",
        ) from None
    if not isinstance(body, dict):
        raise ChannelRefused("bad_json", ko="JSON 객체를 보내 주세요.", en="The body is not a JSON object.")
    return body


def _not_json(name: str) -> float:
    raise ValueError(f"{name} is no JSON")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError("a number is too large")
    return value


def storable(value: Any, depth: int = DEEPEST) -> bool:
    """Whether every database takes it: no halves of characters, no NUL, no endless nesting or numbers."""
    if isinstance(value, str):
        return "\x00" not in value and _is_unicode(value)
    if isinstance(value, dict):
        return depth > 0 and all(storable(k) and storable(v, depth - 1) for k, v in value.items())
    if isinstance(value, list):
        return depth > 0 and all(storable(item, depth - 1) for item in value)
    if isinstance(value, int):
        return -LARGEST <= value < LARGEST
    return value is None or isinstance(value, float)


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def is_id(value: Any, longest: int = MAX_ID) -> bool:
    """Whether it can stand for a customer or a message: some characters, none of them invisible control."""
    return (
        isinstance(value, str)
        and 0 < len(value) <= longest
        and _CONTROL.search(value) is None
        and _is_unicode(value)
    )


def cursor_of(request: web.Request) -> int:
    """The `after` of a request, 0 without one. Raises `ChannelRefused`."""
    after = request.query.get("after") or "0"
    if not re.fullmatch(r"[0-9]{1,18}", after):
        raise ChannelRefused("bad_cursor", ko="after가 숫자가 아니에요.", en="'after' is not a number.")
    return int(after)


def secret_bytes(header: str) -> bytes:
    """A header for comparison; what is no UTF-8 stays what it was."""
    return header.encode("utf-8", "surrogateescape")
