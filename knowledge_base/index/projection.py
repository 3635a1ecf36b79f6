"""Token states made small: centred, and told by the directions in which the tokens of this index's own passages differ.

All states of a model have a large part in common, and what is left lies in few directions. Which these are is a matter of what
the documents speak of: fitted to them, 64 numbers in 8 bits tell passages apart as well as all of the model's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from encoder import Tokens, Vectors

WIDTH = 64
STEPS = 127
"""Of an 8-bit number from 0 to 1."""
SAMPLE = 1_000
"""Passages that a projection is fitted on, at most."""
OUTGROWN = 4
"""An index with so many times the passages that its projection was fitted on gets a new one."""


@dataclass(frozen=True, slots=True)
class Projection:
    """`mean`: (hidden,). `directions`: (width, hidden)."""

    mean: Vectors
    directions: Vectors
    passages: int
    """It was fitted on."""

    @classmethod
    def fitted(cls, passages: Sequence[Tokens]) -> Projection:
        """By principal components. Of no tokens, one that has no directions."""
        filled = [held.states for held in passages if len(held.states)]
        if not filled:
            return cls(np.zeros(0, np.float32), np.zeros((0, 0), np.float32), len(passages))
        states = np.concatenate(filled).astype(np.float32)
        mean = states.mean(0)
        states -= mean
        _, found = np.linalg.eigh(states.T @ states)
        directions = np.ascontiguousarray(found[:, ::-1][:, :WIDTH].T, np.float32)
        return cls(mean, directions, len(passages))

    @classmethod
    def load(cls, path: Path) -> Projection:
        """One that was saved."""
        with np.load(path, allow_pickle=False) as data:
            return cls(data["mean"], data["directions"], int(data["passages"]))

    def save(self, path: Path) -> None:
        """In one file."""
        np.savez(path, mean=self.mean, directions=self.directions, passages=np.array(self.passages))

    def fits(self, passages: int) -> bool:
        """Whether it will do for an index of so many."""
        return self.passages >= SAMPLE or passages <= OUTGROWN * self.passages

    def unit(self, tokens: Tokens) -> Vectors:
        """(tokens, width), each of length 1."""
        if not len(tokens.states) or not len(self.directions):
            return np.zeros((len(tokens.states), len(self.directions)), np.float32)
        made = np.asarray((tokens.states.astype(np.float32) - self.mean) @ self.directions.T, np.float32)
        made /= np.maximum(np.linalg.norm(made, axis=1, keepdims=True), 1e-9)
        return made

    def small(self, tokens: Tokens) -> tuple[NDArray[np.int32], NDArray[np.int8]]:
        """Pieces and their vectors, as they are kept: unit vectors times `STEPS`."""
        return tokens.pieces, np.rint(self.unit(tokens) * STEPS).astype(np.int8)
