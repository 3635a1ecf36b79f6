"""Slides: each a section under its title, with its tables and the speaker's notes left out."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from knowledge_base.loaders.docx import properties
from knowledge_base.loaders.reading import Reading
from knowledge_base.loaders.table import ITEM, row_text
from knowledge_base.types import Section


def read_pptx(data: bytes) -> Reading:
    """A .pptx file; a section's place is its slide. Notes are for the speaker, and not quoted to customers."""
    from pptx import Presentation

    deck = Presentation(io.BytesIO(data))
    metadata = properties(deck.core_properties)
    title = metadata.pop("title", "")
    sections: list[Section] = []
    for number, slide in enumerate(deck.slides, 1):
        head = slide.shapes.title
        name = " ".join(head.text_frame.text.split()) if head is not None else ""
        if number == 1 and name:
            title = name
        lines = [line for shape in _in_order(slide.shapes) if shape != head for line in _lines(shape)]
        if lines:
            heading = (name,) if name and name != title else ()
            sections.append(Section(heading=heading, text="\n".join(lines), place=f"슬라이드 {number}"))
    return Reading(title, sections, metadata)


def _in_order(shapes: Any) -> list[Any]:
    """From top to bottom, then from left to right, as slides are read; groups keep together."""
    return sorted(shapes, key=lambda shape: (shape.top or 0, shape.left or 0))


def _lines(shape: Any) -> Iterator[str]:
    if shape.shape_type is not None and hasattr(shape, "shapes"):
        for part in _in_order(shape.shapes):
            yield from _lines(part)
    elif getattr(shape, "has_table", False):
        rows = [[" ".join(cell.text.split()) for cell in row.cells] for row in shape.table.rows]
        yield from (row_text(rows[0], row) for row in rows[1:] if any(row))
    elif getattr(shape, "has_text_frame", False):
        paragraphs = [" ".join(part.text.split()) for part in shape.text_frame.paragraphs]
        filled = [text for text in paragraphs if text]
        # One paragraph is a sentence; several are the points of a slide.
        yield from (ITEM + text if len(filled) > 1 else text for text in filled)
