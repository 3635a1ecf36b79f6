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
_THREE = r"\1\1\1"
_LARGEST_GAP = 255
_SURE = 30.0
"""Log-odds beyond which nothing changes."""

Hashes = NDArray[np.int64]


def hashed_ngrams(text: str) -> Hashes:
    """The different n-grams of 1 to 6 letters as sorted hashes: of the text as written, and of its letters alone."""
    written = f" {_REPEATED.sub(_THREE, normalise(text).lower())[:LONGEST]} "
    bare = letters(text)
    both = (written + bare).encode("utf-32-le", "surrogatepass")
    codes = np.frombuffer(both, np.uint32).astype(np.uint64)
    border, end = len(written), len(codes)
    hashes = np.ones(end, np.uint64)
    hashes[border:] = 2
    found = []
    # The hash of a longer n-gram grows out of that of the shorter one; none reaches over the border.
    for size in range(1, SIZES + 1):
        hashes = hashes[: end - size + 1] + codes[size - 1 :]
        hashes *= _STEP
        hashes ^= hashes >> _FOLD
        found += [hashes[: max(border - size + 1, 0)], hashes[border:]]
    mixed = np.concatenate(found)
    mixed *= _MIX
    mixed >>= _TOP
    mixed.sort()
    first = np.ones(len(mixed), np.bool_)
    np.not_equal(mixed[1:], mixed[:-1], out=first[1:])
    return mixed[first].astype(np.int64)


def to_probability(log_odds: float) -> float:
    """In 0..1."""
    return 1 / (1 + math.exp(-min(max(log_odds, -_SURE), _SURE)))


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
        return to_probability(self.score(hashed_ngrams(text)))

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
