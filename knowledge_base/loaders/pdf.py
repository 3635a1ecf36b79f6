"""PDF: text by pypdfium2, headings by the size of letters, tables by pdfplumber; headers and footers are dropped.

Pages that hold only pictures are told; a file in which all do is refused.
"""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Sequence
from statistics import median
from typing import Any

from knowledge_base.errors import DocumentProblem
from knowledge_base.loaders.pdf_page import Box, Line, in_reading_order, lines_of
from knowledge_base.loaders.reading import BREAK, Reading
from knowledge_base.loaders.table import row_text
from knowledge_base.types import Section

LARGER = 1.15
"""A line whose letters are so many times the usual size is a heading."""
SAME = 1.05
"""Sizes that differ by less are one level of headings."""
HEADING_LENGTH = 60
EDGE = 2
"""Lines at the head and foot of a page among which headers and footers are looked for."""
_STOP = re.compile(r"[.!?:)\]」』]$")
_ENDING = re.compile(r"[다요음함됨임]$")
"""Ends a sentence without a stop, or a word that was broken: only a line that isn't full tells."""
_NEW = re.compile(r"^([·•▪■□○●◆※\-–*]|\d+[.)]|[가-하][.)]|[①-⑳]|제\s*\d+\s*[조장절항])")
_ARTICLE = re.compile(r"^제\s*\d+\s*[조장절](의\s*\d+)?\s*(\([^)]*\))?$")
_NUMBER = re.compile(r"^[-–\s]*\d+(\s*[/|]\s*\d+)?[-–\s]*(쪽|페이지)?$")


def read_pdf(data: bytes) -> Reading:
    """Sections by heading and page. Raises `DocumentProblem` for a broken, encrypted or wholly scanned file."""
    pages, tables = _open(data)
    empty = [number for number, page in enumerate(pages, 1) if not page and not tables.get(number)]
    if len(empty) == len(pages):
        raise _scanned("No page holds text")
    pages = _without_repeats(pages)
    usual = _usual_size(pages)
    title = _title(pages, usual)
    outline = _Outline(usual)
    for number, page in enumerate(pages, 1):
        outline.page(number, [line for line in page if line is not title], tables.get(number, []))
    gaps = (_scanned(f"Only pictures on page {', '.join(map(str, empty[:20]))}"),) if empty else ()
    return Reading(title.text if title else "", outline.sections, gaps=gaps)


def _scanned(what: str) -> DocumentProblem:
    return DocumentProblem("scanned_pdf", f"{what}.", "Run text recognition over it.")


