"""Extractive answers: the FAQ's answer, or the sentences of the passage that answer; never a word of our own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from knowledge_base.index import Index
from knowledge_base.retrieval.answer_kinds import holds_kind, kinds_asked
from knowledge_base.retrieval.query import QUESTION_WORDS
from knowledge_base.types import Chunk, Citation

SNIPPET = 160
"""Characters of a citation's snippet."""
SENTENCES = 3
KIND = 0.6
"""What the kind of thing that is asked for is worth, as a share of all that the question says."""

Spoken = tuple[str, frozenset[int]]
"""A sentence with the numbers of its terms in the index's vocabulary."""


def answer_text(
    chunk: Chunk,
    sentences: Sequence[Spoken],
    weights: Mapping[int, float],
    max_chars: int,
    *,
    question: str = "",
) -> str:
    """The part of the passage that answers, in whole sentences, at most `max_chars` characters.

    It begins at the sentence that holds the most of what is asked, `weights` by term, and the kind of thing that
    `question` asks for (money, a date, an age).
    """
    said = [text for text, _ in sentences]
    if not said:
        return _clip(chunk.text, max_chars)
    if chunk.question is not None or len(chunk.text) <= min(max_chars, 180):
        return _joined(said, 0, max_chars, len(said))
    kinds = kinds_asked(question)

    def worth(at: int) -> tuple[float, int]:
        text, held = sentences[at]
        share = sum(weight for term, weight in weights.items() if term in held)
        return share + KIND * sum(weights.values()) * holds_kind(kinds, text), -at

    best = max(range(len(said)), key=worth)
    # A line that only leads in ("다음과 같아요:") needs what follows, one that starts with "따라서" what stands before.
    start = best - 1 if best > 0 and re.match(r"(따라서|그래서|이 경우|다만|단,|또한)", said[best]) else best
    return _joined(said, start, max_chars, SENTENCES)


def spoken(index: Index, row: int) -> list[Spoken]:
    """The sentences of a passage as the index keeps them: nothing is analysed while a customer waits."""
    text = index.chunks[row].text
    cut = (text[start:end].strip() for start, end in index.sentences.spans_of(row))
    return list(zip(cut, index.sentences.terms_of(row), strict=True))


def asked_for(index: Index, terms: Iterable[str]) -> dict[int, float]:
    """The terms of a question that tell sentences apart, by their rarity; below 0 those that no passage has."""
    vocabulary = index.lexical.terms.vocabulary
    meaning = [term for term in dict.fromkeys(terms) if term not in QUESTION_WORDS]
    return {
        vocabulary.get(term, -at): index.lexical.terms.idf(term) for at, term in enumerate(meaning, start=1)
    }


def _joined(sentences: Sequence[str], start: int, max_chars: int, most: int) -> str:
    """Sentences from `start` on as long as they fit; list items keep their own lines."""
    text = _clip(sentences[start], max_chars)
    taken = 1
    for sentence in sentences[start + 1 :]:
        item = sentence.startswith("·")
        longer = f"{text}{chr(10) if item or text.startswith('·') else ' '}{sentence}"
        if len(longer) > max_chars or (taken >= most and not item):
            break
        text, taken = longer, taken + 1
    return text


def _clip(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def place_of(chunk: Chunk) -> str:
    """Page, slide, row or message, as people say it; empty where a document has none."""
    return chunk.place or (f"{chunk.page}쪽" if chunk.page else "")


def citation_of(chunk: Chunk, text: str) -> Citation:
    """The source as people see it; the snippet is what the answer was taken from."""
    snippet = " ".join((text or chunk.text).split())
    return Citation(
        title=chunk.title,
        source=chunk.document_id,
        snippet=_clip(snippet, SNIPPET),
        document_id=chunk.document_id,
        chunk_id=chunk.id,
        heading=chunk.heading,
        page=chunk.page,
        place=place_of(chunk),
    )
