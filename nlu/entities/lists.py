"""The assistant's own words: lookup lists, synonyms, annotated words and regular expressions of nlu.yml.

All words lie in one table by their first letter, so that a list of thousands costs no more than a short one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from korean.jamo import one_letter_apart
from nlu.entities.found import Found

SHORT = 2
"""Letters of a word that turns up inside other words: 신카 in 갱신카드."""
LONG_ENOUGH = 3
"""Syllables of a word that is still recognised with one wrong letter."""


@dataclass(frozen=True, slots=True)
class _Word:
    entity: str
    value: str
    exact: str


class WordLists:
    """Words wherever they stand: particles follow without a space, so no end of word is asked for.

    Spaces inside a listed word may be missing in the text, and the other way round. `typos` allows one wrong letter (자모) in
    words of three syllables and more that begin where a word begins.
    """

    def __init__(
        self, lookups: Mapping[str, Iterable[str]], synonyms: Mapping[str, str], *, typos: bool = False
    ) -> None:
        self._typos = typos
        self._words: dict[str, list[_Word]] = defaultdict(list)
        lengths: dict[str, set[int]] = defaultdict(set)
        for entity, listed in lookups.items():
            words = set(listed)
            variants = {word: synonyms.get(word, word) for word in words}
            variants.update({variant: value for variant, value in synonyms.items() if value in words})
            for word, value in sorted(variants.items()):
                letters = "".join(word.split()).lower()
                if letters:
                    self._words[letters].append(_Word(entity, value, letters))
                    lengths[letters[0]].add(len(letters))
        self._lengths = {first: sorted(sizes, reverse=True) for first, sizes in lengths.items()}
        self._by_size: dict[int, list[str]] = defaultdict(list)
        for letters in self._words:
            if len(letters) >= LONG_ENOUGH and all("가" <= letter <= "힣" for letter in letters):
                self._by_size[len(letters)].append(letters)

    def find(self, text: str) -> Iterator[Found]:
        """Every word of the lists at every place; overlaps are settled later."""
        if not self._words:
            return
        places = [at for at, char in enumerate(text) if not char.isspace()]
        letters = "".join(text[at] for at in places).lower()
        if len(letters) != len(places):
            letters = "".join(text[at].lower()[:1] for at in places)
        for index, letter in enumerate(letters):
            for size in self._lengths.get(letter, ()):
                candidate = letters[index : index + size]
                if len(candidate) < size:
                    # Cut off by the end of the text; its own size comes later.
                    continue
                if candidate in self._words and _stands_alone(text, places, index, size, candidate):
                    start, end = places[index], places[index + size - 1] + 1
                    for word in self._words[candidate]:
                        yield Found(word.entity, start, end, word.value, 40 + min(size, 15))
        if self._typos:
            yield from self._nearly(text, places, letters)

    def _nearly(self, text: str, places: Sequence[int], letters: str) -> Iterator[Found]:
        for index, at in enumerate(places):
            if at and not text[at - 1].isspace():
                continue
            for size, words in self._by_size.items():
                candidate = letters[index : index + size]
                if len(candidate) < size or candidate in self._words:
                    continue
                for near in words:
                    if one_letter_apart(candidate, near):
                        start, end = places[index], places[index + size - 1] + 1
                        for word in self._words[near]:
                            info = {"written": text[start:end]}
                            yield Found(word.entity, start, end, word.value, 38, info=info)


def _stands_alone(text: str, places: Sequence[int], index: int, size: int, word: str) -> bool:
    """A Latin word must not be part of a longer one, a short Hangul one not its end."""
    start, end = places[index], places[index + size - 1] + 1
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    if _latin(word[0]) and _latin(before):
        return False
    if _latin(word[-1]) and _latin(after):
        return False
    return not (len(word) <= SHORT and "가" <= word[0] <= "힣" and "가" <= before <= "힣")


def _latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


def matched(text: str, regexes: Mapping[str, re.Pattern[str]]) -> Iterator[Found]:
    """Spans of the assistant's regular expressions."""
    for entity, expression in regexes.items():
        for match in expression.finditer(text):
            if match.end() > match.start():
                yield Found(entity, match.start(), match.end(), match.group(0), 65)
