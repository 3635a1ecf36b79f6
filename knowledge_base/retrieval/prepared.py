"""What a close look needs of a passage whatever the question: made when it is first looked at, and kept while it is popular."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from knowledge_base.index import Index, text_of
from knowledge_base.lexical import spelled

KEPT = 1_000
"""Passages of an index, some 30 KB each."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One of a passage."""

    text: str
    lower: str
    spelled: str
    terms: frozenset[int]


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage with its heading. Terms are numbers in the vocabulary of the morphemes."""

    text: str
    """Without heading."""
    lower: str
    spelled: str
    terms: frozenset[int]
    around: frozenset[int]
    """Also those of the passages around."""
    neighbours: frozenset[tuple[int, int]]
    """Terms that stand next to each other."""
    sentences: tuple[Sentence, ...]


def prepared(index: Index, row: int) -> Passage:
    """From any thread: at worst two make the same."""
    found = index.prepared.get(row)
    if found is None:
        if len(index.prepared) >= KEPT:
            index.prepared.clear()
        found = index.prepared[row] = _prepare(index, row)
    passage: Passage = found
    return passage


def _prepare(index: Index, row: int) -> Passage:
    chunk = index.chunks[row]
    whole = text_of(chunk)
    held = index.sentences.terms_of(row)
    spoken = [chunk.text[start:end] for start, end in index.sentences.spans_of(row)]
    terms = index.headings.terms[index.headings.of[row]].union(*held)
    return Passage(
        text=chunk.text,
        lower=whole.lower(),
        spelled=spelled(whole),
        terms=terms,
        around=_window_terms(index, row) | terms,
        neighbours=_neighbours(index, row),
        sentences=tuple(
            Sentence(text, text.lower(), spelled(text), own) for text, own in zip(spoken, held, strict=True)
        ),
    )


def _window_terms(index: Index, row: int) -> frozenset[int]:
    """All terms of the passages around."""
    window = index.windows[row]
    first, last = index.window_rows[window], index.window_rows[window + 1]
    spread = index.sentences
    start, end = spread.start[spread.first[first]], spread.start[spread.first[last]]
    return frozenset(spread.terms[start:end].tolist())


def _neighbours(index: Index, row: int) -> frozenset[tuple[int, int]]:
    spread = index.sentences
    start, end = spread.start[spread.first[row]], spread.start[spread.first[row + 1]]
    return frozenset(pairwise(spread.terms[start:end].tolist()))
