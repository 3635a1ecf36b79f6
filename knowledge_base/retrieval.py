"""Retrieval: two lexical views and one dense view, each scaled to its best hit, averaged."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from encoder import Encoder, Vectors
from knowledge_base.index import Index
from knowledge_base.lexical import Scores, bigrams
from knowledge_base.types import Passage
from korean.morphology import Morphology

WEIGHTS = (1.0, 1.0, 1.0)
"""Morphemes, bigrams, vectors. Equal: fitting on the few questions at hand would fit the questions."""


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

    def find(self, index: Index, query: str, k: int) -> Found:
        """The `k` best passages."""
        terms = self._morphology.content_terms(query)
        vector = self._encoder.encode([query], "query")[0]
        if not index.chunks:
            return Found(terms, vector, [])
        cosines = np.asarray(index.vectors @ vector, np.float32)
        parts = (
            _scaled(index.lexical.terms.scores(terms)),
            _scaled(index.lexical.grams.scores(bigrams(query))),
            _scaled(cosines, floor=float(np.partition(cosines, len(cosines) // 2)[len(cosines) // 2])),
        )
        total: Scores = np.average(np.stack(parts), axis=0, weights=WEIGHTS).astype(np.float32)
        order = np.argsort(-total)[:k]
        hits = [
            Hit(int(row), float(total[row]), float(cosines[row]), index.lexical.coverage(terms, int(row)))
            for row in order
        ]
        return Found(terms, vector, hits)

    def passages(self, index: Index, query: str, k: int) -> list[Passage]:
        """`find` as plain data."""
        found = self.find(index, query, k)
        return [Passage(chunk=index.chunks[hit.row], score=round(hit.score, 4)) for hit in found.hits]


def _scaled(scores: Scores, floor: float = 0.0) -> Scores:
    """0 at `floor`, 1 at the best."""
    best = float(scores.max(initial=0.0))
    if best <= floor:
        return np.zeros_like(scores)
    scaled: Scores = np.clip((scores - floor) / (best - floor), 0.0, 1.0)
    return scaled
