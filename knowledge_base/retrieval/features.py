"""Second stage: what a close look at a question and a candidate shows, as numbers between 0 and 1."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from knowledge_base.index import Index, text_of
from knowledge_base.lexical import bigrams, grams
from knowledge_base.retrieval.answer_kinds import holds_kind, kinds_asked
from knowledge_base.retrieval.candidates import VIEWS, Candidates
from knowledge_base.retrieval.query import Query

FEATURES = (
    *VIEWS,
    "coverage",
    "letter_coverage",
    "window_coverage",
    "sentence",
    "sentence_letters",
    "runs",
    "pairs",
    "heading",
    "heading_letters",
    "heading_vector",
    "codes",
    "kind",
)
REMEMBERED = 2_000
"""Texts whose letters are kept: popular passages come again and again."""
HEADING_FLOOR = 0.8
"""Cosine of a question and a heading that have nothing in common, about."""

Table = NDArray[np.float32]
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Concept:
    """What a question is about, as the index knows it. A word that was cut differently there is found by its letters."""

    terms: frozenset[int]
    """Numbers in the vocabulary of the morphemes; empty if it knows none of them."""
    words: tuple[str, ...]
    """The terms as written, those of two letters and more."""
    weight: float
    """By rarity."""

    def held(self, terms: frozenset[int], text: str) -> bool:
        """Whether a text says it: by a term, or by the letters of one."""
        return not terms.isdisjoint(self.terms) or any(word in text for word in self.words)


Concepts = Sequence[Concept]


def features(index: Index, query: Query, found: Candidates) -> Table:
    """Shape (candidates, features)."""
    concepts = concepts_of(index, query)
    letters = {gram: index.lexical.grams.idf(gram) for gram in dict.fromkeys(query.letters)}
    columns = [_close_look(index, int(row), query, concepts, letters) for row in found.rows]
    texts = [text_of(index.chunks[row]) for row in found.rows]
    table = np.zeros((len(found.rows), len(FEATURES)), np.float32)
    table[:, : len(VIEWS)] = found.views
    at = len(VIEWS)
    table[:, at : at + 5] = np.array(columns, np.float32).reshape(-1, 5)
    table[:, at + 5] = _rarely_shared(query.runs, [_letters(text, 3) for text in texts])
    table[:, at + 6] = _rarely_shared(query.pairs, [_pairs(index, int(row), query) for row in found.rows])
    headings = index.headings.of[found.rows]
    held = {int(at): index.headings.terms[at] for at in set(headings.tolist())}
    table[:, at + 7] = [share(concepts, held[int(h)], index.headings.texts[h].lower()) for h in headings]
    table[:, at + 8] = [held_share(letters, _letters(index.headings.texts[h], 2)) for h in headings]
    cosines = index.headings.vectors[headings] @ query.vector
    table[:, at + 9] = np.clip((cosines - HEADING_FLOOR) / (1 - HEADING_FLOOR), 0, 1)
    table[:, at + 10] = [_codes(query, text) for text in texts]
    table[:, at + 11] = [_kind(index, int(row), concepts, query) for row in found.rows]
    return table


def _close_look(
    index: Index, row: int, query: Query, concepts: Concepts, letters: Mapping[str, float]
) -> tuple[float, float, float, float, float]:
    """Coverage by terms, by letters, by the window, by the best sentence's terms and letters."""
    chunk = index.chunks[row]
    sentences = index.sentences.terms_of(row)
    heading = index.headings.terms[index.headings.of[row]]
    held = heading.union(*sentences)
    whole = text_of(chunk)
    spoken = [chunk.text[start:end] for start, end in index.sentences.spans_of(row)]
    lower = whole.lower()
    return (
        share(concepts, held, lower),
        held_share(letters, _letters(whole, 2)),
        share(concepts, _window_terms(index, row) | held, lower),
        max((share(concepts, t, s.lower()) for t, s in zip(sentences, spoken, strict=True)), default=0.0),
        max((held_share(letters, _letters(sentence, 2)) for sentence in spoken), default=0.0),
    )


