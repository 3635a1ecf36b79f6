"""Lexical search: BM25 over Kiwi's morphemes and over character bigrams, both by bm25s."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from korean.morphology import Morphology
from korean.normalise import normalise

Scores = NDArray[np.float32]
_WORD = re.compile(r"[0-9A-Za-z가-힣ㄱ-ㅎㅏ-ㅣ一-鿿]+")


def bigrams(text: str) -> list[str]:
    """Pairs of letters inside words; a single letter stands for itself."""
    grams: list[str] = []
    for word in _WORD.findall(normalise(text).lower()):
        grams += [word] if len(word) == 1 else [word[at : at + 2] for at in range(len(word) - 1)]
    return grams


class Bm25:
    """One BM25 over token lists. Empty queries and an empty index score nothing."""

    def __init__(self, documents: Sequence[Sequence[str]]) -> None:
        self._count = len(documents)
        self._index: Any = None
        filled = [list(tokens) or ["\u0000"] for tokens in documents]
        if filled:
            import bm25s

            self._index = bm25s.BM25(k1=1.2, b=0.75)
            self._index.index(filled, show_progress=False)
        self._frequency: dict[str, int] = {}
        for tokens in documents:
            for token in set(tokens):
                self._frequency[token] = self._frequency.get(token, 0) + 1

    def scores(self, tokens: Sequence[str]) -> Scores:
        """One score a document."""
        known = [token for token in tokens if token in self._frequency]
        if self._index is None or not known:
            return np.zeros(self._count, np.float32)
        return np.asarray(self._index.get_scores(known), np.float32)

    def idf(self, token: str) -> float:
        """Weight of a token; that of one in a single document for a token that is nowhere."""
        frequency = self._frequency.get(token, 0)
        return float(np.log(1 + (self._count - frequency + 0.5) / (frequency + 0.5)))


class LexicalIndex:
    """Both views of the same passages."""

    def __init__(self, terms: Sequence[Sequence[str]], grams: Sequence[Sequence[str]]) -> None:
        self.terms = Bm25(terms)
        self.grams = Bm25(grams)
        self.term_sets = [frozenset(tokens) for tokens in terms]

    def coverage(self, query_terms: Sequence[str], row: int) -> float:
        """Share of the query's terms, weighted by their rarity, that the passage holds."""
        weights = {term: self.terms.idf(term) for term in query_terms}
        total = sum(weights.values())
        held = sum(weight for term, weight in weights.items() if term in self.term_sets[row])
        return held / total if total else 0.0


def searchable(title: str, heading: Sequence[str], question: str | None, text: str) -> str:
    """What is indexed of a passage: its place counts as much as its words."""
    return "\n".join(part for part in (title, " ".join(heading), question or "", text) if part)


def terms_of(texts: Sequence[str], morphology: Morphology) -> list[list[str]]:
    """Morphemes of many texts."""
    return morphology.content_terms_many(texts)
