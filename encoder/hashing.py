"""`hashing`: the in-memory twin. Character n-grams hashed into a vector: no model, no meaning, but stable and instant."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np

from encoder.port import Role, Vectors


class HashingEncoder:
    """Texts that share letters are near each other."""

    name = "hashing-256"
    dimensions = 256
    learns_from: Role = "query"

    def warm_up(self) -> None:
        """Nothing to load."""

    def encode(self, texts: Sequence[str], role: Role = "query") -> Vectors:
        """Counts of hashed 2- and 3-grams, spaces ignored, scaled to length 1."""
        vectors = np.zeros((len(texts), self.dimensions), np.float32)
        for row, text in enumerate(texts):
            letters = f"^{''.join(text.lower().split())}$"
            for size in (2, 3):
                for at in range(len(letters) - size + 1):
                    vectors[row, zlib.crc32(letters[at : at + size].encode()) % self.dimensions] += 1
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
        return vectors
