"""Days so far away: 3일 뒤, 사흘 전, 2주 후, 석 달 전, 3일 전날."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from korean.approximate import APPROXIMATE_NATIVE, APPROXIMATE_SINO, parse_approximate
from korean.numbers import NATIVE, parse_number
from nlu.entities.calendar.arithmetic import day, shifted, span
from nlu.entities.found import Found

NAMED_SPANS = {
    "하루": 1, "이틀": 2, "사흘": 3, "나흘": 4, "닷새": 5, "엿새": 6, "이레": 7, "여드레": 8, "아흐레": 9, "열흘": 10,
    "보름": 15, "열닷새": 15, "일주일": 7, "한주": 7, "스무날": 20,
}  # fmt: skip
_named = "열닷새|하루|이틀|사흘|나흘|닷새|엿새|이레|여드레|아흐레|열흘|보름|일주일|한\\s?주"
_AFTER = r"(?P<way>뒤|후|전|있다가|지나서|지나면)(?!체|송|부(?!터)|국|화|에는\s?없)"
_SHIFT = re.compile(
    rf"(?<![가-힣\d.~∼-])(?:(?P<digits>\d{{1,4}})|(?P<open>{APPROXIMATE_NATIVE}|{APPROXIMATE_SINO})|(?P<word>{_named}|한\s?달|반\s?년|{NATIVE.pattern}|[일이삼사오육칠팔구십]{{1,3}}))\s?"
    rf"(?P<unit>일|주일|주|달|개월|년)?\s?(?:정도\s?|쯤\s?)?{_AFTER}"
)
_INSIDE = re.compile(rf"(?<=[가-힣])(\d{{1,3}})\s?(일|주일|주|개월|년)\s?{_AFTER}")
"""In a text without spaces digits may follow a word."""


def shifts(text: str, today: date) -> Iterator[Found]:
    """One `date` each; 한두 달 전 is worth the nearer one, with both in `info`."""
    for match in _SHIFT.finditer(text):
        sign = -1 if match.group("way") == "전" else 1
        unit, word = match.group("unit"), re.sub(r"\s", "", match.group("word") or "")
        if (several := match.group("open")) is not None:
            yield from _open(match, today, several, unit, sign)
            continue
        if word in NAMED_SPANS and unit is None:
            count, unit = NAMED_SPANS[word], "일"
        elif word == "한달" and unit is None:
            count, unit = 1, "달"
        elif word == "반년" and unit is None:
            count, unit = 6, "달"
        else:
            count = int(parse_number(match.group("digits") or word) or 0)
        if count and unit and (found := shifted(today, unit, sign * count)):
            yield day(match.start(), match.end(), found, 63)
    for match in _INSIDE.finditer(text):
        sign = -1 if match.group("way") == "전" else 1
        if found := shifted(today, match.group(2), sign * int(match.group(1))):
            yield day(match.start(), match.end(), found, 63)


def _open(match: re.Match[str], today: date, word: str, unit: str | None, sign: int) -> Iterator[Found]:
    values = parse_approximate(word)
    if values is None or unit is None:
        return
    low, high = (shifted(today, unit, sign * number) for number in values[1:])
    near = shifted(today, unit, sign * values[0])
    if low and high and near:
        yield day(match.start(), match.end(), near, 64, span(min(low, high), max(low, high)))
