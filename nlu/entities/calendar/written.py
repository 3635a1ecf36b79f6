"""Days written by number: 2026년 12월 25일, 12월 25일, 12/25, 20261225, 십이월 이십오일."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from korean.numbers import parse_number
from nlu.entities.calendar.arithmetic import day, safe_date
from nlu.entities.calendar.tense import in_past
from nlu.entities.found import Found

_WORDS = "일이삼사오육륙유칠팔구십시"
_FULL = re.compile(
    r"(?<![\d.])(\d{4})\s?[년./-]\s?(\d{1,2})\s?[월./-]\s?(\d{1,2})(?:\s?일(?!\s?간)|\.(?!\d)|(?![\d.]))"
)
_SHORT_YEAR = re.compile(r"(?<![\d./'’-])['’]?(\d{2})[./-](\d{1,2})[./-](\d{1,2})(?:\.(?!\d)|(?![\d./-]))")
_SPOKEN_YEAR = re.compile(
    rf"(이천\s?[{_WORDS}]{{1,3}})\s?년\s?(\d{{1,2}}|[{_WORDS}]{{1,2}})\s?월\s?(\d{{1,2}}|[{_WORDS}]{{1,4}})\s?일"
)
_DIGITS = re.compile(r"(?<![\d-])((?:19|20)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?![\d-])")
_MONTH_DAY = re.compile(
    r"(?:(?<!\d)(?P<year>\d{2}|재작년|작년|지난해|올해|금년|내년|내후년)\s?년?도?\s?)?"
    rf"(?<![\d가-힣])(?P<month>\d{{1,2}}|[{_WORDS}]{{1,2}})\s?월\s?(?P<day>\d{{1,2}}|[{_WORDS}]{{1,4}})\s?일(?!\s?간|\s?동안)"
)
YEARS = {"재작년": -2, "작년": -1, "지난해": -1, "올해": 0, "금년": 0, "내년": 1, "내후년": 2}
_SLASHED = re.compile(
    r"(?<![\d/.-])(0?[1-9]|1[0-2])(?:/(0?[1-9]|[12]\d|3[01])|\.(0[1-9]|[12]\d|3[01])(?=\s?(?:까지|부터|에\s|일|\([월화수목금토일]\))))"
    r"(?:일)?(?![\d/]|\s?(?:비율|정도|만큼|로\s?나|분기|지점|수준|가량))"
)
_DASHED = re.compile(r"(?<![\d-])(0?[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(?=\s?(?:까지|부터|에\s|일))")
_HALF_YEAR = 183


def written_days(text: str, today: date) -> Iterator[Found]:
    """Without a year: this year, the next if it is more than half a year past, the last where the verb is in the past."""
    for pattern in (_FULL, _DIGITS):
        for match in pattern.finditer(text):
            if found := safe_date(*(int(part) for part in match.groups())):
                yield day(match.start(), _unpointed(match), found, 62)
    for match in _SHORT_YEAR.finditer(text):
        if found := safe_date(2000 + int(match.group(1)), int(match.group(2)), int(match.group(3))):
            yield day(match.start(), _unpointed(match), found, 61)
    for match in _SPOKEN_YEAR.finditer(text):
        year = int(parse_number(match.group(1)) or 0)
        if found := safe_date(year, _small(match.group(2)), _small(match.group(3))):
            yield day(match.start(), match.end(), found, 63)
    for match in _MONTH_DAY.finditer(text):
        said = match.group("year")
        if found := in_year(
            today, said, _small(match.group("month")), _small(match.group("day")), text, match.end()
        ):
            yield day(match.start(), match.end(), found, 61, {} if said else {"open": "year"})
    for pattern in (_SLASHED, _DASHED):
        for match in pattern.finditer(text):
            month, *days = match.groups()
            number = next(int(part) for part in days if part)
            if found := in_year(today, None, int(month), number, text, match.end()):
                yield day(match.start(), match.end(), found)


def _unpointed(match: re.Match[str]) -> int:
    """The end without a last full stop: 2026.11.25."""
    return match.end() - (1 if match.group(0).endswith(".") else 0)


def _small(text: str) -> int:
    """A month or day in digits or words; 유월 and 시월 have lost a letter. 0 for what is no number."""
    return int(parse_number(text.replace("유", "육").replace("시", "십")) or 0)


def in_year(
    today: date, year: str | None, month: int, number: int, text: str = "", end: int = 0
) -> date | None:
    """In the year that is named; else the one that is nearest to what the clause says."""
    if year is not None:
        return safe_date(today.year + YEARS[year] if year in YEARS else 2000 + int(year), month, number)
    found = safe_date(today.year, month, number)
    if found is None:
        return safe_date(today.year + 1, month, number)
    if found > today and text and in_past(text, end):
        return safe_date(today.year - 1, month, number)
    if (today - found).days > _HALF_YEAR and not (text and in_past(text, end)):
        return safe_date(today.year + 1, month, number)
    return found
