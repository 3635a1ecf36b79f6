"""Cursors of lists: where a page ends, as the client sends it back for the next one."""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Sequence
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from bot.conversation.workforce import Place
from bot.desk.bodies import BadRequest

PAGE = 200
"""Rows of a page."""
LONGEST = 300
LinePlace = tuple[float, str, int]
"""Of a line among those of all conversations: time, conversation, `seq`."""
_Shape = TypeVar("_Shape")
_LINE: TypeAdapter[LinePlace] = TypeAdapter(LinePlace)
_SEARCH: TypeAdapter[tuple[LinePlace | None, Place | None]] = TypeAdapter(
    tuple[LinePlace | None, Place | None]
)


def cursor_of(place: Place) -> str:
    """Opaque to clients."""
    at, key = place
    return f"{at!r}:{key}"


def place_of(cursor: str | None) -> Place | None:
    """None for the first page. Raises `BadRequest` for what no page ever gave."""
    if cursor is None:
        return None
    at, colon, key = cursor.partition(":")
    try:
        number = float(at)
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or not colon or len(cursor) > LONGEST or not key.isprintable():
        raise BadRequest("'cursor' is not one that this API gave")
    return number, key


def next_cursor(places: Sequence[Place], page: int = PAGE) -> str | None:
    """That of the next page; None where there is none."""
    return cursor_of(places[-1]) if len(places) >= page else None


def line_cursor(place: LinePlace) -> str:
    """Opaque to clients."""
    return _encoded(_LINE.dump_json(place))


def line_place(cursor: str, name: str = "cursor") -> LinePlace:
    """Raises `BadRequest` for what no page ever gave; `name` is the query's."""
    place = _decoded(_LINE, cursor, name)
    _check_line(place, name)
    return place


def search_cursor(line: LinePlace | None, case: Place | None) -> str:
    """Of a search: how far its lines have come, and how far its cases."""
    return _encoded(_SEARCH.dump_json((line, case)))


def search_places(cursor: str | None) -> tuple[LinePlace | None, Place | None]:
    """None for what begins at its newest. Raises `BadRequest`."""
    if cursor is None:
        return None, None
    line, case = _decoded(_SEARCH, cursor, "cursor")
    if line is not None:
        _check_line(line, "cursor")
    if case is not None and not (math.isfinite(case[0]) and case[1].isprintable()):
        raise _no_cursor("cursor")
    return line, case


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _decoded(shape: TypeAdapter[_Shape], cursor: str, name: str) -> _Shape:
    try:
        return shape.validate_json(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValidationError, binascii.Error, ValueError):
        raise _no_cursor(name) from None


def _check_line(place: LinePlace, name: str) -> None:
    at, conversation_id, seq = place
    encodable = conversation_id.isascii() or not any("\ud800" <= one <= "\udfff" for one in conversation_id)
    if not (math.isfinite(at) and encodable and "\0" not in conversation_id and 0 <= seq < 2**53):
        raise _no_cursor(name)


def _no_cursor(name: str) -> BadRequest:
    return BadRequest(f"'{name}' is not one that this API gave")
