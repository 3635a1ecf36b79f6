"""In scope or not, as a learned decision of its own: the largest probability of an intent says little about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from nlu.features import Floats
from nlu.intents import Split

RESOURCE = Path(__file__).parent / "resources" / "out_of_scope.txt"
FEATURES = (
    "largest probability",
    "margin",
    "nearest example",
    "nearest stranger",
    "their difference",
    "coverage",
    "share of strangers",
    "out of scope by letters",
)
NEAREST = 3
ACCEPT = 0.95
"""Share of in-scope messages that the decision must accept on held-out data."""
CERTAIN, DOUBTFUL = 0.95, 0.9
"""An intent this likely is not overruled by a score below the second: what is ours in strangers' words (사람 불러줘, as one says
택시 불러줘) is both likely ours and rather strange, while strangers are hardly ever so surely of one intent."""
_LEAST = 1e-3
"""What a text counts at least: all of them may be the same."""


@lru_cache(maxsize=1)
def strangers() -> tuple[str, ...]:
    """Messages that no business assistant should take for its own; ours, written for this."""
    lines = RESOURCE.read_text(encoding="utf-8").splitlines()
    return tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))


@dataclass(slots=True)
class ScopeModel:
    """Logistic regression over `FEATURES`, with banks of vectors to be near to: the student's, or the encoder's."""

    weights: Floats
    bias: float
    mean: Floats
    scale: Floats
    threshold: float
    inside: Floats
    """Vectors of the training examples."""
    outside: Floats
    """Vectors of the strangers."""

    def judge(self, split: Split, vector: Floats, coverage: float, earlier: float = 0.0) -> float:
        """Probability that the message is out of scope; `earlier` is what letters alone made of it."""
        near, far = _nearness_of_one(vector, self.inside), _nearness_of_one(vector, self.outside)
        return self.score(scope_features(split, near, far, coverage, earlier))

    def limit(self, split: Split) -> float:
        """The score from which a message of these probabilities is out of scope."""
        return max(self.threshold, DOUBTFUL) if split.intents.max() >= CERTAIN else self.threshold

    def score(self, row: Floats) -> float:
        """Of one row of `FEATURES`."""
        z = float(((row - self.mean) / self.scale) @ self.weights + self.bias)
        return float(1 / (1 + np.exp(-z)))


def nearness(vectors: Floats, bank: Floats) -> Floats:
    """Mean likeness of each to the three that it is nearest to; 0 where there aren't three."""
    if len(bank) < NEAREST:
        return np.zeros(len(vectors), np.float32)
    result: Floats = np.partition(vectors @ bank.T, -NEAREST, axis=1)[:, -NEAREST:].mean(1)
    return result


def _nearness_of_one(vector: Floats, bank: Floats) -> float:
    """The same for one vector, with fewer steps around its numbers."""
    if len(bank) < NEAREST:
        return 0.0
    likeness = bank @ vector
    likeness.partition(len(bank) - NEAREST)
    return float(likeness[-NEAREST:].sum()) / NEAREST


def scope_features(split: Split, near: float, far: float, coverage: float, earlier: float) -> Floats:
    """How sure the intent is, and whether the message lies nearer to examples (`near`) or to strangers (`far`)."""
    second, first = np.partition(split.intents, -2)[-2:]
    row = [first, first - second, near, far, near - far, coverage, split.stranger, earlier]
    return np.array(row, np.float32)


def fit_scope(
    rows: Floats, is_out: Sequence[bool], worth: Any, inside: Floats, outside: Floats
) -> ScopeModel:
    """Fit on held-out rows; the threshold accepts `ACCEPT` of those in scope, but is never below one half.

    `worth`: how much each row counts.
    """
    from sklearn.linear_model import LogisticRegression

    mean, scale = rows.mean(0), np.maximum(rows.std(0), 1e-6)
    out, worth = np.asarray(is_out), np.asarray(worth) + _LEAST
    model = LogisticRegression(C=1.0, class_weight="balanced", max_iter=500)
    model.fit((rows - mean) / scale, out, worth / worth.mean())
    fitted = ScopeModel(
        np.asarray(model.coef_[0], np.float32), float(model.intercept_[0]), mean, scale, 0.5, inside, outside
    )
    scores = np.array([fitted.score(row) for row in rows[~out]])
    fitted.threshold = float(min(0.95, max(0.5, _quantile(scores, worth[~out], ACCEPT))))
    return fitted


def _quantile(values: Any, worth: Any, share: float) -> float:
    """The smallest value up to which the values have this share of all that they are worth together."""
    order = np.argsort(values)
    reached = np.cumsum(worth[order])
    return float(values[order][np.searchsorted(reached, share * reached[-1])])
