"""A folder of documents, read one by one."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from formats import SangdamError
from knowledge_base.errors import DocumentProblem
from knowledge_base.loaders.faq_csv import read_faq
from knowledge_base.loaders.html import read_html
from knowledge_base.loaders.markdown import read_markdown
from knowledge_base.loaders.pdf import read_pdf
from knowledge_base.loaders.text import read_text
from knowledge_base.types import Document, Section

Reader = Callable[[bytes], tuple[str, list[Section], dict[str, str]]]
READERS: dict[str, Reader] = {
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".txt": read_text,
    ".html": read_html,
    ".htm": read_html,
    ".csv": read_faq,
    ".pdf": read_pdf,
}
MAX_BYTES = 50 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that was left out, and why."""

    file: str
    code: str
    reason: str
    remedy: str


@dataclass(slots=True)
class LoadReport:
    """What a folder held."""

    documents: list[Document] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def load_folder(folder: Path, known: dict[str, str] | None = None) -> LoadReport:
    """All documents under a folder in a stable order. Hidden files are passed over."""
    report = LoadReport()
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if not path.is_file() or any(part.startswith(".") for part in relative.parts):
            continue
        try:
            report.documents.append(load_document(path, str(relative)))
        except SangdamError as error:
            report.problems.append(Problem(str(relative), error.code, error.en, error.remedy))
    return report


def load_document(path: Path, document_id: str) -> Document:
    """One document. Raises `DocumentProblem`."""
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise DocumentProblem(
            "unknown_type",
            f"Files of type {path.suffix or '(none)'} aren't read.",
            f"One of {', '.join(READERS)}.",
        )
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise DocumentProblem(
            "too_large", f"{size // 2**20} MB.", f"At most {MAX_BYTES // 2**20} MB; split it."
        )
    data = path.read_bytes()
    if not data.strip():
        raise DocumentProblem("empty", "The file is empty.", "Remove it or fill it.")
    title, sections, metadata = _read(reader, data)
    if not sections:
        raise DocumentProblem("empty", "No text was found in it.", "Check the file.")
    return Document(
        id=document_id,
        title=metadata.get("title") or title or path.stem,
        source=document_id,
        sections=tuple(sections),
        content_hash=hashlib.sha256(data).hexdigest(),
        metadata={"audience": "public", **metadata},
    )


def _read(reader: Reader, data: bytes) -> tuple[str, list[Section], dict[str, str]]:
    try:
        return reader(data)
    except DocumentProblem:
        raise
    except Exception as error:
        # Parsers of foreign files fail in ways of their own; one document must not stop the others.
        raise DocumentProblem(
            "unreadable", f"{type(error).__name__}: {error}"[:200], "Save it anew."
        ) from error
