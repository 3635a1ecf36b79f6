"""Numbers that name something: telephones, accounts, cards, resident numbers, e-mail addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlu.entities.found import Found

_PHONE = re.compile(r"(?<![\d-])(?:\+?82[- .]?)?(0?1[016789])[- .)]{0,3}(\d{3,4})[- .]{0,3}(\d{4})(?![\d-])")
_LANDLINE = re.compile(r"(?<![\d-])(0(?:2|[3-6][1-5]|70))[- .)]{0,2}(\d{3,4})[- .]{0,2}(\d{4})(?![\d-])")
_SPOKEN = re.compile(
    r"공일공[\s-]?((?:[공영일이삼사오육륙칠팔구]\s?){3,4})[\s-]?((?:[공영일이삼사오육륙칠팔구]\s?){4})"
)
_CARD = re.compile(r"(?<![\d-])\d{4}[- ]?\d{4}[- ]?\d{4}[- ]?\d{4}(?![\d-])")
_CARD_LAST = re.compile(
    r"(?:끝자리|뒷자리|끝\s?번호|뒤\s?네\s?자리|마지막\s?네\s?자리)(?:가|는|은|이)?\s*:?\s*(\d{4})(?!\d)|(?<!\d)(\d{4})(?:로\s?끝나|\s?번?\s?카드)"
)
_RRN = re.compile(r"(?<!\d)(\d{6})[- ]?([1-8]\d{6})(?!\d)")
_ACCOUNT = re.compile(r"(?<![\d-])\d{2,6}-\d{2,6}-\d{2,8}(?:-\d{1,3})?(?![\d-])")
_BARE_ACCOUNT = re.compile(r"계좌(?:번호)?(?:는|가|:)?\s*(\d{10,14})(?!\d)")
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")
_SYLLABLES = str.maketrans("공영일이삼사오육륙칠팔구", "001234566789")


def phones(text: str) -> Iterator[Found]:
    """Mobile and fixed lines, as 010-1234-5678."""
    for match in _PHONE.finditer(text):
        head = match.group(1) if match.group(1).startswith("0") else f"0{match.group(1)}"
        yield Found("phone", match.start(), match.end(), f"{head}-{match.group(2)}-{match.group(3)}", 90)
    for match in _LANDLINE.finditer(text):
        yield Found("phone", match.start(), match.end(), "-".join(match.groups()), 88)
    for match in _SPOKEN.finditer(text):
        middle, last = (re.sub(r"\s", "", part).translate(_SYLLABLES) for part in match.groups())
        yield Found("phone", match.start(), match.end(), f"010-{middle}-{last}", 90)


def cards(text: str) -> Iterator[Found]:
    """Whole card numbers whose check digit is right, and the last four digits where they are named as such."""
    for match in _CARD.finditer(text):
        digits = re.sub(r"\D", "", match.group(0))
        if luhn(digits):
            yield Found("card", match.start(), match.end(), "-".join(re.findall("....", digits)), 95)
    for match in _CARD_LAST.finditer(text):
        group = 1 if match.group(1) else 2
        yield Found("card_last4", match.start(group), match.end(group), match.group(group), 60)


def luhn(digits: str) -> bool:
    """The check digit of ISO/IEC 7812."""
    total = 0
    for place, char in enumerate(reversed(digits)):
        value = int(char) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def accounts(text: str) -> Iterator[Found]:
    """Account numbers with hyphens, or bare ones that are called so."""
    for match in _ACCOUNT.finditer(text):
        digits = re.sub(r"\D", "", match.group(0))
        if 10 <= len(digits) <= 16 and not re.match(r"01[016789]-\d{3,4}-\d{4}$", match.group(0)):
            yield Found("account", match.start(), match.end(), match.group(0), 70)
    for match in _BARE_ACCOUNT.finditer(text):
        yield Found("account", match.start(1), match.end(1), match.group(1), 91)


def resident_numbers(text: str) -> Iterator[Found]:
    """주민등록번호. Those issued since October 2020 have no check digit, so none is asked for; the date must be one."""
    for match in _RRN.finditer(text):
        month, day = int(match.group(1)[2:4]), int(match.group(1)[4:6])
        if 1 <= month <= 12 and 1 <= day <= 31:
            yield Found("rrn", match.start(), match.end(), f"{match.group(1)}-{match.group(2)}", 97)


def emails(text: str) -> Iterator[Found]:
    """Addresses in lower case."""
    if "@" in text:
        for match in _EMAIL.finditer(text):
            yield Found("email", match.start(), match.end(), match.group(0).lower(), 92)
