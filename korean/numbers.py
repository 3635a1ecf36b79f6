"""Numbers that are written in words, digits or both: 삼만 오천, 1억2천, 3만5천, 스물세, 1.5억."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_DIGITS = {
    "영": 0,
    "공": 0,
    "일": 1,
    "이": 2,
    "삼": 3,
    "사": 4,
    "오": 5,
    "육": 6,
    "륙": 6,
    "칠": 7,
    "팔": 8,
    "구": 9,
}
_SMALL = {"십": 10, "백": 100, "천": 1000}
_LARGE = {"만": 10**4, "억": 10**8, "조": 10**12}
_NATIVE_TENS = {
    "열": 10,
    "스물": 20,
    "스무": 20,
    "서른": 30,
    "마흔": 40,
    "쉰": 50,
    "예순": 60,
    "일흔": 70,
    "여든": 80,
    "아흔": 90,
}
_NATIVE_ONES = {
    "하나": 1, "한": 1, "둘": 2, "두": 2, "셋": 3, "세": 3, "석": 3, "넷": 4, "네": 4, "넉": 4,
    "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9,
}  # fmt: skip

_WORD = "영공일이삼사오육륙칠팔구십백천만억조"
_UNIT = rf"(?:\d[\d,]*(?:\.\d+)?(?![\d,])|[{_WORD}])"
SINO = re.compile(rf"(?<![\d,]){_UNIT}(?:\s?{_UNIT})*")
"""A run that may be a number in digits and Sino-Korean words."""
_tens = "|".join(sorted(_NATIVE_TENS, key=len, reverse=True))
_ones = "|".join(sorted(_NATIVE_ONES, key=len, reverse=True))
NATIVE = re.compile(rf"(?:{_tens})(?:{_ones})?|(?:{_ones})")
"""A run that may be a native Korean number."""

LONGEST = 40
"""Characters of a run that can still be a number somebody means."""
_APART = re.compile(r"\d\s+\d")
"""Digits with a space between them are two numbers."""
_GROUPED = re.compile(r"(?<![\d,])\d{1,3}(?:,\d{3})+(?![\d,])")


@dataclass(frozen=True, slots=True)
class NumberSpan:
    """A number in a text. `end` is after its last character."""

    start: int
    end: int
    text: str
    value: int | float


def parse_number(text: str) -> int | float | None:
    """The number that the whole text spells; None if it spells none.

    >>> parse_number("삼만 오천"), parse_number("1억2천"), parse_number("스물세"), parse_number("3만5천")
    (35000, 120000000, 23, 35000)
    """
    if _APART.search(text) or len(text) > LONGEST:
        return None
    compacted = re.sub(r"\s", "", _GROUPED.sub(lambda match: match.group(0).replace(",", ""), text))
    if not compacted or "," in compacted:
        return None
    if re.fullmatch(r"\d+(\.\d+)?", compacted):
        return float(compacted) if "." in compacted else int(compacted)
    if "점" in compacted:
        return _spoken_decimal(compacted)
    if (native := _native(compacted)) is not None:
        return native
    return _sino(compacted)


def _spoken_decimal(text: str) -> float | None:
    """삼점오 as 3.5: digits one by one after the point."""
    whole, _, rest = text.partition("점")
    head = parse_number(whole) if whole else None
    if head is None or not rest or any(char not in _DIGITS for char in rest):
        return None
    return float(f"{int(head)}.{''.join(str(_DIGITS[char]) for char in rest)}")


def _native(text: str) -> int | None:
    match = re.fullmatch(rf"({_tens})?({_ones})?", text)
    if not match or not text:
        return None
    return _NATIVE_TENS.get(match.group(1) or "", 0) + _NATIVE_ONES.get(match.group(2) or "", 0)


def _sino(text: str) -> int | float | None:
    """Groups of four digits by 만, 억, 조; within a group digits before 십, 백, 천."""
    parts = re.findall(r"\d+(?:\.\d+)?|.", text)
    if all(part in _DIGITS for part in parts):
        return int("".join(str(_DIGITS[part]) for part in parts))
    reading = _Reading()
    if not all(reading.take(part) for part in parts):
        return None
    result = reading.value()
    return int(result) if float(result).is_integer() else result


@dataclass(slots=True)
class _Reading:
    """A number as far as it has been read. Units must get smaller; a digit waits for its unit."""

    total: float = 0
    group: float = 0
    waiting: float | None = None
    large: int = 10**16
    small: int = 10_000

    def take(self, part: str) -> bool:
        """Read one digit, number or unit; False if it can't stand here."""
        if part in _LARGE:
            return self._take_large(_LARGE[part])
        if part in _SMALL:
            return self._take_small(_SMALL[part])
        if self.waiting is not None:
            return False
        self.waiting = float(part) if part[0].isdecimal() else _DIGITS.get(part)
        return self.waiting is not None

    def _take_large(self, unit: int) -> bool:
        if unit >= self.large:
            return False
        self.total += (self.group + (self.waiting or 0) or 1) * unit
        self.group, self.waiting, self.large, self.small = 0, None, unit, 10_000
        return True

    def _take_small(self, unit: int) -> bool:
        if unit >= self.small:
            return False
        self.group += (1 if self.waiting is None else self.waiting) * unit
        self.waiting, self.small = None, unit
        return True

    def value(self) -> float:
        """1억2천 is 120,000,000 in speech: 천 and 백 right after 억 count in the next lower unit."""
        rest = self.group + (self.waiting or 0)
        spoken_short = 10**8 <= self.large < 10**16 and self.small in (1000, 100) and self.waiting is None
        return self.total + (rest * 10**4 if rest and spoken_short else rest)


def find_numbers(text: str) -> Iterator[NumberSpan]:
    """Numbers in Sino-Korean words or digits, longest first at each place. Single syllables such as 이 are left out."""
    for match in SINO.finditer(text):
        run = match.group(0).rstrip()
        value = parse_number(run)
        if value is None:
            continue
        if len(run) == 1 and not run.isdigit():
            continue
        yield NumberSpan(match.start(), match.start() + len(run), run, value)


def to_sino(number: int) -> str:
    """35,000 as 삼만오천; 만 rather than 일만 at the head, as it is said. From 10¹⁶ on digit by digit."""
    if number < 0:
        return f"마이너스 {to_sino(-number)}"
    if number == 0:
        return "영"
    if number >= 10**16:
        return to_digits(str(number))
    words = ""
    for name, unit in (("조", 10**12), ("억", 10**8), ("만", 10**4), ("", 1)):
        group, number = divmod(number, unit)
        if group:
            words += ("" if group == 1 and name == "만" and not words else _group(group)) + name
    return words


def _group(number: int) -> str:
    words = ""
    for name, unit in (("천", 1000), ("백", 100), ("십", 10), ("", 1)):
        digit, number = divmod(number, unit)
        if digit:
            words += ("" if digit == 1 and name else "영일이삼사오육칠팔구"[digit]) + name
    return words


_NATIVE_COUNT = ["", "한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉"]
_NATIVE_TEN = ["", "열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔"]


def to_native(number: int) -> str:
    """Before a counter: 3 as 세, 20 as 스무, 25 as 스물다섯; from 100 on Sino-Korean."""
    if not 0 < number < 100:
        return to_sino(number)
    if number == 20:
        return "스무"
    return _NATIVE_TEN[number // 10] + _NATIVE_COUNT[number % 10]


def to_digits(number: str) -> str:
    """Digits one by one, as telephone numbers are said: 010 as 공일공."""
    return "".join("공일이삼사오육칠팔구"[int(char)] for char in number if char.isdigit())
