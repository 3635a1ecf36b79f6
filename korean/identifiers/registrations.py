"""Numbers that an authority gives: resident and foreigner registration, business registration, passport, driver's licence.

Check digits: 주민등록법 시행규칙 (old numbers), 국세청's business registration. Numbers that were given or changed since October
2020 have a random tail: a resident number whose check digit is wrong is still one, and says `unchecked`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from korean.identifiers.found import Identifier

_RESIDENT = re.compile(r"(?<![\d-])(\d{6})(?:\s?[-–—./]\s?|\s?)([0-9]\d{6})(?![\d-])")
_CENTURY = {
    "1": 1900,
    "2": 1900,
    "5": 1900,
    "6": 1900,
    "3": 2000,
    "4": 2000,
    "7": 2000,
    "8": 2000,
    "9": 1800,
    "0": 1800,
}
_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
_RANDOM_SINCE = date(2020, 10, 5)
"""From that day on the last six digits are drawn by chance."""
_BUSINESS = re.compile(r"(?<![\d-])(\d{3})\s?-\s?(\d{2})\s?-\s?(\d{5})(?![\d-])")
_BUSINESS_BARE = re.compile(
    r"사업자\s?(?:등록)?\s?(?:번호)?(?:는|은|가|이)?\s*:?\s*(\d{3})\s?(\d{2})\s?(\d{5})(?!\d)"
)
_BUSINESS_WEIGHTS = (1, 3, 7, 1, 3, 7, 1, 3, 5)
_PASSPORT = re.compile(
    r"(?<![A-Za-z0-9])([MSROGD])\s?-?(\d{8}|\d{3}[A-Z]\d{4})(?![A-Za-z0-9])", re.IGNORECASE
)
_REGIONS = "서울|부산|경기(?:북부|남부)?|강원|충북|충남|전북|전남|경북|경남|제주|대구|인천|광주|대전|울산"
_LICENCE = re.compile(
    rf"(?<![\d-])(1[1-9]|2[0-8]|{_REGIONS})\s?[- ]\s?(\d{{2}})\s?[- ]\s?(\d{{6}})\s?[- ]\s?(\d{{2}})(?![\d-])"
)
_LICENCE_BARE = re.compile(
    r"면허\s?(?:증)?\s?(?:번호)?(?:는|은|가|이)?\s*:?\s*(1[1-9]|2[0-8])(\d{2})(\d{6})(\d{2})(?!\d)"
)


def resident_numbers(text: str) -> Iterator[Identifier]:
    """주민등록번호 and 외국인등록번호. The first six digits must be a day.

    `info`: `validity` is checked, unchecked (the tail is random, or was changed) or random_tail (born after the change);
    `foreigner`; `birth` as an ISO date.
    """
    for match in _RESIDENT.finditer(text):
        birth = _birth(match.group(1), match.group(2)[0])
        if birth is None:
            continue
        digits = match.group(1) + match.group(2)
        validity = (
            "random_tail" if birth >= _RANDOM_SINCE else "checked" if resident_check(digits) else "unchecked"
        )
        info = {"validity": validity, "foreigner": digits[6] in "5678", "birth": birth.isoformat()}
        yield Identifier(match.start(), match.end(), f"{match.group(1)}-{match.group(2)}", info)


def _birth(six: str, sex: str) -> date | None:
    try:
        return date(_CENTURY[sex] + int(six[:2]), int(six[2:4]), int(six[4:]))
    except ValueError:
        return None


def resident_check(digits: str) -> bool:
    """Whether the thirteenth digit is the check digit of the twelve before it; a foreigner's is two more."""
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False))
    expected = 11 - total % 11 + (2 if digits[6] in "5678" else 0)
    return expected % 10 == int(digits[12])


def business_numbers(text: str) -> Iterator[Identifier]:
    """사업자등록번호 whose check digit is right, as 123-45-67891; bare digits where they are called so."""
    for pattern in (_BUSINESS, _BUSINESS_BARE):
        for match in pattern.finditer(text):
            if business_check("".join(match.groups())):
                yield Identifier(
                    match.start(1), match.end(), "-".join(match.groups()), {"validity": "checked"}
                )


def business_check(digits: str) -> bool:
    """The tenth digit against the nine before it."""
    total = sum(int(digit) * weight for digit, weight in zip(digits, _BUSINESS_WEIGHTS, strict=False))
    total += int(digits[8]) * 5 // 10
    return (10 - total % 10) % 10 == int(digits[9])


def passports(text: str) -> Iterator[Identifier]:
    """Korean passports: a letter and eight digits, or since 2021 three digits, a letter, four digits."""
    for match in _PASSPORT.finditer(text):
        yield Identifier(match.start(), match.end(), (match.group(1) + match.group(2)).upper())


def driver_licences(text: str) -> Iterator[Identifier]:
    """운전면허번호 as 11-12-345678-90; older ones name the region."""
    for pattern in (_LICENCE, _LICENCE_BARE):
        for match in pattern.finditer(text):
            yield Identifier(match.start(1), match.end(), "-".join(match.groups()))
