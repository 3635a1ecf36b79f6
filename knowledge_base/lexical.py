"""Lexical search: BM25 over any tokens, scored by bm25s when it is built, kept as arrays that can be memory-mapped."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from korean.normalise import normalise

Scores = NDArray[np.float32]
K1, B = 0.9, 0.4
"""Passages are of like length, so length counts little. The usual values for passages in the literature."""
_WORD = re.compile(r"[0-9A-Za-z가-힣ㄱ-ㅎㅏ-ㅣ一-鿿]+")


def bigrams(text: str) -> list[str]:
    """Pairs of letters inside words; a single letter stands for itself."""
    return grams(text, 2)


def grams(text: str, size: int) -> list[str]:
    """Runs of `size` letters inside words; a shorter word stands for itself."""
    found: list[str] = []
    for word in _WORD.findall(normalise(text).lower()):
        if len(word) <= size:
            found.append(word)
        else:
            found += [word[at : at + size] for at in range(len(word) - size + 1)]
    return found


def spelled(text: str) -> str:
    """The words of a text as `grams` reads them, a space around each: where a run of letters is looked for by `inside`."""
    return f" {' '.join(_WORD.findall(normalise(text).lower()))} "


def inside(gram: str, size: int) -> str:
    """What stands in `spelled(text)` exactly where `gram` is among `grams(text, size)`: shorter words stand alone."""
    return gram if len(gram) == size else f" {gram} "


class Bm25:
    """One BM25 over token lists. Empty queries and an empty index score nothing."""

    def __init__(self, documents: Sequence[Sequence[str]]) -> None:
        import bm25s

        index = bm25s.BM25(k1=K1, b=B)
        # An index needs a token; one that no text holds is never asked for.
        index.index([list(tokens) or ["\u0000"] for tokens in documents] or [["\u0000"]], show_progress=False)
        self._take(index, len(documents))

    def _take(self, index: Any, count: int) -> None:
        self.count = count
        self.vocabulary: Mapping[str, int] = index.vocab_dict
        self._index = index
        # Plain views: elements of a memory map are slow to reach.
        self._data, self._rows, self._starts = (
            np.asarray(index.scores[key]) for key in ("data", "indices", "indptr")
        )

    def save(self, folder: Path) -> None:
        """Write its arrays and vocabulary into a folder of their own."""
        self._index.save(folder, show_progress=False)

    @classmethod
    def load(cls, folder: Path, count: int) -> Bm25:
        """One that was saved over `count` texts; its arrays stay on disk until they are needed."""
        import bm25s

        made = cls.__new__(cls)
        made._take(bm25s.BM25.load(folder, mmap=True, show_progress=False), count)
        return made

    def scores(self, tokens: Sequence[str]) -> Scores:
        """One score a text."""
        total = np.zeros(max(self.count, 1), np.float32)
        for token, times in Counter(tokens).items():
            at = self.vocabulary.get(token)
            if at is not None and at + 1 < len(self._starts):
                held = slice(int(self._starts[at]), int(self._starts[at + 1]))
                total[self._rows[held]] += times * self._data[held]
        return total[: self.count]

    def frequency(self, token: str) -> int:
        """In how many texts a token is."""
        at = self.vocabulary.get(token)
        if at is None or at + 1 >= len(self._starts):
            return 0
        return int(self._starts[at + 1] - self._starts[at])

    def idf(self, token: str) -> float:
        """Weight of a token; that of one in a single text for a token that is nowhere."""
        frequency = max(self.frequency(token), 1)
        return float(np.log(1 + (self.count - frequency + 0.5) / (frequency + 0.5)))
