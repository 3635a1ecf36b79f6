"""Whether a text in other words still says the same: what can be checked without understanding, is.

Nothing may be lost (values, numbers with their units, links, quoted words), added (numbers, links, emoji, lines), denied or
affirmed, asked or no longer asked; the honorific style stays, and so do enough of the words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator

from korean.josa import BOTH_FORMS
from korean.morphology import morphology
from korean.register import registers
from korean.speech_act import asks

KEPT_WORDS = 0.4
"""Share of the content words that must still be there."""
LONGER, AT_LEAST = 1.6, 40
"""How much longer it may be: so many times, or so many characters."""

_UNITS = "영업일|개월|시간|만\\s?원|억\\s?원|천\\s?원|원|일|월|년|주|시|분|초|회|번|건|장|명|개|%|퍼센트|자리|점|호|층|차|배"
_NUMBER = re.compile(rf"(\d[\d,]*(?:\.\d+)?)\s?({_UNITS})?")
_LINK = re.compile(r"https?://[^\s<>\"']+|www\.[^\s<>\"']+|[\w.+-]+@[\w-]+\.[\w.-]+")
_QUOTED = re.compile(r"'[^'\n]{1,60}'|\"[^\"\n]{1,60}\"|‘[^’\n]{1,60}’|“[^”\n]{1,60}”")
_DENIES = re.compile(r"없|않|못|불가|아니|마세요|말아|안\s?(?:돼|되|됩|해|하)|금지|제외")
_HANGUL = re.compile(r"[가-힣]")
_MARKUP = ("<", ">", "```", "**", "##", "{", "}", "[", "]")


def unfaithful(original: str, reworded: str, values: Iterable[str] = ()) -> str:
    """Why it may not stand for the original; empty where it may. `values` are those that slots put into it."""
    if any(part and part not in reworded for part in [*values, *_QUOTED.findall(original)]):
        return "values"
    return next((why for why, wrong in _CHECKS if wrong(original, reworded)), "")


def _length(original: str, reworded: str) -> bool:
    most = max(len(original) * LONGER, len(original) + AT_LEAST)
    return not reworded or len(reworded) > most or reworded.count("\n") > original.count("\n")


def _markup(original: str, reworded: str) -> bool:
    return any(mark in reworded and mark not in original for mark in _MARKUP) or not _symbols(
        reworded
    ) <= _symbols(original)


def _symbols(text: str) -> set[str]:
    """Emoji and what no text holds."""
    return {one for one in text if unicodedata.category(one) in ("So", "Sk", "Co", "Cs", "Cn", "Cf")}


def _numbers(original: str, reworded: str) -> bool:
    return sorted(_counted(original)) != sorted(_counted(reworded))


def _counted(text: str) -> Iterator[tuple[str, str]]:
    """Numbers without commas, with the unit that makes 5영업일 another time than 5일. Twice the same is once."""
    found = {
        (match.group(1).replace(",", ""), re.sub(r"\s", "", match.group(2) or ""))
        for match in _NUMBER.finditer(text)
    }
    yield from found


def _links(original: str, reworded: str) -> bool:
    return set(_LINK.findall(original)) != set(_LINK.findall(reworded))


def _denial(original: str, reworded: str) -> bool:
    return bool(_DENIES.search(original)) != bool(_DENIES.search(reworded))


def _question(original: str, reworded: str) -> bool:
    return asks(original) != asks(reworded)


def _style(original: str, reworded: str) -> bool:
    usual, found = ({style for _, style in registers(text)} for text in (original, reworded))
    return not found <= usual or bool(usual and not found)


def _language(original: str, reworded: str) -> bool:
    return _share_of_hangul(reworded) < _share_of_hangul(original) - 0.2


def _share_of_hangul(text: str) -> float:
    letters = [one for one in text if one.isalpha()]
    return len(_HANGUL.findall(text)) / len(letters) if letters else 0.0


def _particles(original: str, reworded: str) -> bool:
    return BOTH_FORMS.search(reworded) is not None


def _words(original: str, reworded: str) -> bool:
    wanted = _terms(original)
    return len(wanted & _terms(reworded)) < KEPT_WORDS * len(wanted)


def _terms(text: str) -> set[str]:
    """Content words; numbers are looked at by themselves."""
    return set(morphology().content_terms(_NUMBER.sub(" ", text)))


_CHECKS: tuple[tuple[str, Callable[[str, str], bool]], ...] = (
    ("length", _length),
    ("markup", _markup),
    ("numbers", _numbers),
    ("links", _links),
    ("language", _language),
    ("style", _style),
    ("particles", _particles),
    ("question", _question),
    ("denial", _denial),
    ("words", _words),
)
