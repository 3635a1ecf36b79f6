"""Personal data of a conversation replaced, so that the test that is made of it may leave the house and still runs.

What has a place in the business, a telephone number that the back office knows, gets the value that the operator gives for
the slot (`desk.recordings.values`); everything else that `korean.privacy` finds gets a value of the same shape that is
nobody's. The same value is replaced by the same one throughout.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.conversation.events import (
    AgentUttered,
    BotUttered,
    Event,
    HandoffOutcome,
    NoteAdded,
    SlotSet,
    SystemNotice,
    UserUttered,
)
from bot.conversation.secrecy import HIDDEN
from korean.josa import final_consonant
from korean.privacy import Finding, Kind, detect, same_value

_ADDRESS = "서울시 중구 세종대로 110"
_NAMES = ("이민수", "홍길동")
"""Without and with a final consonant, so that the particle after it still fits."""
_CARD = "411111111111111"
"""The first fifteen digits of a card that card networks keep for tests."""


def say_secrets(
    events: Sequence[Event], values: Mapping[str, str], secrets: frozenset[str]
) -> tuple[list[Event], set[str]]:
    """The conversation with test values where only a mark is kept of what was said; secret slots that have none.

    A test can't say what isn't known: those messages keep the mark, and the test fails there until somebody fills it in.
    """
    given = _given_secrets(events, secrets)
    said = [
        event.model_copy(update={"text": values[given[event.seq]]})
        if isinstance(event, UserUttered) and given.get(event.seq) in values
        else event
        for event in events
    ]
    return said, set(given.values()) - set(values)


class StandIns:
    """What stands for what, in one conversation. `values`: slot -> the value of a customer made for tests."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = dict(values)
        self._known: dict[str, str] = {}
        """What a slot with a test value held -> that value."""
        self._found: dict[tuple[Kind, str], str] = {}

    @property
    def count(self) -> int:
        """How many values were replaced."""
        return len(self._known) + len(self._found)

    def events(self, events: Sequence[Event]) -> list[Event]:
        """The conversation with nobody's data in it."""
        for event in events:
            if (
                isinstance(event, SlotSet)
                and event.name in self._values
                and event.value not in (None, HIDDEN)
            ):
                self._known[str(event.value)] = self._values[event.name]
        return [self._event(event) for event in events]

    def _event(self, event: Event) -> Event:
        match event:
            case UserUttered():
                return event.model_copy(update={"text": self._said(event)})
            case SlotSet():
                return event.model_copy(update={"value": self._slot(event.name, event.value)})
            case BotUttered() | SystemNotice():
                return event.model_copy(update={"text": self._told(event.text)})
            case AgentUttered() | NoteAdded():
                return event.model_copy(update={"text": self.text(event.text)})
            case HandoffOutcome():
                slots = {name: self._slot(name, value) for name, value in event.slots.items()}
                return event.model_copy(update={"note": self.text(event.note), "slots": slots})
            case _:
                return event

    def text(self, text: str) -> str:
        """Somebody's words."""
        for value, instead in self._known.items():
            text = text.replace(value, instead)
        return _spliced(text, ((f.start, f.end, self._instead(f)) for f in detect(text)))

    def _said(self, event: UserUttered) -> str:
        """A value that was said in another way than the slot keeps it stands where the entity was found."""
        spans = [
            (int(e["start"]), int(e["end"]), self._known[str(e.get("value"))])
            for e in event.parse_data.get("entities") or ()
            if str(e.get("value")) in self._known and isinstance(e.get("start"), int)
        ]
        return self.text(_spliced(event.text, sorted(spans)))

    def _slot(self, name: str, value: Any) -> Any:
        if value == HIDDEN:
            return value
        if name in self._values and value is not None:
            return self._values[name]
        return self.text(value) if isinstance(value, str) else value

    def _told(self, text: str) -> str:
        """What the assistant said of a customer is another thing for the one in the test: it is only marked."""
        for value in self._known:
            text = text.replace(value, HIDDEN)
        return _spliced(text, ((found.start, found.end, HIDDEN) for found in detect(text)))

    def _instead(self, found: Finding) -> str:
        if found.text in self._values.values():
            return found.text
        key = (found.kind, same_value(found))
        if key not in self._found:
            number = 1 + sum(kind is found.kind for kind, _ in self._found)
            self._found[key] = _nobodys(found, number)
        return self._found[key]


def _nobodys(found: Finding, number: int) -> str:
    """The `number`th stand-in of its kind."""
    match found.kind:
        case Kind.PHONE:
            return f"010-0000-{number:04d}"
        case Kind.EMAIL:
            return f"customer{number}@example.com"
        case Kind.NAME:
            return _NAMES[bool(final_consonant(found.text))]
        case Kind.ADDRESS:
            return _ADDRESS
        case Kind.CARD:
            return "-".join(_luhn(_CARD)[at : at + 4] for at in range(0, 16, 4))
        case _:
            # The same shape, so that what checks the shape takes it.
            return re.sub(r"\d", "0", found.text)


def _luhn(digits: str) -> str:
    """The number with its check digit."""
    doubled = [int(d) * 2 if at % 2 == 0 else int(d) for at, d in enumerate(reversed(digits))]
    return digits + str(-sum(d - 9 if d > 9 else d for d in doubled) % 10)


def _spliced(text: str, spans: Iterable[tuple[int, int, str]]) -> str:
    pieces, at = [], 0
    for start, end, instead in spans:
        if start >= at:
            pieces += [text[at:start], instead]
            at = end
    return "".join([*pieces, text[at:]])


def _given_secrets(events: Sequence[Event], secrets: frozenset[str]) -> dict[int, str]:
    """`seq` of a message of which only a mark is kept -> the secret slot that it filled."""
    found: dict[int, str] = {}
    said: UserUttered | None = None
    for event in events:
        if isinstance(event, UserUttered):
            said = event
        elif (
            isinstance(event, SlotSet) and event.name in secrets and said is not None and said.text == HIDDEN
        ):
            found.setdefault(said.seq, event.name)
    return found
