"""Dates and times of day, as ISO values in Korean time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from korean.numbers import NATIVE, parse_number
from nlu.entities.found import Found

_RELATIVE_DAYS = {
    "그끄저께": -3, "그저께": -2, "그제": -2, "엊그제": -2, "어저께": -1, "어제": -1, "오늘": 0, "금일": 0, "당일": 0,
    "내일모레": 2, "내일": 1, "낼": 1, "익일": 1, "모레": 2, "글피": 3, "그글피": 4,
}  # fmt: skip
_DAYS = re.compile("|".join(sorted(_RELATIVE_DAYS, key=len, reverse=True)))
_WEEKDAYS = "월화수목금토일"
_WEEKDAY = re.compile(
    r"(?:(지지난|저저번|지난|저번|이번|금|다음다음|다다음|다음|담|차)\s?주\s?)?([월화수목금토일])요일"
)
_WEEK_OFFSET = {
    "지지난": -2, "저저번": -2, "지난": -1, "저번": -1, "이번": 0, "금": 0,
    "다음": 1, "담": 1, "차": 1, "다다음": 2, "다음다음": 2,
}  # fmt: skip
_FULL = re.compile(r"(?<!\d)(\d{4})\s?[년./-]\s?(\d{1,2})\s?[월./-]\s?(\d{1,2})(?:일|\b)?")
_MONTH_DAY = re.compile(r"(?<!\d)(\d{1,2})\s?월\s?(\d{1,2})\s?일")
_DAY_ONLY = re.compile(
    r"(?:(이번|다음|담|지난)\s?달\s?)(\d{1,2})\s?일|(?<![\d월가-힣])(\d{1,2})일(?=날|에|까지|부터|\s|$)(?!\s?(?:뒤|후|전|동안|간))"
)
_SHIFT = re.compile(
    rf"(\d+|{NATIVE.pattern}|사흘|나흘|이틀|하루|보름|열흘|일주일|한\s?달)\s?(일|주|주일|달|개월|년)?\s?(뒤|후|전|있다가)"
)
_NAMED_SPANS = {"하루": 1, "이틀": 2, "사흘": 3, "나흘": 4, "열흘": 10, "보름": 15, "일주일": 7}
_HOUR = re.compile(
    rf"(?:(오전|오후|아침|낮|저녁|밤|새벽)\s?)?(\d{{1,2}}|열한|열두|열|{NATIVE.pattern})\s?시(?![가-힣]*(?:도|작|험|간|스템|세|장|금|청|계))"
    r"(?:\s?(\d{1,2}|삼십|십오|사십오|십|이십|사십|오십|오)\s?분|\s?(반))?"
)
_CLOCK = re.compile(r"(?<![\d:])([01]?\d|2[0-4]):([0-5]\d)(?![\d:])")
_WORDS = {"정오": "12:00", "자정": "00:00"}


def dates(text: str, now: datetime) -> Iterator[Found]:
    """`date` as YYYY-MM-DD. A weekday without a week, and a day without a month, is the next one to come."""
    today = now.date()
    for match in _DAYS.finditer(text):
        if match.group(0) == "낼" and not re.match(r"낼\s|낼$|낼[까요오아]", text[match.start() :]):
            continue
        yield _day(match.start(), match.end(), today + timedelta(days=_RELATIVE_DAYS[match.group(0)]))
    for match in _WEEKDAY.finditer(text):
        yield _day(match.start(), match.end(), _weekday(today, match.group(1), match.group(2)))
    for match in _FULL.finditer(text):
        if found := _safe(int(match.group(1)), int(match.group(2)), int(match.group(3))):
            yield _day(match.start(), match.end(), found)
    for match in _MONTH_DAY.finditer(text):
        month, day = int(match.group(1)), int(match.group(2))
        if found := _next_year_if_past(today, month, day):
            yield _day(match.start(), match.end(), found)
    yield from _days_of_month(text, today)
    yield from _shifts(text, today)


def _day(start: int, end: int, value: date) -> Found:
    return Found("date", start, end, value.isoformat(), 60)


def _weekday(today: date, week: str | None, name: str) -> date:
    wanted = _WEEKDAYS.index(name)
    if week is None:
        return today + timedelta(days=(wanted - today.weekday()) % 7)
    monday = today - timedelta(days=today.weekday())
    return monday + timedelta(weeks=_WEEK_OFFSET[week], days=wanted)


def _safe(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _next_year_if_past(today: date, month: int, day: int) -> date | None:
    """This year's day; one that is more than half a year past is meant for the next."""
    found = _safe(today.year, month, day)
    if found is not None and (today - found).days > 183:
        return _safe(today.year + 1, month, day)
    return found


