"""Customers' text made comparable: composed, without invisible characters, endless letters cut short, spaces aside."""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe0f\ufeff]"
)
_LAUGHING = re.compile(r"([ㅋㅎㅠㅜㅡ])\1{2,}")
_REPEATED = re.compile(r"([^\W\d_])\1{2,}")
_PUNCTUATION = re.compile(r"([!?.,~…])\1+")
_SPACES = re.compile(r"\s+")
_NOT_WORDS = re.compile(r"[^\w%]+")

# Two-set (두벌식) keyboard: what a Korean word looks like when it was typed with the English layout on.
_KEYS = dict(
    zip(
        "rRseEfaqQtTdwWczxvgkoiOjpuPhynbml",
        "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎㅏㅐㅑㅒㅓㅔㅕㅖㅗㅛㅜㅠㅡㅣ",
        strict=True,
    )
)
_LATIN_ONLY = re.compile(r"[A-Za-z\s!?.,~]+")
_ENGLISH = re.compile(
    r"\b(the|is|are|my|you|your|card|bank|account|how|what|where|hello|hi|please|help|lost|want|to|can|for|of|app|otp|"
    r"atm|pin|ok|yes|no|thanks|thank|transfer|money|fee|loan|app|login|sms|qr|pc|ios|iphone|android|lte|usd|krw|faq)\b",
    re.I,
)


def normalise(text: str) -> str:
    """The text for models: NFC, no invisible characters, runs of letters cut to two, runs of spaces to one.

    Length changes, so offsets into the result are not offsets into the original.
    """
    text = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    text = _LAUGHING.sub(r"\1\1", text)
    text = _REPEATED.sub(r"\1\1", text)
    text = _PUNCTUATION.sub(r"\1", text)
    return _SPACES.sub(" ", text).strip()


def compact(text: str) -> str:
    """Letters and digits alone, lower case: the same whether or not the customer used spaces."""
    return _NOT_WORDS.sub("", normalise(text)).lower()


def has_words(text: str) -> bool:
    """Whether there is anything to be understood: a letter or a digit."""
    return any(char.isalnum() for char in text)


def from_wrong_layout(text: str) -> str:
    """`zkem` typed for 카드: the Hangul if the text is Latin letters that spell Korean syllables, else the text.

    English words and abbreviations are left alone; a text is turned only if it becomes whole syllables.
    """
    if not _LATIN_ONLY.fullmatch(text) or len(text.strip()) < 4 or _ENGLISH.search(text):
        return text
    turned = _compose("".join(_KEYS.get(char, _KEYS.get(char.lower(), char)) for char in text))
    letters = [char for char in turned if not char.isspace() and char not in "!?.,~"]
    whole = sum("가" <= char <= "힣" for char in letters)
    return turned if letters and whole / len(letters) >= 0.9 else text


_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_FINALS = " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
_VOWEL_PAIRS = {
    ("ㅗ", "ㅏ"): "ㅘ", ("ㅗ", "ㅐ"): "ㅙ", ("ㅗ", "ㅣ"): "ㅚ", ("ㅜ", "ㅓ"): "ㅝ", ("ㅜ", "ㅔ"): "ㅞ",
    ("ㅜ", "ㅣ"): "ㅟ", ("ㅡ", "ㅣ"): "ㅢ",
}  # fmt: skip
_FINAL_PAIRS = {
    ("ㄱ", "ㅅ"): "ㄳ", ("ㄴ", "ㅈ"): "ㄵ", ("ㄴ", "ㅎ"): "ㄶ", ("ㄹ", "ㄱ"): "ㄺ", ("ㄹ", "ㅁ"): "ㄻ",
    ("ㄹ", "ㅂ"): "ㄼ", ("ㄹ", "ㅎ"): "ㅀ", ("ㅂ", "ㅅ"): "ㅄ",
}  # fmt: skip


def _compose(jamo: str) -> str:
    """Loose letters put together into syllables, as a keyboard does."""
    out: list[str] = []
    at = 0
    while at < len(jamo):
        taken, syllable = _syllable(jamo, at)
        out.append(syllable)
        at += taken
    return "".join(out)


def _syllable(jamo: str, at: int) -> tuple[int, str]:
    """The syllable that starts at `at`, and how many letters it takes."""

    def letter(offset: int) -> str:
        return jamo[at + offset] if at + offset < len(jamo) else ""

    if letter(0) not in _INITIALS or not letter(1) or letter(1) not in _VOWELS:
        return 1, letter(0)
    vowel, size = letter(1), 2
    if (pair := _VOWEL_PAIRS.get((vowel, letter(2)))) is not None:
        vowel, size = pair, 3
    final, taken = _final(jamo, at + size)
    code = (_INITIALS.index(letter(0)) * 21 + _VOWELS.index(vowel)) * 28 + _FINALS.index(final)
    return size + taken, chr(ord("가") + code)


def _final(jamo: str, at: int) -> tuple[str, int]:
    """The final consonant at `at`: one that no vowel follows, as that would begin the next syllable."""

    def letter(offset: int) -> str:
        return jamo[at + offset] if at + offset < len(jamo) else ""

    first, second, third = letter(0), letter(1), letter(2)
    if not first or first not in _FINALS or first == " " or (second and second in _VOWELS):
        return " ", 0
    pair = _FINAL_PAIRS.get((first, second))
    if pair is not None and not (third and third in _VOWELS):
        return pair, 2
    return first, 1


def compose_jamo(text: str) -> str:
    """Letters that fell apart while typing put together again: ㄱㅏ드 becomes 가드."""
    if not any("ㄱ" <= char <= "ㅣ" for char in text):
        return text
    return _compose(text)
