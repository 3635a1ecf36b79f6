"""A linear model of classes over n-grams and vectors together, learned in seconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nlu.features import Floats

STEPS = 150
"""Of the optimiser at most; the optimum is flat long before."""
PRECISE = 1e-4
"""Largest slope, a text on average, at which it has arrived."""
_REMEMBERED = 6
"""Steps that the optimiser looks back on."""
NEVER = -20.0
"""Score of a class without examples."""


@dataclass(slots=True)
class LinearModel:
    """Scores = features @ weights + bias; `weights` has rows for n-grams, then for vectors, and a column a class."""

    weights: Floats
    bias: Floats

    @classmethod
    def fit(
        cls, grams: Any, vectors: Floats, labels: Sequence[int], classes: int, strength: float
    ) -> LinearModel:
        """Multinomial logistic regression, classes weighted by their rarity, by L-BFGS.

        `grams` is a sparse matrix, `vectors` a dense one, with a row a text: multiplied apart, they cost a fifth of what one
        sparse matrix of both does. `strength` is the inverse of the ridge penalty.
        """
        from scipy.optimize import fmin_l_bfgs_b
        from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

        problem = _Problem(grams, vectors, np.asarray(labels), classes, strength)
        # Small matrices: threads cost twenty times what they gain where cores are shared.
        with threadpool_limits(1):
            found, _, _ = fmin_l_bfgs_b(
                problem.loss,
                np.zeros(problem.rows * problem.columns),
                m=_REMEMBERED,
                pgtol=PRECISE,
                maxiter=STEPS,
            )
        fitted = found.astype(np.float32).reshape(problem.rows, problem.columns)
        weights = np.zeros((problem.rows - 1, classes), np.float32)
        bias = np.full(classes, NEVER, np.float32)
        weights[:, problem.present], bias[problem.present] = fitted[:-1], fitted[-1]
        return cls(weights, bias)

    def scores(self, grams: Any, vectors: Floats) -> Floats:
        """A row a text."""
        count = grams.shape[1]
        result: Floats = grams @ self.weights[:count] + vectors @ self.weights[count:] + self.bias
        return result

    def scaled(self, factor: float) -> LinearModel:
        """The model whose scores are this many times as large."""
        return LinearModel(self.weights * np.float32(factor), self.bias * np.float32(factor))


class _Problem:
    """What is minimised: the weighted mean of the texts' losses, and the ridge penalty."""

    def __init__(self, grams: Any, vectors: Floats, labels: Any, classes: int, strength: float) -> None:
        counts = np.bincount(labels, minlength=classes)
        self.present = np.flatnonzero(counts)
        self.columns = len(self.present)
        self.rows = grams.shape[1] + vectors.shape[1] + 1
        self._grams, self._turned, self._vectors = grams, grams.T.tocsr(), vectors
        self._at = (np.arange(len(labels)), np.searchsorted(self.present, labels))
        self._worth = (1.0 / (self.columns * counts[labels])).astype(np.float32)
        self._penalty = 1.0 / (strength * len(labels))

    def loss(self, flat: Any) -> tuple[float, Any]:
        """Loss and slope, in double precision, as the optimiser wants them."""
        weights = flat.reshape(self.rows, self.columns)
        single = weights.astype(np.float32)
        count = self._grams.shape[1]
        scores = self._grams @ single[:count] + self._vectors @ single[count:-1] + single[-1]
        scores -= scores.max(1, keepdims=True)
        wrong = np.exp(scores)
        sums = wrong.sum(1, keepdims=True)
        loss = float((self._worth * (np.log(sums[:, 0]) - scores[self._at])).sum())
        wrong /= sums
        wrong[self._at] -= 1
        wrong *= self._worth[:, None]
        slope = np.empty_like(weights)
        slope[:count] = self._turned @ wrong
        slope[count:-1] = self._vectors.T @ wrong
        slope[-1] = wrong.sum(0)
        slope[:-1] += self._penalty * weights[:-1]
        return loss + self._penalty / 2 * float((weights[:-1] ** 2).sum()), slope.ravel()
