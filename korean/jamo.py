"""Hangul syllables as the letters (자모) they are made of."""

from __future__ import annotations

_BASE, _VOWELS, _FINALS = 0xAC00, 21, 28


def parts(syllable: str) -> tuple[int, int, int]:
    """Numbers of initial, vowel and final (0: none) of a syllable block."""
    code = ord(syllable) - _BASE
    return code // (_VOWELS * _FINALS), code // _FINALS % _VOWELS, code % _FINALS


def one_letter_apart(left: str, right: str) -> bool:
    """Whether two words of as many syllables differ in one letter of one syllable: 채크카드 and 체크카드.

    Other characters than Hangul must be the same.
    """
    if len(left) != len(right):
        return False
    different = [(a, b) for a, b in zip(left, right, strict=True) if a != b]
    if len(different) != 1:
        return False
    one, other = different[0]
    if not ("가" <= one <= "힣" and "가" <= other <= "힣"):
        return False
    return sum(a != b for a, b in zip(parts(one), parts(other), strict=True)) == 1
