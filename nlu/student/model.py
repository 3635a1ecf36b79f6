"""The student: where a sentence lies in the encoder's space, told from its letters alone in about a tenth of a millisecond.

It is a feature for classifiers, not a space to search in. An n-gram that it doesn't know counts for nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlu.errors import ModelError
from nlu.features import Floats
from nlu.student.ngrams import Hashes, ngram_hashes

RESOURCE = Path(__file__).parent / "student.npz"
FORMAT = 1
BATCH = 512
"""Texts that are looked up at once: 10 MB of rows."""
_EPSILON = 1e-5


@dataclass(frozen=True, slots=True)
class Student:
    """Rows of the known n-grams are summed, scaled, and sent through one hidden layer. Safe for several threads."""

    keys: Hashes
    """Hashes of the known n-grams, ascending."""
    rows: NDArray[np.int8]
    scales: Floats
    """A row's numbers times this are its weights."""
    gain: Floats
    bias: Floats
    hidden: Floats
    hidden_bias: Floats
    out: Floats
    out_bias: Floats
    name: str

    @property
    def dimensions(self) -> int:
        """Numbers a vector."""
        return int(self.out.shape[1])

    def encode(self, texts: Sequence[str]) -> Floats:
        """(texts, dimensions), each row of length 1, around the encoder's mean instead of 0."""
        if len(texts) == 1:
            return self._of_one(texts)[None]
        vectors = np.empty((len(texts), self.dimensions), np.float32)
        for start in range(0, len(texts), BATCH):
            part = texts[start : start + BATCH]
            vectors[start : start + len(part)] = self._through(self._summed(part))
        return vectors

    def _of_one(self, texts: Sequence[str]) -> Floats:
        """The same with fewer steps: for one text they would cost as much as its numbers."""
        at, weights, _ = self._known(texts)
        summed: Floats = weights @ self.rows[at].astype(np.float32)
        summed -= np.float32(summed.sum() / len(summed))
        summed *= self.gain * np.float32(1 / math.sqrt(float(summed @ summed) / len(summed) + _EPSILON))
        inner = np.maximum((summed + self.bias) @ self.hidden + self.hidden_bias, 0)
        vector = inner @ self.out + self.out_bias
        result: Floats = vector / np.float32(max(math.sqrt(float(vector @ vector)), 1e-9))
        return result

    def _known(self, texts: Sequence[str]) -> tuple[NDArray[np.int64], Floats, NDArray[np.int64]]:
        """(row of each n-gram, its weight, where each text's begin); unknown ones weigh nothing."""
        hashes, starts = ngram_hashes(texts)
        at = np.minimum(np.searchsorted(self.keys, hashes), len(self.keys) - 1)
        return at, np.where(self.keys[at] == hashes, self.scales[at], np.float32(0)), starts

    def _summed(self, texts: Sequence[str]) -> Floats:
        at, weights, starts = self._known(texts)
        scaled = self.rows[at] * weights[:, None]
        summed: Floats = np.add.reduceat(scaled, starts[:-1], axis=0)
        return summed

    def _through(self, summed: Floats) -> Floats:
        centred = summed - summed.mean(1, keepdims=True)
        spread = np.sqrt((centred * centred).mean(1, keepdims=True) + np.float32(_EPSILON))
        inner = np.maximum((centred / spread * self.gain + self.bias) @ self.hidden + self.hidden_bias, 0)
        vectors = inner @ self.out + self.out_bias
        result: Floats = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
        return result

    def save(self, path: Path) -> None:
        """Write it; the layers in half precision."""
        layers = {name: getattr(self, name).astype(np.float16) for name in _LAYERS}
        np.savez_compressed(
            path,
            format=np.array(FORMAT),
            name=np.array(self.name),
            keys=self.keys,
            rows=self.rows,
            scales=self.scales.astype(np.float16),
            **layers,
        )


_LAYERS = ("gain", "bias", "hidden", "hidden_bias", "out", "out_bias")


@lru_cache(maxsize=1)
def load_student(path: Path = RESOURCE) -> Student:
    """The shipped student, or one of one's own. Raises `ModelError` if the file is damaged or of another format."""
    try:
        # Opened here: numpy leaves a damaged file open.
        with path.open("rb") as file, np.load(file, allow_pickle=False) as data:
            content: dict[str, Any] = {name: data[name] for name in data.files}
        if int(content["format"]) != FORMAT:
            raise ModelError("model_format", f"{path.name} is of another format than this version reads.")
        floats = {name: content[name].astype(np.float32) for name in ("scales", *_LAYERS)}
        return Student(keys=content["keys"], rows=content["rows"], name=str(content["name"]), **floats)
    except ModelError:
        raise
    except Exception as error:
        # zip, zlib and numpy each have errors of their own for a damaged file.
        raise ModelError("model_damaged", f"{path.name} can't be read: {type(error).__name__}.") from error
