"""What comes again and again, as an RFC 5545 rule: 매달 25일, 매주 월요일, 평일, 격주 금요일."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlu.entities.found import Found

_DAYS = dict(zip("월화수목금토일", ("MO", "TU", "WE", "TH", "FR", "SA", "SU"), strict=True))
_MONTHLY = re.compile(
    r"(?<![가-힣])(?:매달(?![리린려림렸릴아])|매월|다달이|달마다|한\s?달에\s?한\s?번)\s?(?:(?P<day>\d{1,2})\s?일|(?P<last>말일|마지막\s?날|월?말)|(?P<first>첫\s?날|초))?"
)
_WEEKLY = re.compile(
    r"(?<![가-힣])(?P<each>매\s?주|격주|주마다)(?!소|가|식|인|변|말)\s?(?:마다\s?)?"
    r"(?P<days>[월화수목금토일](?:요일|욜)(?:\s?[,·와과]?\s?[월화수목금토일](?:요일|욜))*|[월화수목금토일]{2,6}(?=\s|$|[에로으]))?"
)
_LETTER = re.compile(r"(?<!요)([월화수목금토일])")
_DAY_EACH = re.compile(r"(?<![가-힣])(?P<days>[월화수목금토일])요일\s?마다")
_DAILY = re.compile(r"(?<![가-힣])매일(?:매일)?(?!러|유업)|날마다|하루\s?한\s?번씩")
_YEARLY = re.compile(r"(?<![가-힣])(?:매년|해마다|매해)(?:\s?(?P<month>\d{1,2})월\s?(?P<day>\d{1,2})일)?")
_WORKDAYS = re.compile(r"평일(?!\s?기준)(?:에만|마다)?|주중(?:에만)?(?=\s)")
_WEEKENDS = re.compile(r"주말마다|매\s?주말")


def recurrences(text: str) -> Iterator[Found]:
    """`recurrence` with the rule as value."""
    for match in _MONTHLY.finditer(text):
        day = match.group("day") or ("-1" if match.group("last") else "1" if match.group("first") else None)
        if day is None or 1 <= int(day) <= 31 or day == "-1":
            yield _rule(match, "FREQ=MONTHLY" + (f";BYMONTHDAY={int(day)}" if day else ""))
    for match in _WEEKLY.finditer(text):
        days = ",".join(_DAYS[letter] for letter in _LETTER.findall(match.group("days") or ""))
        every = ";INTERVAL=2" if match.group("each") == "격주" else ""
        yield _rule(match, f"FREQ=WEEKLY{every}" + (f";BYDAY={days}" if days else ""))
    for match in _DAY_EACH.finditer(text):
        yield _rule(match, f"FREQ=WEEKLY;BYDAY={_DAYS[match.group('days')]}")
    for match in _DAILY.finditer(text):
        yield _rule(match, "FREQ=DAILY")
    for match in _YEARLY.finditer(text):
        month, day = match.group("month"), match.group("day")
        yield _rule(match, "FREQ=YEARLY" + (f";BYMONTH={int(month)};BYMONTHDAY={int(day)}" if month else ""))
    for match in _WORKDAYS.finditer(text):
        yield _rule(match, "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", 50)
    for match in _WEEKENDS.finditer(text):
        yield _rule(match, "FREQ=WEEKLY;BYDAY=SA,SU")


def _rule(match: re.Match[str], rule: str, priority: int = 70) -> Found:
    found = match.group(0)
    return Found("recurrence", match.start(), match.start() + len(found.rstrip()), rule, priority)
