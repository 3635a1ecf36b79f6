"""Days counted in working days: 영업일 기준 3일, 3영업일 뒤. Weekends, public and substitute holidays don't count."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from korean.numbers import NATIVE, parse_number
from korean.public_holidays import working_day
from nlu.entities.calendar.arithmetic import day
from nlu.entities.calendar.shifts import NAMED_SPANS
from nlu.entities.found import Found

_COUNT = rf"(\d{{1,3}}|하루|이틀|사흘|나흘|닷새|열흘|일주일|{NATIVE.pattern}|[일이삼사오육칠팔구십]{{1,3}})"
_AFTER = r"(?:\s?(?:정도|쯤))?(?:\s?(뒤|후|이후|전|이내|안에|안으로|내(?:에|로)))?(?!\s?(?:이상))"
_BASED = re.compile(
    rf"(?:영업일|근무일|평일|업무일)\s?(?:기준(?:으로)?|로|으로)\s?(?:약\s?)?{_COUNT}\s?일?{_AFTER}"
)
_COUNTED = re.compile(rf"(?<![\d가-힣]){_COUNT}\s?(?:영업일|근무일){_AFTER}")
_NEXT = re.compile(r"(다음|익|첫|전|직전)\s?(?:영업일|근무일)")
_FARTHEST = 1_000


def working_days(text: str, today: date) -> Iterator[Found]:
    """The day on which so many working days have passed."""
    for pattern in (_BASED, _COUNTED):
        for match in pattern.finditer(text):
            word = match.group(1)
            count = NAMED_SPANS.get(word) or int(parse_number(word) or 0)
            if 0 < count <= _FARTHEST:
                count = -count if match.group(2) == "전" else count
                info = {"working_days": count}
                yield day(match.start(), match.end(), working_day(today, count), 66, info)
    for match in _NEXT.finditer(text):
        count = -1 if match.group(1) in ("전", "직전") else 1
        yield day(match.start(), match.end(), working_day(today, count), 64)
