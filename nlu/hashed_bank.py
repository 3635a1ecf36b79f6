"""Several `HashedModel`s asked in one look-up: what a message costs hardly grows with the number of its questions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlu.hashed import BITS, HashedModel, Hashes

_WORD = 6
"""Bits that say which bit of a 64-bit word is meant."""
_LOW = np.int64((1 << _WORD) - 1)
_ONE = np.uint64(1)


@dataclass(frozen=True, slots=True)
class HashedBank:
    """A hash is known where its bit is set, and its row of weights is the number of bits set before it."""

    known: NDArray[np.uint64]
    """A bit for each possible hash."""
    before: NDArray[np.int32]
    """Known hashes before each word of `known`."""
    weights: NDArray[np.int8]
    """(known hashes, models); 0 where a model doesn't know the hash."""
    scales: NDArray[np.float64]
    biases: NDArray[np.float64]

    @classmethod
    def of(cls, models: Sequence[HashedModel]) -> HashedBank:
        """The models' answers come in this order."""
        seen = np.zeros(1 << BITS, np.bool_)
        for model in models:
            seen[model.keys] = True
        known = np.packbits(seen, bitorder="little").view("<u8").astype(np.uint64)
        counts = np.bitwise_count(known).astype(np.int32)
        before = np.concatenate([[0], np.cumsum(counts, dtype=np.int32)[:-1]]).astype(np.int32)
        weights = np.zeros((int(counts.sum()), len(models)), np.int8)
        bank = cls(
            known, before, weights, np.array([m.scale for m in models]), np.array([m.bias for m in models])
        )
        for column, model in enumerate(models):
            weights[bank._rows(model.keys), column] = model.weights
        return bank

    def scores(self, hashes: Hashes) -> list[float]:
        """Log-odds of yes by each model, the same that it gives alone."""
        total = self.weights[self._rows(hashes)].sum(0, dtype=np.int64)
        found: list[float] = (self.scales * total / math.sqrt(max(len(hashes), 1)) + self.biases).tolist()
        return found

    def _rows(self, hashes: Hashes) -> NDArray[np.int64]:
        """Of those that are known."""
        at = hashes >> _WORD
        words, bit = self.known[at], (hashes & _LOW).astype(np.uint64)
        below = np.bitwise_count(words & ((_ONE << bit) - _ONE))
        rows: NDArray[np.int64] = (self.before[at] + below)[((words >> bit) & _ONE).astype(np.bool_)]
        return rows
