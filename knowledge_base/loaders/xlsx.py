"""Workbooks: FAQ lists and tables, one passage a row with its headers, its place sheet and row."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from knowledge_base.errors import DocumentProblem
from knowledge_base.loaders.docx import properties
from knowledge_base.loaders.faq import TITLE
from knowledge_base.loaders.reading import Reading
from knowledge_base.loaders.table import table_sections
from knowledge_base.types import Section

MAX_COLUMNS = 100
"""A sheet may claim sixteen thousand."""


def read_xlsx(data: bytes) -> Reading:
    """All sheets that are shown; values as they were last calculated. A sheet without a header is told as a gap."""
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    sections: list[Section] = []
    gaps: list[DocumentProblem] = []
    try:
        for sheet in book.worksheets:
            if sheet.sheet_state != "visible":
                continue
            # The size that the file claims is often wrong; without it the rows themselves are read.
            sheet.reset_dimensions()
            rows = _rows(sheet)
            try:
                found, missing = table_sections(rows, sheet.title)
            except DocumentProblem as problem:
                gaps.append(
                    DocumentProblem(problem.code, f"Sheet {sheet.title}: {problem.en}", problem.remedy)
                )
                continue
            sections += found
            gaps += missing
        metadata = properties(book.properties)
    finally:
        book.close()
    if not sections and gaps:
        raise gaps[0]
    faq = any(section.question for section in sections)
    return Reading(metadata.pop("title", "") or (TITLE if faq else ""), sections, metadata, tuple(gaps))


def _rows(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    for number, row in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS), 1):
        yield number, [_shown(cell) for cell in row]


def _shown(cell: Any) -> str:
    """A value as people see it: 0.0325 in a per-cent cell is 3.25%, 55000.0 is 55,000 where the cell says so."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "예" if value else "아니요"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d" if value.time() == time(0) else "%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        return _number(value, str(cell.number_format or ""))
    return str(value)


def _number(value: float, shown_as: str) -> str:
    if "%" in shown_as:
        return f"{round(value * 100, 6):g}%"
    whole = isinstance(value, int) or value.is_integer()
    comma = "," if "," in shown_as else ""
    return format(int(value), f"{comma}d") if whole else format(round(value, 10), f"{comma}")
