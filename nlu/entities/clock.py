"""Times of day, as HH:MM: 오후 세 시 반, 14:30, 정오, 한 시간 뒤."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from korean.numbers import NATIVE, parse_number
from nlu.entities.found import Found

_HALF = r"(?:(오전|오후|아침|점심|낮|저녁|밤|새벽)\s?(?:에\s?)?)?"
_NO_HOUR = r"(?!간|작|험|스템|세|장|금|청|계|점|절|즌|름|적|각)"
"""What makes another word of 시."""
_HOUR = re.compile(
    rf"{_HALF}(?:(?<!\d)(\d{{1,2}})|(?<!(?![일날욜에전후침심낮녁밤벽])[가-힣])(열한|열두|{NATIVE.pattern}))\s?시{_NO_HOUR}"
    r"(?:\s?(\d{1,2}|[일이삼사오육칠팔구십]{1,3})\s?분|\s?(반)(?![가-힣]{2}))?"
)
_IDIOM = re.compile(r"한\s?시(?=도|라도)")
_CLOCK = re.compile(rf"{_HALF}(?<![\d:])([01]?\d|2[0-4]):([0-5]\d)(?![\d:])")
_WORDS = {"정오": "12:00", "자정": "00:00"}
_FROM_NOW = re.compile(
    rf"(\d{{1,3}}|{NATIVE.pattern})\s?(시간|분)(?:\s?(\d{{1,2}})\s?분|\s?(반))?\s?(뒤|후|있다가|이따가)"
)


def times(text: str, now: datetime) -> Iterator[Found]:
    """`time` as HH:MM. Without 오전/오후 an hour from 1 to 6 is in the afternoon: that is when offices are open."""
    for match in _HOUR.finditer(text):
        if (value := _spoken(match)) is not None and not _IDIOM.match(match.group(0) + text[match.end() :]):
            yield Found("time", match.start(), match.end(), value, 58)
    for match in _CLOCK.finditer(text):
        hour = int(match.group(2))
        if match.group(1) and hour <= 12:
            hour = _hour24(match.group(1), hour)
        yield Found("time", match.start(), match.end(), f"{hour % 24:02d}:{match.group(3)}", 59)
    for word, value in _WORDS.items():
        for match in re.finditer(word, text):
            yield Found("time", match.start(), match.end(), value, 57)
    yield from _from_now(text, now)


def _spoken(match: re.Match[str]) -> str | None:
    half, digits, word, minutes, thirty = match.groups()
    hour = parse_number(digits or word)
    minute = 30 if thirty else int(parse_number(minutes) or 0) if minutes else 0
    if hour is None or not 0 <= hour <= 24 or minute > 59:
        return None
    return f"{_hour24(half, int(hour)) % 24:02d}:{minute:02d}"


def _hour24(half: str | None, hour: int) -> int:
    """The hour of the day that is meant by `half` of the day and an hour of the clock."""
    if hour > 12:
        return hour
    if half in ("오전", "아침", "새벽"):
        return 0 if hour == 12 else hour
    if half == "밤":
        return 0 if hour == 12 else hour + 12 if hour >= 6 else hour
    if half in ("낮", "점심") and hour >= 11:
        return hour
    if half is not None:
        return hour % 12 + 12
    return hour + 12 if 1 <= hour <= 6 else hour


def _from_now(text: str, now: datetime) -> Iterator[Found]:
    for match in _FROM_NOW.finditer(text):
        count, unit, minutes, half, _ = match.groups()
        amount = int(parse_number(count) or 0)
        span = timedelta(minutes=amount) if unit == "분" else timedelta(hours=amount)
        span += timedelta(minutes=30 if half else int(minutes or 0))
        yield Found("time", match.start(), match.end(), f"{now + span:%H:%M}", 63)
