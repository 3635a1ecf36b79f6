"""One line of all that was said to a customer: every channel, every conversation, oldest above.

The conversation that an agent has open is read by itself, as before; here are the others, masked, a page at a time.
"""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter, ValidationError

from bot.conversation.customers import Line, Profile
from bot.conversation.store import Case, Store
from bot.conversation.transcript import iso, line
from bot.desk.bodies import BadRequest
from korean.privacy import mask_for_agent as mask

PAGE = 50
MOST = 500
"""Lines of a page that goes back to a day."""
LAST_WORDS = 1.0
"""Seconds after the end of a case in which notices still belong to it."""
QUIET = ("custom", "form", "answer_to", "client_msg_id")
"""Parts of a line that may hold what was filled in; the text says it, masked."""
_Place = tuple[float, str, int]
_PLACE: TypeAdapter[_Place] = TypeAdapter(_Place)


async def history(
    store: Store,
    profile: Profile,
    without: str,
    bot_name: str,
    *,
    cursor: str | None = None,
    since: float = 0.0,
) -> dict[str, Any]:
    """`{lines, sections, cursor}`: lines before the cursor in order; with `since`, all back to that time, up to `MOST`.

    `sections` say of each part of the line which conversation and case it belongs to. Raises `BadRequest` for a cursor that
    isn't one.
    """
    others = [one for one in profile.conversations if one != without]
    before = _place(cursor) if cursor else None
    limit = MOST if since else PAGE
    found = await store.lines_before(others, before, since=since, limit=limit)
    more = len(found) == limit
    if since and not more:
        # What stands above the day comes along, so that it doesn't begin at the edge of the screen.
        above = await store.lines_before(others, found[0].place if found else before, limit=PAGE)
        found, more = [*above, *found], len(above) == PAGE
    cases = _by_conversation(await store.cases_of(others))
    sections: dict[str, dict[str, Any]] = {}
    lines = []
    for one in found:
        case = _case_at(cases.get(one.conversation_id, []), one)
        key = f"{one.conversation_id}#{case.id if case else ''}"
        sections.setdefault(key, _section(key, one, case))
        lines.append(_line(one, key, bot_name))
    return {
        "lines": lines,
        "sections": list(sections.values()),
        "cursor": _cursor(found[0].place) if found and more else None,
        "others": len(others),
    }


def _line(one: Line, section: str, bot_name: str) -> dict[str, Any]:
    item = line(one.event, bot_name) or {}
    hidden = mask(str(item.get("text", "")))
    kept = {key: value for key, value in item.items() if key not in QUIET}
    return {**kept, "text": hidden, "masked": hidden != item.get("text"), "section": section}


def _section(key: str, one: Line, case: Case | None) -> dict[str, Any]:
    return {
        "key": key,
        "conversation_id": one.conversation_id,
        "case_id": case.id if case else None,
        "channel": case.channel if case else _channel(one),
        "state": case.state if case else None,
        "outcome": case.outcome_code if case else "",
        "agent": case.agent_name if case else None,
        "at": iso(one.event.timestamp),
        "accepted_at": iso(case.accepted_at) if case else None,
        "closed_at": iso(case.closed_at) if case else None,
    }


def _channel(one: Line) -> str:
    """Of a conversation that never was a case: as its own words say, or else its id."""
    said = getattr(one.event, "input_channel", "")
    return str(said or one.conversation_id.partition("-")[0])


def _by_conversation(cases: Sequence[Case]) -> dict[str, list[Case]]:
    found: dict[str, list[Case]] = {}
    for case in cases:
        found.setdefault(case.conversation_id, []).append(case)
    return found


def _case_at(cases: Sequence[Case], one: Line) -> Case | None:
    """The case to which a line led or belongs: the first that ends after it. The notice of its end comes a moment later."""
    at = one.event.timestamp - (LAST_WORDS if one.event.event == "notice" else 0.0)
    return next((case for case in cases if case.closed_at is None or case.closed_at >= at), None)


def _cursor(place: _Place) -> str:
    return base64.urlsafe_b64encode(_PLACE.dump_json(place)).decode().rstrip("=")


def _place(cursor: str) -> _Place:
    try:
        place = _PLACE.validate_json(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        place[1].encode()
    except (ValidationError, binascii.Error, ValueError):
        raise BadRequest("'before' is not a cursor that this API gave") from None
    if not (math.isfinite(place[0]) and "\0" not in place[1] and 0 <= place[2] < 2**53):
        raise BadRequest("'before' is not a cursor that this API gave")
    return place
