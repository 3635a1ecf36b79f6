"""Builds an index: only what changed is encoded anew, nothing changed means nothing to do."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from encoder import Encoder
from encoder.tokens import token_space
from knowledge_base.build_lock import only_one
from knowledge_base.chunking import RULES, SIZE, chunks_of
from knowledge_base.encoded import encoded_headings, encoded_passages
from knowledge_base.errors import IndexProblem
from knowledge_base.index import (
    FORMAT,
    Index,
    analyse,
    check_index,
    current_version,
    load_index,
    save_index,
)
from knowledge_base.loaders import KeptReadings, LoadReport, Problem, load_found, load_jsonl, scan
from korean.morphology import morphology

Progress = Callable[[str, float], None]
REPORT = "report.json"
"""Beside the files of a version: what its build found."""


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


def build(
    source: Path | Sequence[Path], index_dir: Path, encoder: Encoder, progress: Progress | None = None
) -> BuildReport:
    """Read `source` and bring the index in `index_dir` up to date. Documents that fail are reported.

    `source` is a folder, several, or one file of JSON lines. Raises `IndexProblem` if there is nothing to read or the
    index can't be written; an old one stays as it was.
    """
    with only_one(index_dir):
        return _build(source, index_dir, encoder, progress)


def _build(
    source: Path | Sequence[Path], index_dir: Path, encoder: Encoder, progress: Progress | None
) -> BuildReport:
    started = time.perf_counter()
    tell = progress or (lambda _what, _share: None)
    tell("문서를 찾는 중", 0.0)
    sources = _Sources([source] if isinstance(source, Path) else list(source), index_dir)
    version = _version(sources.fingerprints, encoder)
    if current_version(index_dir) == version:
        there = _there(index_dir, encoder)
        if there is not None:
            return dataclasses.replace(there, encoded=0, seconds=time.perf_counter() - started, reused=True)
    report = sources.load(lambda share: tell("문서를 읽는 중", 0.1 * share))
    tell("문서를 나누는 중", 0.1)
    chunks = [chunk for document in report.documents for chunk in chunks_of(document, morphology())]
    analysis = analyse(chunks, morphology(), lambda share: tell("낱말을 나누는 중", 0.1 + 0.2 * share))
    old = _old_index(index_dir, encoder)
    encoded = encoded_passages(
        chunks, old, encoder, lambda share: tell("문장을 벡터로 바꾸는 중", 0.3 + 0.6 * share)
    )
    headings = encoded_headings(chunks, old, encoder)
    tell("색인을 쓰는 중", 0.95)
    save_index(
        index_dir,
        version,
        report.documents,
        chunks,
        analysis,
        encoded.vectors,
        encoded.tokens,
        headings,
        encoder,
    )
    seconds = time.perf_counter() - started
    problems = tuple(report.problems)
    done = BuildReport(version, len(report.documents), len(chunks), encoded.new, problems, seconds, False)
    _remember(index_dir, done)
    tell("끝", 1.0)
    return done


class _Sources:
    """What is to be indexed: known by its fingerprints before anything is read."""

    def __init__(self, sources: Sequence[Path], index_dir: Path) -> None:
        for source in sources:
            if not source.is_dir() and not (source.is_file() and source.suffix == ".jsonl"):
                raise IndexProblem("no_documents", f"{source} is neither a folder nor a .jsonl file.")
        self._collections = [source for source in sources if source.is_file()]
        self._folders = [source for source in sources if source.is_dir()]
        self._files = scan(*self._folders)
        self._kept = KeptReadings(index_dir / "readings")

    @property
    def fingerprints(self) -> list[str]:
        """One of each document or collection, with its name."""
        found = [f"{file.name}:{file.fingerprint}" for file in self._files]
        for path in self._collections:
            with path.open("rb") as file:
                found.append(f"{path.name}:{hashlib.file_digest(file, 'sha256').hexdigest()}")
        return found

    def load(self, tell: Callable[[float], None]) -> LoadReport:
        """All documents; those that were read before aren't read again."""
        count = max(len(self._files), 1)
        report = load_found(
            self._files, kept=self._kept, inside=self._folders, tell=lambda done: tell(done / count)
        )
        self._kept.drop_others(file.fingerprint for file in self._files)
        for path in self._collections:
            more = load_jsonl(path)
            report.documents += more.documents
            report.problems += more.problems
        return report


def _version(fingerprints: Sequence[str], encoder: Encoder) -> str:
    parts = (f"{FORMAT}:{SIZE}:{RULES}:{encoder.name}:{token_space(encoder)}", *fingerprints)
    return hashlib.sha256("|".join(parts).encode("utf-8", "surrogateescape")).hexdigest()[:16]


def _remember(index_dir: Path, report: BuildReport) -> None:
    """What this build found, for the next one that finds nothing changed."""
    data = dataclasses.asdict(report)
    with suppress(OSError):  # without it the next build does its work once more
        (index_dir / f"v-{report.version}" / REPORT).write_text(json.dumps(data, ensure_ascii=False), "utf-8")


def _there(index_dir: Path, encoder: Encoder) -> BuildReport | None:
    """The report of the build that made the current version, if that is whole."""
    try:
        check_index(index_dir, encoder)
        version = current_version(index_dir)
        data = json.loads((index_dir / f"v-{version}" / REPORT).read_text(encoding="utf-8"))
        problems = tuple(Problem(**problem) for problem in data.pop("problems"))
        return BuildReport(problems=problems, **data)
    except (IndexProblem, OSError, ValueError, KeyError, TypeError):
        return None


def _old_index(index_dir: Path, encoder: Encoder) -> Index | None:
    """What is there and can be taken over."""
    try:
        return load_index(index_dir, encoder)
    except IndexProblem:
        return None
