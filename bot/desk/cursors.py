"""Cursors of lists: where a page ends, as the client sends it back for the next one."""

from __future__ import annotations

import math
from collections.abc import Sequence

from bot.conversation.workforce import Place
from bot.desk.bodies import BadRequest

PAGE = 200
"""Rows of a page."""
LONGEST = 300


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
