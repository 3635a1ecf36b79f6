"""Days by their names: 내일모레, 글피, 다음 주 화요일, 주말."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from nlu.entities.calendar.arithmetic import day, span
from nlu.entities.calendar.tense import in_past
from nlu.entities.found import Found

_RELATIVE_DAYS = {
    "그끄저께": -3, "그끄제": -3, "그저께": -2, "그제": -2, "엊그제": -2, "엊그저께": -2, "어저께": -1, "어제": -1, "전날": -1,
    "오늘": 0, "금일": 0, "당일": 0, "작일": -1, "명일": 1, "내일모레": 2, "낼모레": 2, "내일": 1, "낼": 1, "익일": 1, "모레": 2,
    "내일 모레": 2, "낼 모레": 2, "글피": 3, "그글피": 4,
}  # fmt: skip
_DAYS = re.compile(
    rf"(?<!신청 )(?<!발급 )({'|'.join(sorted((w for w in _RELATIVE_DAYS if w not in ('전날', '당일')), key=len, reverse=True))})"
    r"(?<!그제(?=서야|야))(?!배움|채움|저축|도\s?아니)"
)
_TOMORROW = re.compile(
    r"(?<![가-힣])낼(?=\s(?!수|돈|거|것|게|때|만큼|생각|필요)|$|까지|요|오[전후]|아침|저녁|점심)"
)
"""내일 in short, and not 내다: 보낼, 낼 수."""
_WEEKDAYS = "월화수목금토일"
_WHICH = r"지지난|저저번|지난|저번|이번|요번|금|다음\s?다음|다다음|다음|담|차|내"
_WEEK = rf"({_WHICH})\s?주\s?"
_WEEKDAY = re.compile(
    rf"(?:{_WEEK}|(?P<near>지난|저번|이번|오는|다가오는|돌아오는|다음|담)\s?)?(?P<day>[월화수목금토일])(?:요일|욜)(?!\s?마다|별)"
)
_SHORT_WEEKDAY = re.compile(rf"{_WEEK}(?P<day>[월화수목금])(?=\s|$|[.,!?]|에|까지|부터|요)")
_WEEKEND = re.compile(rf"(?:(?P<week>{_WHICH})\s?)?주말(?!마다|농장|부부)")
_EDGE = re.compile(
    rf"{_WEEK}(?P<edge>초|중반|중|말|안)(?=에|까지|부터|쯤|\s|$|[.,!?]|으로|이)|(?<![가-힣])(?P<bare>주초|주중)(?=에|까지|\s|$)"
)
_WEEK_OFFSET = {
    "지지난": -2, "저저번": -2, "지난": -1, "저번": -1, "이번": 0, "요번": 0, "금": 0, "다음": 1, "담": 1, "차": 1, "내": 1,
    "다다음": 2, "다음다음": 2,
}  # fmt: skip


def named_days(text: str, today: date) -> Iterator[Found]:
    """A weekday without a week is the next one to come, or the last one before where the verb is in the past."""
    for match in _DAYS.finditer(text):
        if match.group(0) == "낼" and not _TOMORROW.match(text, match.start()):
            continue
        yield day(match.start(), match.end(), today + timedelta(days=_RELATIVE_DAYS[match.group(1)]))
    yield from _weekdays(text, today)
    for match in _WEEKEND.finditer(text):
        saturday = _weekday(today, match.group("week"), 5)
        if match.group("week") is None and today.weekday() == 6:
            saturday = today - timedelta(days=1)
        if match.group("week") is None and in_past(text, match.end()) and saturday > today:
            saturday -= timedelta(weeks=1)
        yield day(
            match.start(),
            match.end(),
            saturday,
            info={"grain": "weekend", **span(saturday, saturday + timedelta(days=1))},
        )
    for match in _EDGE.finditer(text):
        monday = (
            _weekday(today, match.group(1), 0) if match.group(1) else today - timedelta(days=today.weekday())
        )
        first, last = {"초": (0, 1), "주초": (0, 1), "말": (5, 6), "중반": (2, 3)}.get(
            match.group("edge") or match.group("bare"), (0, 4)
        )
        ends = span(monday + timedelta(days=first), monday + timedelta(days=last))
        if last - first == 4:
            yield Found("period", match.start(), match.end(), ends, 61, info={"grain": "week"})
        else:
            yield day(match.start(), match.end(), monday + timedelta(days=first), 61, ends)


def _weekdays(text: str, today: date) -> Iterator[Found]:
    for match in _WEEKDAY.finditer(text):
        wanted = _WEEKDAYS.index(match.group("day"))
        near = match.group("near")
        if near in ("지난", "저번"):
            value = today - timedelta(days=(today.weekday() - wanted) % 7 or 7)
        elif near in ("다음", "담"):
            value = _weekday(today, "다음", wanted)
        elif near == "이번":
            value = _weekday(today, "이번", wanted)
        elif near is not None:
            value = today + timedelta(days=(wanted - today.weekday()) % 7 or 7)
        else:
            value = _weekday(today, match.group(1), wanted)
            if match.group(1) is None and value > today and in_past(text, match.end()):
                value -= timedelta(weeks=1)
        bare = {"open": "weekday"} if match.group(1) is None and near is None else {}
        yield day(match.start(), match.end(), value, info=bare)
    for match in _SHORT_WEEKDAY.finditer(text):
        yield day(
            match.start(), match.end(), _weekday(today, match.group(1), _WEEKDAYS.index(match.group("day")))
        )


def _weekday(today: date, week: str | None, wanted: int) -> date:
    if week is None:
        return today + timedelta(days=(wanted - today.weekday()) % 7)
    monday = today - timedelta(days=today.weekday())
    return monday + timedelta(weeks=_WEEK_OFFSET[re.sub(r"\s", "", week)], days=wanted)
