"""The tokens of passages, for matching a question word by word: flat arrays that stay on disk until they are needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from encoder import Tokens, Vectors
from knowledge_base.index.projection import STEPS, Projection

Small = tuple[NDArray[np.int32], NDArray[np.int8]]
"""A passage's pieces and their vectors, projected."""


@dataclass(slots=True)
class PassageTokens:
    """Read only. 68 bytes a token, 3 to 8 KB a passage."""

    projection: Projection
    first: NDArray[np.int64]
    """(passages + 1,): tokens of passage p are `first[p]` up to `first[p + 1]`."""
    pieces: NDArray[np.int32]
    """(tokens,): numbers in the encoder's vocabulary, each once a passage."""
    vectors: NDArray[np.int8]
    """(tokens, width)."""
    frequency: NDArray[np.int32]
    """In how many passages each piece is; shorter than the vocabulary."""

    @classmethod
    def of(cls, projection: Projection, passages: Sequence[Small]) -> PassageTokens:
        """From the tokens of each passage in order."""
        first = np.cumsum([0, *(len(pieces) for pieces, _ in passages)]).astype(np.int64)
        pieces = np.zeros(first[-1], np.int32)
        vectors = np.zeros((first[-1], len(projection.directions)), np.int8)
        for row, (held, small) in enumerate(passages):
            pieces[first[row] : first[row + 1]] = held
            vectors[first[row] : first[row + 1]] = small
        return cls(projection, first, pieces, vectors, np.bincount(pieces).astype(np.int32))

    @classmethod
    def none(cls) -> PassageTokens:
        """Of an index without passages."""
        return cls.of(Projection.fitted([]), [])

    def save(self, folder: Path) -> None:
        """One file an array."""
        folder.mkdir()
        self.projection.save(folder / "projection.npz")
        for name in _ARRAYS:
            np.save(folder / f"{name}.npy", getattr(self, name))

    @classmethod
    def load(cls, folder: Path) -> PassageTokens:
        """Memory-mapped."""
        arrays = (np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False) for name in _ARRAYS)
        return cls(Projection.load(folder / "projection.npz"), *map(np.asarray, arrays))

    def of_row(self, row: int) -> Small:
        """The tokens of a passage."""
        held = slice(int(self.first[row]), int(self.first[row + 1]))
        return self.pieces[held], self.vectors[held]

    def rarity(self, pieces: NDArray[np.int32]) -> Vectors:
        """Weight of each piece by how many passages have it; the greatest for one that is nowhere."""
        known = np.flatnonzero(pieces < len(self.frequency))
        often = np.ones(len(pieces), np.float32)
        often[known] = self.frequency[pieces[known]].clip(1)
        weights: Vectors = np.log1p((len(self.first) - 1 - often + 0.5) / (often + 0.5))
        return weights

    def nearest(self, asked: Tokens, rows: Sequence[int]) -> Vectors:
        """Cosine of each token of a question with the nearest one of each passage: (passages, tokens of the question)."""
        best = np.zeros((len(rows), len(asked.pieces)), np.float32)
        if not len(asked.pieces):
            return best
        unit = np.ascontiguousarray(self.projection.unit(asked).T) / np.float32(STEPS)
        # Passage by passage: the product of all would be shared out between threads, which costs more than it is worth.
        for place, row in enumerate(rows):
            vectors = self.vectors[self.first[row] : self.first[row + 1]]
            if len(vectors):
                np.max(vectors.astype(np.float32) @ unit, axis=0, out=best[place])
        return best


_ARRAYS = [field.name for field in fields(PassageTokens) if field.name != "projection"]
