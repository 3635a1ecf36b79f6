"""Retrieval: candidates by five views, a close look at each, and a reranker that orders them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from encoder import Encoder
from knowledge_base.index import Index, text_of
from knowledge_base.index.dense import Mask
from knowledge_base.retrieval.candidates import candidates
from knowledge_base.retrieval.features import Table, features
from knowledge_base.retrieval.query import Query, make_query
from knowledge_base.retrieval.reranking import LightReranker, Reranker
from knowledge_base.retrieval.synonyms import Synonyms
from korean.morphology import Morphology

LOOKED_AT = 24
"""Candidates that are looked at closely, where no more are asked for."""


@dataclass(slots=True)
class Hit:
    """A passage with what the no-answer decision looks at."""

    row: int
    score: float
    """By the reranker; comparable within one result list."""
    cosine: float
    heading_cosine: float
    features: Table
    """One row of `FEATURES`."""


@dataclass(frozen=True, slots=True)
class Searching:
    """What an assistant chooses of the search."""

    synonyms: Synonyms = field(default_factory=Synonyms)
    reranker: Reranker = field(default_factory=LightReranker)


@dataclass(slots=True)
class Found:
    """The best hits of a question, best first."""

    query: Query
    hits: list[Hit]


class Retriever:
    """Searches one index after another; holds no state of its own."""

    def __init__(
        self,
        encoder: Encoder,
        morphology: Morphology,
        ways: Searching | None = None,
    ) -> None:
        self._encoder = encoder
        self._morphology = morphology
        self._ways = ways or Searching()

    def find(self, index: Index, question: str, k: int, allowed: Mask | None = None) -> Found:
        """The `k` best passages, of those that `allowed` names if it is given."""
        query = make_query(question, self._encoder, self._morphology, self._ways.synonyms)
        if not index.chunks or (allowed is not None and not allowed.any()):
            return Found(query, [])
        found = candidates(index, query, max(k, LOOKED_AT), allowed)
        table = features(index, query, found)
        texts = [text_of(index.chunks[row]) for row in found.rows]
        scores = self._ways.reranker.scores(question, texts, table)
        headings = index.headings.vectors[index.headings.of[found.rows]] @ query.vector
        hits = [
            Hit(
                int(found.rows[at]),
                float(scores[at]),
                float(found.cosines[at]),
                float(headings[at]),
                table[at],
            )
            for at in np.argsort(-scores, kind="stable")[:k]
        ]
        return Found(query, hits)
