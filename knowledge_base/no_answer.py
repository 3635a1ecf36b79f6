"""Whether the best passage answers the question: a small logistic model over what retrieval saw.

Fitted by `python -m knowledge_base.calibrate` on answerable and unanswerable questions; shipped as no_answer.json.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from knowledge_base.retrieval import Hit

RESOURCE = Path(__file__).parent / "resources" / "no_answer.json"
FEATURES = ("cosine", "coverage", "score", "margin", "terms")


@dataclass(frozen=True, slots=True)
class NoAnswerModel:
    """`answer_from`, `closest_from`: probabilities from which the outcome is an answer, or a near miss."""

    weights: tuple[float, ...]
    bias: float
    means: tuple[float, ...]
    scales: tuple[float, ...]
    answer_from: float
    closest_from: float

    def confidence(self, features: Sequence[float]) -> float:
        """Probability that the best passage answers."""
        z = self.bias
        for value, weight, mean, scale in zip(features, self.weights, self.means, self.scales, strict=True):
            z += weight * (value - mean) / scale
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, z))))


def features_of(hits: Sequence[Hit], terms: Sequence[str]) -> list[float]:
    """One row of `FEATURES`."""
    first = hits[0]
    second = hits[1].score if len(hits) > 1 else 0.0
    return [first.cosine, first.coverage, first.score, first.score - second, min(len(terms), 8) / 8]


@lru_cache(maxsize=1)
def no_answer_model() -> NoAnswerModel:
    """The shipped model."""
    data = json.loads(RESOURCE.read_text(encoding="utf-8"))
    return NoAnswerModel(
        tuple(data["weights"]),
        data["bias"],
        tuple(data["means"]),
        tuple(data["scales"]),
        data["answer_from"],
        data["closest_from"],
    )
