"""Numbers, addresses and names of people as entities; what they look like is known in `korean`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from korean.addresses import addresses, postcodes
from korean.identifiers import (
    Identifier,
    accounts,
    business_numbers,
    cards,
    driver_licences,
    emails,
    last_digits,
    passports,
    phones,
    resident_numbers,
    urls,
)
from korean.names import names
from nlu.entities.found import Found

_NUMBERED: tuple[tuple[str, Callable[[str], Iterable[Identifier]], int], ...] = (
    ("rrn", resident_numbers, 97),
    ("driver_license", driver_licences, 96),
    ("card", cards, 95),
    ("passport", passports, 93),
    ("brn", business_numbers, 92),
    ("account", accounts, 70),
    ("card_last4", last_digits, 66),
    ("postcode", postcodes, 87),
)
"""Entity, detector, priority. Which wins where two overlap is told by the order of certainty."""
_WORDED: tuple[tuple[str, Callable[[str], Iterable[Identifier]], int], ...] = (
    ("email", emails, 94),
    ("phone", phones, 90),
    ("url", urls, 89),
    ("address", addresses, 86),
    ("person", names, 35),
)
_CALLED_ACCOUNT = 93
"""A number that was called an account is one, though it looks like a telephone's."""


def identifiers(text: str, has_digits: bool) -> Iterator[Found]:
    """`phone`, `account`, `card`, `card_last4`, `rrn`, `brn`, `passport`, `driver_license`, `email`, `url`, `address`,
    `postcode`, `person`; `info` says how far a number could be checked.
    """
    for entity, detector, priority in (*_NUMBERED, *_WORDED) if has_digits else _WORDED:
        for item in detector(text):
            rank = _CALLED_ACCOUNT if entity == "account" and "called" in item.info else priority
            info = {key: value for key, value in item.info.items() if key != "called"}
            yield Found(entity, item.start, item.end, item.value, rank, info=info)
