"""Where a text holds personal data."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from korean.addresses import addresses
from korean.identifiers import driver_licences, passports
from korean.names import names
from korean.privacy.kinds import Finding, Kind
from korean.privacy.numbers import secrets, spoken_numbers, western, written_numbers

_EMAIL = re.compile(r"[\w.%+-]+@[\w-]+(?:\.[\w-]+)+")
_RANK = {kind: rank for rank, kind in enumerate(Kind)}
_NUMBERED = 7
"""Fewer digits than that are no number of a person."""
LONGEST = 20_000
"""Characters that are searched for names and addresses at once; numbers are searched for everywhere."""


def detect(text: str, kinds: Collection[Kind] | None = None) -> list[Finding]:
    """Findings without overlaps, in order of place. `kinds` limits them. Never raises."""
    found = [item for item in _all(text) if kinds is None or item.kind in kinds]
    kept: list[Finding] = []
    for item in sorted(found, key=lambda f: (_RANK[f.kind], f.start - f.end, f.start)):
        if all(item.end <= other.start or item.start >= other.end for other in kept):
            kept.append(item)
    return sorted(kept, key=lambda f: f.start)


def _all(text: str) -> Iterator[Finding]:
    if "@" in text:
        for match in _EMAIL.finditer(text):
            yield Finding(Kind.EMAIL, match.start(), match.end(), match.group(0))
    digits = sum(char.isdecimal() for char in text)
    if digits >= _NUMBERED:
        plain = western(text)
        yield from written_numbers(plain)
        for kind, detector in ((Kind.PASSPORT, passports), (Kind.LICENCE, driver_licences)):
            for item in detector(plain):
                yield Finding(kind, item.start, item.end, text[item.start : item.end])
    if text.isascii() and not digits:
        return
    if digits:
        yield from secrets(text)
    if text.isascii():
        return
    yield from spoken_numbers(text)
    head = text[:LONGEST]
    for kind, detector in ((Kind.ADDRESS, addresses), (Kind.NAME, names)):
        for item in detector(head):
            yield Finding(kind, item.start, item.end, text[item.start : item.end])
