"""Which reader reads which type, and a file read from its bytes. Each reader imports its library when it is called."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from knowledge_base.errors import DocumentProblem
from knowledge_base.loaders.docx import read_docx
from knowledge_base.loaders.faq import read_csv, read_faq_lines
from knowledge_base.loaders.file_type import check_type, refuse_size
from knowledge_base.loaders.html import read_html
from knowledge_base.loaders.hwp import read_hwp, read_hwpx
from knowledge_base.loaders.isolation import ParserProcess
from knowledge_base.loaders.mail import read_mail
from knowledge_base.loaders.markdown import read_markdown
from knowledge_base.loaders.pdf import read_pdf
from knowledge_base.loaders.pptx import read_pptx
from knowledge_base.loaders.reading import Reading, mended
from knowledge_base.loaders.text import read_text
from knowledge_base.loaders.xlsx import read_xlsx
from korean.morphology import morphology

READER_VERSION = 2
"""Raised whenever a reader reads differently than before, so that kept readings are made anew."""
Reader = Callable[[bytes], Reading]
READERS: dict[str, Reader] = {
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".txt": read_text,
    ".html": read_html,
    ".htm": read_html,
    ".csv": read_csv,
    ".jsonl": read_faq_lines,
    ".pdf": read_pdf,
    ".docx": read_docx,
    ".pptx": read_pptx,
    ".xlsx": read_xlsx,
    ".hwp": read_hwp,
    ".hwpx": read_hwpx,
    ".eml": read_mail,
    ".mbox": read_mail,
}
FOREIGN = (".pdf", ".docx", ".pptx", ".xlsx", ".hwp", ".hwpx", ".html", ".htm", ".eml", ".mbox")
"""Types whose parsers may hang, crash or eat memory: read in a process of their own."""


def type_of(path: Path) -> str:
    """The suffix by which the reader is chosen. Raises `DocumentProblem` for one that isn't read."""
    suffix = path.suffix.lower()
    if suffix not in READERS:
        raise DocumentProblem(
            "unknown_type",
            f"Files of type {path.suffix or '(none)'} aren't read.",
            f"One of {', '.join(READERS)}.",
        )
    return suffix


def read_anywhere(path: Path, parsers: ParserProcess) -> Reading:
    """A file, read where its type belongs, with every line mended. Raises `DocumentProblem`, `OSError`."""
    reading = parsers.read(path) if type_of(path) in FOREIGN else read_file(path)
    return mended(reading, lambda left, right: morphology().joins(left, right))


def read_file(path: Path) -> Reading:
    """A file, read in this process. Raises `DocumentProblem`, `OSError`."""
    suffix = type_of(path)
    refuse_size(path.stat().st_size)
    data = path.read_bytes()
    check_type(data, suffix)
    try:
        reading = READERS[suffix](data)
    except DocumentProblem:
        raise
    except Exception as error:
        # Parsers of foreign files fail in ways of their own; one document must not stop the others.
        raise DocumentProblem(
            "unreadable", f"{type(error).__name__}: {error}"[:200], "Save it anew."
        ) from error
    if not reading.sections:
        raise DocumentProblem("empty", "No text was found in it.", "Check the file.")
    return reading
