"""Lines of a transcript with the translations that stand beside them in the log."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from bot.conversation.events import AgentUttered, Event, MessageTranslated, UserUttered


def translation_json(event: MessageTranslated) -> dict[str, str]:
    """`{language, text, problem}`; one of the last two is empty."""
    return {"language": event.language, "text": event.text, "problem": event.problem}


def latest(events: Iterable[Event]) -> dict[str, MessageTranslated]:
    """By message: what came of the last attempt, or of the last one that went well."""
    found: dict[str, MessageTranslated] = {}
    for event in events:
        if isinstance(event, MessageTranslated) and (event.text or not _well(found, event.message_id)):
            found[event.message_id] = event
    return found


def _well(found: dict[str, MessageTranslated], message_id: str) -> bool:
    return message_id in found and bool(found[message_id].text)


def with_translations(
    lines: Iterable[dict[str, Any]],
    events: Iterable[Event],
    foreign: Callable[[str], str | None] = lambda _: None,
) -> list[dict[str, Any]]:
    """Customers' lines with their translation; `foreign` says of the others in which language they wait for one."""
    known = latest(events)
    return [_translated(line, known.get(line["id"]), foreign) for line in lines]


def _translated(
    line: dict[str, Any], event: MessageTranslated | None, foreign: Callable[[str], str | None]
) -> dict[str, Any]:
    if line["speaker"]["kind"] != "customer":
        return line
    if event is not None:
        return {**line, "language": event.language, "translation": translation_json(event)}
    language = foreign(line["text"])
    return {**line, "language": language} if language else line


def in_home_language(events: Sequence[Event]) -> list[Event]:
    """The conversation as agents read it: translations in the place of what customers wrote, agents' own words of theirs."""
    known = latest(events)
    return [_read(event, known) for event in events]


def _read(event: Event, known: dict[str, MessageTranslated]) -> Event:
    if isinstance(event, UserUttered) and (found := known.get(event.message_id)) is not None and found.text:
        return event.model_copy(update={"text": found.text})
    if isinstance(event, AgentUttered) and event.original:
        return event.model_copy(update={"text": event.original})
    return event
