"""Character n-grams of the text without spaces, as sparse rows for training and as plain numpy for serving."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from korean.normalise import compact, compose_jamo, from_wrong_layout, normalise

Floats = NDArray[np.float32]
LONGEST = 400
"""Characters that features and encoder look at: the head of a very long message says what it is about."""


_NUMBER = re.compile(r"\d[\d,.:-]*")


def numbers_alike(text: str) -> str:
    """Every number as 0: its digits say nothing of what is wanted or felt, but would outweigh the words that do."""
    return _NUMBER.sub("0", text)


@lru_cache(maxsize=64)
def letters(text: str) -> str:
    """What features see: keyboard slips turned back, loose letters composed, spaces and marks gone, ends marked."""
    head = text[: LONGEST * 2]
    return f"^{compact(compose_jamo(from_wrong_layout(head)))[:LONGEST]}$"


@lru_cache(maxsize=64)
def marked_letters(text: str) -> str:
    """`letters` with the marks: where a question mark or a comma stands says what kind of sentence it is."""
    head = normalise(compose_jamo(from_wrong_layout(text[: LONGEST * 2]))).lower()
    return f"^{''.join(head.split())[:LONGEST]}$"


def ngrams(text: str, shortest: int, longest: int) -> Counter[str]:
    """Counts of the n-grams of `letters(text)`."""
    return _counted(letters(text), shortest, longest)


def _counted(word: str, shortest: int, longest: int) -> Counter[str]:
    return Counter(
        word[at : at + size] for size in range(shortest, longest + 1) for at in range(len(word) - size + 1)
    )


WEIGHTS = (1.0, 1.0, 0.6, 0.3)
"""What an n-gram of 1, 2, ... letters counts for. The longer ones are many, and mostly of words that happen to stand together."""


@dataclass(slots=True)
class NgramVocabulary:
    """n-gram of `marked_letters` -> column, with its inverse document frequency times what its length counts for."""

    index: dict[str, int]
    idf: Floats

    @classmethod
    def learn(cls, texts: Sequence[str], rare: int = 1) -> NgramVocabulary:
        """From texts; n-grams that occur in fewer than `rare` of them are left out."""
        documents: Counter[str] = Counter()
        for text in texts:
            documents.update(_seen(text).keys())
        kept = sorted(gram for gram, count in documents.items() if count >= rare)
        frequency = np.array([documents[gram] for gram in kept], np.float32)
        # As in scikit-learn's TfidfTransformer with smoothing.
        idf = np.log((1 + len(texts)) / (1 + frequency)) + 1
        idf *= np.array([WEIGHTS[len(gram) - 1] for gram in kept], np.float32)
        return cls({gram: column for column, gram in enumerate(kept)}, idf.astype(np.float32))

    def row(self, text: str) -> tuple[NDArray[np.int64], Floats, float]:
        """(columns, weights scaled to length 1, share of the text's n-grams of 2 and 3 letters that are known)."""
        counts = _seen(text)
        index = self.index
        known = [(index[gram], count) for gram, count in counts.items() if gram in index]
        middle = [gram for gram in counts if 2 <= len(gram) <= 3]
        coverage = sum(gram in index for gram in middle) / len(middle) if middle else 0.0
        if not known:
            return np.zeros(0, np.int64), np.zeros(0, np.float32), coverage
        columns = np.array([column for column, _ in known], np.int64)
        weights = (1 + np.log(np.array([count for _, count in known], np.float32))) * self.idf[columns]
        return columns, (weights / np.linalg.norm(weights)).astype(np.float32), coverage

    def matrix(self, texts: Sequence[str]) -> tuple[Any, Floats]:
        """(a scipy CSR matrix of all rows, how much of each text is known)."""
        from scipy.sparse import csr_matrix

        rows = [self.row(text) for text in texts]
        indptr = np.cumsum([0] + [len(columns) for columns, _, _ in rows])
        columns = np.concatenate([row[0] for row in rows]) if rows else np.zeros(0, np.int64)
        weights = np.concatenate([row[1] for row in rows]) if rows else np.zeros(0, np.float32)
        known = csr_matrix((weights, columns, indptr), shape=(len(texts), len(self.index)))
        return known, np.array([row[2] for row in rows], np.float32)


def _seen(text: str) -> Counter[str]:
    return _counted(marked_letters(numbers_alike(text)), 1, len(WEIGHTS))


def softmax(scores: Floats) -> Floats:
    """Along the last axis."""
    shifted = np.exp(scores - scores.max(axis=-1, keepdims=True))
    result: Floats = shifted / shifted.sum(axis=-1, keepdims=True)
    return result
