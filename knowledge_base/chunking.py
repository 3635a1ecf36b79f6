"""Documents cut into passages: by heading path, then by sentences up to a size; a FAQ entry is one passage.

Passages overlap only where a part can't stand alone.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator

from knowledge_base.loaders.table import ITEM
from knowledge_base.types import Chunk, Document, Section
from korean.morphology import Morphology

SIZE = 400
"""Characters that a passage is filled up to."""
RULES = 2
"""Raised whenever the same text is cut differently, so that indexes are made anew."""
_LEANS = re.compile(
    r"(다만|단[, ]|이 ?경우|이때|따라서|그래서|그러나|하지만|그런데|또한|이는|이를|그러면|그렇지 않으면)"
)
"""A sentence that begins so says nothing without the one before it: that one is repeated."""
_LEADS = re.compile(r"[:：]$|(다음|아래)(과|와)? ?(같|서류|항목|경우|내용|방법|순서|의)")
"""A line that leads into a list: it is repeated where the list is cut."""


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
    piece, last, lead = "", "", ""
    for sentence in _sentences(section.text, morphology):
        item = sentence.startswith(ITEM)
        if piece and len(piece) + len(sentence) + 1 > SIZE:
            yield piece
            before = lead if item else last if _LEANS.match(sentence) else ""
            piece = before if before and len(before) + len(sentence) + 1 <= SIZE else ""
        piece = f"{piece}\n{sentence}" if piece else sentence
        if not item:
            lead = sentence if _LEADS.search(sentence) else ""
        last = sentence
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
