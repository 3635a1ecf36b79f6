"""Days of a month: 이번 달 30일, 25일까지, 다음 달 초, 월말, 12월 중순, 연말."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from korean.numbers import parse_number
from nlu.entities.calendar.arithmetic import day, first_of_month, last_of_month, safe_date, span
from nlu.entities.calendar.tense import in_past
from nlu.entities.calendar.written import YEARS, in_year
from nlu.entities.found import Found

_SHIFTS = {
    "이번": 0, "이": 0, "요번": 0, "다음": 1, "담": 1, "내": 1, "지난": -1, "저번": -1, "다다음": 2, "다음다음": 2,
    "지지난": -2, "저저번": -2,
}  # fmt: skip
_named = r"다음\s?다음|다다음|지지난|저저번|이번|요번|다음|담|지난|저번|이"
_MONTH = rf"(?:(?<![가-힣])(?P<month>{_named})\s?달(?![라리러린렸력려콤성림릴])|(?<![가-힣])(?P<formal>금|당|익|전|차)월)\s?"
_FORMAL = {"금": 0, "당": 0, "익": 1, "차": 1, "전": -1}
MONTH = re.compile(_MONTH.rstrip(r"\s?"))
_DAY_OF_MONTH = re.compile(rf"{_MONTH}(?P<day>\d{{1,2}}|[일이삼사오육칠팔구십]{{1,4}})\s?일(?!\s?간|\s?동안)")
_AFTER_DAY = (
    r"\s*(?:$|[.,!?)~∼-]|날|자(?!리)|에(?!\s?한)|까지|부터|에서|이요|요|이에요|예요|입니다|로|쯤|오전|오후|아침|저녁|밤|새벽|낮|"
    r"정오|결제|출금|납부|이체|[월화수목금토일]요일|이랑|하고|은\s|이\s)"
)
_DAY_ONLY = re.compile(
    rf"(?<![\d월가-힣.~∼-])(?<!월\s)(?<!기준\s)(?<!업일\s)(?<!매달\s)(?<!매월\s)(?<!최대\s)(?P<day>\d{{1,2}}|[이삼]?십[일이삼사오육칠팔구]?)일(?!\s?(?:간|동안|이내|안에|내에))(?={_AFTER_DAY})"
)
_AFTER_RANGE = re.compile(rf"(?<=[~∼–-])\s?(?P<day>\d{{1,2}})\s?일(?={_AFTER_DAY}|\s)")
_PARTS = {
    "초": (1, 10), "초순": (1, 10), "상순": (1, 10), "중순": (11, 20), "하순": (21, 31), "말": (21, 31), "말일": (31, 31),
    "마지막날": (31, 31), "첫날": (1, 1), "초하루": (1, 1), "말경": (21, 31), "중": (1, 31), "끝": (21, 31),
}  # fmt: skip
_part = (
    r"초순|상순|중순|하순|말일|마지막\s?날|첫\s?날|초하루|초(?=에|까지|부터|쯤|\s|$|[.,!?]|이|로|면)|말(?=에|"
    r"까지|부터|쯤|경|\s|$|[.,!?]|이|로|일|께|면)|끝(?=에|까지|나)"
)
_PART = re.compile(
    rf"(?:{_MONTH}|(?:(?P<year>재작년|작년|지난해|올해|금년|내년)\s?)?(?<![\d가-힣])(?P<number>\d{{1,2}}|[일이삼사오육유칠팔구십시]{{1,2}})\s?월\s?)(?P<part>{_part})"
)
_BARE = re.compile(
    r"(?<![가-힣\d])(?:월(?P<part>말|초)|(?P<last>말일))(?=에|까지|부터|쯤|\s|$|[.,!?]|이|로|요|께|면|날)"
)
_YEAR_PART = re.compile(
    r"(?:(?P<year>작년|올해|내년|금년|지난해)\s?)?(?<![가-힣])(?:연|년)(?P<part>말|초)(?=에|까지|부터|쯤|\s|$|[.,!?]|이|로|요|께|면)(?!정산)|(?P<named>작년|올해|내년|지난해)\s?(?P<half>말|초)(?=에|까지|부터|쯤|\s|$|[.,!?]|이|로)"
)


def days_of_month(text: str, today: date) -> Iterator[Found]:
    """초 is worth the first, 중순 the fifteenth, 말 the last day of the month; `info` has the ten days that are meant."""
    for match in _DAY_OF_MONTH.finditer(text):
        month = named_month(today, match)
        if found := safe_date(month.year, month.month, int(parse_number(match.group("day")) or 0)):
            yield day(match.start(), match.end(), found)
    for pattern in (_DAY_ONLY, _AFTER_RANGE):
        for match in pattern.finditer(text):
            number = int(parse_number(match.group("day")) or 0)
            if found := _nearest(today, number, in_past(text, match.end())):
                yield day(match.start("day"), match.end(), found, 59, {"open": "day"})
    for match in _PART.finditer(text):
        if (first := _month_of(today, match)) is not None:
            yield _part_of(match, first, match.group("part"))
    for match in _BARE.finditer(text):
        yield _part_of(match, first_of_month(today, 0), match.group("part") or "말일")
    for match in _YEAR_PART.finditer(text):
        year = today.year + YEARS.get(match.group("year") or match.group("named") or "올해", 0)
        if (match.group("part") or match.group("half")) == "말":
            yield day(
                match.start(),
                match.end(),
                date(year, 12, 31),
                info=span(date(year, 12, 1), date(year, 12, 31)),
            )
        else:
            if match.group("part") and not match.group("year") and today.month > 2:
                year += 1
            yield day(
                match.start(), match.end(), date(year, 1, 1), info=span(date(year, 1, 1), date(year, 1, 31))
            )


def _nearest(today: date, number: int, past: bool) -> date | None:
    """The next day of that number, or the last one."""
    shifts = (0, -1, -2) if past else (0, 1, 2)
    firsts = (first_of_month(today, shift) for shift in shifts)
    days = (safe_date(first.year, first.month, number) for first in firsts)
    return next((d for d in days if d is not None and (d <= today if past else d >= today)), None)


def named_month(today: date, match: re.Match[str]) -> date:
    """The first day of the month that the match's `month` or `formal` names."""
    word = match.group("month")
    shift = _SHIFTS[re.sub(r"\s", "", word)] if word else _FORMAL[match.group("formal")]
    return first_of_month(today, shift)


def _month_of(today: date, match: re.Match[str]) -> date | None:
    if match.group("number") is None:
        return named_month(today, match)
    number = int(parse_number(match.group("number").replace("유", "육").replace("시", "십")) or 0)
    return in_year(today, match.group("year"), number, 1, match.string, match.end())


def _part_of(match: re.Match[str], first: date, part: str) -> Found:
    low, high = _PARTS[re.sub(r"\s", "", part)]
    last = last_of_month(first)
    ends = (first.replace(day=min(low, last.day)), first.replace(day=min(high, last.day)))
    value = first.replace(day=15) if low == 11 else ends[0] if low == 1 else ends[1]
    info = {} if low == high else span(*ends)
    return day(match.start(), match.end(), value, info=info)
