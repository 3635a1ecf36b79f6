"""Builds an index: only what changed is encoded anew, nothing changed means nothing to do."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from encoder import Encoder, Vectors
from knowledge_base.chunking import SIZE, chunks_of
from knowledge_base.errors import IndexProblem
from knowledge_base.index import FORMAT, analysed, current_version, load_index, save_index, text_of
from knowledge_base.loaders import LoadReport, Problem, load_folder, load_jsonl
from knowledge_base.types import Chunk, Document
from korean.morphology import morphology

Progress = Callable[[str, float], None]
BATCH = 64


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did."""

    version: str
    documents: int
    chunks: int
    encoded: int
    """Passages that were encoded now; the others were known."""
    problems: tuple[Problem, ...]
    seconds: float
    reused: bool
    """Whether the index that was there is still right."""


def load_documents(source: Path) -> LoadReport:
    """Documents of a folder, or of a file of JSON lines. Raises `IndexProblem` where there is neither."""
    if source.is_dir():
        return load_folder(source)
    if source.is_file() and source.suffix == ".jsonl":
        return load_jsonl(source)
    raise IndexProblem("no_documents", f"{source} is neither a folder nor a .jsonl file.")


def build(source: Path, index_dir: Path, encoder: Encoder, progress: Progress | None = None) -> BuildReport:
    """Read `source` and bring the index in `index_dir` up to date. Documents that fail are reported.

    Raises `IndexProblem` if there is nothing to read or the index can't be written; an old one stays as it was.
    """
    started = time.perf_counter()
    tell = progress or (lambda _what, _share: None)
    tell("문서를 읽는 중", 0.0)
    report = load_documents(source)
    version = _version(report.documents, encoder.name)

    def done(chunks: int, encoded: int, reused: bool) -> BuildReport:
        seconds = time.perf_counter() - started
        problems = tuple(report.problems)
        return BuildReport(version, len(report.documents), chunks, encoded, problems, seconds, reused)

    if current_version(index_dir) == version:
        there = _chunks_there(index_dir, encoder)
        if there is not None:
            return done(there, 0, True)
    tell("문서를 나누는 중", 0.1)
    chunks = [chunk for document in report.documents for chunk in chunks_of(document, morphology())]
    terms = analysed(chunks, morphology())
    vectors, encoded = _encode(chunks, index_dir, encoder, tell)
    save_index(index_dir, version, report.documents, chunks, terms, vectors, encoder.name)
    tell("끝", 1.0)
    return done(len(chunks), encoded, False)


def _version(documents: Sequence[Document], encoder_name: str) -> str:
    parts = [f"{FORMAT}:{SIZE}:{encoder_name}"]
    parts += [f"{d.id}:{d.content_hash}" for d in documents]
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:16]


def _chunks_there(index_dir: Path, encoder: Encoder) -> int | None:
    try:
        return len(load_index(index_dir, encoder).chunks)
    except IndexProblem:
        return None


def _encode(
    chunks: Sequence[Chunk], index_dir: Path, encoder: Encoder, tell: Progress
) -> tuple[Vectors, int]:
    """Vectors of all passages; those whose text the old index has are taken from it."""
    known: dict[str, Vectors] = {}
    try:
        old = load_index(index_dir, encoder)
        known = {text_of(chunk): old.vectors[row] for row, chunk in enumerate(old.chunks)}
    except IndexProblem:
        pass  # nothing to take over; everything is encoded
    vectors = np.zeros((len(chunks), encoder.dimensions), np.float32)
    missing = []
    for row, chunk in enumerate(chunks):
        vector = known.get(text_of(chunk))
        if vector is None:
            missing.append(row)
        else:
            vectors[row] = vector
    for start in range(0, len(missing), BATCH):
        rows = missing[start : start + BATCH]
        vectors[rows] = encoder.encode([text_of(chunks[row]) for row in rows], "passage")
        tell("문장을 벡터로 바꾸는 중", 0.2 + 0.75 * (start + len(rows)) / len(missing))
    return vectors, len(missing)
