"""Word, slides and workbooks; archives without dates, so that the same text gives the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import docx
import openpyxl
from openpyxl.styles import Font
from pptx import Presentation
from pptx.util import Inches, Pt

from examples.reference_documents.text import Rows, Text

_DATE = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def word(text: Text) -> bytes:
    """Headings by style, points by list style, tables as tables."""
    document = docx.Document()
    document.core_properties.title = text.title
    document.add_paragraph(text.title, style="Title")
    for part in text.parts:
        if part.heading:
            document.add_paragraph(part.heading, style="Heading 1")
        for block in part.blocks:
            if isinstance(block, str):
                document.add_paragraph(block)
            elif isinstance(block[0], str):
                for point in block:
                    document.add_paragraph(point, style="List Bullet")
            else:
                _fill(document.add_table(len(block), len(block[0]), style="Table Grid"), block)
    return _saved(document)


def slides(text: Text) -> bytes:
    """A title slide, then one a part."""
    deck = Presentation()
    deck.core_properties.title = text.title
    for number, part in enumerate(text.parts):
        slide = deck.slides.add_slide(deck.slide_layouts[1])
        slide.shapes.title.text = part.heading or text.title
        lines = [line for block in part.blocks for line in _lines(block)]
        slide.placeholders[1].text = "\n".join(lines)
        table = next(
            (block for block in part.blocks if isinstance(block, list) and isinstance(block[0], list)), None
        )
        if table is not None:
            if not lines:
                slide.placeholders[1]._element.getparent().remove(slide.placeholders[1]._element)
            frame = slide.shapes.add_table(
                len(table), len(table[0]), Inches(1), Inches(2), Inches(8), Inches(3)
            )
            _fill(frame.table, table)
        if number == 0 and len(lines) == 1:
            slide.placeholders[1].text_frame.paragraphs[0].font.size = Pt(24)
    return _saved(deck)


def _lines(block: Any) -> list[str]:
    if isinstance(block, str):
        return [block]
    return [line for line in block if isinstance(line, str)]


def workbook(text: Text) -> bytes:
    """A sheet a part, its header in bold."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    book.properties.title = text.title
    for part in text.parts:
        sheet = book.create_sheet(part.heading)
        for block in part.blocks:
            for row in block:
                sheet.append(list(row))
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        for column in sheet.columns:
            sheet.column_dimensions[column[0].column_letter].width = 4 + 2 * max(
                len(str(c.value)) for c in column
            )
    return _saved(book)


def _fill(table: Any, rows: Rows) -> None:
    for row, cells in zip(table.rows, rows, strict=True):
        for cell, content in zip(row.cells, cells, strict=True):
            cell.text = content


def _saved(file: Any) -> bytes:
    out = io.BytesIO()
    file.save(out)
    return without_dates(out.getvalue())


def without_dates(data: bytes) -> bytes:
    """The archive packed anew, every date the same."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            info = zipfile.ZipInfo(entry.filename, (1980, 1, 1, 0, 0, 0))
            info.compress_type = entry.compress_type
            content = old.read(entry)
            if entry.filename == "docProps/core.xml":
                content = _DATE.sub(rb"\g<1>2026-11-01T00:00:00Z", content)
            new.writestr(info, content)
    return out.getvalue()
