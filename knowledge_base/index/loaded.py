"""One version of the index, as it is served."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from encoder import Encoder, Vectors
from knowledge_base.index.dense import DenseIndex
from knowledge_base.index.sentences import Sentences
from knowledge_base.index.tokens import PassageTokens
from knowledge_base.index.windows import Windows
from knowledge_base.lexical import Bm25
from knowledge_base.types import Chunk, Document


@dataclass(slots=True)
class Lexical:
    """Morphemes and bigrams, of passages and of windows."""

    terms: Bm25
    grams: Bm25
    window_terms: Bm25
    window_grams: Bm25


@dataclass(slots=True)
class Headings:
    """The different headings of passages: `of[row]` is the heading of a passage."""

    of: NDArray[np.int32]
    texts: list[str]
    terms: list[frozenset[int]]
    """Numbers in the vocabulary of the morphemes."""
    vectors: Vectors
    """(headings, dimensions): each as a question, so that a question can be compared with it."""


@dataclass(slots=True)
class Index:
    """One version, loaded. Read only, safe for several threads; large arrays are memory-mapped."""

    version: str
    documents: dict[str, Document]
    chunks: list[Chunk]
    lexical: Lexical
    windows: Windows
    window_rows: NDArray[np.int64]
    """(windows + 1,): passages of window w are `window_rows[w]` up to `window_rows[w + 1]`."""
    sentences: Sentences
    headings: Headings
    vectors: Vectors
    tokens: PassageTokens
    dense: DenseIndex
    row_of: dict[str, int] = field(default_factory=dict)
    """Row of a passage by its id."""
    prepared: dict[int, Any] = field(default_factory=dict, repr=False, compare=False)
    """What retrieval has made of passages by row: a cache, and nothing else."""


def window_rows(windows: Windows) -> NDArray[np.int64]:
    """Where each window begins, and the end of the last."""
    return np.append(np.flatnonzero(np.diff(windows, prepend=-1)), len(windows)).astype(np.int64)


def empty_index(encoder: Encoder) -> Index:
    """One that holds nothing."""
    nothing = np.zeros((0, encoder.dimensions), np.float32)
    rows = np.zeros(0, np.int32)
    return Index(
        version="",
        documents={},
        chunks=[],
        lexical=Lexical(Bm25([]), Bm25([]), Bm25([]), Bm25([])),
        windows=rows,
        window_rows=window_rows(rows),
        sentences=Sentences.of([], {}),
        headings=Headings(rows, [], [], nothing),
        vectors=nothing,
        tokens=PassageTokens.none(),
        dense=DenseIndex.of(nothing),
    )
