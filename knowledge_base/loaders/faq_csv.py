"""FAQ lists as CSV: columns question and answer (or 질문 and 답변), a category kept as the heading."""

from __future__ import annotations

import csv
import io

from knowledge_base.errors import DocumentProblem
from knowledge_base.loaders.reading import Reading
from knowledge_base.loaders.text import decode
from knowledge_base.types import Section

_QUESTION = ("question", "질문", "q")
_ANSWER = ("answer", "답변", "답", "a")
_CATEGORY = ("category", "분류", "카테고리")
TITLE = "자주 묻는 질문"


def read_faq(data: bytes) -> Reading:
    """One section an entry. Raises `DocumentProblem` without the two columns; half-filled rows are told as gaps."""
    rows = csv.DictReader(io.StringIO(decode(data), newline=""))
    names = {(name or "").strip().lower(): name for name in rows.fieldnames or []}
    question, answer = _column(names, _QUESTION), _column(names, _ANSWER)
    if question is None or answer is None:
        raise DocumentProblem(
            "no_faq_columns",
            f"The columns are {', '.join(names) or 'missing'}.",
            "Name two columns question and answer (or 질문 and 답변).",
        )
    category = _column(names, _CATEGORY)
    sections, half = [], []
    for row in rows:
        asked, told = (row.get(question) or "").strip(), (row.get(answer) or "").strip()
        if asked and told:
            heading = ((row.get(category) or "").strip(),) if category else ()
            sections.append(Section(heading=tuple(filter(None, heading)), text=told, question=asked))
        elif asked or told:
            half.append(rows.line_num)
    return Reading(TITLE, sections, gaps=_gaps(half))


def _column(names: dict[str, str], wanted: tuple[str, ...]) -> str | None:
    return next((names[name] for name in wanted if name in names), None)


def _gaps(lines: list[int]) -> tuple[DocumentProblem, ...]:
    if not lines:
        return ()
    where = ", ".join(map(str, lines[:10]))
    return (
        DocumentProblem(
            "half_entries", f"Question or answer is missing in line {where}.", "Fill or remove them."
        ),
    )
