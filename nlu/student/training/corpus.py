"""The sentences that the student is taught with: public Korean sets that may be trained on, each with its licence.

Labels are never read. Of sets with published splits only the training part is used, so that the rest can measure.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LONGEST = 120
"""Characters of a sentence that are kept."""
_SPACES = re.compile(r"\s+")
_HANGUL = re.compile(r"[가-힣]{2}")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
_MARKUP = re.compile(r"[#*|>`_\[\]]+|\(https?://[^)]*\)")

Read = Callable[[Path], Iterable[str]]


def _column(*columns: int, head: bool = True) -> Read:
    """Columns of a tab-separated file."""

    def read(path: Path) -> Iterator[str]:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
        for line in lines[1:] if head else lines:
            cells = line.split("\t")
            yield from (cells[column] for column in columns if column < len(cells))

    return read


def _csv(*names: str) -> Read:
    def read(path: Path) -> Iterator[str]:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                yield from (row[name] for name in names)

    return read


def _json(*names: str) -> Read:
    def read(path: Path) -> Iterator[str]:
        for row in json.loads(path.read_text(encoding="utf-8")):
            yield from (row[name] for name in names)

    return read


def _json_lines(path: Path) -> Iterator[str]:
    """Every Korean string of a file with one JSON value a line."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip():
            yield from (text for text in _strings(json.loads(line)) if _HANGUL.search(text))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)


@dataclass(frozen=True, slots=True)
class Source:
    """One file of a set."""

    file: str
    licence: str
    read: Read
    most: int = 1_000_000
    """Sentences that are taken of it, the first ones."""


SOURCES = (
    Source("stylekqc/act_train.tsv", "CC BY-SA 4.0", _column(1)),
    Source("parakqc/train.tsv", "CC BY-SA 4.0", _column(3)),
    Source("3i4k/fci_train_val.txt", "CC BY-SA 4.0", _column(1, head=False)),
    Source("sae4k/sae4k_v1.txt", "CC BY-SA 4.0", _column(0, 1, head=False)),
    Source("kochat_intent/train.tsv", "Apache-2.0", _column(0)),
    Source("chatbot_data/ChatbotData.csv", "MIT", _csv("Q", "A")),
    Source("functionchat/FunctionChat-CallDecision.jsonl", "Apache-2.0", _json_lines),
    Source("functionchat/FunctionChat-Dialog.jsonl", "Apache-2.0", _json_lines),
    Source("functionchat/FunctionChat-Singlecall.jsonl", "Apache-2.0", _json_lines),
    Source("kornlu/sts-train.tsv", "CC BY-SA 4.0", _column(5, 6)),
    Source("klue/klue-nli-v1.1_dev.json", "CC BY-SA 4.0", _json("premise", "hypothesis")),
    Source("klue/klue-sts-v1.1_dev.json", "CC BY-SA 4.0", _json("sentence1", "sentence2")),
    Source("kote/val.tsv", "MIT", _column(1, head=False)),
    Source("nsmc/train_rebuilt.txt", "CC0", _column(1), 15_000),
)


def sentences(data: Path, documents: Path | None = None) -> list[str]:
    """All different sentences of the sets in `data`, then those of the Markdown documents below `documents`.

    Raises `OSError` for a set that isn't there.
    """
    found: dict[str, None] = {}
    for source in SOURCES:
        before = len(found)
        for text in source.read(data / source.file):
            if len(found) - before >= source.most:
                break
            if clean := _SPACES.sub(" ", text).strip()[:LONGEST]:
                found.setdefault(clean)
    for path in sorted(documents.rglob("*.md")) if documents else ():
        for text in _SENTENCE_END.split(path.read_text(encoding="utf-8")):
            clean = _SPACES.sub(" ", _MARKUP.sub(" ", text)).strip()[:LONGEST]
            if len(clean) >= 8 and _HANGUL.search(clean):
                found.setdefault(clean)
    return list(found)
