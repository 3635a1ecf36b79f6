"""A folder of documents, read one by one."""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from knowledge_base.errors import DocumentProblem
from knowledge_base.loaders.faq_csv import read_faq
from knowledge_base.loaders.html import read_html
from knowledge_base.loaders.markdown import read_markdown
from knowledge_base.loaders.pdf import read_pdf
from knowledge_base.loaders.reading import Reading
from knowledge_base.loaders.text import read_text
from knowledge_base.types import Document

Reader = Callable[[bytes], Reading]
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
    """A file, or a part of one, that was left out, and why."""

    file: str
    code: str
    reason: str
    remedy: str


@dataclass(slots=True)
class LoadReport:
    """What a folder held."""

    documents: list[Document] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Loaded:
    """One document, and the parts of it that could not be read."""

    document: Document
    gaps: tuple[DocumentProblem, ...] = ()


def load_folder(folder: Path) -> LoadReport:
    """All documents under a folder in a stable order. What can't be read is reported, and the others go on."""
    report = LoadReport()
    for path in _files(folder):
        name = path.relative_to(folder).as_posix()
        try:
            _refuse_outside(path, folder)
            loaded = load_document(path, name)
        except DocumentProblem as problem:
            report.problems.append(_told(name, problem))
            continue
        except OSError as error:
            reason = f"{type(error).__name__}: {os.strerror(error.errno or 0)}."
            report.problems.append(Problem(name, "unreadable", reason, "Check the file's rights."))
            continue
        report.documents.append(loaded.document)
        report.problems += [_told(name, gap) for gap in loaded.gaps]
    return report


def _told(name: str, problem: DocumentProblem) -> Problem:
    return Problem(name, problem.code, problem.en, problem.remedy)


def _files(folder: Path) -> Iterator[Path]:
    """Files in order; hidden ones and the lock files of office programs are passed over, links to folders too."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(place) / name for name in sorted(names) if not name.startswith((".", "~$")))


def _refuse_outside(path: Path, folder: Path) -> None:
    """A link may point to another document of the folder, never out of it."""
    if path.is_symlink() and not path.resolve().is_relative_to(folder.resolve()):
        raise DocumentProblem(
            "link_outside", "It is a link out of the folder.", "Copy the file into the folder."
        )


def load_document(path: Path, document_id: str) -> Loaded:
    """One document. Raises `DocumentProblem`, `OSError`."""
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
            "too_large", f"It has {size // 2**20} MB.", f"At most {MAX_BYTES // 2**20} MB; split it."
        )
    data = path.read_bytes()
    if not data.strip():
        raise DocumentProblem("empty", "The file is empty.", "Remove it or fill it.")
    read = _read(reader, data)
    if not read.sections:
        raise DocumentProblem("empty", "No text was found in it.", "Check the file.")
    document = Document(
        id=unicodedata.normalize("NFC", document_id),
        title=read.metadata.get("title") or read.title or path.stem,
        source=document_id,
        sections=tuple(read.sections),
        content_hash=hashlib.sha256(data).hexdigest(),
        metadata={"audience": "public", **read.metadata},
    )
    return Loaded(document, read.gaps)


def _read(reader: Reader, data: bytes) -> Reading:
    try:
        return reader(data)
    except DocumentProblem:
        raise
    except Exception as error:
        # Parsers of foreign files fail in ways of their own; one document must not stop the others.
        raise DocumentProblem(
            "unreadable", f"{type(error).__name__}: {error}"[:200], "Save it anew."
        ) from error
