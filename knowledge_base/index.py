"""The index on disk: versioned folders and a pointer that is swapped by rename, so that serving never stops.

INDEX/CURRENT            the name of the version that is served
INDEX/v-<digest>/        passages.json, documents.json, vectors.npy, header.json (with the digests of the others)
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from encoder import Encoder, Vectors
from knowledge_base.errors import IndexProblem
from knowledge_base.lexical import LexicalIndex, bigrams, searchable, terms_of
from knowledge_base.types import Chunk, Document
from korean.morphology import Morphology

FORMAT = 2
KEEP = 3
"""Versions that stay on disk, for going back."""
ABANDONED = 3600.0
"""Seconds after which a half-written version belongs to a build that died."""
_FILES = ("documents.json", "passages.json", "vectors.npy")


@dataclass(slots=True)
class Index:
    """One version, loaded. Read only."""

    version: str
    documents: dict[str, Document]
    chunks: list[Chunk]
    lexical: LexicalIndex
    vectors: Vectors
    dense: Any
    """faiss index over `vectors`."""


def current_version(folder: Path) -> str | None:
    """The version that is served; None if there is no index."""
    try:
        return (folder / "CURRENT").read_text(encoding="utf-8").strip() or None
    except (FileNotFoundError, NotADirectoryError):
        return None


def save_index(
    folder: Path,
    version: str,
    documents: Sequence[Document],
    chunks: Sequence[Chunk],
    terms: Sequence[Sequence[str]],
    vectors: Vectors,
    encoder_name: str,
) -> None:
    """Write a version beside the others and point to it. A cut-short write leaves the old one served.

    Raises `IndexProblem` where the disk is full or may not be written.
    """
    header = {"format": FORMAT, "version": version, "encoder": encoder_name, "chunks": len(chunks)}
    passages = [[chunk.model_dump(), list(t)] for chunk, t in zip(chunks, terms, strict=True)]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        working = Path(tempfile.mkdtemp(prefix=".building-", dir=folder))
        try:
            _write_json(working / "documents.json", [document.model_dump() for document in documents])
            _write_json(working / "passages.json", passages)
            np.save(working / "vectors.npy", vectors.astype(np.float32))
            digests = {name: _digest(working / name) for name in _FILES}
            _write_json(working / "header.json", {**header, "digests": digests})
            target = folder / f"v-{version}"
            shutil.rmtree(target, ignore_errors=True)
            os.rename(working, target)
        finally:
            shutil.rmtree(working, ignore_errors=True)
        _point(folder, version)
    except OSError as error:
        raise IndexProblem(
            "index_unwritable",
            f"It can't be written: {error.strerror or error}.",
            "Free some disk space, or check the rights of the data folder, and build again.",
        ) from error
    _drop_old(folder, version)


def _point(folder: Path, version: str) -> None:
    pointer = folder / f".CURRENT-{os.getpid()}"
    pointer.write_text(version, encoding="utf-8")
    os.replace(pointer, folder / "CURRENT")


def _write_json(path: Path, data: Any) -> None:
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _drop_old(folder: Path, version: str) -> None:
    versions = sorted(folder.glob("v-*"), key=lambda path: path.stat().st_mtime, reverse=True)
    old = [path for path in versions[KEEP:] if path.name != f"v-{version}"]
    dead = time.time() - ABANDONED
    old += [path for path in folder.glob(".building-*") if path.stat().st_mtime < dead]
    for path in old:
        shutil.rmtree(path, ignore_errors=True)


def load_index(folder: Path, encoder: Encoder) -> Index:
    """The current version. Raises `IndexProblem` if there is none, it is broken, or of another encoder."""
    version = current_version(folder)
    if version is None:
        raise IndexProblem("index_missing", "There is no index.")
    try:
        return _read(folder / f"v-{version}", version, encoder)
    except IndexProblem:
        raise
    except Exception as error:
        raise IndexProblem(
            "index_broken", f"Version {version} can't be read ({type(error).__name__})."
        ) from error


def check_index(folder: Path, encoder: Encoder) -> None:
    """Whether the current version is whole and of this encoder, without loading it. Raises `IndexProblem`."""
    path = folder / f"v-{current_version(folder)}"
    try:
        _check(path, json.loads((path / "header.json").read_text(encoding="utf-8")), encoder)
    except (OSError, ValueError, KeyError) as error:
        raise IndexProblem("index_broken", f"It can't be read ({type(error).__name__}).") from error


def _read(path: Path, version: str, encoder: Encoder) -> Index:
    header = json.loads((path / "header.json").read_text(encoding="utf-8"))
    _check(path, header, encoder)
    documents = [
        Document.model_validate(item) for item in json.loads((path / "documents.json").read_text("utf-8"))
    ]
    passages = json.loads((path / "passages.json").read_text(encoding="utf-8"))
    chunks = [Chunk.model_validate(chunk) for chunk, _ in passages]
    vectors = np.load(path / "vectors.npy", allow_pickle=False)
    if vectors.shape != (len(chunks), encoder.dimensions) or len(chunks) != header["chunks"]:
        raise IndexProblem("index_broken", "Passages and vectors disagree.")
    return Index(
        version,
        {document.id: document for document in documents},
        chunks,
        LexicalIndex([terms for _, terms in passages], [bigrams(text_of(chunk)) for chunk in chunks]),
        vectors,
        _dense(vectors),
    )


def empty_index(encoder: Encoder) -> Index:
    """One that holds nothing."""
    vectors = np.zeros((0, encoder.dimensions), np.float32)
    return Index("", {}, [], LexicalIndex([], []), vectors, _dense(vectors))


def _check(path: Path, header: dict[str, Any], encoder: Encoder) -> None:
    """Format, encoder, and every byte of the files."""
    if header["format"] != FORMAT:
        raise IndexProblem("index_version", "The index was made by another version.")
    if header["encoder"] != encoder.name:
        raise IndexProblem("index_encoder", f"The index was made with encoder {header['encoder']!r}.")
    for name, digest in header["digests"].items():
        if _digest(path / name) != digest:
            raise IndexProblem("index_broken", f"{name} is damaged.")


def _dense(vectors: Vectors) -> Any:
    import faiss

    dense = faiss.IndexFlatIP(vectors.shape[1])
    if len(vectors):
        dense.add(vectors)
    return dense


def text_of(chunk: Chunk) -> str:
    """What is indexed of a passage."""
    return searchable(chunk.title, chunk.heading, chunk.question, chunk.text)


def analysed(chunks: Sequence[Chunk], morphology: Morphology) -> list[list[str]]:
    """Morphemes of the passages."""
    return terms_of([text_of(chunk) for chunk in chunks], morphology) if chunks else []
