"""Particles (조사) that fit the word before them: 카드를, 통장을, 3을, ATM을, 50%를, ‘홍길동(본인)’을."""

from __future__ import annotations

import re

_PAIRS = [
    ("을", "를"),
    ("은", "는"),
    ("이", "가"),
    ("과", "와"),
    ("아", "야"),
    ("이에요", "예요"),
    ("이라고", "라고"),
    ("이라서", "라서"),
    ("이라", "라"),
    ("이나", "나"),
    ("이랑", "랑"),
    ("이며", "며"),
    ("이고", "고"),
    ("이든", "든"),
    ("으로", "로"),
    ("으로서", "로서"),
    ("으로써", "로써"),
    ("으로부터", "로부터"),
]
"""(after a final consonant, after a vowel)"""
BOTH_FORMS = re.compile(
    r"[을를은는이가과와]\([을를은는이가과와]\)|\((?:으|이)\)(?:로|라|나|랑|에요)|(?:이에요|예요)\((?:이에요|예요)\)"
)
"""Both forms of a particle, as officials write them: 을(를), (으)로."""
_FORMS = {form: pair for pair in _PAIRS for form in pair}
_RIEUL = 8
"""Index of ㄹ among the final consonants: 으로 becomes 로 after it."""

_DIGIT_FINALS = {"0": 21, "1": 8, "2": 0, "3": 16, "4": 0, "5": 0, "6": 1, "7": 8, "8": 8, "9": 0}
"""Final consonant of a digit's Sino-Korean reading: 영 일 이 삼 사 오 육 칠 팔 구."""
_ZEROS = {1: 17, 2: 1, 3: 4, 4: 4, 5: 4, 6: 4, 7: 4, 8: 1, 9: 1, 10: 1, 11: 1, 12: 0}
"""Final consonant of a number by its trailing zeros: 십 백 천 만 십만 백만 천만 억 … 조."""
_LETTER_FINALS = {"l": 8, "m": 16, "n": 4, "r": 8}
"""Letters whose Korean names end in a consonant: 엘 엠 엔 알."""
_SYMBOL_FINALS = {
    "%": 0, "℃": 0, "$": 0, "₩": 4, "+": 0, "-": 0, "㎡": 0, "#": 0, "@": 4, "&": 0, "㎏": 16, "㎞": 0, "㎝": 0, "㎜": 0,
    "²": 0, "³": 0,
}  # fmt: skip
_KNOWN_WORDS = {
    "kg": 16,
    "mg": 16,
    "g": 16,
    "km": 0,
    "cm": 0,
    "mm": 0,
    "ml": 0,
    "check": 0,
    "app": 17,
    "kakao": 0,
}
"""Units as they are read out, and common words that the endings below would get wrong."""

_CLOSERS = "\"'”’)]}>」』》〉*_`"
_BRACKETED = re.compile(r"\s*[(\[{<「『《〈][^()\[\]{}<>「」『』《》〈〉]*[)\]}>」』》〉]\s*$")
_WRITTEN_PAIR = re.compile(
    r"(?P<word>\S)(?P<pair>을\(를\)|를\(을\)|은\(는\)|는\(은\)|이\(가\)|가\(이\)|와\(과\)|과\(와\)|\(으\)로|\(이\)라|\(이\)나|\(이\)랑)"
)
_PAIR_FORM = {"(으)로": "으로", "(이)라": "이라", "(이)나": "이나", "(이)랑": "이랑"}


def attach(word: str, particle: str) -> str:
    """`word` with the form of `particle` that fits it; an unknown particle is put as it is."""
    return word + choose(word, particle)


def choose(word: str, particle: str) -> str:
    """The form of `particle` after `word`: `choose("카드", "을")` is `를`."""
    pair = _FORMS.get(particle)
    if pair is None:
        return particle
    final = final_consonant(word)
    if final is None:
        # Nothing to go by: written both ways, as officials do.
        return f"{pair[0]}({pair[1]})" if len(pair[0]) == len(pair[1]) else f"({pair[0][:1]}){pair[1]}"
    closed = final > 0 and not (pair[0].startswith("으로") and final == _RIEUL)
    return pair[0] if closed else pair[1]


def resolve(text: str) -> str:
    """Written pairs such as 을(를) and (으)로 replaced by the form that fits the word before them."""

    def one(match: re.Match[str]) -> str:
        written = match.group("pair")
        particle = _PAIR_FORM.get(written, written[0])
        return match.group("word") + choose(text[: match.end("word")], particle)

    return _WRITTEN_PAIR.sub(one, text)


def final_consonant(word: str) -> int | None:
    """Index 0..27 of the final consonant with which the word is spoken (0: a vowel); None if nothing is spoken."""
    core = _spoken_end(word)
    if not core:
        return None
    last = core[-1]
    if "가" <= last <= "힣":
        return (ord(last) - ord("가")) % 28
    if last.isdecimal():
        return _number_final(core)
    if last.isascii() and last.isalpha():
        return _latin_final(core)
    return _SYMBOL_FINALS.get(last)


def _spoken_end(word: str) -> str:
    """The word up to what is spoken last: quotes and an explanation in brackets after it don't count."""
    text = word.rstrip()
    while text:
        shorter = _BRACKETED.sub("", text)
        shorter = (shorter if shorter else text.strip("()[]{}<>「」『』《》〈〉")).rstrip(
            _CLOSERS + " .,!?…~"
        )
        if shorter == text:
            break
        text = shorter
    return text


def _number_final(core: str) -> int:
    found = re.search(r"(\d[\d,]*)(\.\d+)?$", core)
    digits = _ascii(found.group(1).replace(",", "") if found else core[-1])
    if (found and found.group(2)) or digits[0] == "0":
        return _DIGIT_FINALS[_ascii(core[-1])]
    zeros = len(digits) - len(digits.rstrip("0"))
    return _ZEROS.get(zeros, 0) if zeros else _DIGIT_FINALS[digits[-1]]


def _ascii(digits: str) -> str:
    """Digits of any script as 0 to 9."""
    return "".join(str(int(digit)) for digit in digits)


def _latin_final(core: str) -> int:
    word = re.search(r"[A-Za-z]+$", core)
    letters = word.group(0) if word else core[-1]
    known = _KNOWN_WORDS.get(letters.lower())
    if known is not None and not (len(letters) == 1 and not core[:-1].rstrip()[-1:].isdecimal()):
        return known
    if letters.isupper() or len(letters) == 1:
        return _LETTER_FINALS.get(letters[-1].lower(), 0)
    return _word_final(letters.lower())


def _word_final(word: str) -> int:
    """An English word as Koreans say it; endings only, which settle most of them."""
    if word.endswith("ng"):
        return 21
    if word.endswith(("l", "le")):
        return 8
    if re.search(r"[mn]e?$", word):
        return 16 if "m" in word[-2:] else 4
    if re.search(r"[aeiou](?:p|b)$", word):
        return 17
    if re.search(r"[aeiou](?:c|ck|k)$", word):
        return 1
    if re.search(r"[aeiou]t$", word):
        return 19
    return 0
