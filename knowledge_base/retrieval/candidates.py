"""First stage: the passages that may answer, by five views of the whole index, equally weighted.

Each view is scaled to its best hit: morphemes and bigrams of the passage, morphemes and bigrams of the window around it,
and the distance of vectors. What follows looks at the best of them closely.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge_base.index import Index
from knowledge_base.index.dense import Mask
from knowledge_base.lexical import Scores
from knowledge_base.retrieval.query import Query

NEIGHBOURS = 200
"""Passages that the dense view ranks; those beyond are no nearer than chance."""

Rows = NDArray[np.int64]
VIEWS = ("morphemes", "bigrams", "window_morphemes", "window_bigrams", "vectors")


@dataclass(slots=True)
class Candidates:
    """`rows`: passages, the likeliest first. `views`: (candidates, 5), each column scaled to 0..1. `cosines` raw."""

    rows: Rows
    views: NDArray[np.float32]
    cosines: Scores


def candidates(index: Index, query: Query, count: int, allowed: Mask | None = None) -> Candidates:
    """The best passages, of those that `allowed` names if it is given."""
    lexical, windows = index.lexical, index.windows
    views = [
        _scaled(lexical.terms.scores(query.terms), allowed),
        _scaled(lexical.grams.scores(query.letters), allowed),
        _scaled(lexical.window_terms.scores(query.terms)[windows], allowed),
        _scaled(lexical.window_grams.scores(query.letters)[windows], allowed),
    ]
    near = index.dense.nearest(query.vector, min(NEIGHBOURS, len(index.chunks)), allowed)
    total = views[0] + views[1] + views[2] + views[3]
    cosines = index.vectors[near] @ query.vector
    floor, best = (float(cosines.min()), float(cosines.max())) if len(near) else (0.0, 0.0)
    reach = max(best - floor, 1e-6)
    total[near] += (cosines - floor) / reach
    if allowed is not None:
        total[~allowed] = -1.0
    rows = _best(total, count)
    exact = index.vectors[rows] @ query.vector
    dense = np.clip((exact - floor) / reach, 0.0, 1.0)
    return Candidates(rows, np.stack([*(view[rows] for view in views), dense], axis=1), exact)


def _best(total: Scores, count: int) -> Rows:
    """Rows of the highest totals, best first, none below 0."""
    rows = np.argpartition(-total, count)[:count] if len(total) > count else np.arange(len(total))
    rows = rows[total[rows] >= 0]
    return rows[np.argsort(-total[rows], kind="stable")].astype(np.int64)


def _scaled(scores: Scores, allowed: Mask | None) -> Scores:
    """1 at the best; what may not be found must not set the scale either."""
    if allowed is not None:
        scores = np.where(allowed, scores, np.float32(0.0))
    best = float(scores.max(initial=0.0))
    return scores / np.float32(best) if best > 0 else scores
