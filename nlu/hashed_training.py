"""Trains a `HashedModel`: a linear support vector machine on n-grams that are weighed by how they divide yes from no.

The weighing is that of Wang and Manning, "Baselines and Bigrams" (2012): the logarithm of how much more often an n-gram
occurs on one side than on the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlu.features import Floats
from nlu.hashed import BITS, HashedModel, hashed_ngrams

KEPT = 3_000_000
"""Weights of a model that are shipped: those that move most texts."""
_HELD_OUT = 10
"""One text in so many is kept from learning to tell how sure a score is."""
_FEW = 30_000
"""Below so many texts each is kept aside once, as a tenth would say little."""


def fit_hashed(
    texts: Sequence[str],
    targets: Sequence[bool],
    *,
    strength: float = 0.5,
    smoothing: float = 0.3,
    rare: int = 2,
    weights: Sequence[float] | None = None,
    kept: int = KEPT,
) -> HashedModel:
    """Learn yes from no. `weights` weigh the texts; n-grams of fewer than `rare` texts are left out.

    Probabilities are calibrated on texts that the model is kept from, then it learns from all.
    """
    matrix = _matrix(texts)
    yes = np.asarray(targets, bool)
    share = np.ones(len(yes), np.float32) if weights is None else np.asarray(weights, np.float32)
    options = (strength, smoothing, rare)
    slope, offset = 4.0, 0.0
    if min(yes.sum(), (~yes).sum()) >= _HELD_OUT:
        parts = _parts(yes)
        scores = np.zeros(len(yes), np.float32)
        asides = [parts == 0] if len(yes) > _FEW else [parts == part for part in range(_HELD_OUT)]
        for aside in asides:
            column, bias = _fit(matrix[~aside], yes[~aside], share[~aside], *options)
            scores[aside] = _scores(matrix[aside], column, bias)
        tested = np.any(asides, axis=0)
        slope, offset = _calibrate(scores[tested], yes[tested], share[tested])
    column, bias = _fit(matrix, yes, share, *options)
    return _rounded(column, bias, np.bincount(matrix.indices, minlength=1 << BITS), slope, offset, kept)


def _parts(yes: NDArray[np.bool_]) -> NDArray[np.int64]:
    """0 to 9 for each text, by chance, each part with its share of both sides."""
    chance, parts = np.random.default_rng(1), np.zeros(len(yes), np.int64)
    for side in (yes, ~yes):
        parts[side] = chance.permutation(int(side.sum())) % _HELD_OUT
    return parts


def _matrix(texts: Sequence[str]) -> Any:
    """scipy CSR: which text has which n-grams, 1 or nothing."""
    from scipy.sparse import csr_matrix

    rows = [hashed_ngrams(text).astype(np.int32) for text in texts]
    indptr = np.cumsum([0] + [len(row) for row in rows])
    ones = np.ones(int(indptr[-1]), np.float32)
    return csr_matrix((ones, np.concatenate(rows), indptr), (len(rows), 1 << BITS))


def _fit(
    matrix: Any, yes: NDArray[np.bool_], share: Floats, strength: float, smoothing: float, rare: int
) -> tuple[Floats, float]:
    """(weight a bucket, bias) for texts scaled to length 1."""
    from sklearn.svm import LinearSVC
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    lengths = np.diff(matrix.indptr)
    of_row, on_yes = np.repeat(share, lengths), np.repeat(yes, lengths)
    here = np.bincount(matrix.indices[on_yes], of_row[on_yes], 1 << BITS) + smoothing
    there = np.bincount(matrix.indices[~on_yes], of_row[~on_yes], 1 << BITS) + smoothing
    ratio = (np.log(here / here.sum()) - np.log(there / there.sum())).astype(np.float32)
    ratio[np.bincount(matrix.indices, minlength=1 << BITS) < rare] = 0
    weighed = matrix.copy()
    weighed.data = np.repeat(1 / np.sqrt(np.maximum(lengths, 1)), lengths).astype(np.float32)
    weighed.data *= ratio[matrix.indices]
    weighed.eliminate_zeros()
    machine = LinearSVC(C=strength, tol=0.05, max_iter=100, random_state=0)
    with threadpool_limits(1):
        machine.fit(weighed, yes, sample_weight=share)
    return (machine.coef_[0] * ratio).astype(np.float32), float(machine.intercept_[0])


def _scores(matrix: Any, column: Floats, bias: float) -> Floats:
    lengths = np.sqrt(np.maximum(np.diff(matrix.indptr), 1))
    return np.asarray((matrix @ column) / lengths + bias, np.float32)


def _calibrate(scores: Floats, yes: NDArray[np.bool_], share: Floats) -> tuple[float, float]:
    """Platt's slope and offset: log-odds = slope * score + offset."""
    from sklearn.linear_model import LogisticRegression

    platt = LogisticRegression(C=1e4).fit(scores[:, None], yes, sample_weight=share)
    return float(platt.coef_[0, 0]), float(platt.intercept_[0])


def _rounded(
    column: Floats, bias: float, texts_of: NDArray[np.int64], slope: float, offset: float, kept: int
) -> HashedModel:
    """The weights that matter most by size and by how many texts have them, in 8 bits."""
    moved = np.abs(column) * np.sqrt(texts_of)
    limit = np.partition(moved, -kept)[-kept] if kept < len(moved) else 0.0
    keys = np.flatnonzero((moved >= limit) & (moved > 0))
    largest = float(np.abs(column[keys]).max()) if len(keys) else 1.0
    weights = np.rint(column[keys] / largest * 127).astype(np.int8)
    keys, weights = keys[weights != 0], weights[weights != 0]
    return HashedModel(keys.astype(np.int64), weights, slope * largest / 127, slope * bias + offset)
