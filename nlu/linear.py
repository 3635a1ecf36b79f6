"""A linear model of classes over n-grams and vectors together, learned in seconds."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nlu.features import Floats, softmax

STEPS = 100
"""Of the optimiser at most."""
ENOUGH = 1e-4
"""It stops where a step gains less than this share of the loss; the optimum is flat long before."""
REMEMBERED = 8
"""Steps that the optimiser looks back on."""
COMPARED = 6_000
"""Texts up to which all are compared with all once, 144 MB; of more, products are taken anew in each step."""
NEVER = -20.0
"""Score of a class without examples."""


@dataclass(slots=True)
class LinearModel:
    """Scores = features @ weights + bias; `weights` has rows for n-grams, then for vectors, and a column a class."""

    weights: Floats
    bias: Floats

    @classmethod
    def fit(
        cls,
        grams: Any,
        vectors: Floats,
        labels: Sequence[int],
        classes: int,
        strength: float,
        likeness: Floats | None = None,
    ) -> LinearModel:
        """Multinomial logistic regression, classes weighted by their rarity.

        `grams` is a sparse matrix, `vectors` a dense one, with a row a text. `strength` is the inverse of the ridge penalty,
        which the bias pays as well. `likeness` is grams @ grams.T, where that is known.
        """
        from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

        wanted = np.asarray(labels)
        counts = np.bincount(wanted, minlength=classes)
        present = np.flatnonzero(counts)
        worth = (1.0 / (len(present) * counts[wanted])).astype(np.float32)
        # Small matrices: threads cost twenty times what they gain where cores are shared.
        with threadpool_limits(1):
            shares = _Dual(
                _products(grams, vectors, likeness),
                np.searchsorted(present, wanted),
                len(present),
                worth,
                1.0 / (strength * len(wanted)),
            ).minimise()
        weights = np.zeros((grams.shape[1] + vectors.shape[1], classes), np.float32)
        bias = np.full(classes, NEVER, np.float32)
        weights[: grams.shape[1], present] = grams.T @ shares
        weights[grams.shape[1] :, present] = vectors.T @ shares
        bias[present] = shares.sum(0)
        return cls(weights, bias)

    def scores(self, grams: Any, vectors: Floats) -> Floats:
        """A row a text."""
        count = grams.shape[1]
        result: Floats = grams @ self.weights[:count] + vectors @ self.weights[count:] + self.bias
        return result


def _products(grams: Any, vectors: Floats, likeness: Floats | None) -> Callable[[Floats], Floats]:
    """Multiplies by the matrix of all texts' products with all, their constant feature included."""
    if len(vectors) > COMPARED:
        turned = grams.T.tocsr()
        return lambda shares: grams @ (turned @ shares) + vectors @ (vectors.T @ shares) + shares.sum(0)
    whole = (grams @ grams.T).toarray() if likeness is None else likeness
    whole = whole + vectors @ vectors.T + np.float32(1)
    return lambda shares: whole @ shares


@dataclass(slots=True)
class _Step:
    """A step and the change of slope that it made, each also multiplied by the products."""

    step: Floats
    step_seen: Floats
    change: Floats
    change_seen: Floats
    inverse: float


@dataclass(slots=True)
class _Dual:
    """The problem in shares: weights are sums of texts, each times its share in each class (the representer theorem).

    There are far fewer shares than weights. L-BFGS (Liu and Nocedal, 1989) runs on them as it would on the weights, since
    lengths are measured through the products.
    """

    products: Callable[[Floats], Floats]
    labels: Any
    classes: int
    worth: Floats
    penalty: float

    def minimise(self) -> Floats:
        """The shares, a row a text and a column a class."""
        shares = np.zeros((len(self.labels), self.classes), np.float32)
        scores = shares.copy()
        loss, slope = self._loss(shares, scores)
        slope_seen = self.products(slope)
        past: deque[_Step] = deque(maxlen=REMEMBERED)
        for _ in range(STEPS):
            way, way_seen = _direction(slope, slope_seen, past)
            falls = float((slope_seen * way).sum(dtype=np.float64))
            size = 1.0
            while True:
                moved, moved_scores = (
                    shares + np.float32(size) * way,
                    scores + np.float32(size) * way_seen,
                )
                found, new_slope = self._loss(moved, moved_scores)
                if found <= loss + 1e-4 * size * falls or size < 1e-6:
                    break
                size /= 2
            gained = loss - found
            new_seen = self.products(new_slope)
            _remember(past, size * way, size * way_seen, new_slope - slope, new_seen - slope_seen)
            shares, scores, loss, slope, slope_seen = moved, moved_scores, found, new_slope, new_seen
            if gained < ENOUGH * max(loss, 1e-9):
                break
        return shares

    def _loss(self, shares: Floats, scores: Floats) -> tuple[float, Floats]:
        rows = np.arange(len(self.labels))
        likely = softmax(scores)
        right = np.maximum(likely[rows, self.labels], 1e-30)
        loss = -float((self.worth * np.log(right)).sum(dtype=np.float64))
        loss += self.penalty / 2 * float((shares * scores).sum(dtype=np.float64))
        likely[rows, self.labels] -= 1
        slope: Floats = likely * self.worth[:, None] + np.float32(self.penalty) * shares
        return loss, slope


def _direction(slope: Floats, slope_seen: Floats, past: Sequence[_Step]) -> tuple[Floats, Floats]:
    """Where to go, and that multiplied by the products."""
    way, seen = -slope, -slope_seen
    shares = []
    for one in reversed(past):
        share = np.float32(one.inverse * float((one.step_seen * way).sum(dtype=np.float64)))
        way, seen = way - share * one.change, seen - share * one.change_seen
        shares.append(share)
    if past:
        last = past[-1]
        scale = np.float32(1 / (last.inverse * float((last.change * last.change_seen).sum(dtype=np.float64))))
        way, seen = way * scale, seen * scale
    for one, share in zip(past, reversed(shares), strict=True):
        back = np.float32(one.inverse * float((one.change_seen * way).sum(dtype=np.float64)))
        way, seen = way + (share - back) * one.step, seen + (share - back) * one.step_seen
    return way, seen


def _remember(
    past: deque[_Step], step: Floats, step_seen: Floats, change: Floats, change_seen: Floats
) -> None:
    curved = float((step * change_seen).sum(dtype=np.float64))
    if curved > 0:
        past.append(
            _Step(
                step.astype(np.float32),
                step_seen.astype(np.float32),
                change,
                change_seen,
                1 / curved,
            )
        )
