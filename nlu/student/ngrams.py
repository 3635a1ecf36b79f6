"""Hashes of the character n-grams of many texts at once, spaces aside: what the student sees of a sentence."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nlu.features import letters, numbers_alike

LONGEST = 4
"""Characters of the longest n-grams; the shortest have one."""
Hashes = NDArray[np.uint32]
_START = 2_166_136_261
_PRIME, _FOLD, _STIR = np.uint32(16_777_619), np.uint32(15), np.uint32(0x85EBCA6B)
_SALTS = [np.uint32(size * 0x9E3779B9 & 0xFFFFFFFF) for size in range(LONGEST + 1)]


def ngram_hashes(texts: Sequence[str]) -> tuple[Hashes, NDArray[np.int64]]:
    """(hashes of all texts one after the other, where each text's begin; one more, the end). Each text has at least one."""
    if len(texts) == 1:
        found = _of_one(letters(numbers_alike(texts[0])))
        return found, np.array([0, len(found)])
    words = [letters(numbers_alike(text)) for text in texts]
    sizes = np.fromiter(map(len, words), np.int64, len(words))
    codes = np.frombuffer("".join(words).encode("utf-32-le", "surrogatepass"), np.uint32)
    # How many characters of its own text follow each, itself included.
    left = np.repeat(np.cumsum(sizes), sizes) - np.arange(len(codes))
    rows = np.repeat(np.arange(len(words)), sizes)
    hashes, owners = [], []
    rolling = np.full(len(codes), _START, np.uint32)
    for size in range(1, LONGEST + 1):
        rolling = _mixed(rolling[: max(len(codes) - size + 1, 0)], codes[size - 1 :])
        whole = left[: len(rolling)] >= size
        hashes.append(rolling[whole] ^ _SALTS[size])
        owners.append(rows[: len(rolling)][whole])
    found, owner = np.concatenate(hashes), np.concatenate(owners)
    found = found[np.argsort(owner, kind="stable")]
    counts = np.bincount(owner, minlength=len(words))
    return found, np.concatenate([[0], np.cumsum(counts)])


def _of_one(word: str) -> Hashes:
    """The same of a single text, without keeping count of whose each is."""
    codes = np.frombuffer(word.encode("utf-32-le", "surrogatepass"), np.uint32)
    rolling = np.full(len(codes), _START, np.uint32)
    hashes = []
    for size in range(1, min(LONGEST, len(codes)) + 1):
        rolling = _mixed(rolling[: len(codes) - size + 1], codes[size - 1 :])
        hashes.append(rolling ^ _SALTS[size])
    return np.concatenate(hashes)


def _mixed(hashes: Hashes, codes: Hashes) -> Hashes:
    """Each hash with one more character (FNV-1a, then stirred as murmur does)."""
    mixed: Hashes = hashes ^ codes
    mixed *= _PRIME
    mixed ^= mixed >> _FOLD
    mixed *= _STIR
    return mixed
