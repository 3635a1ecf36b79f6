"""Utterances that say the same in nearly the same letters: by the n-grams that they share, spaces and marks aside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nlu.features import ngrams

NEAR = 0.8
"""Cosine from which two utterances count as nearly the same: 카드 분실했어요 and 카드를 분실했어요, not 카드 찾았어요."""
_SHORTEST, _LONGEST = 1, 3
_BLOCK = 1_000
"""Rows that are compared at once: 8 MB a thousand others."""


def near_pairs(
    texts: Sequence[str], others: Sequence[str] | None = None, threshold: float = NEAR
) -> list[tuple[int, int, float]]:
    """(index in `texts`, index in `others`, similarity) of all near pairs; `others` None: within `texts`, each pair once."""
    vocabulary: dict[str, int] = {}
    left = _rows(texts, vocabulary)
    right = left if others is None else _rows(others, vocabulary)
    left.resize((left.shape[0], len(vocabulary)))
    turned = right.T.tocsc()
    found: list[tuple[int, int, float]] = []
    for start in range(0, left.shape[0], _BLOCK):
        block = (left[start : start + _BLOCK] @ turned).tocoo()
        near = block.data >= threshold
        for row, column, value in zip(block.row[near], block.col[near], block.data[near], strict=True):
            if others is not None or start + row < column:
                found.append((int(start + row), int(column), min(float(value), 1.0)))
    return sorted(found)


def novelty(texts: Sequence[str], labels: Sequence[int], folds: Any) -> Any:
    """How little each text is like any of its label in another fold, 0 to 1: what a held-out text tells of new ones."""
    rows = _rows(texts, {})
    turned = rows.T.tocsc()
    label, fold = np.asarray(labels), np.asarray(folds)
    found = np.ones(len(texts))
    for start in range(0, len(texts), _BLOCK):
        block = (rows[start : start + _BLOCK] @ turned).tocoo()
        row, column = block.row + start, block.col
        same = (label[row] == label[column]) & (fold[row] != fold[column])
        np.minimum.at(found, row[same], 1 - block.data[same])
    return np.clip(found, 0.0, 1.0)


def near_groups(texts: Sequence[str], threshold: float = NEAR) -> list[int]:
    """A number a text; texts that are near each other, directly or through others, have the same."""
    parents = list(range(len(texts)))

    def root(at: int) -> int:
        while parents[at] != at:
            parents[at] = parents[parents[at]]
            at = parents[at]
        return at

    for one, other, _ in near_pairs(texts, threshold=threshold):
        parents[max(root(one), root(other))] = min(root(one), root(other))
    return [root(at) for at in range(len(texts))]


def _rows(texts: Sequence[str], vocabulary: dict[str, int]) -> Any:
    """A sparse matrix of n-gram counts, damped and scaled to length 1; new n-grams get columns of their own."""
    from scipy.sparse import csr_matrix

    columns: list[int] = []
    values: list[float] = []
    ends = [0]
    for text in texts:
        counts = ngrams(text, _SHORTEST, _LONGEST)
        weights = 1 + np.log(np.fromiter(counts.values(), float, len(counts)))
        weights /= max(float(np.linalg.norm(weights)), 1e-9)
        columns += [vocabulary.setdefault(gram, len(vocabulary)) for gram in counts]
        values += weights.tolist()
        ends.append(len(columns))
    return csr_matrix((values, columns, ends), shape=(len(texts), max(len(vocabulary), 1)))
