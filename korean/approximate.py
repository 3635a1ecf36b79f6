"""Numbers that Koreans leave open between two neighbours: 한두, 서너, 대여섯, 이삼십, 열댓."""

from __future__ import annotations

_NATIVE = {
    "두어": (2, 3), "한두": (1, 2), "한둘": (1, 2), "두세": (2, 3), "두셋": (2, 3), "두서너": (2, 4), "서너": (3, 4),
    "서넛": (3, 4),
    "세네": (3, 4), "너댓": (4, 5), "네댓": (4, 5), "너덧": (4, 5), "네다섯": (4, 5), "너더댓": (4, 5),
    "대여섯": (5, 6), "대엿": (5, 6), "예닐곱": (6, 7), "일고여덟": (7, 8), "일여덟": (7, 8), "엳아홉": (8, 9),
    "여덟아홉": (8, 9), "열댓": (14, 16), "열두세": (12, 13), "열서너": (13, 14), "여남은": (10, 13),
}  # fmt: skip
_TYPICAL = {"열댓": 15, "여남은": 10}
"""Words for about one number rather than between two."""
_PAIRS = {
    "일이": (1, 2), "이삼": (2, 3), "삼사": (3, 4), "사오": (4, 5), "오륙": (5, 6), "오육": (5, 6), "육칠": (6, 7),
    "칠팔": (7, 8), "팔구": (8, 9),
}  # fmt: skip
_UNITS = {
    "": 1, "십": 10, "백": 100, "천": 1_000, "만": 10_000, "십만": 100_000, "백만": 1_000_000, "천만": 10_000_000,
    "억": 100_000_000,
}  # fmt: skip

_native = "|".join(sorted(_NATIVE, key=len, reverse=True))
_pairs = "|".join(_PAIRS)
APPROXIMATE_NATIVE = rf"(?:{_native})"
"""Before counters: 한두 번."""
APPROXIMATE_SINO = rf"(?:{_pairs})(?:천만|백만|십만|억|만|천|백|십)?"
"""Before units and counters: 이삼만 원, 삼사 일."""


def parse_approximate(text: str) -> tuple[int, int, int] | None:
    """(usual value, least, most) of such a word; the usual value is the lower one unless the word stands for one number.

    >>> parse_approximate("서너"), parse_approximate("이삼십"), parse_approximate("열댓")
    ((3, 3, 4), (20, 20, 30), (15, 14, 16))
    """
    word = "".join(text.split())
    if (native := _NATIVE.get(word)) is not None:
        return (_TYPICAL.get(word, native[0]), *native)
    low_high, unit = _PAIRS.get(word[:2]), _UNITS.get(word[2:])
    if low_high is None or unit is None:
        return None
    low, high = (number * unit for number in low_high)
    return low, low, high
