"""Public holidays by name: 추석, 설 연휴 전날, 어린이날, 성탄절. Days and substitutes come from the library `holidays`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

_NAMES = {
    "신정": "신정연휴", "설날": "설날", "구정": "설날", "설": "설날", "삼일절": "삼일절", "3.1절": "삼일절",
    "어린이날": "어린이날", "노동절": "노동절", "근로자의 날": "노동절", "부처님오신날": "부처님오신날",
    "부처님 오신 날": "부처님오신날", "석가탄신일": "부처님오신날", "현충일": "현충일", "제헌절": "제헌절",
    "광복절": "광복절", "추석": "추석", "한가위": "추석", "개천절": "개천절", "한글날": "한글날",
    "크리스마스": "기독탄신일", "성탄절": "기독탄신일",
}  # fmt: skip
"""What people say -> what the library says."""
_FEAST = re.compile(
    rf"({'|'.join(re.escape(name) for name in sorted(_NAMES, key=len, reverse=True) if name != '설')}|설(?=\s?연휴))"
    r"(?:\s?(연휴))?(?:\s?(전날|이브|다음\s?날|첫\s?날|마지막\s?날))?"
)


def feasts(text: str, today: date) -> Iterator[tuple[int, int, date]]:
    """(start, end, day) of each holiday that is named; the next one to come."""
    for match in _FEAST.finditer(text):
        day = _next(_NAMES[match.group(1)], today)
        if day is not None:
            yield match.start(), match.end(), _beside(day, bool(match.group(2)), match.group(3))


def _next(name: str, today: date) -> date | None:
    days = [day for year in (today.year, today.year + 1) for day in _days(year).get(name, ()) if day >= today]
    return min(days, default=None)


def _beside(day: date, whole_feast: bool, place: str | None) -> date:
    """The day itself, or the one before, after, at the head or end of its holidays."""
    place = re.sub(r"\s", "", place or "")
    first, last = _span(day)
    if place in ("전날", "이브"):
        return (first if whole_feast else day) - timedelta(days=1)
    if place == "다음날":
        return (last if whole_feast else day) + timedelta(days=1)
    return {"첫날": first, "마지막날": last}.get(place, day)


def _span(day: date) -> tuple[date, date]:
    """First and last of the public holidays in a row around the day; weekends don't count."""
    first = last = day
    while first - timedelta(days=1) in _all(first.year):
        first -= timedelta(days=1)
    while last + timedelta(days=1) in _all(last.year):
        last += timedelta(days=1)
    return first, last


@lru_cache(maxsize=16)
def _calendar(year: int) -> dict[date, str]:
    import holidays

    return dict(holidays.country_holidays("KR", years=year, language="ko").items())


@lru_cache(maxsize=16)
def _all(year: int) -> frozenset[date]:
    return frozenset(_calendar(year))


@lru_cache(maxsize=16)
def _days(year: int) -> dict[str, tuple[date, ...]]:
    """Name -> days; a substitute day is no day of that name."""
    found: dict[str, tuple[date, ...]] = {}
    for day, names in _calendar(year).items():
        for name in re.split(r"[;,] ?", names):
            found[name] = (*found.get(name, ()), day)
    return found
