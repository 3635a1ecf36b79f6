"""Dates, as ISO values in Korean time: 내일모레, 다음 주 화요일, 12월 25일, 사흘 뒤, 이번 달 말."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from korean.numbers import NATIVE, parse_number
from nlu.entities.feasts import feasts
from nlu.entities.found import Found

_RELATIVE_DAYS = {
    "그끄저께": -3, "그저께": -2, "그제": -2, "엊그제": -2, "어저께": -1, "어제": -1, "오늘": 0, "금일": 0,
    "내일모레": 2, "낼모레": 2, "내일": 1, "낼": 1, "익일": 1, "모레": 2, "글피": 3, "그글피": 4,
}  # fmt: skip
_DAYS = re.compile(
    rf"({'|'.join(sorted(_RELATIVE_DAYS, key=len, reverse=True))})"
    r"(?<!그제(?=서야|야))(?!배움|채움)"
)
_WEEKDAYS = "월화수목금토일"
_WEEK = r"(지지난|저저번|지난|저번|이번|금|다음\s?다음|다다음|다음|담|차)\s?주\s?"
_WEEKDAY = re.compile(rf"(?:{_WEEK})?([월화수목금토일])(?:요일|욜)")
_WEEKEND = re.compile(rf"(?:{_WEEK.replace('주', '')})?주말")
_WEEK_OFFSET = {
    "지지난": -2, "저저번": -2, "지난": -1, "저번": -1, "이번": 0, "금": 0,
    "다음": 1, "담": 1, "차": 1, "다다음": 2, "다음다음": 2,
}  # fmt: skip
_WORDS = "일이삼사오육륙유칠팔구십시"
_FULL = re.compile(r"(?<!\d)(\d{4})\s?[년./-]\s?(\d{1,2})\s?[월./-]\s?(\d{1,2})(?:\s?일|(?!\d))")
_DIGITS = re.compile(r"(?<![\d-])((?:19|20)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?![\d-])")
_MONTH_DAY = re.compile(
    r"(?:(?<!\d)(?P<year>\d{2}|재작년|작년|지난해|올해|금년|내년)\s?년?\s?)?"
    rf"(?<![\d가-힣])(?P<month>\d{{1,2}}|[{_WORDS}]{{1,2}})\s?월\s?(?P<day>\d{{1,2}}|[{_WORDS}]{{1,4}})\s?일(?!\s?간)"
)
_YEARS = {"재작년": -2, "작년": -1, "지난해": -1, "올해": 0, "금년": 0, "내년": 1}
_SLASHED = re.compile(
    r"(?<![\d/.])(0?[1-9]|1[0-2])/(0?[1-9]|[12]\d|3[01])(?![\d/]|\s?(?:비율|정도|만큼|로\s?나))"
)
_MONTH = r"(이번|다음|담|지난|저번|이)\s?달\s?"
_MONTH_SHIFT = {"이번": 0, "이": 0, "다음": 1, "담": 1, "지난": -1, "저번": -1}
_DAY_OF_MONTH = re.compile(rf"{_MONTH}(\d{{1,2}})\s?일")
_AFTER_DAY = r"\s*(?:$|[.,!?)]|날|자|에(?!\s?한)|까지|부터|이요|요|이에요|예요|입니다|로|쯤|오전|오후|아침|저녁|밤|새벽|낮|정오)"
_DAY_ONLY = re.compile(
    rf"(?<![\d월가-힣.])(?<!월\s)(?<!기준\s)(?<!업일\s)(?<!매달\s)(\d{{1,2}})일(?={_AFTER_DAY})"
)
_MONTH_END = re.compile(
    rf"(?:{_MONTH}|(?<!\d)(\d{{1,2}})\s?월\s?)?(?:월말|말일|말(?=에|까지|부터|\s|$|이요|쯤))"
)
_SHIFT = re.compile(
    rf"(?:(?<![\d.])(\d{{1,4}})|({NATIVE.pattern}|사흘|나흘|이틀|하루|보름|열흘|일주일|한\s?달))\s?"
    r"(일|주일|주|달|개월|년)?\s?(뒤|후|전)(?!체|송|부(?!터)|국|화)"
)
_NAMED_SPANS = {"하루": 1, "이틀": 2, "사흘": 3, "나흘": 4, "열흘": 10, "보름": 15, "일주일": 7}
_HALF_YEAR = 183


def dates(text: str, now: datetime) -> Iterator[Found]:
    """`date` as YYYY-MM-DD. A weekday without a week, and a day without a month, is the next one to come."""
    today = now.date()
    yield from _named_days(text, today)
    yield from _calendar_days(text, today)
    yield from _days_of_month(text, today)
    yield from _shifts(text, today)
    for start, end, value in feasts(text, today):
        yield _day(start, end, value, 61)


def _day(start: int, end: int, value: date, priority: int = 60) -> Found:
    return Found("date", start, end, value.isoformat(), priority)


def _named_days(text: str, today: date) -> Iterator[Found]:
    for match in _DAYS.finditer(text):
        if match.group(0) == "낼" and not re.match(r"낼(?:\s|$|[까요오아])", text[match.start() :]):
            continue
        yield _day(match.start(), match.end(), today + timedelta(days=_RELATIVE_DAYS[match.group(1)]))
    for match in _WEEKDAY.finditer(text):
        value = _weekday(today, match.group(1), _WEEKDAYS.index(match.group(2)))
        yield _day(match.start(), match.end(), value)
    for match in _WEEKEND.finditer(text):
        yield _day(match.start(), match.end(), _weekday(today, match.group(1), 5))


def _weekday(today: date, week: str | None, wanted: int) -> date:
    if week is None:
        return today + timedelta(days=(wanted - today.weekday()) % 7)
    monday = today - timedelta(days=today.weekday())
    return monday + timedelta(weeks=_WEEK_OFFSET[re.sub(r"\s", "", week)], days=wanted)


def _calendar_days(text: str, today: date) -> Iterator[Found]:
    for pattern in (_FULL, _DIGITS):
        for match in pattern.finditer(text):
            if found := _safe(*(int(part) for part in match.groups())):
                yield _day(match.start(), match.end(), found, 62)
    for match in _MONTH_DAY.finditer(text):
        month, day = _small_number(match.group("month")), _small_number(match.group("day"))
        if found := _in_year(today, match.group("year"), month, day):
            yield _day(match.start(), match.end(), found, 61)
    for match in _SLASHED.finditer(text):
        if found := _in_year(today, None, int(match.group(1)), int(match.group(2))):
            yield _day(match.start(), match.end(), found)


def _small_number(text: str) -> int:
    """A month or day in digits or words; 유월 and 시월 have lost a letter. 0 for what is no number."""
    return int(parse_number(text.replace("유", "육").replace("시", "십")) or 0)


def _in_year(today: date, year: str | None, month: int, day: int) -> date | None:
    """In the year that is named; else this year, or the next if it is more than half a year past."""
    if year is not None:
        return _safe(today.year + _YEARS[year] if year in _YEARS else 2000 + int(year), month, day)
    found = _safe(today.year, month, day)
    if found is not None and (today - found).days > _HALF_YEAR:
        return _safe(today.year + 1, month, day)
    return found


def _safe(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month(today: date, shift: int) -> date:
    """The first day of the month that is `shift` months away."""
    months = today.year * 12 + today.month - 1 + shift
    return date(months // 12, months % 12 + 1, 1)


def _days_of_month(text: str, today: date) -> Iterator[Found]:
    for match in _DAY_OF_MONTH.finditer(text):
        first = _month(today, _MONTH_SHIFT[match.group(1)])
        if found := _safe(first.year, first.month, int(match.group(2))):
            yield _day(match.start(), match.end(), found)
    for match in _DAY_ONLY.finditer(text):
        candidates = (_month(today, shift) for shift in (0, 1, 2))
        days = (_safe(first.year, first.month, int(match.group(1))) for first in candidates)
        if found := next((day for day in days if day is not None and day >= today), None):
            yield _day(match.start(), match.end(), found)
    for match in _MONTH_END.finditer(text):
        if found := _month_end(today, match):
            yield _day(match.start(), match.end(), found)


def _month_end(today: date, match: re.Match[str]) -> date | None:
    """The last day of the month: a bare 말 is none, as it is a word of its own."""
    which, number = match.group(1), match.group(2)
    if number:
        first = _in_year(today, None, int(number), 1)
    elif which or match.group(0) != "말":
        first = _month(today, _MONTH_SHIFT[which] if which else 0)
    else:
        return None
    return _month(first, 1) - timedelta(days=1) if first else None


def _shifts(text: str, today: date) -> Iterator[Found]:
    for match in _SHIFT.finditer(text):
        digits, word, unit, direction = match.groups()
        word = re.sub(r"\s", "", word or digits)
        sign = -1 if direction == "전" else 1
        if word in _NAMED_SPANS and unit is None:
            yield _day(match.start(), match.end(), today + timedelta(days=sign * _NAMED_SPANS[word]))
            continue
        count, unit = (1, "달") if word == "한달" else (parse_number(word), unit)
        if count is not None and unit is not None and (found := _shifted(today, unit, sign * int(count))):
            yield _day(match.start(), match.end(), found)


def _shifted(today: date, unit: str, count: int) -> date | None:
    """The day so many units away; the last of the month where that has no such day."""
    try:
        if unit in ("일", "주", "주일"):
            return today + timedelta(days=count if unit == "일" else 7 * count)
        first = _month(today, count * (12 if unit == "년" else 1))
        last = _month(first, 1) - timedelta(days=1)
        return first.replace(day=min(today.day, last.day))
    except (OverflowError, ValueError):
        return None
