"""Korean morphemes by Kiwi: one analyser a process, loaded when it is first needed.

The multi-word dictionary stays out: with it the analyser takes 480 MB, without it 300 MB, and what is searched for or
compared here comes out the same. Kiwi's default dictionary of names stays.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

CONTENT_TAGS = (
    "NNG",
    "NNP",
    "NNB",
    "NR",
    "VV",
    "VA",
    "XR",
    "SL",
    "SH",
    "SN",
    "MAG",
    "XSN",
    "W_EMAIL",
    "W_URL",
)
"""Tags of morphemes that carry meaning for search: nouns, stems, roots, foreign words, numbers."""
_LIGHT_STEMS = {"하", "되", "있", "없", "주", "보", "싶", "않", "같", "그렇", "이렇", "어떻"}
"""Stems so common that they tell nothing apart."""
_SENTENCE_LIMIT = 20_000
"""Characters analysed at once; longer texts are cut into lines first."""


@dataclass(frozen=True, slots=True)
class Token:
    """A morpheme. `start`/`end` are code-point offsets into the text."""

    form: str
    tag: str
    start: int
    end: int


class Morphology:
    """Kiwi behind a lock-free read interface. Safe to call from several threads once it is loaded."""

    def __init__(self) -> None:
        self._kiwi: Any = None
        self._lock = threading.Lock()

    def warm_up(self) -> None:
        """Load the analyser (about 2 s). Done by the first call otherwise."""
        self._loaded()

    def _loaded(self) -> Any:
        if self._kiwi is None:
            with self._lock:
                if self._kiwi is None:
                    from kiwipiepy import Kiwi

                    self._kiwi = Kiwi(num_workers=1, load_multi_dict=False, load_typo_dict=False)
        return self._kiwi

    def add_words(self, words: Iterable[str]) -> None:
        """Teach words that must stay whole, such as product names. Costs about a second, so do it once, early."""
        kiwi = self._loaded()
        for word in words:
            kiwi.add_user_word(word, "NNP", 0.0)

    def tokens(self, text: str) -> list[Token]:
        """All morphemes in order."""
        if not text.strip():
            return []
        kiwi = self._loaded()
        return [Token(t.form, t.tag, t.start, t.start + t.len) for t in kiwi.tokenize(text[:_SENTENCE_LIMIT])]

    def content_terms(self, text: str) -> list[str]:
        """Morphemes that carry meaning, lower case, in order and with repetitions."""
        return _terms(self.tokens(text))

    def content_terms_many(self, texts: Sequence[str]) -> list[list[str]]:
        """`content_terms` of many texts."""
        kiwi = self._loaded()
        return [
            _terms(Token(t.form, t.tag, t.start, t.start + t.len) for t in tokens)
            for tokens in kiwi.tokenize(text[:_SENTENCE_LIMIT] or " " for text in texts)
        ]

    def sentences_with_terms(self, texts: Sequence[str]) -> list[list[tuple[int, int, list[str]]]]:
        """(start, end, content terms) of each sentence of each text: `sentences` and `content_terms` in one pass."""
        kiwi = self._loaded()
        lines = [line for text in texts for line in _lines(text)]
        pieces = (body[:_SENTENCE_LIMIT] for _, body in lines)
        split = iter(kiwi.split_into_sents(pieces, return_tokens=True))
        found: list[list[tuple[int, int, list[str]]]] = []
        for text in texts:
            held: list[tuple[int, int, list[str]]] = []
            for start, _ in _lines(text):
                held += [
                    (start + s.start, start + s.end, _terms(Token(t.form, t.tag, 0, 0) for t in s.tokens))
                    for s in next(split)
                ]
            found.append(held)
        return found

    def joins(self, left: str, right: str) -> bool:
        """Whether two pieces belong together without a space: a line was broken inside a word."""
        _, spaced = self._loaded().glue([left, right], return_space_insertions=True)
        return not spaced[0]

    def spaced(self, text: str) -> str:
        """The text with the spaces that were left out; those that it has stay."""
        result: str = self._loaded().space(text[:_SENTENCE_LIMIT])
        return result

    def sentences(self, text: str) -> list[tuple[int, int]]:
        """(start, end) of each sentence, in order, surrounding space left out."""
        kiwi = self._loaded()
        found: list[tuple[int, int]] = []
        offset = 0
        for line in text.splitlines(keepends=True):
            body = line.strip()
            if body:
                lead = offset + len(line) - len(line.lstrip())
                if len(body) > _SENTENCE_LIMIT:
                    found.append((lead, lead + len(body)))
                else:
                    found += [(lead + s.start, lead + s.end) for s in kiwi.split_into_sents(body)]
            offset += len(line)
        return found


def _lines(text: str) -> list[tuple[int, str]]:
    """(offset, text) of each line that isn't blank, surrounding space left out."""
    found, offset = [], 0
    for line in text.splitlines(keepends=True):
        body = line.strip()
        if body:
            found.append((offset + len(line) - len(line.lstrip()), body))
        offset += len(line)
    return found


def _terms(tokens: Iterable[Token]) -> list[str]:
    terms = []
    for token in tokens:
        tag = token.tag.split("-")[0]
        if tag in CONTENT_TAGS and not (tag in ("VV", "VA") and token.form in _LIGHT_STEMS):
            terms.append(token.form.lower())
    return terms


@lru_cache(maxsize=1)
def morphology() -> Morphology:
    """The process's analyser."""
    return Morphology()
