"""Markdown and plain text: sections by headings, table rows with their headers."""

from __future__ import annotations

import re

from knowledge_base.loaders.front_matter import split_front_matter
from knowledge_base.loaders.text import decode
from knowledge_base.types import Section

_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*$")
_ROW = re.compile(r"^\s*\|(.+)\|\s*$")
_RULE = re.compile(r"^\s*\|?[\s:|-]+\|?\s*$")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_MARKS = re.compile(r"(\*\*|__|`)(.+?)\1")


def read_markdown(data: bytes) -> tuple[str, list[Section], dict[str, str]]:
    """(title, sections, metadata)."""
    metadata, body = split_front_matter(decode(data))
    title, sections = parse_markdown(body)
    return metadata.get("title", title), sections, metadata


def parse_markdown(body: str) -> tuple[str, list[Section]]:
    """(first heading, sections). A heading path holds the headings above, the document's title left out."""
    title = ""
    path: list[tuple[int, str]] = []
    sections: list[Section] = []
    lines: list[str] = []

    def close() -> None:
        text = "\n".join(lines).strip()
        if text:
            sections.append(Section(heading=tuple(name for _, name in path), text=text))
        lines.clear()

    for line in _tables(body.splitlines()):
        match = _HEADING.match(line)
        if match is None:
            lines.append(plain(line))
            continue
        close()
        level, name = len(match.group(1)), plain(match.group(2))
        if level == 1 and not title:
            title = name
            continue
        path = [item for item in path if item[0] < level]
        path.append((level, name))
    close()
    return title, sections


def plain(line: str) -> str:
    """A line without marks of emphasis, links and lists."""
    line = _MARKS.sub(r"\2", _LINK.sub(r"\1", line))
    return re.sub(r"^\s*(?:[-*+]|\d+[.)])\s+", "· ", line).removeprefix("> ")


def _tables(lines: list[str]) -> list[str]:
    """Table rows as sentences: each cell with its column's header, so that a row can stand alone."""
    out: list[str] = []
    header: list[str] | None = None
    for index, line in enumerate(lines):
        match = _ROW.match(line)
        if match is None:
            header = None
            out.append(line)
            continue
        cells = [cell.strip() for cell in match.group(1).split("|")]
        if header is None and index + 1 < len(lines) and _RULE.match(lines[index + 1]):
            header = cells
        elif not _RULE.match(line):
            out.append(row_text(header or [], cells))
    return out


def row_text(header: list[str], cells: list[str]) -> str:
    """`구분: 신용카드, 수수료: 1.2%` for a row."""
    pairs = [
        f"{header[i]}: {cell}" if i < len(header) and header[i] else cell
        for i, cell in enumerate(cells)
        if cell
    ]
    return "· " + ", ".join(pairs)
