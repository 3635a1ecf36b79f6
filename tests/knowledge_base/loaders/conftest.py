"""Office files made on the spot."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import docx
import openpyxl
import pytest
from pptx import Presentation
from pptx.util import Inches


def _word(*blocks: tuple[str, Any], title: str = "") -> bytes:
    """A .docx of (style, text) paragraphs; style `table` takes rows."""
    document = docx.Document()
    document.core_properties.title = title
    for style, content in blocks:
        if style == "table":
            table = document.add_table(len(content), len(content[0]))
            for row, cells in zip(table.rows, content, strict=True):
                for cell, text in zip(row.cells, cells, strict=True):
                    cell.text = text
        else:
            document.add_paragraph(content, style=style)
    return _bytes(document)


def _slides(*pages: tuple[str, Sequence[str]], table: Sequence[Sequence[str]] = (), notes: str = "") -> bytes:
    """A .pptx of (title, points); a table and the speaker's notes go on the last slide."""
    deck = Presentation()
    slide: Any = None
    for title, points in pages:
        slide = deck.slides.add_slide(deck.slide_layouts[1])
        slide.shapes.title.text = title
        slide.placeholders[1].text = "\n".join(points)
    if table:
        frame = slide.shapes.add_table(len(table), len(table[0]), Inches(1), Inches(5), Inches(6), Inches(1))
        for row, cells in zip(frame.table.rows, table, strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = text
    if notes:
        slide.notes_slide.notes_text_frame.text = notes
    return _bytes(deck)


def _workbook(sheets: Mapping[str, Sequence[Sequence[Any]]], hidden: Sequence[str] = ()) -> bytes:
    """An .xlsx of sheets; a cell may be (value, number format)."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for y, row in enumerate(rows, 1):
            for x, value in enumerate(row, 1):
                cell = sheet.cell(y, x)
                if isinstance(value, tuple):
                    cell.value, cell.number_format = value
                else:
                    cell.value = value
        if name in hidden:
            sheet.sheet_state = "hidden"
    return _bytes(book)


def _bytes(file: Any) -> bytes:
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


@pytest.fixture(scope="session")
def word() -> Callable[..., bytes]:
    """Makes a .docx, see `_word`."""
    return _word


@pytest.fixture(scope="session")
def slides() -> Callable[..., bytes]:
    """Makes a .pptx, see `_slides`."""
    return _slides


@pytest.fixture(scope="session")
def workbook() -> Callable[..., bytes]:
    """Makes an .xlsx, see `_workbook`."""
    return _workbook
