"""Public holidays by name: 추석, 설 연휴 전날, 작년 추석, 한글날 대체공휴일.

Which day is which comes from `korean.public_holidays`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import lru_cache

from korean.public_holidays import holiday_name, public_holidays
from nlu.entities.calendar.arithmetic import day, safe_date, span
from nlu.entities.calendar.tense import in_past
from nlu.entities.calendar.written import YEARS
from nlu.entities.found import Found

_NAMES = {
    "신정": "신정연휴", "새해 첫날": "신정연휴", "설날": "설날", "구정": "설날", "설 명절": "설날", "설": "설날",
    "삼일절": "삼일절",
    "3.1절": "삼일절", "3·1절": "삼일절", "어린이날": "어린이날", "노동절": "노동절",
    "근로자의 날": "노동절", "근로자의날": "노동절",
    "부처님오신날": "부처님오신날", "부처님 오신 날": "부처님오신날", "석가탄신일": "부처님오신날", "초파일": "부처님오신날",
    "현충일": "현충일", "제헌절": "제헌절", "광복절": "광복절", "추석": "추석", "한가위": "추석", "개천절": "개천절",
    "한글날": "한글날", "크리스마스": "기독탄신일", "성탄절": "기독탄신일", "성탄": "기독탄신일",
}  # fmt: skip
"""What people say -> what the library says."""
_FIXED = {
    "노동절": (5, 1), "제헌절": (7, 17), "어버이날": (5, 8), "스승의 날": (5, 15), "스승의날": (5, 15), "식목일": (4, 5),
    "발렌타인데이": (2, 14), "밸런타인데이": (2, 14), "화이트데이": (3, 14), "빼빼로데이": (11, 11), "만우절": (4, 1),
    "국군의 날": (10, 1), "국군의날": (10, 1),
}  # fmt: skip
"""Days that are named, and no public holidays in every year."""
_FROM_SEOLLAL = {"정월대보름": 14, "정월 대보름": 14}
_YEAR = rf"(?:(?P<year>{'|'.join(sorted(YEARS, key=len, reverse=True))}|지난(?!달|주)|이번|다음|오는|\d{{4}}년)\s?)?"
_words = "|".join(
    re.escape(name)
    for name in sorted([*_NAMES, *_FIXED, *_FROM_SEOLLAL], key=len, reverse=True)
    if name != "설"
)
_FEAST = re.compile(
    rf"{_YEAR}(?P<name>{_words}|(?<![가-힣])설(?=\s?(?:연휴|명절|전날|다음|당일|이후|이전|쇠|지나|끝|에\s|까지|전에)))"
    r"(?:\s?(?P<whole>연휴|명절))?"
    r"(?:\s?(?P<place>전전날|바로\s?전날|전날|이브|다다음\s?날|(?:끝나고\s|지나고\s)?다음\s?날|이튿날|첫\s?날|첫째\s?날|시작일|마지막\s?날|끝나는\s?날|당일|대체\s?공?휴일))?"
)
_SUBSTITUTE = re.compile(r"대체\s?(?:공휴일|휴일)")
_HOLIDAY = re.compile(r"(?P<which>다음|이번|오는|가장\s?가까운|다가오는)\s?(?:공휴일|휴일|연휴|빨간\s?날)")


def feasts(text: str, today: date) -> Iterator[Found]:
    """The next one to come unless a year is named; a whole feast is worth its first day, with `from`/`to`."""
    for match in _FEAST.finditer(text):
        value = _which(match, today)
        if value is not None:
            yield _beside(match, value)
    for match in _SUBSTITUTE.finditer(text):
        if value := _next_where(today, lambda names: "대체" in names):
            yield day(match.start(), match.end(), value, 60)
    for match in _HOLIDAY.finditer(text):
        if value := _next_where(today + timedelta(days=1), bool):
            info = span(*_run(value)) if match.group(0).endswith("연휴") else {}
            yield day(match.start(), match.end(), value, 60, info)


def _which(match: re.Match[str], today: date) -> date | None:
    name, year = match.group("name"), match.group("year")
    if year in YEARS or (year and year[:1].isdecimal()):
        wanted = today.year + YEARS[year] if year in YEARS else int(year[:4])
        return next(iter(_in_year(name, wanted)), None)
    past = year == "지난" or (year is None and in_past(match.string, match.end()))
    years = (today.year - 1, today.year) if past else (today.year, today.year + 1)
    days = [
        found for y in years for found in _in_year(name, y) if (found < today if past else found >= today)
    ]
    return (max if past else min)(days, default=None)


def _in_year(name: str, year: int) -> list[date]:
    if name in _FROM_SEOLLAL:
        return [found + timedelta(days=_FROM_SEOLLAL[name]) for found in _days(year).get("설날", ())]
    public = list(_days(year).get(_NAMES.get(name, name), ()))
    fixed = _FIXED.get(_NAMES.get(name, name))
    if not public and fixed and (found := safe_date(year, *fixed)):
        return [found]
    return public


def _beside(match: re.Match[str], value: date) -> Found:
    """The day itself, or the one before, after, at the head or end of its holidays."""
    place = re.sub(r"\s", "", match.group("place") or "")
    whole = bool(match.group("whole"))
    first, last = _around(value)
    before, after = (first, last) if whole else (value, value)
    if place.startswith("대체"):
        value = _substitute(value) or value
    elif place in ("전날", "바로전날", "이브", "전전날"):
        value = before - timedelta(days=2 if place == "전전날" else 1)
    elif place.endswith(("다음날", "이튿날")):
        value = after + timedelta(days=2 if place == "다다음날" else 1)
    elif place in ("첫날", "첫째날", "시작일"):
        value = first
    elif place in ("마지막날", "끝나는날"):
        value = last
    elif whole and not place:
        return day(match.start(), match.end(), first, 62, span(first, last))
    return day(match.start(), match.end(), value, 62)


def _around(value: date) -> tuple[date, date]:
    """First and last of the public holidays in a row around the day; weekends don't count."""
    first = last = value
    while holiday_name(first - timedelta(days=1)):
        first -= timedelta(days=1)
    while holiday_name(last + timedelta(days=1)):
        last += timedelta(days=1)
    return first, last


def _run(value: date) -> tuple[date, date]:
    """Days off in a row around a holiday, weekends included."""
    first = last = value
    while holiday_name(first - timedelta(days=1)) or (first - timedelta(days=1)).weekday() >= 5:
        first -= timedelta(days=1)
    while holiday_name(last + timedelta(days=1)) or (last + timedelta(days=1)).weekday() >= 5:
        last += timedelta(days=1)
    return first, last


def _substitute(value: date) -> date | None:
    """The substitute holiday that follows the day within a week."""
    days = (value + timedelta(days=step) for step in range(1, 8))
    return next((found for found in days if "대체" in public_holidays(found.year).get(found, "")), None)


def _next_where(start: date, wanted: Callable[[str], bool]) -> date | None:
    for year in (start.year, start.year + 1):
        for found, names in sorted(public_holidays(year).items()):
            if found >= start and wanted(names):
                return found
    return None


@lru_cache(maxsize=32)
def _days(year: int) -> dict[str, tuple[date, ...]]:
    """Name -> days; a substitute day is no day of that name."""
    found: dict[str, tuple[date, ...]] = {}
    for value, names in sorted(public_holidays(year).items()):
        for name in re.split(r"[;,] ?", names):
            found[name] = (*found.get(name, ()), value)
    return found
