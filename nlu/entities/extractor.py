"""All extractors over one text, and which of two overlapping spans is kept.

Where two spans overlap the higher priority wins, then the longer, then the earlier. Priorities go by how much a detector
checks: resident number 97, licence 96, card 95, e-mail 94, passport and a number called an account 93, business number 92,
phone 90, url 89, postcode 87, address 86, money and percentages 80-84, account 70, recurrence 70, working days 66, own
regular expressions 65, days and times 54-64, own lists 40-55, person 35, durations 24, ordinals 22, counts 20, bare numbers 10.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from korean.aligned import align
from nlu.entities import calendar
from nlu.entities.found import Found
from nlu.entities.identifiers import identifiers
from nlu.entities.lists import WordLists, matched
from nlu.entities.money import amounts, foreign_amounts, percentages
from nlu.entities.quantities import bare_numbers, counts, ordinals
from nlu.entities.ranges import linked
from nlu.entities.roles import RoleModel
from nlu.types import Entity

EXTRACTOR = "KoreanEntityExtractor"
BUILT_IN = frozenset(
    [
        "date",
        "time",
        "period",
        "duration",
        "recurrence",
        "amount",
        "foreign_amount",
        "percent",
        "number",
        "ordinal",
        "phone",
        "account",
        "card",
        "card_last4",
        "rrn",
        "brn",
        "passport",
        "driver_license",
        "email",
        "url",
        "address",
        "postcode",
        "person",
    ]
)
"""Entities that are found by grammar, whatever the training data hold."""
_MONEY = re.compile(
    r"[원₩￦만억조%$€¥£할]|퍼|프로|반값|절반|반\s?가격|달러|유로|엔|불|위안|파운드|프랑|KRW|USD|EUR|JPY|CNY|GBP",
    re.IGNORECASE,
)
_CALENDAR = re.compile(
    r"[년월주달날욜말시분낼일제모글늘께]|추석|한가위|설|절|신정|구정|크리스마스|성탄|휴|정오|자정|반나절|하루|이틀|흘|닷새|보름|초파|반기|데이|해|:|전|후|뒤|am|pm",
    re.IGNORECASE,
)
_NUMERAL = re.compile(r"[0-9영공일이삼사오육칠팔구십백천한두세네석넉둘셋넷다여열스서마쉰예아첫제하]")


class EntityExtractor:
    """Everything that one assistant looks for. Immutable; safe to call from several threads."""

    def __init__(
        self,
        lookups: Mapping[str, Iterable[str]] | None = None,
        synonyms: Mapping[str, str] | None = None,
        regexes: Mapping[str, str] | None = None,
        learned: Mapping[str, Any] | None = None,
        *,
        typos: bool = False,
    ) -> None:
        learned = learned or {}
        words = {entity: list(listed) for entity, listed in (lookups or {}).items()}
        for entity, listed in learned.get("words", {}).items():
            words.setdefault(entity, []).extend(listed)
        self._lists = WordLists(words, synonyms or {}, typos=typos)
        self._regexes = {entity: re.compile(expression) for entity, expression in (regexes or {}).items()}
        self._roles = RoleModel.from_json(learned.get("roles"))

    def extract(self, text: str, now: datetime) -> list[Entity]:
        """Entities in order of place. Offsets are code points of `text` as it came; never raises for any text."""
        plain = align(text)
        found = settle(
            [*_built_in(plain.text, now), *self._lists.find(plain.text), *matched(plain.text, self._regexes)]
        )
        if not found:
            return []
        entities = []
        for item in self._roles.assign(plain.text, linked(plain.text, found)):
            start, end = plain.span(item.start, item.end)
            entities.append(
                Entity(
                    entity=item.entity,
                    start=start,
                    end=end,
                    text=text[start:end],
                    value=item.value,
                    role=item.role,
                    group=item.group,
                    extractor=EXTRACTOR,
                    info=dict(item.info),
                )
            )
        return entities


def _built_in(text: str, now: datetime) -> Iterator[Found]:
    """Cheap looks first: most messages hold no number, no day and no money."""
    has_digits = any(char.isdecimal() for char in text)
    yield from identifiers(text, has_digits)
    if _MONEY.search(text):
        yield from amounts(text)
        yield from foreign_amounts(text)
        yield from percentages(text)
    if has_digits or _CALENDAR.search(text):
        today = now.date()
        yield from calendar.times(text, now)
        yield from calendar.named_days(text, today)
        yield from calendar.written_days(text, today)
        yield from calendar.days_of_month(text, today)
        yield from calendar.shifts(text, today)
        yield from calendar.working_days(text, today)
        yield from calendar.feasts(text, today)
        yield from calendar.periods(text, today)
        yield from calendar.recurrences(text)
        yield from calendar.durations(text)
    if _NUMERAL.search(text):
        yield from counts(text)
        yield from ordinals(text)
        yield from bare_numbers(text)


@lru_cache(maxsize=1)
def _plain_extractor() -> EntityExtractor:
    return EntityExtractor()


def extract(
    text: str,
    now: datetime,
    lookups: Mapping[str, Sequence[str]] | None = None,
    synonyms: Mapping[str, str] | None = None,
    regexes: Mapping[str, str] | None = None,
) -> list[Entity]:
    """Once, without an extractor at hand: `EntityExtractor(...).extract`."""
    if not (lookups or regexes):
        return _plain_extractor().extract(text, now)
    return EntityExtractor(lookups, synonyms, regexes).extract(text, now)


def settle(found: Iterable[Found]) -> list[Found]:
    """Spans without overlaps, in order of place."""
    kept: list[Found] = []
    for item in sorted(found, key=lambda f: (-f.priority, f.start - f.end, f.start)):
        if all(item.end <= other.start or item.start >= other.end for other in kept):
            kept.append(item)
    return sorted(kept, key=lambda f: f.start)
