"""What of a passage is indexed: its heading (title and heading, or the question of a FAQ entry) and its sentences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from knowledge_base.index.sentences import Analysed
from knowledge_base.types import Chunk
from korean.morphology import Morphology

AT_ONCE = 500
"""Passages that are analysed between two words of progress."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """Of all passages, in order."""

    sentences: list[Analysed]
    headings: list[str]
    """The heading of each passage."""
    heading_terms: dict[str, list[str]]

    def terms(self) -> list[list[str]]:
        """All terms of each passage, those of its heading first."""
        return [
            [*self.heading_terms[heading], *(term for _, _, held in sentences for term in held)]
            for heading, sentences in zip(self.headings, self.sentences, strict=True)
        ]


def analyse(
    chunks: Sequence[Chunk], morphology: Morphology, tell: Callable[[float], None] = lambda _: None
) -> Analysis:
    """Morphemes of headings and sentences; `tell` is given the share that is done."""
    sentences: list[Analysed] = []
    # Each term is kept once, however many passages have it.
    once: dict[str, str] = {}
    for start in range(0, len(chunks), AT_ONCE):
        found = morphology.sentences_with_terms([c.text for c in chunks[start : start + AT_ONCE]])
        sentences += [
            [(first, last, [once.setdefault(term, term) for term in held]) for first, last, held in one]
            for one in found
        ]
        tell(len(sentences) / len(chunks))
    headings = [heading_of(chunk) for chunk in chunks]
    unique = list(dict.fromkeys(headings))
    terms = morphology.content_terms_many(unique) if unique else []
    return Analysis(sentences, headings, dict(zip(unique, terms, strict=True)))


def heading_of(chunk: Chunk) -> str:
    """Title, headings and question, as far as there are any and each adds something."""
    parts: list[str] = []
    for part in (chunk.title, *chunk.heading, chunk.question or ""):
        if part and part not in parts:
            parts.append(part)
    return " ".join(parts)


def named(chunk: Chunk) -> str:
    """What a customer would ask to be led here: the question, or title and last heading."""
    if chunk.question:
        return chunk.question
    last = chunk.heading[-1] if chunk.heading else ""
    return chunk.title if last in ("", chunk.title) else f"{chunk.title} {last}".strip()


def text_of(chunk: Chunk) -> str:
    """All of a passage that is searched: its heading counts as much as its words."""
    return "\n".join(
        part for part in (chunk.title, " ".join(chunk.heading), chunk.question or "", chunk.text) if part
    )