def _days_of_month(text: str, today: date) -> Iterator[Found]:
    for match in _DAY_ONLY.finditer(text):
        which, day = match.group(1), int(match.group(2) or match.group(3))
        shift = {"이번": 0, "다음": 1, "담": 1, "지난": -1}.get(which or "", 0)
        month = today.month - 1 + shift
        found = _safe(today.year + month // 12, month % 12 + 1, day)
        if which is None and found is not None and found < today:
            month += 1
            found = _safe(today.year + month // 12, month % 12 + 1, day)
        if found:
            yield _day(match.start(), match.end(), found)


def _shifts(text: str, today: date) -> Iterator[Found]:
    for match in _SHIFT.finditer(text):
        word, unit, direction = re.sub(r"\s", "", match.group(1)), match.group(2), match.group(3)
        sign = -1 if direction == "전" else 1
        if word in _NAMED_SPANS and unit is None:
            yield _day(match.start(), match.end(), today + timedelta(days=sign * _NAMED_SPANS[word]))
            continue
        count = 1 if word == "한달" else parse_number(word)
        unit = "달" if word == "한달" else unit
        if count is None or unit is None:
            continue
        if found := _shifted(today, unit, sign * int(count)):
            yield _day(match.start(), match.end(), found)


def _shifted(today: date, unit: str, count: int) -> date | None:
    try:
        if unit == "일":
            return today + timedelta(days=count)
        if unit in ("주", "주일"):
            return today + timedelta(weeks=count)
        months = today.month - 1 + count * (12 if unit == "년" else 1)
        year, month = today.year + months // 12, months % 12 + 1
        return (
            next(d for day in range(today.day, 27, -1) if (d := _safe(year, month, day)))
            if today.day > 28
            else (_safe(year, month, today.day))
        )
    except (OverflowError, StopIteration):
        return None


def times(text: str, now: datetime) -> Iterator[Found]:
    """`time` as HH:MM. Without 오전/오후 an hour from 1 to 6 is in the afternoon: that is when offices are open."""
    for match in _HOUR.finditer(text):
        hour = parse_number(match.group(2))
        if hour is None or not 0 <= hour <= 24:
            continue
        minute = 30 if match.group(4) else int(parse_number(match.group(3)) or 0) if match.group(3) else 0
        if minute < 60:
            value = f"{_hour24(match.group(1), int(hour)) % 24:02d}:{minute:02d}"
            yield Found("time", match.start(), match.end(), value, 58)
    for match in _CLOCK.finditer(text):
        yield Found(
            "time", match.start(), match.end(), f"{int(match.group(1)) % 24:02d}:{match.group(2)}", 58
        )
    for word, value in _WORDS.items():
        at = text.find(word)
        if at >= 0:
            yield Found("time", at, at + len(word), value, 57)


def _hour24(half: str | None, hour: int) -> int:
    if half in ("오후", "저녁", "낮") and hour < 12:
        return hour + 12 if not (half == "낮" and hour >= 11) else hour
    if half == "밤":
        return hour + 12 if 6 <= hour < 12 else hour % 12 if hour == 12 else hour
    if half in ("오전", "아침", "새벽"):
        return 0 if hour == 12 else hour
    return hour + 12 if 1 <= hour <= 6 else hour
