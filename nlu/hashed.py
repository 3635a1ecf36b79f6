"""A linear model over hashed character n-grams with 8-bit weights: small enough to ship, fast enough for every message."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from nlu.errors import ModelError
from nlu.features import Floats, ngrams, softmax

FORMAT = 1


@dataclass(slots=True)
class HashedModel:
    """`weights[bucket, class]` as int8 with one scale a class."""

    labels: tuple[str, ...]
    weights: np.ndarray[tuple[int, int], np.dtype[np.int8]]
    scales: Floats
    bias: Floats
    shortest: int
    longest: int

    def probabilities(self, text: str) -> Floats:
        """One probability a label; uniform-by-bias for text without letters."""
        columns, values = hashed_row(text, len(self.weights), self.shortest, self.longest)
        scores = (values @ self.weights[columns].astype(np.float32)) * self.scales + self.bias
        return softmax(scores.astype(np.float32))

    def save(self, path: Path) -> None:
        """One .npz file."""
        np.savez_compressed(
            path,
            format=np.array(FORMAT),
            labels=np.array(self.labels),
            weights=self.weights,
            scales=self.scales,
            bias=self.bias,
            sizes=np.array([self.shortest, self.longest]),
        )

    @classmethod
    def load(cls, path: Path) -> HashedModel:
        """Raises `ModelError` for a file that is missing, cut short or of another format."""
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as data:
                if int(data["format"]) != FORMAT:
                    raise ModelError("model_version", f"{path.name} has another format.")
                shortest, longest = map(int, data["sizes"])
                labels = tuple(map(str, data["labels"]))
                return cls(labels, data["weights"], data["scales"], data["bias"], shortest, longest)
        except (OSError, ValueError, KeyError, EOFError, BadZipFile, zlib.error) as error:
            raise ModelError(
                "model_broken", f"{path.name} can't be read ({type(error).__name__})."
            ) from error


def hashed_row(
    text: str, buckets: int, shortest: int, longest: int
) -> tuple[np.ndarray[tuple[int], np.dtype[np.int64]], Floats]:
    """(buckets, weights scaled to length 1) of a text's n-grams."""
    counts = ngrams(text, shortest, longest)
    columns = np.fromiter((zlib.crc32(g.encode()) % buckets for g in counts), np.int64, len(counts))
    values = 1 + np.log(np.fromiter(counts.values(), np.float32, len(counts)))
    return columns, (values / max(float(np.linalg.norm(values)), 1e-9)).astype(np.float32)


def fit_hashed(
    texts: Sequence[str],
    labels: Sequence[str],
    names: Sequence[str],
    *,
    buckets: int = 1 << 18,
    shortest: int = 1,
    longest: int = 4,
    strength: float = 4.0,
    weights: Sequence[float] | None = None,
) -> HashedModel:
    """Train by logistic regression and round to 8 bits. `weights` weigh the texts."""
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    rows = [hashed_row(text, buckets, shortest, longest) for text in texts]
    indptr = np.cumsum([0] + [len(columns) for columns, _ in rows])
    matrix = csr_matrix(
        (np.concatenate([r[1] for r in rows]), np.concatenate([r[0] for r in rows]), indptr),
        (len(rows), buckets),
    )
    matrix.sum_duplicates()
    targets = np.array([list(names).index(label) for label in labels])
    model = LogisticRegression(C=strength, max_iter=120, class_weight="balanced", tol=1e-3)
    with threadpool_limits(1):
        model.fit(matrix, targets, sample_weight=None if weights is None else np.asarray(weights))
    coefficients, bias = model.coef_.T, model.intercept_
    if len(names) == 2:
        coefficients, bias = np.hstack([-coefficients, coefficients]) / 2, np.array([-bias[0], bias[0]]) / 2
    scales = np.abs(coefficients).max(0) / 127
    return HashedModel(
        tuple(names),
        np.rint(coefficients / scales).astype(np.int8),
        scales.astype(np.float32),
        np.asarray(bias, np.float32),
        shortest,
        longest,
    )
