"""FAQ lists and tables as CSV, and FAQ lists as JSON lines."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from knowledge_base.errors import DocumentProblem
from knowledge_base.loaders.reading import Reading
from knowledge_base.loaders.table import MAX_ROWS, table_sections
from knowledge_base.loaders.text import decode
from knowledge_base.types import Section

TITLE = "자주 묻는 질문"
_SEPARATORS = ",;\t|"


def read_csv(data: bytes) -> Reading:
    """One section a row, its place the line of the file. Raises `DocumentProblem` without named columns."""
    text = decode(data)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text))
    try:
        sections, gaps = table_sections((rows.line_num, row) for row in rows)
    except csv.Error as error:
        raise DocumentProblem("bad_csv", f"{error}.", "Save it anew as CSV.", line=rows.line_num) from None
    title = TITLE if any(section.question for section in sections) else ""
    return Reading(title, sections, gaps=gaps)


def _separator(text: str) -> str:
    """The sign that parts the first line into most cells; a comma where none does."""
    first = text.partition("\n")[0]
    return max(_SEPARATORS, key=first.count)


def read_faq_lines(data: bytes) -> Reading:
    """JSON lines `{"question", "answer", "category"?}`. Raises `DocumentProblem` where no line is one."""
    sections: list[Section] = []
    bad: list[int] = []
    for number, line in enumerate(decode(data).splitlines()[:MAX_ROWS], 1):
        if not line.strip():
            continue
        section = _entry(line, number)
        if section is None:
            bad.append(number)
        else:
            sections.append(section)
    expected = '{"question": "…", "answer": "…", "category": "…"}'
    if not sections:
        raise DocumentProblem("no_faq_entries", "No line is an entry of a FAQ list.", expected)
    gaps: tuple[DocumentProblem, ...] = ()
    if bad:
        where = ", ".join(map(str, bad[:10]))
        gaps = (DocumentProblem("half_entries", f"No entry in line {where}.", expected),)
    return Reading(TITLE, sections, gaps=gaps)


def _entry(line: str, number: int) -> Section | None:
    try:
        item: Any = json.loads(line)
        asked, told, category = item["question"], item["answer"], item.get("category")
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if not (isinstance(asked, str) and isinstance(told, str) and asked.strip() and told.strip()):
        return None
    heading = (category.strip(),) if isinstance(category, str) and category.strip() else ()
    return Section(heading=heading, text=told.strip(), question=asked.strip(), place=f"{number}행")
