"""A text as the writers see it: a title, and parts of paragraphs, points and tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from knowledge_base.loaders.metadata import split_front_matter

Rows = list[list[str]]


@dataclass
class Part:
    """What stands under one heading; the first part of a text has none."""

    heading: str = ""
    blocks: list[str | list[str] | Rows] = field(default_factory=list)
    """A paragraph, points, or the rows of a table with its header first."""


@dataclass
class Text:
    """One document. `beside` is what is written into `<name>.meta.yml`."""

    title: str
    parts: list[Part]
    beside: str
    body: str


def read(path: Path) -> Text:
    """A text of Markdown with `#`, `##`, paragraphs of one line, `-` points and tables."""
    whole = path.read_text(encoding="utf-8")
    _, body = split_front_matter(whole)
    beside = whole[: len(whole) - len(body)].strip().strip("-").strip()
    title, parts = "", [Part()]
    for line in body.splitlines():
        blocks = parts[-1].blocks
        if line.startswith("# "):
            title = line[2:]
        elif line.startswith("## "):
            parts.append(Part(line[3:]))
        elif line.startswith("- "):
            _list(blocks, str).append(line[2:])
        elif line.startswith("|---"):
            continue
        elif line.startswith("|"):
            _list(blocks, list).append([cell.strip() for cell in line.strip("|").split("|")])
        elif line.strip():
            blocks.append(line)
        elif blocks and isinstance(blocks[-1], list):
            blocks.append("")
    for part in parts:
        part.blocks = [block for block in part.blocks if block]
    return Text(title, [part for part in parts if part.heading or part.blocks], beside, body.strip())


def _list(blocks: list, kind: type) -> list:  # type: ignore[type-arg]
    """The list at the end of the blocks if it holds such items, a new one otherwise."""
    if not (blocks and isinstance(blocks[-1], list) and isinstance(blocks[-1][0], kind)):
        blocks.append([])
    return blocks[-1]
