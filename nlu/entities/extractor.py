"""All extractors over one text; where two spans overlap the higher priority wins, then the longer, then the earlier."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from nlu.entities.amounts import amounts, counts, percentages
from nlu.entities.clock import times
from nlu.entities.dates import dates
from nlu.entities.found import Found
from nlu.entities.identifiers import accounts, cards, emails, phones, resident_numbers
from nlu.entities.lists import listed, matched
from nlu.types import Entity

EXTRACTOR = "KoreanEntityExtractor"


def extract(
    text: str,
    now: datetime,
    lookups: Mapping[str, Sequence[str]] | None = None,
    synonyms: Mapping[str, str] | None = None,
    regexes: Mapping[str, str] | None = None,
) -> list[Entity]:
    """Entities in order of place. Offsets are code points of `text`; never raises for any text."""
    found: list[Found] = [*emails(text), *phones(text)]
    if any(char.isdecimal() for char in text):
        found += [*cards(text), *accounts(text), *resident_numbers(text)]
    found += [*amounts(text), *percentages(text), *counts(text), *times(text, now), *dates(text, now)]
    found += listed(text, lookups or {}, synonyms or {})
    found += matched(text, regexes or {})
    return [
        Entity(
            entity=item.entity,
            start=item.start,
            end=item.end,
            text=text[item.start : item.end],
            value=item.value,
            role=item.role,
            extractor=EXTRACTOR,
        )
        for item in settle(found)
    ]


def settle(found: Iterable[Found]) -> list[Found]:
    """Spans without overlaps, in order of place."""
    kept: list[Found] = []
    for item in sorted(found, key=lambda f: (-f.priority, f.start - f.end, f.start)):
        if all(item.end <= other.start or item.start >= other.end for other in kept):
            kept.append(item)
    return sorted(kept, key=lambda f: f.start)
