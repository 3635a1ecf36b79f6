"""Second stage: what a close look at a question and a candidate shows, as numbers between 0 and 1."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from knowledge_base.index import Index
from knowledge_base.lexical import Scores, bigrams, inside, spelled
from knowledge_base.retrieval.answer_kinds import Kinds, holds_kind, kinds_asked
from knowledge_base.retrieval.candidates import VIEWS, Candidates, Rows
from knowledge_base.retrieval.prepared import Passage, prepared
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
    "tokens",
)
REMEMBERED = 2_000
"""Headings whose letters are kept."""
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
    letters = {inside(gram, 2): index.lexical.grams.idf(gram) for gram in dict.fromkeys(query.letters)}
    passages = [prepared(index, int(row)) for row in found.rows]
    kinds = kinds_asked(query.text)
    table = np.zeros((len(found.rows), len(FEATURES)), np.float32)
    table[:, : len(VIEWS)] = found.views
    at = len(VIEWS)
    looks = [_close_look(passage, concepts, letters, kinds) for passage in passages]
    table[:, at : at + 5] = np.array([look[:5] for look in looks], np.float32).reshape(-1, 5)
    runs = {run: inside(run, 3) for run in query.runs}
    table[:, at + 5] = _rarely_shared(
        runs, [{run for run, there in runs.items() if there in passage.spelled} for passage in passages]
    )
    table[:, at + 6] = _rarely_shared(query.pairs, [_pairs(index, passage, query) for passage in passages])
    headings = index.headings.of[found.rows].tolist()
    held = {h: _heading(index, h, concepts, letters) for h in set(headings)}
    table[:, at + 7 : at + 9] = np.array([held[h] for h in headings], np.float32).reshape(-1, 2)
    cosines = index.headings.vectors[headings] @ query.vector
    table[:, at + 9] = np.clip((cosines - HEADING_FLOOR) / (1 - HEADING_FLOOR), 0, 1)
    table[:, at + 10] = [_codes(query, passage.lower) for passage in passages]
    table[:, at + 11] = [look[5] for look in looks]
    table[:, at + 12] = token_match(index, query, found.rows)
    return table


def token_match(index: Index, query: Query, rows: Rows) -> Scores:
    """How near the question's tokens come to the nearest of each passage, rare ones counting more; 0 without tokens."""
    if not len(query.tokens.pieces):
        return np.zeros(len(rows), np.float32)
    weights = index.tokens.rarity(query.tokens.pieces)
    near = index.tokens.nearest(query.tokens, rows.tolist())
    return np.clip(near @ (weights / max(float(weights.sum()), 1e-6)), 0, 1)


def _close_look(
    passage: Passage, concepts: Concepts, letters: Mapping[str, float], kinds: Kinds
) -> tuple[float, float, float, float, float, float]:
    """Coverage by terms, by letters, by the window, by the best sentence's terms and letters; what kind is held."""
    shares = [share(concepts, sentence.terms, sentence.lower) for sentence in passage.sentences]
    return (
        share(concepts, passage.terms, passage.lower),
        held_share(letters, passage.spelled),
        share(concepts, passage.around, passage.lower),
        max(shares, default=0.0),
        max((held_share(letters, sentence.spelled) for sentence in passage.sentences), default=0.0),
        _kind(passage, shares, kinds) if kinds else 0.0,
    )


def _heading(
    index: Index, heading: int, concepts: Concepts, letters: Mapping[str, float]
) -> tuple[float, float]:
    """Coverage of the question by a heading, by terms and by letters."""
    text = index.headings.texts[heading]
    return share(concepts, index.headings.terms[heading], text.lower()), held_share(letters, _spelled(text))


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


def held_share(weights: Mapping[str, float], spelling: str) -> float:
    """Share of the weights whose letters stand in a text that is `spelled`."""
    total = sum(weights.values())
    return sum(weight for there, weight in weights.items() if there in spelling) / total if total else 0.0


def _rarely_shared(wanted: Iterable[Item], held: Sequence[Collection[Item]]) -> Table:
    """What each candidate holds of what is wanted, rare among the candidates counting more; 1 at the best."""
    items = list(wanted)
    often = Counter(item for one in held for item in items if item in one)
    weight = {i: float(np.log(1 + (len(held) - n + 0.5) / (n + 0.5))) for i, n in often.items()}
    sums = np.array([sum(w for item, w in weight.items() if item in one) for one in held], np.float32)
    best = float(sums.max(initial=0.0))
    return sums / np.float32(best) if best > 0 else sums


def _pairs(index: Index, passage: Passage, query: Query) -> frozenset[tuple[str, str]]:
    """Those of the question's neighbouring terms that are neighbours in the passage, too."""
    vocabulary = index.lexical.terms.vocabulary
    return frozenset(
        pair
        for pair in query.pairs
        if (vocabulary.get(pair[0], -1), vocabulary.get(pair[1], -1)) in passage.neighbours
    )


def _kind(passage: Passage, shares: Sequence[float], kinds: Kinds) -> float:
    """Whether the sentence that speaks most of the question, or the next one, holds the kind of thing that is asked for."""
    if not shares:
        return holds_kind(kinds, passage.text)
    best = shares.index(max(shares))
    near = " ".join(sentence.text for sentence in passage.sentences[best : best + 2])
    return max(holds_kind(kinds, near), 0.5 * holds_kind(kinds, passage.text))


def _codes(query: Query, lower: str) -> float:
    """Share of the question's numbers and abbreviations that the passage has."""
    if not query.codes:
        return 0.0
    return sum(code in lower for code in query.codes) / len(query.codes)


@lru_cache(maxsize=REMEMBERED)
def _spelled(text: str) -> str:
    return spelled(text)
