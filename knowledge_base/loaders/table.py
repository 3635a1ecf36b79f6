"""Rows of a table as passages: a FAQ list where there are columns for question and answer, else each row with its headers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from knowledge_base.errors import DocumentProblem
from knowledge_base.types import Section

ITEM = "· "
"""Stands before list items and table rows; answers keep such lines apart."""
MAX_ROWS = 50_000
"""Rows that are read of one table; more belongs into a database, not into answers."""
_QUESTION = ("question", "질문", "q", "문의", "질의")
_ANSWER = ("answer", "답변", "답", "a", "응답")
_CATEGORY = ("category", "분류", "카테고리", "구분")

Numbered = tuple[int, Sequence[str]]
"""(number as the program shows it, cells)."""


def row_text(header: Sequence[str], cells: Sequence[str]) -> str:
    """`구분: 신용카드, 수수료: 1.2%` for a row."""
    pairs = [
        f"{header[i]}: {cell}" if i < len(header) and header[i] else cell
        for i, cell in enumerate(cells)
        if cell
    ]
    return ITEM + " ".join(", ".join(pairs).split())


def table_sections(
    rows: Iterable[Numbered], sheet: str = ""
) -> tuple[list[Section], tuple[DocumentProblem, ...]]:
    """(one section a row, what was left out). Lines above the header that fill one cell are its heading.

    Raises `DocumentProblem` where no row could be a header.
    """
    heading: tuple[str, ...] = (sheet,) if sheet else ()
    filled = ((number, [cell.strip() for cell in cells]) for number, cells in rows)
    body = ((number, cells) for number, cells in filled if any(cells))
    header: list[str] | None = None
    for _, cells in body:
        if sum(map(bool, cells)) > 1:
            header = [" ".join(cell.split()) for cell in cells]
            break
        heading = (*heading, " ".join(next(filter(None, cells)).split()))
    if header is None:
        raise DocumentProblem(
            "no_table",
            "No row names the columns.",
            "Name the columns in the first row, such as question and answer (or 질문 and 답변).",
        )
    return _sections(header, body, heading, sheet)


def _sections(
    header: Sequence[str], rows: Iterable[tuple[int, list[str]]], heading: tuple[str, ...], sheet: str
) -> tuple[list[Section], tuple[DocumentProblem, ...]]:
    names = [name.strip().lower() for name in header]
    question, answer, category = _column(names, _QUESTION), _column(names, _ANSWER), _column(names, _CATEGORY)
    faq = question is not None and answer is not None
    sections: list[Section] = []
    half: list[int] = []
    cut = False
    for count, (number, cells) in enumerate(rows):
        if count >= MAX_ROWS:
            cut = True
            break
        place = f"{sheet} 시트 {number}행" if sheet else f"{number}행"
        if not faq:
            sections.append(Section(heading=heading, text=row_text(header, cells), place=place))
            continue
        asked, told = _cell(cells, question), _cell(cells, answer)
        if asked and told:
            under = (*heading, *filter(None, [_cell(cells, category)]))
            sections.append(Section(heading=under, text=told, question=asked, place=place))
        else:
            half.append(number)
    return sections, _gaps(half, cut)


def _column(names: Sequence[str], wanted: Sequence[str]) -> int | None:
    return next((names.index(name) for name in wanted if name in names), None)


def _cell(cells: Sequence[str], column: int | None) -> str:
    return cells[column] if column is not None and column < len(cells) else ""


def _gaps(half: Sequence[int], cut: bool) -> tuple[DocumentProblem, ...]:
    found = []
    if half:
        where = ", ".join(map(str, half[:10])) + (f" and {len(half) - 10} more" if len(half) > 10 else "")
        found.append(
            DocumentProblem(
                "half_entries", f"Question or answer is missing in line {where}.", "Fill or remove them."
            )
        )
    if cut:
        found.append(DocumentProblem("too_many_rows", f"Only {MAX_ROWS} rows were read.", "Split the table."))
    return tuple(found)