def concepts_of(index: Index, query: Query) -> list[Concept]:
    """The concepts of a question; one that no passage knows keeps the full weight of what is rare."""
    vocabulary = index.lexical.terms.vocabulary
    return [
        Concept(
            frozenset(vocabulary[term] for term in concept if term in vocabulary),
            tuple(term for term in concept if len(term) > 1),
            min(_rarity(index, term) for term in concept),
        )
        for concept in query.concepts
    ]


def _rarity(index: Index, term: str) -> float:
    """Weight of a term; of its rarest pair of letters where no passage has it as a term of its own."""
    if term in index.lexical.terms.vocabulary or len(term) < 2:
        return index.lexical.terms.idf(term)
    return max(index.lexical.grams.idf(pair) for pair in bigrams(term))


def share(concepts: Concepts, terms: frozenset[int], text: str) -> float:
    """Share of the question's concepts, weighted by rarity, that a text with these terms says."""
    total = sum(concept.weight for concept in concepts)
    held = sum(concept.weight for concept in concepts if concept.held(terms, text))
    return held / total if total else 0.0


def held_share(weights: Mapping[str, float], held: frozenset[str]) -> float:
    """Share of the weights whose item is held."""
    total = sum(weights.values())
    return sum(weight for item, weight in weights.items() if item in held) / total if total else 0.0


def _window_terms(index: Index, row: int) -> frozenset[int]:
    """All terms of the passages around."""
    window = index.windows[row]
    first, last = index.window_rows[window], index.window_rows[window + 1]
    spread = index.sentences
    start, end = spread.start[spread.first[first]], spread.start[spread.first[last]]
    return frozenset(spread.terms[start:end].tolist())


def _rarely_shared(wanted: Iterable[Item], held: Sequence[frozenset[Item]]) -> Table:
    """What each candidate holds of what is wanted, rare among the candidates counting more; 1 at the best."""
    items = list(wanted)
    often = Counter(item for one in held for item in items if item in one)
    weight = {i: float(np.log(1 + (len(held) - n + 0.5) / (n + 0.5))) for i, n in often.items()}
    sums = np.array([sum(w for item, w in weight.items() if item in one) for one in held], np.float32)
    best = float(sums.max(initial=0.0))
    return sums / np.float32(best) if best > 0 else sums


def _pairs(index: Index, row: int, query: Query) -> frozenset[tuple[str, str]]:
    """Those of the question's neighbouring terms that are neighbours in a sentence of the passage, too."""
    vocabulary, spread = index.lexical.terms.vocabulary, index.sentences
    start, end = spread.start[spread.first[row]], spread.start[spread.first[row + 1]]
    terms = spread.terms[start:end].tolist()
    there = set(pairwise(terms))
    return frozenset(
        pair for pair in query.pairs if (vocabulary.get(pair[0], -1), vocabulary.get(pair[1], -1)) in there
    )


def _kind(index: Index, row: int, concepts: Concepts, query: Query) -> float:
    """Whether the sentence that speaks most of the question, or the next one, holds the kind of thing that is asked for."""
    kinds = kinds_asked(query.text)
    if not kinds:
        return 0.0
    text = index.chunks[row].text
    spans = index.sentences.spans_of(row)
    spoken = [text[start:end] for start, end in spans]
    shares = [
        share(concepts, terms, sentence.lower())
        for terms, sentence in zip(index.sentences.terms_of(row), spoken, strict=True)
    ]
    if not shares:
        return holds_kind(kinds, text)
    best = shares.index(max(shares))
    return max(holds_kind(kinds, " ".join(spoken[best : best + 2])), 0.5 * holds_kind(kinds, text))


def _codes(query: Query, text: str) -> float:
    """Share of the question's numbers and abbreviations that the passage has."""
    if not query.codes:
        return 0.0
    lower = text.lower()
    return sum(code in lower for code in query.codes) / len(query.codes)


@lru_cache(maxsize=REMEMBERED)
def _letters(text: str, size: int) -> frozenset[str]:
    return frozenset(bigrams(text) if size == 2 else grams(text, size))
