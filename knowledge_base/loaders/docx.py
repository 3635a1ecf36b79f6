"""Word files: paragraphs and tables in their order, headings by style, or by numbering where no style is used."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from knowledge_base.errors import DocumentProblem
from knowledge_base.loaders.metadata import checked
from knowledge_base.loaders.outline import Outline, looks_like_heading
from knowledge_base.loaders.reading import Reading
from knowledge_base.loaders.table import ITEM, row_text

_STYLE = re.compile(r"^(?:heading|제목|개요)\s*(\d)$", re.I)
_LIST = re.compile(r"list|목록|글머리", re.I)


def read_docx(data: bytes) -> Reading:
    """A .docx file; title, version and language from its properties where the text has no title."""
    import docx
    from docx.table import Table

    document = docx.Document(io.BytesIO(data))
    blocks = list(document.iter_inner_content())
    styled = any(_level(block) for block in blocks if not isinstance(block, Table))
    outline = Outline()
    for block in blocks:
        if isinstance(block, Table):
            for row in table_rows(block):
                outline.line(row)
            continue
        text = " ".join(block.text.split())
        if not text:
            continue
        level = _level(block) or (0 if styled else _guessed(text, outline))
        if level:
            outline.head(level, text)
        else:
            outline.line(ITEM + text if _is_item(block) else text)
    outline.close()
    metadata = properties(document.core_properties)
    return Reading(outline.title or metadata.pop("title", ""), outline.sections, metadata)


def _level(paragraph: Any) -> int:
    """1 for the title and headings of the first level, 2 and on for those below, 0 for text."""
    name = (paragraph.style.name if paragraph.style is not None else "") or ""
    if name.lower() in ("title", "제목"):
        return 1
    found = _STYLE.match(name)
    return int(found.group(1)) if found else 0


def _guessed(text: str, outline: Outline) -> int:
    first = not outline.title and not outline.sections
    if first and len(text) <= 50 and not text.endswith((".", "?", "!")):
        return 1
    return 2 if looks_like_heading(text) else 0


def _is_item(paragraph: Any) -> bool:
    style = paragraph.style.name if paragraph.style is not None else ""
    return bool(_LIST.search(style or "")) or paragraph._p.find(".//" + _NUMBERING) is not None


_NUMBERING = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}numPr"


def table_rows(table: Any) -> Iterator[str]:
    """Rows with the headers of the first one. A cell that spans columns or rows stands once a row."""
    rows = [_cells(row) for row in table.rows]
    if len(rows) == 1:
        yield row_text([], rows[0])
    for row in rows[1:]:
        if any(row):
            yield row_text(rows[0], row)


def _cells(row: Any) -> list[str]:
    texts: list[str] = []
    seen: set[Any] = set()
    for cell in row.cells:
        texts.append("" if cell._tc in seen else " ".join(cell.text.split()))
        seen.add(cell._tc)
    return texts


def properties(core: Any) -> dict[str, str]:
    """Title, version and language as office programs keep them; a language that is none is left out."""
    found = {"title": core.title, "version": core.version, "language": core.language}
    filled = {key: str(value).strip() for key, value in found.items() if value and str(value).strip()}
    try:
        return checked(filled)
    except DocumentProblem:
        filled.pop("language", None)
        return filled
