"""Where the sentences of each passage lie and which terms they hold: flat arrays, so that they may stay on disk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Analysed = Sequence[tuple[int, int, Sequence[str]]]
"""Sentences of a passage: first character, character after the last, terms."""


@dataclass(slots=True)
class Sentences:
    """Read only. Terms are numbers in the vocabulary of the morphemes."""

    first: NDArray[np.int64]
    """(passages + 1,): sentences of passage p are `first[p]` up to `first[p + 1]`."""
    spans: NDArray[np.int32]
    """(sentences, 2): characters in the passage's text."""
    start: NDArray[np.int64]
    """(sentences + 1,): terms of sentence s are `start[s]` up to `start[s + 1]`."""
    terms: NDArray[np.int32]

    @classmethod
    def of(cls, passages: Iterable[Analysed], vocabulary: Mapping[str, int]) -> Sentences:
        """From the sentences of each passage in order."""
        first, start = [0], [0]
        spans: list[tuple[int, int]] = []
        terms: list[int] = []
        for sentences in passages:
            for begin, end, held in sentences:
                spans.append((begin, end))
                terms += (vocabulary[term] for term in held)
                start.append(len(terms))
            first.append(len(spans))
        return cls(
            np.array(first, np.int64),
            np.array(spans, np.int32).reshape(-1, 2),
            np.array(start, np.int64),
            np.array(terms, np.int32),
        )

    def save(self, folder: Path) -> None:
        """One file an array."""
        folder.mkdir()
        for field in fields(self):
            np.save(folder / f"{field.name}.npy", getattr(self, field.name))

    @classmethod
    def load(cls, folder: Path) -> Sentences:
        """Memory-mapped; seen as plain arrays, whose elements are reached in a third of the time."""
        return cls(
            **{f.name: np.asarray(np.load(folder / f"{f.name}.npy", mmap_mode="r")) for f in fields(cls)}
        )

    def terms_of(self, row: int) -> list[frozenset[int]]:
        """The terms of each sentence of a passage."""
        borders = self.start[self.first[row] : self.first[row + 1] + 1].tolist()
        held = self.terms[borders[0] : borders[-1]].tolist() if len(borders) > 1 else []
        base = borders[0] if borders else 0
        return [frozenset(held[a - base : b - base]) for a, b in pairwise(borders)]

    def spans_of(self, row: int) -> list[tuple[int, int]]:
        """(first character, character after the last) of each sentence of a passage."""
        return [(a, b) for a, b in self.spans[self.first[row] : self.first[row + 1]].tolist()]
