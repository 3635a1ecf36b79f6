"""Lengths of time as ISO 8601 durations: 두 시간, 사흘, 보름, 3개월, 1년 반, 반나절."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from korean.approximate import APPROXIMATE_NATIVE, APPROXIMATE_SINO, parse_approximate
from korean.numbers import NATIVE, parse_number
from nlu.entities.found import Found

_NAMED = {
    "하루": "P1D", "이틀": "P2D", "사흘": "P3D", "나흘": "P4D", "닷새": "P5D", "엿새": "P6D", "이레": "P7D", "여드레": "P8D",
    "아흐레": "P9D", "열흘": "P10D", "보름": "P15D", "일주일": "P1W", "한주": "P1W", "한달": "P1M", "반달": "P15D", "반년": "P6M",
    "일년": "P1Y", "한해": "P1Y", "반나절": "PT6H", "한나절": "PT12H", "반시간": "PT30M", "하룻밤": "P1D",
}  # fmt: skip
_named = (
    r"하룻밤|하루(?!빨리)|이틀|사흘|나흘|닷새|엿새|여드레|아흐레|열흘|보름(?!달)|"
    r"일주일|한\s?주(?=\s|일|간|동안|에|만|$)|한\s?달|반달|반년|일\s?년|한\s?해|반나절|한나절|반\s?시간"
)
_NAMED_SPAN = re.compile(rf"(?<![가-힣])({_named})(?!\s?(?:뒤|후|전(?!체)))")
_UNITS = {
    "시간": ("T", "H"),
    "분": ("T", "M"),
    "초": ("T", "S"),
    "일": ("", "D"),
    "주": ("", "W"),
    "주일": ("", "W"),
    "달": ("", "M"),
    "개월": ("", "M"),
    "년": ("", "Y"),
}
_unit = (
    r"시간|분(?!기|의|실|할|류|납|석|명|들|이\s?(?:계|오|와|있|없)|께)|초(?!과|기|등|순|대|반)|주일|주(?!세|시|"
    r"실|신|셔|고|면|는|려|기|겠|었|죠|지|인|변|식|택|소|유|거|차|말|요|민|문|년|의|째)|개월|달(?!러|라|력|성|"
    r"콤)|년(?!도|생|차|식|월|\s?\d{1,2}월)"
)
_number = (
    rf"(?:(?<![\d.,:/~-])(?P<digits>\d{{1,4}}(?:\.5)?)|(?<![가-힣\d])(?P<open>{APPROXIMATE_NATIVE}|"
    rf"{APPROXIMATE_SINO})|(?<![가-힣\d])(?P<word>{NATIVE.pattern}|[일이삼사오육칠팔구십백]{{1,4}}))"
)
_AFTER = r"(?!\s?(?:정도\s?)?(?:뒤|후(?!반)|전(?!체)|있다가|이따))"
_LENGTH = re.compile(
    rf"{_number}\s?(?P<unit>{_unit})(?:\s?(?P<half>반)(?![가-힣]{{2}}))?(?:\s(?P<more>\d{{1,2}})\s?(?P<more_unit>분|개월))?{_AFTER}"
)
_DAYS = re.compile(
    rf"{_number}\s?일(?=\s?(?:간|동안|이내|안(?:에|으로)|내(?:에|로)|만에|이나|정도|째|치|연속|짜리|넘게|이상|이하|미만|걸|남|더|밖에|씩)|\s?(?:연장|소요|유예|연체|초과))(?P<unit>)(?P<half>)(?P<more>)(?P<more_unit>){_AFTER}"
)
_OTHER_WORDS = re.compile(
    r"[이일]\s?시간|구분|이분|사분|이달|[가-힣]달|이주(?!일)|사주|구주|이초|오주|일초(?!만|도|라)"
)
"""Sino-Korean digits that make another word of the unit; months are counted by native numbers (두 달)."""
_YEARS_MOST = 200
"""More than that after a number is a calendar year."""


def durations(text: str) -> Iterator[Found]:
    """`duration`: PT2H, P3D, P1Y6M. `info` has `from`/`to` where it is left open (두세 시간)."""
    for match in _NAMED_SPAN.finditer(text):
        yield Found("duration", match.start(), match.end(), _NAMED[re.sub(r"\s", "", match.group(1))], 24)
    for match in _LENGTH.finditer(text):
        if found := _length(match, match.group("unit")):
            yield found
    for match in _DAYS.finditer(text):
        if found := _length(match, "일"):
            yield found


def _length(match: re.Match[str], unit: str) -> Found | None:
    info: dict[str, Any] = {}
    if several := match.group("open"):
        values = parse_approximate(several)
        if values is None:
            return None
        number: float = values[0]
        info = {"from": _iso(values[1], unit), "to": _iso(values[2], unit)}
    else:
        number = parse_number(match.group("digits") or match.group("word")) or 0
    if not number or (unit == "년" and number > _YEARS_MOST):
        return None
    word = match.group("word")
    if word and not re.fullmatch(NATIVE, word) and _OTHER_WORDS.match(match.group(0)):
        return None
    if match.group("word") and unit == "분" and re.fullmatch(NATIVE, match.group("word")):
        return None  # 두 분 are two people
    if match.group("half") or match.group("more"):
        more = int(match.group("more") or 0)
        small = {"년": 12, "시간": 60, "분": 60}.get(unit)
        if small is None and not match.group("half"):
            return None
        half = {
            "년": "6M",
            "시간": "T30M",
            "분": "T30S",
            "달": "15D",
            "개월": "15D",
            "주": "3D",
            "주일": "3D",
        }.get(unit)
        if half is None and match.group("half"):
            return None
        tail = f"{more}M" if more else str(half).removeprefix("T")
        return _found(match, f"{_iso(number, unit)}{tail}", info)
    return _found(match, _iso(number, unit), info)


def _found(match: re.Match[str], value: str, info: dict[str, Any]) -> Found:
    return Found("duration", match.start(), match.end(), value, 24, info=info)


def _iso(number: float, unit: str) -> str:
    prefix, letter = _UNITS[unit]
    if float(number).is_integer():
        return f"P{prefix}{int(number)}{letter}"
    if unit == "시간":
        return f"PT{int(number)}H30M" if number > 1 else "PT30M"
    if unit == "년":
        return f"P{int(number)}Y6M"
    return f"P{prefix}{number}{letter}"
