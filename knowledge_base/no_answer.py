"""Whether the best passage answers the question: a small logistic model over what retrieval saw.

Fitted by `sangdam kb calibrate` for an assistant and kept beside its index, else the shipped no_answer.json, which
`python -m knowledge_base.calibrate` fitted on answerable and unanswerable questions to the reference assistant.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from knowledge_base.index import Index, text_of
from knowledge_base.retrieval import Found, Hit
from knowledge_base.retrieval.candidates import VIEWS
from knowledge_base.retrieval.features import FEATURES as SEEN
from knowledge_base.retrieval.features import concepts_of, share
from knowledge_base.retrieval.other_companies import names_another_company

RESOURCE = Path(__file__).parent / "resources" / "no_answer.json"
FITTED = "no_answer.json"
"""Beside an index: the model fitted for its assistant."""
FEATURES = (
    "cosine",
    "heading_cosine",
    "coverage",
    "letter_coverage",
    "sentence",
    "window_coverage",
    "heading",
    "score",
    "margin",
    "agreement",
    "known",
    "kind",
    "other_company",
    "tokens_known",
)
TYPICAL = 0.71
"""Of `tokens_known`, where the encoder gives no tokens: such as neither speaks for an answer nor against it."""


@dataclass(frozen=True, slots=True)
class NoAnswerModel:
    """`answer_from`, `closest_from`: probabilities from which the outcome is an answer, or a near miss."""

    weights: tuple[float, ...]
    bias: float
    means: tuple[float, ...]
    scales: tuple[float, ...]
    answer_from: float
    closest_from: float
    encoder: str

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> NoAnswerModel:
        """From its JSON. Raises `ValueError` or `KeyError` for one of other features."""
        if tuple(data["features"]) != FEATURES:
            raise ValueError("fitted on other features")
        return cls(
            tuple(map(float, data["weights"])),
            float(data["bias"]),
            tuple(map(float, data["means"])),
            tuple(map(float, data["scales"])),
            float(data["answer_from"]),
            float(data["closest_from"]),
            str(data["fitted_on"]["encoder"]),
        )

    def confidence(self, features: Sequence[float]) -> float:
        """Probability that the best passage answers."""
        z = self.bias
        for value, weight, mean, scale in zip(features, self.weights, self.means, self.scales, strict=True):
            z += weight * (value - mean) / scale
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, z))))


def features_of(index: Index, found: Found) -> list[float]:
    """One row of `FEATURES`; zeros where nothing was found."""
    if not found.hits:
        return [0.0] * len(FEATURES)
    first = found.hits[0]
    seen = dict(zip(SEEN, first.features.tolist(), strict=True))
    # A passage without any heading has none to disagree with.
    bare = not index.headings.texts[index.headings.of[first.row]]
    return [
        first.cosine,
        first.cosine if bare else first.heading_cosine,
        seen["coverage"],
        seen["letter_coverage"],
        seen["sentence"],
        seen["window_coverage"],
        seen["coverage"] if bare else seen["heading"],
        first.score,
        _margin(index, found.hits),
        sum(seen[view] >= 0.999 for view in VIEWS) / len(VIEWS),
        _known(index, found),
        seen["kind"],
        float(names_another_company(index, found.query.text)),
        _tokens_known(index, found),
    ]


def _margin(index: Index, hits: Sequence[Hit]) -> float:
    """Distance to the best hit of another document."""
    first = index.chunks[hits[0].row].document_id
    others = (hit.score for hit in hits[1:] if index.chunks[hit.row].document_id != first)
    return hits[0].score - next(others, 0.0)


def _known(index: Index, found: Found) -> float:
    """Share of the question's concepts, weighted by rarity, that the index knows at all."""
    concepts = concepts_of(index, found.query)
    texts = "\n".join(text_of(index.chunks[hit.row]).lower() for hit in found.hits)
    everything = frozenset[int]().union(*(concept.terms for concept in concepts))
    return share(concepts, everything, texts)


def _tokens_known(index: Index, found: Found) -> float:
    """How near the question's tokens come to any in the passages that were found, rare ones counting more."""
    tokens = found.query.tokens
    if not len(tokens.pieces) or not len(index.tokens.pieces):
        return TYPICAL
    weights = index.tokens.rarity(tokens.pieces)
    near = index.tokens.nearest(tokens, [hit.row for hit in found.hits]).max(axis=0)
    return float(near @ weights / max(float(weights.sum()), 1e-6))


@lru_cache(maxsize=1)
def shipped_model() -> NoAnswerModel:
    """The one that comes with the product."""
    return NoAnswerModel.of(json.loads(RESOURCE.read_text(encoding="utf-8")))


def model_beside(index_dir: Path, encoder_name: str) -> NoAnswerModel:
    """The model fitted for this index; the shipped one where there is none, or it is of another encoder or version."""
    try:
        model = NoAnswerModel.of(json.loads((index_dir / FITTED).read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError):
        return shipped_model()
    return model if model.encoder == encoder_name else shipped_model()
