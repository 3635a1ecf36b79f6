"""`hashing`: the in-memory twin. Character n-grams hashed into a vector: no model, no meaning, but stable and instant."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np

from encoder.port import Role, Tokens, Vectors

WORDS, WIDTH = 50_000, 64
"""Of tokens: different ones, and numbers of each."""


class HashingEncoder:
    """Texts that share letters are near each other."""

    name = "hashing-256"
    dimensions = 256
    learns_from: Role = "query"
    token_space = "hashing-64"

    def warm_up(self) -> None:
        """Nothing to load."""

    def encode(self, texts: Sequence[str], role: Role = "query") -> Vectors:
        """Counts of hashed 2- and 3-grams, spaces ignored, scaled to length 1."""
        return np.stack([_hashed(text, self.dimensions) for text in texts]) if texts else self._nothing()

    def encode_with_tokens(self, texts: Sequence[str], role: Role = "query") -> tuple[Vectors, list[Tokens]]:
        """As `encode`, and a token a word."""
        return self.encode(texts, role), [_words(text) for text in texts]

    def _nothing(self) -> Vectors:
        return np.zeros((0, self.dimensions), np.float32)


def _hashed(text: str, size: int) -> Vectors:
    vector = np.zeros(size, np.float32)
    letters = f"^{''.join(text.lower().split())}$"
    for length in (2, 3):
        for at in range(len(letters) - length + 1):
            vector[zlib.crc32(letters[at : at + length].encode()) % size] += 1
    result: Vectors = vector / max(float(np.linalg.norm(vector)), 1e-12)
    return result


def _words(text: str) -> Tokens:
    held = {zlib.crc32(word.encode()) % WORDS: word for word in text.lower().split()}
    made = [_hashed(held[piece], WIDTH) for piece in sorted(held)]
    return Tokens(np.array(sorted(held), np.int32), np.array(made, np.float16).reshape(-1, WIDTH))
