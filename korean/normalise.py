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
_LATIN_RUN = re.compile(r"[A-Za-z]+")
_ENGLISH = re.compile(
    r"\b(the|is|are|am|my|me|you|your|we|it|this|that|card|cards|bank|account|how|what|when|where|why|who|hello|hi|"
    r"please|help|lost|find|want|need|to|can|for|of|in|on|and|or|not|app|otp|atm|pin|ok|okay|yes|no|thanks|thank|transfer|"
    r"money|fee|fees|loan|rate|login|sms|qr|pc|ios|iphone|ipad|android|lte|usd|krw|eur|jpy|faq|work|works|works|world|risk|"
    r"disk|check|rock|sock|dock|fork|pork|clock|block|english|korea|korean|pay|visa|master|samsung|apple|google|email|"
    r"password|code|wifi|error|stop|cancel|block)\b",
    re.I,
)
"""Words that may be meant; some of them would spell Hangul on the other layout."""


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
    letters = _NOT_WORDS.sub("", normalise(text)).lower()
    return _REPEATED.sub(r"\1\1", letters)


def has_words(text: str) -> bool:
    """Whether there is anything to be understood: a letter or a digit."""
    return any(char.isalnum() for char in text)


def from_wrong_layout(text: str) -> str:
    """`zkem` typed for 카드: runs of Latin letters that spell Korean syllables as Hangul, all else as it is.

    English words and abbreviations are left alone. A run is turned only if it becomes whole syllables of everyday Korean;
    in a text without any Hangul short runs are turned along with long ones.
    """
    if not _LATIN_RUN.search(text) or _ENGLISH.search(text):
        return text
    alone = not any("가" <= char <= "힣" for char in text)
    longest = max(len(run) for run in _LATIN_RUN.findall(text))
    if longest < 4 or (alone and any(char.isdecimal() for char in text)):
        return text
    shortest = 2 if alone else 4
    return _LATIN_RUN.sub(
        lambda match: _turned(match.group(0)) if len(match.group(0)) >= shortest else match.group(0), text
    )


def _turned(word: str) -> str:
    """The word by the Korean layout, if that is Korean."""
    found = _compose("".join(_KEYS.get(char, _KEYS.get(char.lower(), char)) for char in word))
    return found if all(_everyday(char) for char in found) else word


def _everyday(char: str) -> bool:
    """A syllable among the 2,350 of KS X 1001, or a letter that stands for laughing or crying."""
    if char in "ㅋㅎㅠㅜ":
        return True
    return "가" <= char <= "힣" and len(char.encode("euc_kr")) == 2


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


_STRAY_FINAL = re.compile(r"([가-힣])([ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅌㅍ])(?=[가-힣])")


def compose_jamo(text: str) -> str:
    """Letters that fell apart while typing put together again: ㄱㅏ드 becomes 가드, 하ㄴ도 becomes 한도."""
    if not any("ㄱ" <= char <= "ㅣ" for char in text):
        return text
    return _STRAY_FINAL.sub(_closed, _compose(text))


def _closed(match: re.Match[str]) -> str:
    """An open syllable and the consonant that got loose from it; a closed one keeps it beside."""
    syllable = ord(match.group(1)) - ord("가")
    if syllable % 28:
        return match.group(0)
    return chr(ord("가") + syllable + _FINALS.index(match.group(2)))
