"""Utterances spoiled as customers spoil them: without spaces, with syllables fallen apart, with wrong keys. Same seed, same
text.
"""

from __future__ import annotations

import random
from typing import Literal

Way = Literal["spaces", "jamo", "typos"]
WAYS: tuple[Way, ...] = ("spaces", "jamo", "typos")

_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_FINALS = " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
_NEAR_VOWELS = {
    "ㅐ": "ㅔ",
    "ㅔ": "ㅐ",
    "ㅏ": "ㅑ",
    "ㅓ": "ㅕ",
    "ㅗ": "ㅛ",
    "ㅜ": "ㅠ",
    "ㅣ": "ㅏ",
    "ㅚ": "ㅙ",
    "ㅙ": "ㅚ",
}
"""Vowels that sound alike or lie beside each other on the keyboard."""


def perturb(text: str, way: Way, seed: int = 0) -> str:
    """The text spoiled in one way; a text that can't be spoiled comes back as it is."""
    if way == "spaces":
        return "".join(text.split())
    chance = random.Random(f"{seed}:{text}")
    places = [at for at, char in enumerate(text) if "가" <= char <= "힣"]
    if not places:
        return text
    chosen = chance.sample(places, max(1, len(places) // 8))
    letters = list(text)
    for at in chosen:
        letters[at] = _apart(text[at]) if way == "jamo" else _mistyped(text[at], chance)
    return "".join(letters)


def _parts(syllable: str) -> tuple[int, int, int]:
    code = ord(syllable) - ord("가")
    return code // 588, code // 28 % 21, code % 28


def _apart(syllable: str) -> str:
    """가 as ㄱㅏ, 한 as ㅎㅏㄴ."""
    initial, vowel, final = _parts(syllable)
    return (_INITIALS[initial] + _VOWELS[vowel] + _FINALS[final]).strip()


def _mistyped(syllable: str, chance: random.Random) -> str:
    """A vowel beside the right one, the final consonant lost, or the syllable twice."""
    initial, vowel, final = _parts(syllable)
    kind = chance.random()
    if kind < 0.4 and final:
        return chr(ord("가") + (initial * 21 + vowel) * 28)
    if kind < 0.85 and _VOWELS[vowel] in _NEAR_VOWELS:
        return chr(ord("가") + (initial * 21 + _VOWELS.index(_NEAR_VOWELS[_VOWELS[vowel]])) * 28 + final)
    return syllable * 2