def _open(data: bytes) -> tuple[list[list[Line]], dict[int, list[tuple[Box, list[str]]]]]:
    """Lines of each page in reading order, those of tables left out; and the tables by page."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise DocumentProblem("encrypted", "It has a password.", "Save it without a password.") from None
        raise DocumentProblem("broken_pdf", f"It can't be opened: {error}", "Save it anew.") from None
    pages, ruled = [], []
    try:
        for number, page in enumerate(document, 1):
            pages.append(lines_of(page))
            if _has_rules(page):
                ruled.append(number)
            page.close()
    finally:
        document.close()
    tables = _tables(data, ruled)
    for number, found in tables.items():
        pages[number - 1] = [line for line in pages[number - 1] if not _inside(line, found)]
    return [in_reading_order(page) for page in pages], tables


def _has_rules(page: Any) -> bool:
    """Whether anything is drawn: without rules there is no table to be found, and looking is slow."""
    import pypdfium2.raw as raw

    return any(True for _ in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=3))


def _tables(data: bytes, numbers: Sequence[int]) -> dict[int, list[tuple[Box, list[str]]]]:
    """(place, rows as sentences) of the tables with rules on these pages."""
    if not numbers:
        return {}
    import pdfplumber

    # Fonts without a bounding box are legal and common; text comes out right.
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    found: dict[int, list[tuple[Box, list[str]]]] = {}
    with pdfplumber.open(io.BytesIO(data), pages=list(numbers)) as document:
        for page in document.pages:
            for table in page.find_tables():
                rows = [[" ".join((cell or "").split()) for cell in row] for row in table.extract()]
                if len(rows) > 1 and len(rows[0]) > 1:
                    sentences = [row_text(rows[0], row) for row in rows[1:] if any(row)]
                    found.setdefault(page.page_number, []).append((table.bbox, sentences))
    return found


def _inside(line: Line, tables: Sequence[tuple[Box, list[str]]]) -> bool:
    middle = (line.x0 + line.x1) / 2
    return any(
        box[0] - 1 <= middle <= box[2] + 1 and box[1] - 1 <= line.middle <= box[3] + 1 for box, _ in tables
    )


def _without_repeats(pages: list[list[Line]]) -> list[list[Line]]:
    """Lines at the head or foot of most pages, and page numbers there, are no content."""
    seen: Counter[str] = Counter()
    for page in pages:
        seen.update({_shape(line) for line in _edges(page)})
    often = {shape for shape, count in seen.items() if len(pages) >= 3 and count > len(pages) / 2}

    def dropped(line: Line, page: list[Line]) -> bool:
        at_edge = any(line is edge for edge in _edges(page))
        return at_edge and (_shape(line) in often or bool(_NUMBER.match(line.text)))

    return [[line for line in page if not dropped(line, page)] for page in pages]


def _edges(page: list[Line]) -> list[Line]:
    ordered = sorted(page, key=lambda line: line.top)
    return ordered[:EDGE] + ordered[-EDGE:]


def _shape(line: Line) -> str:
    return re.sub(r"\d+", "#", line.text)


def _usual_size(pages: Sequence[Sequence[Line]]) -> float:
    """The height of most letters."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page:
            sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _title(pages: Sequence[Sequence[Line]], usual: float) -> Line | None:
    """The largest line of the first page with text, or its first line if none stands out."""
    first: Sequence[Line] = next((page for page in pages if page), ())
    large = max(first, key=lambda line: line.size, default=None)
    if large is not None and large.size >= usual * LARGER and len(large.text) <= HEADING_LENGTH:
        return large
    return first[0] if first and len(first[0].text) <= HEADING_LENGTH and len(first) > 1 else None


class _Outline:
    """Lines gathered under the headings that are open; a section never spans two pages."""

    def __init__(self, usual: float) -> None:
        self.sections: list[Section] = []
        self._usual = usual
        self._path: list[tuple[float, str]] = []
        self._parts: list[str] = []

    def page(self, number: int, lines: Sequence[Line], tables: Sequence[tuple[Box, list[str]]]) -> None:
        """Take one page; its tables come where they stand."""
        open_tables = sorted(tables, key=lambda table: table[0][1])
        right = _right_edge(lines)
        last: Line | None = None
        for line in lines:
            while open_tables and open_tables[0][0][1] < line.top:
                self._parts += open_tables.pop(0)[1]
                last = None
            if self._is_heading(line):
                self._close(number)
                # Letters of one size come out a little different, by which of them reach how high.
                above = (item for item in self._path if item[0] > line.size * SAME)
                self._path = [*above, (line.size, line.text)]
                last = None
                continue
            if last is not None and _goes_on(last, line, right):
                self._parts[-1] += BREAK + line.text
            else:
                self._parts.append(line.text)
            last = line
        for _, rows in open_tables:
            self._parts += rows
        self._close(number)

    def _is_heading(self, line: Line) -> bool:
        if len(line.text) > HEADING_LENGTH:
            return False
        return line.size >= self._usual * LARGER or bool(_ARTICLE.match(line.text))

    def _close(self, number: int) -> None:
        text = "\n".join(self._parts).strip()
        self._parts = []
        if text:
            heading = tuple(name for _, name in self._path)
            self.sections.append(Section(heading=heading, text=text, page=number))


def _right_edge(lines: Sequence[Line]) -> float:
    return median(sorted(line.x1 for line in lines)[len(lines) // 2 :]) if lines else 0.0


def _goes_on(last: Line, line: Line, right: float) -> bool:
    """Whether a line was broken by the page's or column's width, and not by its writer."""
    if _NEW.match(line.text) or abs(last.size - line.size) > 0.1 * last.size:
        return False
    if line.top - last.bottom > 1.2 * last.size:
        return False
    if _STOP.search(last.text) or (_ENDING.search(last.text) and last.x1 < right - 1.2 * last.size):
        return False
    return last.x1 >= right - 3 * last.size or (last.x1 - last.x0) >= 0.9 * (line.x1 - line.x0)
