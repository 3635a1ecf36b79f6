"""The assistant's own words: lookup lists, synonyms and regular expressions of nlu.yml."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from nlu.entities.found import Found

SHORT = 2
"""Letters of a word that turns up inside other words: 신카 in 갱신카드."""
_LATIN = re.compile(r"[A-Za-z0-9]")


def listed(text: str, lookups: Mapping[str, Sequence[str]], synonyms: Mapping[str, str]) -> Iterator[Found]:
    """Words of the lists wherever they stand: particles follow without a space, so no end of word is asked for.

    Spaces inside a listed word may be missing in the text, and the other way round.
    """
    for entity, words in lookups.items():
        variants = {word: synonyms.get(word, word) for word in words}
        variants.update({variant: value for variant, value in synonyms.items() if value in words})
        for word, value in variants.items():
            for match in _loose(word).finditer(text):
                yield Found(entity, match.start(), match.end(), value, 40 + min(len(word), 15))


_patterns: dict[str, re.Pattern[str]] = {}


def _loose(word: str) -> re.Pattern[str]:
    """The word with any spacing; a Latin word must not be part of a longer one, a short Hangul one not its end."""
    pattern = _patterns.get(word)
    if pattern is None:
        letters = [re.escape(char) for char in word if not char.isspace()]
        body = r"\s?".join(letters)
        if len(letters) <= SHORT and not _LATIN.match(word):
            body = rf"(?<![가-힣]){body}"
        if _LATIN.match(word):
            body = rf"(?<![A-Za-z0-9]){body}(?![A-Za-z0-9])"
        pattern = _patterns[word] = re.compile(body, re.IGNORECASE)
    return pattern


def matched(text: str, regexes: Mapping[str, str]) -> Iterator[Found]:
    """Spans of the assistant's regular expressions."""
    for entity, expression in regexes.items():
        for match in re.finditer(expression, text):
            if match.end() > match.start():
                yield Found(entity, match.start(), match.end(), match.group(0), 65)
