"""Documents that were added by command, crawl or upload, beside the folder that the builder keeps by hand."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from ruamel.yaml import YAML

from knowledge_base.errors import DocumentProblem
from knowledge_base.loaders.file_type import refuse_size
from knowledge_base.loaders.folder import metadata_beside
from knowledge_base.loaders.isolation import ParserProcess
from knowledge_base.loaders.metadata import SIDECAR, checked
from knowledge_base.loaders.readers import READERS, read_anywhere, type_of
from knowledge_base.loaders.reading import Reading

FILES = "added"
PAGES = "web"
"""Folders of the store: files that were added, and pages that were crawled. They begin the documents' ids."""
_UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|]+")
LONGEST_NAME = 120


class AddedDocuments:
    """A folder that the service may write to. What can't be read isn't taken."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(
        self, path: Path, name: str = "", metadata: Mapping[str, str] | None = None
    ) -> tuple[str, Reading]:
        """Copy a file in, replacing one of that name. Gives its id and what was read.

        `name` may hold folders. What is said of the document beside it (`<name>.meta.yml`) comes along; `metadata` wins.
        Raises `DocumentProblem` for a file or metadata that a build would refuse, `OSError` where it can't be written.
        """
        said = checked({**metadata_beside(path), **(metadata or {})})
        target = self.folder / FILES / safe_path(name or path.name)
        type_of(target)
        refuse_size(path.stat().st_size)
        target.parent.mkdir(parents=True, exist_ok=True)
        with (
            tempfile.TemporaryDirectory(prefix=".adding-", dir=self.folder) as place,
            ParserProcess() as parsers,
        ):
            working = Path(place) / target.name
            shutil.copyfile(path, working)
            reading = read_anywhere(working, parsers)
            write_sidecar(target, said)
            os.replace(working, target)
        return self.id_of(target), reading

    def remove(self, document_id: str) -> bool:
        """Whether there was such a document."""
        path = (self.folder / document_id).resolve()
        if not path.is_relative_to(self.folder.resolve()) or not path.is_file() or path.name.startswith("."):
            return False
        path.unlink()
        with suppress(FileNotFoundError):
            path.with_name(path.name + SIDECAR).unlink()
        return True

    def names(self) -> Iterator[str]:
        """Ids of all that was added, in order."""
        if self.folder.is_dir():
            for path in sorted(self.folder.rglob("*")):
                hidden = any(part.startswith(".") for part in path.relative_to(self.folder).parts)
                if path.is_file() and not hidden and not path.name.endswith(SIDECAR):
                    yield self.id_of(path)

    def id_of(self, path: Path) -> str:
        """The id under which a build knows the file."""
        return path.relative_to(self.folder).as_posix()


def safe_path(name: str) -> Path:
    """A relative path that stays in its folder. Raises `DocumentProblem` if no document's name is left."""
    *folders, last = name.replace("\\", "/").split("/")
    steps = [
        _UNSAFE.sub("-", unicodedata.normalize("NFC", step)).strip(" .")[:LONGEST_NAME] for step in folders
    ]
    return Path(*filter(None, steps), safe_name(last))


def safe_name(name: str) -> str:
    """A file name that stays in its folder on every system. Raises `DocumentProblem` if nothing is left."""
    bare = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    stem, dot, suffix = _UNSAFE.sub("-", bare).strip(" .").rpartition(".")
    if not stem or f".{suffix.lower()}" not in READERS:
        raise DocumentProblem(
            "bad_name", f"{name[:80]!r} is no document's name.", f"One of {', '.join(READERS)}."
        )
    return f"{stem[:LONGEST_NAME].strip(' .')}{dot}{suffix}"


def write_sidecar(document: Path, metadata: Mapping[str, str]) -> None:
    """Write what is said of a document beside it; nothing said removes what stood there."""
    path = document.with_name(document.name + SIDECAR)
    if not metadata:
        path.unlink(missing_ok=True)
        return
    writer = YAML()
    working = path.with_name(f".{path.name}")
    with working.open("w", encoding="utf-8") as file:
        writer.dump(dict(metadata), file)
    os.replace(working, path)
