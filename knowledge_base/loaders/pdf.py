"""PDF: text by pypdfium2 with its page, tables by pdfplumber; repeated headers and footers are dropped."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter

from knowledge_base.errors import DocumentProblem
from knowledge_base.loaders.markdown import row_text
from knowledge_base.types import Section


def read_pdf(data: bytes) -> tuple[str, list[Section], dict[str, str]]:
    """One section a page. Raises `DocumentProblem` for a broken, encrypted or scanned file."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        code = "encrypted" if "password" in str(error).lower() else "broken_pdf"
        raise DocumentProblem(
            code, f"The PDF can't be opened: {error}", "Save it anew without a password."
        ) from None
    try:
        pages = [page.get_textpage().get_text_bounded() for page in document]
    finally:
        document.close()
    if not any(page.strip() for page in pages):
        raise DocumentProblem(
            "scanned_pdf", "The pages hold no text, only pictures.", "Run text recognition over it."
        )
    lines = _without_repeats([[_tidy(line) for line in page.splitlines() if line.strip()] for page in pages])
    tables = _tables(data)
    sections = []
    title = lines[0][0] if lines and lines[0] else ""
    for number, page in enumerate(lines, 1):
        body = page[1:] if number == 1 else page
        text = "\n".join([*_joined(body), *tables.get(number, ())])
        if text.strip():
            sections.append(Section(text=text, page=number))
    return title, sections, {}


def _tidy(line: str) -> str:
    return " ".join(line.replace("\u00a0", " ").replace("\ufffe", "").split())


def _without_repeats(pages: list[list[str]]) -> list[list[str]]:
    """Lines at the head or foot of most pages, page numbers aside, are no content."""
    if len(pages) < 3:
        return pages
    seen: Counter[str] = Counter()
    for page in pages:
        seen.update({re.sub(r"\d+", "#", line) for line in page[:2] + page[-2:]})
    often = {line for line, count in seen.items() if count > len(pages) / 2}
    return [[line for line in page if re.sub(r"\d+", "#", line) not in often] for page in pages]


def _joined(lines: list[str]) -> list[str]:
    """Lines that the page width broke are put together again."""
    out: list[str] = []
    for line in lines:
        if out and not re.search(r"[.!?:다요음함]$", out[-1]) and len(out[-1]) > 25:
            out[-1] = f"{out[-1]} {line}"
        else:
            out.append(line)
    return out


def _tables(data: bytes) -> dict[int, list[str]]:
    """Rows of the tables on each page, each cell with its header."""
    import pdfplumber

    # Fonts without a bounding box are legal and common; text comes out right.
    logging.getLogger("pdfminer").setLevel(logging.ERROR)

    found: dict[int, list[str]] = {}
    with pdfplumber.open(io.BytesIO(data)) as document:
        for number, page in enumerate(document.pages, 1):
            for table in page.extract_tables():
                rows = [[_tidy(cell or "") for cell in row] for row in table]
                if len(rows) > 1 and len(rows[0]) > 1:
                    found.setdefault(number, []).extend(row_text(rows[0], row) for row in rows[1:])
    return found
