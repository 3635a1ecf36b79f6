"""Documents cut into passages: by heading path, then by sentences up to a size; a FAQ entry is one passage."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from knowledge_base.types import Chunk, Document, Section
from korean.morphology import Morphology

SIZE = 400
"""Characters that a passage is filled up to."""


def chunks_of(document: Document, morphology: Morphology) -> list[Chunk]:
    """All passages of a document, in order. Ids stay the same while text and place do."""
    found: list[Chunk] = []
    for section in document.sections:
        for text in _pieces(section, morphology):
            position = len(found)
            digest = hashlib.sha256(f"{document.id}\0{position}\0{text}".encode()).hexdigest()[:12]
            found.append(
                Chunk(
                    id=digest,
                    document_id=document.id,
                    title=document.title,
                    heading=section.heading,
                    text=text,
                    page=section.page,
                    question=section.question,
                    position=position,
                )
            )
    return found


def _pieces(section: Section, morphology: Morphology) -> Iterator[str]:
    if section.question is not None or len(section.text) <= SIZE:
        yield section.text
        return
    piece = ""
    for start, end in morphology.sentences(section.text):
        sentence = section.text[start:end]
        if piece and len(piece) + len(sentence) + 1 > SIZE:
            yield piece
            piece = ""
        piece = f"{piece}\n{sentence}" if piece else sentence
    if piece:
        yield piece
