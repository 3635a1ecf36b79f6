"""Retrieval: two lexical views and one dense view, each scaled to its best hit, averaged."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from encoder import Encoder, Vectors
from knowledge_base.index import Index
from knowledge_base.lexical import Scores, bigrams
from korean.morphology import Morphology

WEIGHTS = (1.0, 1.0, 1.0)
"""Morphemes, bigrams, vectors. Equal: fitting on the few questions at hand would fit the questions."""
NEIGHBOURS = 1000
"""Passages that the dense view ranks; those beyond are no nearer than chance."""

Mask = NDArray[np.bool_]


@dataclass(slots=True)
class Hit:
    """A passage with what the no-answer decision looks at."""

    row: int
    score: float
    cosine: float
    coverage: float
    """Share of the question's terms that the passage holds."""


@dataclass(slots=True)
class Found:
    """The best hits of a question."""

    terms: list[str]
    vector: Vectors
    hits: list[Hit]


class Retriever:
    """Searches one index after another; holds no state of its own."""

    def __init__(self, encoder: Encoder, morphology: Morphology) -> None:
        self._encoder = encoder
        self._morphology = morphology

    def find(self, index: Index, query: str, k: int, allowed: Mask | None = None) -> Found:
        """The `k` best passages, of those that `allowed` names if it is given."""
        terms = self._morphology.content_terms(query)
        vector = self._encoder.encode([query], "query")[0]
        if not index.chunks or (allowed is not None and not allowed.any()):
            return Found(terms, vector, [])
        cosines, near = _neighbours(index, vector)
        parts = [
            _masked(index.lexical.terms.scores(terms), allowed),
            _masked(index.lexical.grams.scores(bigrams(query)), allowed),
            _masked(cosines, allowed),
        ]
        scaled = [_scaled(parts[0]), _scaled(parts[1]), _scaled(parts[2], floor=float(np.median(near)))]
        total: Scores = np.average(np.stack(scaled), axis=0, weights=WEIGHTS).astype(np.float32)
        if allowed is not None:
            total[~allowed] = -1.0
        hits = [
            Hit(int(row), float(total[row]), float(cosines[row]), index.lexical.coverage(terms, int(row)))
            for row in np.argsort(-total, kind="stable")[:k]
            if total[row] >= 0
        ]
        return Found(terms, vector, hits)


def _neighbours(index: Index, vector: Vectors) -> tuple[Scores, Scores]:
    """(cosine of every passage, cosines of the nearest); a passage beyond the nearest counts as the last of them."""
    count = min(len(index.chunks), NEIGHBOURS)
    near, rows = index.dense.search(vector[None].astype(np.float32), count)
    cosines = np.full(len(index.chunks), near[0][-1], np.float32)
    cosines[rows[0]] = near[0]
    return cosines, near[0]


def _masked(scores: Scores, allowed: Mask | None) -> Scores:
    """What may not be found must not set the scale either."""
    return scores if allowed is None else np.where(allowed, scores, np.float32(0.0))


def _scaled(scores: Scores, floor: float = 0.0) -> Scores:
    """0 at `floor`, 1 at the best."""
    best = float(scores.max(initial=0.0))
    if best <= floor:
        return np.zeros_like(scores)
    scaled: Scores = np.clip((scores - floor) / (best - floor), 0.0, 1.0)
    return scaled
