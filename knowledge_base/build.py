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
from knowledge_base.loaders import Problem, load_folder
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


def build(folder: Path, index_dir: Path, encoder: Encoder, progress: Progress | None = None) -> BuildReport:
    """Read `folder` and bring the index in `index_dir` up to date. Documents that fail are reported."""
    started = time.perf_counter()
    tell = progress or (lambda _what, _share: None)
    tell("문서를 읽는 중", 0.0)
    report = load_folder(folder)
    version = _version(report.documents, encoder.name)
    if current_version(index_dir) == version:
        chunks = _chunks_there(index_dir, encoder)
        if chunks is not None:
            seconds = time.perf_counter() - started
            return BuildReport(
                version, len(report.documents), chunks, 0, tuple(report.problems), seconds, True
            )
    tell("문서를 나누는 중", 0.1)
    chunks_made = [chunk for document in report.documents for chunk in chunks_of(document, morphology())]
    terms = analysed(chunks_made, morphology())
    vectors, encoded = _encode(chunks_made, index_dir, encoder, tell)
    save_index(index_dir, version, report.documents, chunks_made, terms, vectors, encoder.name)
    tell("끝", 1.0)
    return BuildReport(
        version,
        len(report.documents),
        len(chunks_made),
        encoded,
        tuple(report.problems),
        time.perf_counter() - started,
        False,
    )


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
