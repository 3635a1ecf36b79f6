"""Folders of documents: looked through, read one by one; what was read before and hasn't changed isn't read again."""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from knowledge_base.errors import DocumentProblem
from knowledge_base.loaders.file_type import MAX_BYTES
from knowledge_base.loaders.isolation import ParserProcess
from knowledge_base.loaders.kept import KeptReadings
from knowledge_base.loaders.metadata import SIDECAR, parse_metadata
from knowledge_base.loaders.readers import READER_VERSION, read_anywhere
from knowledge_base.loaders.reading import Reading
from knowledge_base.loaders.text import decode
from knowledge_base.loaders.worker import unreadable
from knowledge_base.types import Document


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


@dataclass(frozen=True, slots=True)
class Found:
    """A file of a folder. `fingerprint` changes with its content, that of the file beside it, and the readers."""

    name: str
    path: Path
    fingerprint: str


def scan(*folders: Path) -> list[Found]:
    """All files under the folders in a stable order, each with its fingerprint; none is understood yet."""
    return [
        Found(path.relative_to(folder).as_posix(), path, _fingerprint(path))
        for folder in folders
        for path in _files(folder)
    ]


def load_folder(*folders: Path, kept: KeptReadings | None = None) -> LoadReport:
    """All documents under the folders. What can't be read is reported, and the others go on."""
    return load_found(scan(*folders), kept=kept, inside=folders)


def load_found(
    files: Sequence[Found],
    *,
    kept: KeptReadings | None = None,
    inside: Sequence[Path] = (),
    tell: Callable[[int], None] = lambda _done: None,
) -> LoadReport:
    """The documents of these files; `kept` gives those that are known. Links may not lead out of `inside`.

    `tell` hears how many files are done.
    """
    report = LoadReport()
    roots = [folder.resolve() for folder in inside]
    seen: dict[str, str] = {}
    with ParserProcess() as parsers:
        for done, file in enumerate(files):
            tell(done)
            try:
                _refuse_outside(file.path, roots)
                loaded = _loaded(file, parsers, kept)
                _refuse_second(loaded.document, seen)
            except DocumentProblem as problem:
                report.problems.append(_told(file.name, problem))
                continue
            report.documents.append(loaded.document)
            report.problems += [_told(file.name, gap) for gap in loaded.gaps]
    return report


def _loaded(file: Found, parsers: ParserProcess, kept: KeptReadings | None) -> Loaded:
    known = kept.get(file.fingerprint) if kept else None
    if isinstance(known, DocumentProblem):
        raise known
    try:
        reading = known or read_anywhere(file.path, parsers)
        loaded = _document(file, reading)
    except OSError as error:
        # Not kept: rights and disks are mended without the file being changed.
        raise unreadable(error) from error
    except DocumentProblem as problem:
        if kept:
            kept.put(file.fingerprint, problem)
        raise
    if kept and known is None:
        kept.put(file.fingerprint, reading)
    return loaded


def _document(file: Found, reading: Reading) -> Loaded:
    metadata = {**reading.metadata, **metadata_beside(file.path)}
    title, source = metadata.get("title"), metadata.get("source")
    return Loaded(
        Document(
            id=unicodedata.normalize("NFC", file.name),
            title=title or reading.title or file.path.stem,
            source=source or file.name,
            sections=tuple(reading.sections),
            content_hash=file.fingerprint,
            metadata={"audience": "public", **metadata},
        ),
        reading.gaps,
    )


def metadata_beside(path: Path) -> dict[str, str]:
    """What `<name>.meta.yml` says; it wins over the file itself. Raises `DocumentProblem` with its line."""
    sidecar = path.with_name(path.name + SIDECAR)
    if not sidecar.is_file():
        return {}
    try:
        return parse_metadata(decode(sidecar.read_bytes()))
    except DocumentProblem as problem:
        problem.beside = SIDECAR
        raise


def _refuse_second(document: Document, seen: dict[str, str]) -> None:
    """The same id may come from two folders, or from names that differ only in how their letters are composed."""
    if document.id in seen:
        raise DocumentProblem(
            "same_id", f"A document {document.id!r} is there already.", "Rename or remove one of them."
        )
    seen[document.id] = document.id


def _told(name: str, problem: DocumentProblem) -> Problem:
    return Problem(name + problem.beside, problem.code, problem.args[0], problem.remedy)


def _files(folder: Path) -> Iterator[Path]:
    """Files in order; hidden ones and the lock files of office programs are passed over, links to folders too."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith((".", "~$")) and not name.endswith(SIDECAR):
                yield Path(place) / name


def _fingerprint(path: Path) -> str:
    """Of the content; of size and time where the content isn't read anyway."""
    digest = hashlib.sha256(f"{READER_VERSION}{path.suffix.lower()}\0".encode())
    for part in (path, path.with_name(path.name + SIDECAR)):
        try:
            size = part.stat()
            if size.st_size > MAX_BYTES:
                digest.update(f"{size.st_size}:{size.st_mtime_ns}".encode())
                continue
            with part.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
        except OSError as error:
            digest.update(f"{type(error).__name__}".encode())
    return digest.hexdigest()


def _refuse_outside(path: Path, roots: Sequence[Path]) -> None:
    """A link may point to another document of the folders, never out of them."""
    if roots and path.is_symlink() and not any(path.resolve().is_relative_to(root) for root in roots):
        raise DocumentProblem(
            "link_outside", "It is a link out of the folder.", "Copy the file into the folder."
        )
