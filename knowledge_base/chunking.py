"""Documents cut into passages: by heading path, then by sentences up to a size; a FAQ entry is one passage."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator

from knowledge_base.types import Chunk, Document, Section
from korean.morphology import Morphology

SIZE = 400
"""Characters that a passage is filled up to."""


def chunks_of(document: Document, morphology: Morphology) -> list[Chunk]:
    """All passages of a document, in order. An id stays the same while heading and text do, wherever they move."""
    found: list[Chunk] = []
    seen: Counter[str] = Counter()
    for section in document.sections:
        for text in _pieces(section, morphology):
            key = "\0".join((document.id, *section.heading, section.question or "", text))
            found.append(
                Chunk(
                    id=hashlib.sha256(f"{key}\0{seen[key]}".encode()).hexdigest()[:12],
                    document_id=document.id,
                    title=document.title,
                    heading=section.heading,
                    text=text,
                    page=section.page,
                    place=section.place,
                    question=section.question,
                    position=len(found),
                )
            )
            seen[key] += 1
    return found


def _pieces(section: Section, morphology: Morphology) -> Iterator[str]:
    if section.question is not None or len(section.text) <= SIZE:
        yield section.text
        return
    piece = ""
    for sentence in _sentences(section.text, morphology):
        if piece and len(piece) + len(sentence) + 1 > SIZE:
            yield piece
            piece = ""
        piece = f"{piece}\n{sentence}" if piece else sentence
    if piece:
        yield piece


def _sentences(text: str, morphology: Morphology) -> Iterator[str]:
    """Sentences; one that is longer than a passage is cut between words."""
    for start, end in morphology.sentences(text):
        rest = text[start:end]
        while len(rest) > SIZE:
            cut = rest.rfind(" ", SIZE // 2, SIZE)
            cut = cut if cut > 0 else SIZE
            yield rest[:cut].rstrip()
            rest = rest[cut:].lstrip()
        if rest:
            yield rest
