"""Documents as JSON lines `{"id", "title", "text"}`: how test collections come."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from knowledge_base.loaders.folder import LoadReport, Problem
from knowledge_base.loaders.markdown import parse_markdown
from knowledge_base.types import Document


def load_jsonl(path: Path) -> LoadReport:
    """One document a line; the text may hold Markdown headings. A line that is none is reported, the others go on."""
    report = LoadReport()
    seen: set[str] = set()
    with path.open(encoding="utf-8-sig") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                document = _document(json.loads(line))
            except (ValueError, KeyError, TypeError):
                report.problems.append(_problem(path, number, "bad_line", "It is no document."))
                continue
            if document.id in seen:
                report.problems.append(
                    _problem(path, number, "same_id", f"{document.id!r} is there already.")
                )
                continue
            seen.add(document.id)
            report.documents.append(document)
    return report


def _document(item: Any) -> Document:
    if not isinstance(item, dict):
        raise TypeError
    title, text = item.get("title") or "", item["text"]
    if not isinstance(title, str) or not isinstance(text, str) or not text.strip():
        raise ValueError
    name = str(item["id"])
    return Document(
        id=name,
        title=title or name,
        source=name,
        sections=tuple(parse_markdown(text)[1]),
        content_hash=hashlib.sha256(f"{title}\0{text}".encode()).hexdigest(),
        metadata={"audience": "public"},
    )


def _problem(path: Path, line: int, code: str, reason: str) -> Problem:
    return Problem(f"{path.name}:{line}", code, reason, '{"id": "…", "title": "…", "text": "…"}')
