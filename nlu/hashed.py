"""A linear yes-or-no model over hashed character n-grams with 8-bit weights: small to ship, fast for every message."""

from __future__ import annotations

import math
import re
import zlib
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from korean.normalise import normalise
from nlu.errors import ModelError
from nlu.features import LONGEST, letters

FORMAT = 2
BITS = 24
"""Of a hash: few of the millions of n-grams of a hundred thousand texts share a bucket."""
SIZES = 6
"""Letters of the longest n-gram."""

_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_FOLD = np.uint64(31)
_TOP = np.uint64(64 - BITS)
_REPEATED = re.compile(r"(.)\1{3,}")
_LARGEST_GAP = 255
_SURE = 30.0
"""Log-odds beyond which nothing changes."""

Hashes = NDArray[np.int64]


def hashed_ngrams(text: str) -> Hashes:
    """The different n-grams of 1 to 6 letters as sorted hashes: of the text as written, and of its letters alone."""
    written = _REPEATED.sub(r"\1\1\1", normalise(text).lower())[:LONGEST]
    found = [*_hashes(f" {written} ", 1), *_hashes(letters(text), 2)]
    return np.unique(np.concatenate(found)).astype(np.int64)


def _hashes(text: str, salt: int) -> list[NDArray[np.uint64]]:
    """One array a size; the hash of a longer n-gram grows out of that of the shorter one."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    hashes = np.full(len(codes), salt, np.uint64)
    found = []
    for size in range(1, min(SIZES, len(codes)) + 1):
        hashes = (hashes[: len(codes) - size + 1] + codes[size - 1 :]) * _STEP
        hashes ^= hashes >> _FOLD
        found.append((hashes * _MIX) >> _TOP)
    return found


@dataclass(slots=True)
class HashedModel:
    """`weights[i]` belongs to hash `keys[i]`; keys are sorted. Calibration is part of `scale` and `bias`."""

    keys: NDArray[np.int64]
    weights: NDArray[np.int8]
    scale: float
    bias: float

    def score(self, hashes: Hashes) -> float:
        """Log-odds of yes for a text with these hashes."""
        at = np.minimum(np.searchsorted(self.keys, hashes), len(self.keys) - 1)
        known = self.keys[at] == hashes
        total = int(self.weights[at[known]].sum(dtype=np.int64))
        return self.scale * total / math.sqrt(max(len(hashes), 1)) + self.bias

    def probability(self, text: str) -> float:
        """Of yes, in 0..1."""
        score = self.score(hashed_ngrams(text))
        return 1 / (1 + math.exp(-min(max(score, -_SURE), _SURE)))

    def save(self, path: Path) -> None:
        """One .npz file: the gaps between keys in a byte each, with empty entries where a gap is larger."""
        gaps = np.diff(self.keys, prepend=0)
        fillers = np.maximum(gaps - 1, 0) // _LARGEST_GAP
        ends = np.cumsum(fillers + 1) - 1
        steps = np.full(int(ends[-1]) + 1, _LARGEST_GAP, np.uint8)
        steps[ends] = gaps - fillers * _LARGEST_GAP
        weights = np.zeros(len(steps), np.int8)
        weights[ends] = self.weights
        calibration = np.array([self.scale, self.bias])
        np.savez_compressed(
            path, format=np.array(FORMAT), steps=steps, weights=weights, calibration=calibration
        )

    @classmethod
    def load(cls, path: Path) -> HashedModel:
        """Raises `ModelError` for a file that is missing, cut short or of another format."""
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as data:
                if int(data["format"]) != FORMAT:
                    raise ModelError("model_version", f"{path.name} has another format.")
                weights = data["weights"]
                used = weights != 0
                keys = np.cumsum(data["steps"], dtype=np.int64)[used]
                scale, bias = map(float, data["calibration"])
                return cls(keys, weights[used], scale, bias)
        except (OSError, ValueError, KeyError, EOFError, IndexError, BadZipFile, zlib.error) as error:
            raise ModelError(
                "model_broken", f"{path.name} can't be read ({type(error).__name__})."
            ) from error
