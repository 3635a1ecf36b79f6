"""Spans of days longer than one: 다음 주, 지난달, 12월, 작년, 이번 분기, 하반기, 최근 3개월."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from korean.numbers import NATIVE, parse_number
from nlu.entities.calendar.arithmetic import first_of_month, last_of_month, shifted, span
from nlu.entities.calendar.months import MONTH, named_month
from nlu.entities.calendar.shifts import NAMED_SPANS
from nlu.entities.calendar.written import YEARS, in_year
from nlu.entities.found import Found

_WEEKS = {
    "지지난": -2, "저저번": -2, "지난": -1, "저번": -1, "이번": 0, "요번": 0, "금": 0, "다음": 1, "담": 1, "차": 1, "내": 1,
    "다다음": 2, "다음다음": 2,
}  # fmt: skip
_WEEK = re.compile(
    r"(?<![가-힣])(지지난|저저번|지난|저번|이번|요번|금|다음\s?다음|다다음|다음|담|차|내)\s?주(?!말|요일|욜|문|소|택|식|간|차|민|유|제|관|의)(?!\s?[월화수목금토일](?:요일|욜))(?:\s?내내)?"
)
_NUMBERED = re.compile(
    r"(?:(?P<year>\d{4}|\d{2}|재작년|작년|지난해|올해|금년|내년|내후년)\s?년?도?\s?)?(?<![\d가-힣./-])(?P<month>1[0-2]|0?[1-9]|[일이삼사오육유칠팔구십시]{1,2})월(?!\s?(?:\d|[일이삼사오육칠팔구십]{1,3}\s?일|요일|말|초|중순|하순|급|세|광|드|권))(?:\s?달)?(?=[에의은는이도까부한중분치~\s]|$|[.,!?])"
)
_NAMED_YEAR = re.compile(
    r"(?<![가-힣])(재작년|작년|지난해|올해|금년|내년|내후년)(?!\s?(?:\d|[일이삼사오육칠팔구십]{1,2}\s?월|초(?=에|\s|까지|부터)|말(?=에|\s|까지|부터|이)|연말(?!정산)|연초|추석|설|구정))(?:\s?한\s?해)?"
)
_YEAR = re.compile(
    r"(?<![\d.-])((?:19|20)\d{2})\s?년도?(?!\s?(?:\d|[일이삼사오육칠팔구십]{1,2}\s?월|[상하]반기|추석|설))"
)
_HALF = re.compile(r"(?:(?P<year>\d{4}년|재작년|작년|지난해|올해|금년|내년|이번)\s?)?(?P<half>상|하)반기")
_QUARTER = re.compile(
    r"(?:(?P<year>\d{4}년|작년|올해|내년)\s?)?(?:(?P<number>[1-4]|[일이삼사])\s?(?:/4|사)?\s?분기|(?P<which>이번|다음|지난|전)\s?분기)(?P<end>\s?말)?"
)
_RECENT = re.compile(
    rf"(?P<way>최근|지난|앞으로|향후|요\s?근래)\s?(?:약\s?)?(?:(?P<digits>\d{{1,3}})|(?P<word>하루|이틀|사흘|나흘|닷새|열흘|보름|일주일|한\s?주|한\s?달|반년|{NATIVE.pattern}|[일이삼사오육칠팔구십]{{1,3}}))\s?(?P<unit>일|주일|주|달|개월|년)?(?:\s?(?:간|동안|치|분))?"
)


def periods(text: str, today: date) -> Iterator[Found]:
    """`period` as {"from", "to"}, both days included; `info.grain` is week, month, quarter, half or year."""
    monday = today - timedelta(days=today.weekday())
    for match in _WEEK.finditer(text):
        first = monday + timedelta(weeks=_WEEKS[re.sub(r"\s", "", match.group(1))])
        yield _period(match, first, first + timedelta(days=6), "week", 56)
    for match in MONTH.finditer(text):
        first = named_month(today, match)
        yield _period(match, first, last_of_month(first), "month", 56)
    for match in _NUMBERED.finditer(text):
        number = int(parse_number(match.group("month").replace("유", "육").replace("시", "십")) or 0)
        first_day = _month_in(today, match.group("year"), number, text, match.end())
        if first_day is not None:
            yield _period(match, first_day, last_of_month(first_day), "month", 54)
    yield from _years(text, today)
    yield from _recent(text, today)


def _month_in(today: date, year: str | None, number: int, text: str, end: int) -> date | None:
    if year is not None and len(year) == 4 and year.isdecimal():
        return date(int(year), number, 1) if 1 <= number <= 12 and int(year) > 0 else None
    return in_year(today, year, number, 1, text, end)


def _years(text: str, today: date) -> Iterator[Found]:
    for match in _NAMED_YEAR.finditer(text):
        year = today.year + YEARS[match.group(1)]
        yield _period(match, date(year, 1, 1), date(year, 12, 31), "year", 52)
    for match in _YEAR.finditer(text):
        year = int(match.group(1))
        yield _period(match, date(year, 1, 1), date(year, 12, 31), "year", 52)
    for match in _HALF.finditer(text):
        year = _year(today, match.group("year"))
        first = 1 if match.group("half") == "상" else 7
        yield _period(match, date(year, first, 1), last_of_month(date(year, first + 5, 1)), "half", 57)
    for match in _QUARTER.finditer(text):
        if match.group("number"):
            number = int(parse_number(match.group("number")) or 1)
            start = date(_year(today, match.group("year")), 3 * number - 2, 1)
        else:
            step = {"이번": 0, "다음": 3}.get(match.group("which"), -3)
            start = first_of_month(today, step - (today.month - 1) % 3)
        last = last_of_month(first_of_month(start, 2))
        if match.group("end"):
            yield Found("date", match.start(), match.end(), last.isoformat(), 62, info={"grain": "day"})
        else:
            yield _period(match, start, last, "quarter", 57)


def _recent(text: str, today: date) -> Iterator[Found]:
    """최근 3개월 is from the day three months ago until today."""
    for match in _RECENT.finditer(text):
        word, unit = re.sub(r"\s", "", match.group("word") or ""), match.group("unit")
        if word in NAMED_SPANS and unit is None:
            count, unit = NAMED_SPANS[word], "일"
        elif word in ("한달", "반년") and unit is None:
            count, unit = (1, "달") if word == "한달" else (6, "달")
        else:
            count = int(parse_number(match.group("digits") or word) or 0)
        if not count or unit is None:
            continue
        ahead = match.group("way") in ("앞으로", "향후")
        other = shifted(today, unit, count if ahead else -count)
        if other is not None:
            yield _period(match, min(today, other), max(today, other), "day", 64)


def _year(today: date, said: str | None) -> int:
    if said is None:
        return today.year
    return int(said[:4]) if said[0].isdecimal() else today.year + YEARS.get(said, 0)


def _period(match: re.Match[str], first: date, last: date, grain: str, priority: int) -> Found:
    found = match.group(0)
    start = match.start() + len(found) - len(found.lstrip())
    return Found(
        "period",
        start,
        match.start() + len(found.rstrip()),
        span(first, last),
        priority,
        info={"grain": grain},
    )
