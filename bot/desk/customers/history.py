"""One line of all that was said to a customer: every channel, every conversation, oldest above.

The conversation that an agent has open is read by itself, as before; here are the others, masked, a page at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.conversation.customers import Line, Profile
from bot.conversation.events import AgentUttered, MessageTranslated, UserUttered
from bot.conversation.store import Case, Store
from bot.conversation.transcript import iso, line
from bot.desk.cursors import line_cursor, line_place
from bot.desk.translation import language_of
from bot.desk.translation.lines import latest, translation_json
from korean.privacy import mask_for_agent as mask

PAGE = 50
MOST = 500
"""Lines of a page that goes back to a day."""
LAST_WORDS = 1.0
"""Seconds after the end of a case in which notices still belong to it."""
LOOKED_THROUGH = 500
"""Events of a conversation that are looked through for translations."""
QUIET = ("custom", "form", "answer_to", "client_msg_id")
"""Parts of a line that may hold what was filled in; the text says it, masked."""


async def history(
    store: Store,
    profile: Profile,
    without: str,
    bot_name: str,
    *,
    home: str = "ko",
    cursor: str | None = None,
    since: float = 0.0,
) -> dict[str, Any]:
    """`{lines, sections, cursor}`: lines before the cursor in order; with `since`, all back to that time, up to `MOST`.

    `home` is the agents' language: lines in another come with their translation. `sections` say of each part of the line
    which conversation and case it belongs to. Raises `BadRequest` for a cursor that isn't one.
    """
    others = [one for one in profile.conversations if one != without]
    before = line_place(cursor, "before") if cursor else None
    limit = MOST if since else PAGE
    found = await store.lines_before(others, before, since=since, limit=limit)
    more = len(found) == limit
    if since and not more:
        # What stands above the day comes along, so that it doesn't begin at the edge of the screen.
        above = await store.lines_before(others, found[0].place if found else before, limit=PAGE)
        found, more = [*above, *found], len(above) == PAGE
    cases = _by_conversation(await store.cases_of(others))
    translations = await _translations(store, found, home)
    sections: dict[str, dict[str, Any]] = {}
    lines = []
    for one in found:
        case = _case_at(cases.get(one.conversation_id, []), one)
        key = f"{one.conversation_id}#{case.id if case else ''}"
        sections.setdefault(key, _section(key, one, case))
        lines.append(_line(one, key, bot_name) | _in_both(one, translations))
    return {
        "lines": lines,
        "sections": list(sections.values()),
        "cursor": line_cursor(found[0].place) if found and more else None,
        "others": len(others),
    }


def _line(one: Line, section: str, bot_name: str) -> dict[str, Any]:
    item = line(one.event, bot_name) or {}
    hidden = mask(str(item.get("text", "")))
    kept = {key: value for key, value in item.items() if key not in QUIET}
    return {**kept, "text": hidden, "masked": hidden != item.get("text"), "section": section}


async def _translations(
    store: Store, found: Sequence[Line], home: str
) -> dict[tuple[str, str], MessageTranslated]:
    """By conversation and message. Only conversations in which somebody wrote in another language are looked through."""
    first: dict[str, int] = {}
    for one in found:
        if isinstance(one.event, UserUttered) and language_of(one.event.text) not in (None, home):
            first.setdefault(one.conversation_id, one.event.seq)
    return {
        (conversation_id, message_id): event
        for conversation_id, seq in first.items()
        for message_id, event in latest(
            await store.events(conversation_id, after=seq, limit=LOOKED_THROUGH)
        ).items()
    }


def _in_both(one: Line, translations: dict[tuple[str, str], MessageTranslated]) -> dict[str, Any]:
    """What stands beside a line that was translated, masked."""
    if isinstance(one.event, AgentUttered) and one.event.original:
        return {"original": mask(one.event.original), "language": one.event.language}
    event = translations.get((one.conversation_id, getattr(one.event, "message_id", "")))
    if event is None:
        return {}
    told = translation_json(event)
    return {"language": event.language, "translation": {**told, "text": mask(event.text)}}


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
