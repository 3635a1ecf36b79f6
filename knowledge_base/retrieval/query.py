"""A question made ready for the search: its terms with their synonyms, its letters, its vector."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from encoder import Encoder, Tokens, Vectors
from encoder.tokens import encode_with_tokens
from knowledge_base.lexical import bigrams, grams
from knowledge_base.retrieval.everyday import meant_by
from knowledge_base.retrieval.synonyms import Synonyms
from korean.morphology import Morphology
from korean.normalise import normalise

QUESTION_WORDS = frozenset(
    word
    for line in (Path(__file__).parent.parent / "resources" / "question_words.txt")
    .read_text("utf-8")
    .splitlines()
    if not line.startswith("#")
    for word in line.split()
)
"""What is in every question and tells no passage from another."""
_CODE = re.compile(r"[0-9]+(?:[.,][0-9]+)*|[A-Za-z]{2,}[0-9]*")


@dataclass(frozen=True, slots=True)
class Query:
    """A question as the retriever sees it."""

    text: str
    terms: tuple[str, ...]
    """Morphemes in order, with repetitions, and those of synonyms and of what everyday words mean after them."""
    concepts: tuple[tuple[str, ...], ...]
    """What the question is about: each concept by its terms, any of which will do."""
    letters: tuple[str, ...]
    """Bigrams."""
    runs: frozenset[str]
    """Trigrams."""
    pairs: frozenset[tuple[str, str]]
    """Neighbouring morphemes."""
    codes: frozenset[str]
    """Numbers and Latin abbreviations."""
    vector: Vectors
    tokens: Tokens
    """From the same run of the model as the vector; none where the encoder gives none."""


def make_query(text: str, encoder: Encoder, morphology: Morphology, synonyms: Synonyms) -> Query:
    """Analyse and encode a question."""
    own = morphology.content_terms(text)
    others = synonyms.of(text)
    added = [(word, _terms_of(morphology, word)) for word, _ in others]
    meaning = [term for term in dict.fromkeys(own) if term not in QUESTION_WORDS] or list(dict.fromkeys(own))
    vectors, tokens = encode_with_tokens(encoder, [text], "query")
    everyday = meant_by(own)
    added += [(word, _terms_of(morphology, word)) for _, words in everyday for word in words]
    instead = _instead(others, everyday, morphology)
    return Query(
        text=text,
        terms=(*own, *(term for _, terms in added for term in terms)),
        concepts=tuple((term, *instead.get(term, ())) for term in meaning),
        letters=(*bigrams(text), *(gram for word, _ in added for gram in bigrams(word))),
        runs=frozenset(grams(text, 3)),
        pairs=frozenset(pairwise(own)),
        codes=frozenset(_CODE.findall(normalise(text).lower())),
        vector=vectors[0],
        tokens=tokens[0],
    )


@lru_cache(maxsize=4_000)
def _terms_of(morphology: Morphology, word: str) -> tuple[str, ...]:
    """Of a word of a list: the same for every question, and dearer than the rest of the search."""
    return tuple(morphology.content_terms(word))


def _instead(
    synonyms: list[tuple[str, str]], everyday: list[tuple[str, tuple[str, ...]]], morphology: Morphology
) -> dict[str, list[str]]:
    """What may stand for a term: terms of the synonyms of a word that it is of, or the words that it means."""
    found: dict[str, list[str]] = {}
    for other, word in synonyms:
        terms = _terms_of(morphology, other)
        for term in _terms_of(morphology, word):
            found.setdefault(term, []).extend(terms)
    for term, words in everyday:
        found.setdefault(term, []).extend(words)
    return found
