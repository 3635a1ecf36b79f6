"""Which language a customer writes in, as far as letters and small words tell."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

UNKNOWN = "und"
"""BCP 47 for a language that isn't known: the model says which one it is."""
_SCRIPTS = {
    "HANGUL": "ko",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "CJK": "zh",
    "THAI": "th",
    "CYRILLIC": "ru",
    "ARABIC": "ar",
    "DEVANAGARI": "hi",
    "KHMER": "km",
    "MYANMAR": "my",
    "MONGOLIAN": "mn",
    "HEBREW": "he",
    "GREEK": "el",
    "LATIN": "latin",
}
_WORDS = {
    "en": "the is are am was i my me you your to of and in for on it this that what how why when where can could do does"
    " did not have has had want need please hello hi thanks help with from card money account lost",
    "vi": "tôi bạn của là và không có cho được này muốn thẻ tiền bị mất làm thế nào xin chào",
    "es": "el la los las un una es soy está estoy mi su yo qué que cómo de y no por para con tarjeta dinero cuenta hola quiero",
    "fr": "le la les un une est je suis mon ma mes vous votre que quoi comment de et ne pas pour avec carte compte bonjour",
    "de": "der die das ein eine ist ich bin mein meine sie ihr was wie und nicht für mit karte geld konto hallo bitte",
    "pt": "o a os as um uma é eu sou meu minha você que como de e não por para com cartão dinheiro conta olá quero",
    "id": "saya anda yang dan di ke dari ini itu apa bagaimana tidak ada untuk dengan kartu uang rekening halo mau bisa",
    "tl": "ang ng mga ako ikaw ko mo na sa ay ito paano ano hindi po para pera kard nawala",
    "uz": "men siz va bu qanday nima yo'q uchun bilan karta pul hisob salom kerak",
}
_SMALL_WORDS = {language: frozenset(words.split()) for language, words in _WORDS.items()}
_VIETNAMESE = re.compile(r"[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_NO_SPEECH = re.compile(r"https?://\S+|\S+@\S+|<[가-힣]+_\d+>|/\w+")
"""Addresses, placeholders and commands are nobody's language."""
OWN_SHARE = 0.2
"""From this share of Hangul letters on a text is Korean with foreign words in it."""
SHORTEST = 2
"""Latin words of a text in a foreign language; an unknown one alone may be a name, a product or "OK"."""
LONGEST_NAME = 4
"""Letters of what is written in capitals and no word: OTP, ATM, USD."""


def language_of(text: str) -> str | None:
    """A language's code, `und` for Latin letters of an unknown one, None where there is nothing to tell by.

    >>> [language_of(t) for t in ("카드 분실이요", "カードをなくしました", "我的卡丢了", "I lost my card", "OK", "SMS OTP")]
    ['ko', 'ja', 'zh', 'en', None, None]
    """
    speech = _NO_SPEECH.sub(" ", unicodedata.normalize("NFC", text))
    letters = Counter(_script(character) for character in speech if character.isalpha())
    letters.pop("", None)
    if not letters:
        return None
    if letters["ko"] >= OWN_SHARE * letters.total():
        return "ko"
    if letters["ja"]:
        # Japanese is mostly written with Chinese characters; Chinese never with kana.
        return "ja"
    script = letters.most_common(1)[0][0]
    return _latin(speech) if script == "latin" else script


def _script(letter: str) -> str:
    return _SCRIPTS.get(unicodedata.name(letter, "").split(" ")[0].split("-")[0], "")


def _latin(text: str) -> str | None:
    found = _WORD.findall(text)
    words = [word.lower().replace("’", "'") for word in found]
    if _VIETNAMESE.search(text.lower()):
        return "vi"
    counts = {language: sum(word in known for word in words) for language, known in _SMALL_WORDS.items()}
    best = max(counts, key=lambda language: counts[language])
    rivals = [language for language, count in counts.items() if count == counts[best]]
    if counts[best] and len(rivals) == 1:
        return best
    names = len(words) < SHORTEST or all(word.isupper() and len(word) <= LONGEST_NAME for word in found)
    return None if names and not counts[best] else UNKNOWN
