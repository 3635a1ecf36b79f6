"""Money in won, percentages and counts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from korean.numbers import NATIVE, SINO, parse_number
from nlu.entities.found import Found

_WON = re.compile(rf"({SINO.pattern})\s?(?:원|₩)(?!히|권|장|본|금|리)")
_WON_SIGN = re.compile(r"₩\s?(\d[\d,]*)")
_OTHER_UNITS = (
    "명|개|번|건|장|회|가지|리|권|대|점|km|포인트|마일|년|배|달러|불|엔|유로|위안|주|평|일|시간|분|원"
)
_LARGE_ONLY = re.compile(
    rf"(?<![가-힣\d])({SINO.pattern})(?=(?:으로|로|만큼|정도|까지|이요|요|을|를|쯤|이에요|입니다|씩|$|\s|[.,!?]))"
    rf"(?!\s?(?:{_OTHER_UNITS}))"
)
_WORDS = {"이만", "조만", "일조"}
"""Runs of number syllables that are words: 이만 끊을게요."""
_SINO_PERCENT = re.compile(
    r"(?<![가-힣])([일이삼사오육칠팔구십백]+)\s?(?:퍼센트|프로)(?!그램|필|모션|젝트|토|야구|게이|듀)"
)
_PERCENT = re.compile(
    r"(\d+(?:\.\d+)?)\s?(?:%|퍼센트|프로(?!그램|필|모션|젝트|토|야구|게이|듀))(?!\s?포인트)"
)
_COUNTERS = "개월|개|명|번|장|건|달(?!러)|주일|일|주|년|회|잔|마리|대|권|살|세|매|통|분(?!기)|가지|시간|곳"
_COUNT = re.compile(
    rf"(?<![\d가-힣.-])(?<!월\s)(\d{{1,3}}(?:,\d{{3}})*|\d{{1,9}}|{NATIVE.pattern})\s?({_COUNTERS})(?=[가-힣]{{0,2}}(?:\s|$|[.,!?]))"
)


def amounts(text: str) -> Iterator[Found]:
    """`amount` in won: 삼만 오천원, 3만5천 원, 5천만원, ₩12,000; and 1억2천 alone, as its unit can only be won."""
    for match in _WON.finditer(text):
        if (run := _readable(match.group(1))) and not _one_word(run, match.group(0)):
            shift = len(match.group(1)) - len(run)
            yield Found("amount", match.start() + shift, match.end(), _value(run), 80)
    for match in _WON_SIGN.finditer(text):
        if (run := _readable(match.group(1))) == match.group(1):
            yield Found("amount", match.start(), match.end(), _value(run), 80)
    for match in _LARGE_ONLY.finditer(text):
        run = match.group(1).strip()
        if len(run) > 1 and run not in _WORDS and set(run) & set("만억조") and _readable(run) == run:
            yield Found("amount", match.start(1), match.start(1) + len(run), _value(run), 55)


def _readable(run: str) -> str:
    """The longest end of the run, cut at its spaces, that is a number: another number may stand before it."""
    while run and parse_number(run) is None:
        _, _, run = run.partition(" ")
    return run


def _value(run: str) -> int:
    return int(parse_number(run) or 0)


def _one_word(run: str, whole: str) -> bool:
    """구원, 공원, 조원: a digit's or a large unit's name right before 원 belongs to another word."""
    return len(run) == 1 and not run.isdecimal() and run not in "만천백십" and not re.search(r"\s", whole)


def percentages(text: str) -> Iterator[Found]:
    """`percent` as a number."""
    for match in _PERCENT.finditer(text):
        number = float(match.group(1))
        yield Found("percent", match.start(), match.end(), int(number) if number.is_integer() else number, 50)
    for match in _SINO_PERCENT.finditer(text):
        if (value := parse_number(match.group(1))) is not None:
            yield Found("percent", match.start(), match.end(), value, 50)


def counts(text: str) -> Iterator[Found]:
    """`number` with a counter: 두 개, 3명. A year is no count."""
    for match in _COUNT.finditer(text):
        value = parse_number(match.group(1))
        if value is not None and not (match.group(2) == "년" and value > 100):
            yield Found("number", match.start(), match.end(), value, 20)
