"""Commits as rows: the form in which every back end keeps events, and what none of them takes.

Bodies are JSON text, so NUL and every other character of a customer's text survive on every engine.
Identifiers are columns of their own, and PostgreSQL has no NUL in text and a limit on indexed values; what it
refuses is refused for every engine, here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypedDict

from pydantic_core import PydanticSerializationError, from_json, to_json

from bot.conversation.errors import BadMessage, DuplicateMessage
from bot.conversation.events import VERSION, Event, message_id_of, words_of
from bot.conversation.store import Commit, OutboxMessage, squeezed

MAX_ID = 255
"""Characters of an identifier. Two of them at four bytes a character fit PostgreSQL's index entry (2,704)."""


SAID = ("user", "bot", "agent", "note")
"""Kinds of events that hold words of people or the bot."""
LINES = (*SAID, "notice")
"""Kinds of events that stand in a transcript."""
SEARCHED = (*SAID, "translated")
"""Kinds of events whose words are looked for: a translation is found as the message that it is of."""


class EventRow(TypedDict):
    """One event as stored. `v` is the vocabulary's version under which it was written."""

    conversation_id: str
    seq: int
    kind: str
    message_id: str | None
    timestamp: float
    v: int
    body: str


def storable_id(text: str) -> bool:
    """Whether every engine takes it as an identifier: no NUL, no lone surrogate, not too long."""
    if len(text) > MAX_ID or "\0" in text:
        return False
    return text.isascii() or _encodable(text)


def holds(event: Event, terms: Iterable[str]) -> bool:
    """Whether its words hold all of the terms, which are squeezed."""
    if event.event not in SEARCHED:
        return False
    wanted = list(terms)
    return any(all(term in squeezed(words) for term in wanted) for words in words_of(event))


def event_rows(commit: Commit) -> list[EventRow]:
    """The rows of a commit's events.

    Raises `BadMessage` for what can't be stored, `DuplicateMessage` for an id that comes twice in it,
    ValueError for a commit that contradicts itself (a mistake of the caller's code).
    """
    _check_ids(commit)
    if commit.head.version != commit.expected_version + len(commit.events):
        raise ValueError(f"head is at {commit.head.version} after {len(commit.events)} events")
    if commit.head.conversation_id != commit.conversation_id:
        raise ValueError("head of another conversation")
    rows = [_row(commit.conversation_id, event) for event in commit.events]
    if [row["seq"] for row in rows] != list(range(commit.expected_version + 1, commit.head.version + 1)):
        raise ValueError("events don't follow the expected version one by one")
    _check_repeats(rows)
    return rows


def check_messages(messages: Iterable[OutboxMessage]) -> None:
    """Raises `BadMessage` for outgoing messages whose identifiers can't be stored."""
    if not all(storable_id(identifier) for message in messages for identifier in _message_ids(message)):
        raise _unstorable()


def encode(value: Any) -> str:
    """JSON text of a snapshot or payload. Raises `BadMessage` for text that is no Unicode."""
    try:
        return to_json(value, inf_nan_mode="null").decode()
    except (PydanticSerializationError, UnicodeEncodeError) as error:
        raise _unstorable() from error


def decode(text: str) -> Any:
    """What `encode` was given, as JSON has it (a tuple comes back as a list)."""
    return from_json(text)


def _row(conversation_id: str, event: Event) -> EventRow:
    try:
        body = event.model_dump_json()
    except (PydanticSerializationError, UnicodeEncodeError) as error:
        raise _unstorable() from error
    return EventRow(
        conversation_id=conversation_id,
        seq=event.seq,
        kind=event.event,
        message_id=message_id_of(event),
        timestamp=event.timestamp,
        v=VERSION,
        body=body,
    )


def _check_ids(commit: Commit) -> None:
    if not all(storable_id(identifier) for identifier in _ids(commit) if identifier):
        raise _unstorable()


def _ids(commit: Commit) -> Iterator[str | None]:
    yield from (commit.conversation_id, commit.channel, commit.head.agent_id, commit.head.case_id)
    for event in commit.events:
        yield message_id_of(event)
    if commit.case is not None:
        yield from (commit.case.id, commit.case.conversation_id, commit.case.agent_id)
    for message in commit.outbox:
        yield from _message_ids(message)


def _message_ids(message: OutboxMessage) -> tuple[str, str, str]:
    return message.id, message.conversation_id, message.channel


def _check_repeats(rows: list[EventRow]) -> None:
    seen: dict[str, int] = {}
    for row in rows:
        message_id = row["message_id"]
        if message_id is not None and seen.setdefault(message_id, row["seq"]) != row["seq"]:
            raise DuplicateMessage(message_id, seen[message_id])


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _unstorable() -> BadMessage:
    return BadMessage(
        "unstorable_text",
        ko="저장할 수 없는 글자가 들어 있어요.",
        en="It holds characters that can't be stored.",
    )
