"""Times of day, as HH:MM: 오후 세 시 반, 14:30, 정오, 한 시간 뒤, 3시 10분 전."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from korean.numbers import NATIVE, parse_number
from nlu.entities.found import Found

_HALF = r"(?:(오전|오후|아침|점심|낮|저녁|밤|새벽|am|pm)\s?(?:에\s?)?)?"
_NO_HOUR = r"(?!간|작|험|스템|세|장|금|청|계|점|절|즌|름|적|각|즈|도\s?때도|니|골|대)"
"""What makes another word of 시."""
_HOUR = re.compile(
    rf"{_HALF}(?:(?<![\d.])(\d{{1,2}})|(?<!(?![일날욜에전후침심낮녁밤벽주레터지])[가-힣])(열한|열두|{NATIVE.pattern}|영|십[이삼사오육칠팔구]|이십[일이삼]?))\s?시{_NO_HOUR}"
    r"(?:\s?(\d{1,2}|[이삼사오]?십[일이삼사오육칠팔구]?|[일이삼사오육칠팔구])\s?분(?!\s?(?:[뒤후]|이내))(?:\s?(?P<before>전))?|\s?(반)(?!장|대|값|품|찬|응|복|드시|납|려|년|면|성|영|환))?",
    re.IGNORECASE,
)
_IDIOM = re.compile(r"한\s?시(?=도|라도|바삐)")
_CLOCK = re.compile(
    rf"{_HALF}(?<![\d:])([01]?\d|2[0-4]):([0-5]\d)(?::[0-5]\d)?(?![\d:])(?:\s?(am|pm))?", re.IGNORECASE
)
_MERIDIEM = re.compile(r"(?<![\w:])(1[0-2]|0?[1-9])\s?(am|pm|a\.m\.|p\.m\.)(?![a-z])", re.IGNORECASE)
_SHARED = re.compile(rf"{_HALF}(?<![\d:.])(\d{{1,2}})\s?[~∼–-]\s?(\d{{1,2}})\s?시{_NO_HOUR}")
_WORDS = {"정오": "12:00", "자정": "00:00"}
_WORD = re.compile(r"(?<![가-힣])(?:(?:낮|밤|오늘|내일)?\s?)?(정오|자정)(?!각|책)")
_FROM_NOW = re.compile(
    rf"(?<![\d.])(\d{{1,3}}|(?<![가-힣])(?:{NATIVE.pattern}|[일이삼사오육칠팔구십]{{1,4}})|반)\s?(시간|분)(?:\s?(\d{{1,2}}|[일이삼사오육칠팔구십]{{1,3}})\s?분|\s?(반))?\s?(?:정도\s?|쯤\s?|만\s?)?(뒤|후(?!반)|있다가|이따가|전(?!체|송))"
)


def times(text: str, now: datetime) -> Iterator[Found]:
    """`time` as HH:MM; `info.grain` is hour or minute, `info.datetime` the moment where it is counted from now.

    Without 오전/오후 an hour from 1 to 6 is in the afternoon: that is when offices are open.
    """
    for match in _HOUR.finditer(text):
        if (value := _spoken(match)) is not None and not _IDIOM.match(text, match.start()):
            grain = "hour" if value.endswith("00") else "minute"
            half = {} if match.group(1) else {"open": "half"}
            yield Found("time", match.start(), match.end(), value, 58, info={"grain": grain, **half})
    for match in _CLOCK.finditer(text):
        half_day, hour = match.group(1) or match.group(4), int(match.group(2))
        if half_day and hour <= 12:
            hour = _hour24(half_day, hour)
        yield Found("time", match.start(), match.end(), f"{hour % 24:02d}:{match.group(3)}", 59, info=_MINUTE)
    for match in _MERIDIEM.finditer(text):
        hour = _hour24(match.group(2), int(match.group(1)))
        yield Found("time", match.start(), match.end(), f"{hour:02d}:00", 59, info={"grain": "hour"})
    for match in _SHARED.finditer(text):
        first, last = int(match.group(2)), int(match.group(3))
        if first <= 24 and last <= 24:
            hour = _hour24(match.group(1), first) if match.group(1) else _before(first, last)
            start = match.start() if match.group(1) else match.start(2)
            yield Found("time", start, match.end(2), f"{hour % 24:02d}:00", 60, info={"grain": "hour"})
    for match in _WORD.finditer(text):
        yield Found("time", match.start(1), match.end(1), _WORDS[match.group(1)], 57, info={"grain": "hour"})
    yield from _from_now(text, now)


_MINUTE = {"grain": "minute"}


def _before(first: int, last: int) -> int:
    """The hour from which a span ends at `last`: 9~6시 starts in the morning, 2~4시 in the afternoon."""
    return _hour24(None, first) if _hour24(None, first) <= _hour24(None, last) else first


def _spoken(match: re.Match[str]) -> str | None:
    half, digits, word, minutes, before, thirty = match.groups()
    hour = parse_number(digits or word)
    minute = 30 if thirty else int(parse_number(minutes) or 0) if minutes else 0
    if hour is None or not 0 <= hour <= 24 or minute > 59:
        return None
    total = _hour24(half, int(hour)) % 24 * 60 + (-minute if before else minute)
    return f"{total // 60 % 24:02d}:{total % 60:02d}"


def _hour24(half: str | None, hour: int) -> int:
    """The hour of the day that is meant by `half` of the day and an hour of the clock."""
    half = half.lower().replace(".", "") if half else None
    if hour > 12:
        return hour
    if half in ("오전", "아침", "새벽", "am"):
        return 0 if hour == 12 else hour
    if half == "밤":
        return 0 if hour == 12 else hour + 12 if hour >= 6 else hour
    if half in ("낮", "점심") and hour >= 11:
        return hour
    if half is not None:
        return hour % 12 + 12
    return hour + 12 if 1 <= hour <= 6 else hour


def _from_now(text: str, now: datetime) -> Iterator[Found]:
    for match in _FROM_NOW.finditer(text):
        count, unit, minutes, half, way = match.groups()
        if unit == "분" and re.search(r"시\s?$", text[: match.start()]):
            continue
        if count == "반":
            span = timedelta(minutes=30)
            if unit == "분":
                continue
        else:
            amount = int(parse_number(count) or 0)
            span = timedelta(minutes=amount) if unit == "분" else timedelta(hours=amount)
        span += timedelta(minutes=30 if half else int(parse_number(minutes) or 0) if minutes else 0)
        moment = now - span if way == "전" else now + span
        info = {"grain": "minute", "datetime": moment.isoformat(timespec="minutes")}
        yield Found("time", match.start(), match.end(), f"{moment:%H:%M}", 63, info=info)
