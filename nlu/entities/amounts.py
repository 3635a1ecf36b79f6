"""Money in won, percentages and counts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from korean.numbers import NATIVE, SINO, parse_number
from nlu.entities.found import Found

_WON = re.compile(rf"({SINO.pattern})\s?(?:원|₩)")
_WON_SIGN = re.compile(r"₩\s?(\d[\d,]*)")
_LARGE_ONLY = re.compile(
    rf"(?<![가-힣\d])({SINO.pattern})(?=(?:으로|로|만큼|정도|까지|이요|요|을|를|쯤|이에요|입니다|$|\s|[.,!?]))"
)
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s?(?:%|퍼센트|프로(?![가-힣]))")
_COUNTERS = "개|명|번|장|건|개월|달|일|주|년|회|잔|마리|대|권|살|세|매|통|분(?!기)"
_COUNT = re.compile(
    rf"(?<![\d가-힣])(\d[\d,]*|{NATIVE.pattern})\s?({_COUNTERS})(?=[가-힣]{{0,2}}(?:\s|$|[.,!?]))"
)


def amounts(text: str) -> Iterator[Found]:
    """`amount` in won: 삼만 오천원, 3만5천 원, 5천만원, ₩12,000; and 1억2천 alone, as its unit can only be won."""
    for match in _WON.finditer(text):
        if (value := parse_number(match.group(1))) is not None:
            yield Found("amount", match.start(), match.end(), int(value), 80)
    for match in _WON_SIGN.finditer(text):
        yield Found("amount", match.start(), match.end(), int(match.group(1).replace(",", "")), 80)
    for match in _LARGE_ONLY.finditer(text):
        run = match.group(1).strip()
        if (
            any(unit in run for unit in "만억조")
            and len(run) > 1
            and (value := parse_number(run)) is not None
        ):
            yield Found("amount", match.start(1), match.start(1) + len(run), int(value), 55)


def percentages(text: str) -> Iterator[Found]:
    """`percent` as a number."""
    for match in _PERCENT.finditer(text):
        number = float(match.group(1))
        yield Found("percent", match.start(), match.end(), int(number) if number.is_integer() else number, 50)


def counts(text: str) -> Iterator[Found]:
    """`number` with a counter: 두 개, 3명."""
    for match in _COUNT.finditer(text):
        value = parse_number(match.group(1))
        if value is not None:
            yield Found("number", match.start(), match.end(), value, 20)
