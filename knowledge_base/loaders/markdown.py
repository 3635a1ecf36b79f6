"""Markdown: sections by headings, table rows with their headers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge_base.loaders.metadata import split_front_matter
from knowledge_base.loaders.reading import Reading
from knowledge_base.loaders.table import ITEM, row_text
from knowledge_base.loaders.text import decode
from knowledge_base.types import Section

_HEADING = re.compile(r"^ {0,3}(#{1,6})\s+(.+?)\s*#*$")
_UNDERLINE = re.compile(r"^ {0,3}(=+|-{3,})\s*$")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_COMMENT = re.compile(r"<!--.*?-->", re.S)
_ROW = re.compile(r"^\s*\|(.+)\|\s*$")
_RULE = re.compile(r"^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$")
_CELL = re.compile(r"(?<!\\)\|")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_MARKS = re.compile(r"(\*\*|__|`)(.+?)\1")


def read_markdown(data: bytes) -> Reading:
    """A Markdown file. The front matter's title goes before that of the first heading."""
    metadata, body = split_front_matter(decode(data))
    title, sections = parse_markdown(body)
    return Reading(metadata.get("title", title), sections, metadata)


def parse_markdown(body: str) -> tuple[str, list[Section]]:
    """(first heading, sections). A heading path holds the headings above, the document's title left out."""
    outline = _Outline()
    for level, text in _blocks(_COMMENT.sub("", body).splitlines()):
        if level:
            outline.head(level, _inline(text))
        else:
            outline.lines.append(text)
    outline.close()
    return outline.title, outline.sections


class _Outline:
    """Gathers lines under the path of headings that is open."""

    def __init__(self) -> None:
        self.title = ""
        self.sections: list[Section] = []
        self.lines: list[str] = []
        self._path: list[tuple[int, str]] = []

    def close(self) -> None:
        text = "\n".join(self.lines).strip()
        if text:
            self.sections.append(Section(heading=tuple(name for _, name in self._path), text=text))
        self.lines.clear()

    def head(self, level: int, name: str) -> None:
        self.close()
        if level == 1 and not self.title:
            self.title = name
            return
        self._path = [*(item for item in self._path if item[0] < level), (level, name)]


def _blocks(lines: list[str]) -> Iterator[tuple[int, str]]:
    """(level, text): headings with their level, everything else with 0; code is text whatever it looks like."""
    fence = ""
    table: list[str] = []
    for at, line in enumerate(lines):
        mark = _FENCE.match(line)
        if mark and (not fence or mark.group(1).startswith(fence)):
            fence = "" if fence else mark.group(1)[:3]
            continue
        if fence:
            yield 0, line
            continue
        if _ROW.match(line):
            table.append(line)
            continue
        yield from ((0, row) for row in _table(table))
        table = []
        heading = _HEADING.match(line)
        if heading:
            yield len(heading.group(1)), heading.group(2)
        elif at + 1 < len(lines) and line.strip() and _underlined(lines, at):
            yield (1 if "=" in lines[at + 1] else 2), line.strip()
        elif not (at and _UNDERLINE.match(line)):
            yield 0, plain(line)
    yield from ((0, row) for row in _table(table))


def _underlined(lines: list[str], at: int) -> bool:
    """Whether the next line makes this one a heading: a single line of text between blank ones, underlined."""
    alone = at == 0 or not lines[at - 1].strip()
    return alone and bool(_UNDERLINE.match(lines[at + 1])) and not _UNDERLINE.match(lines[at])


def plain(line: str) -> str:
    """A line without marks of emphasis, links and lists."""
    return re.sub(r"^\s*(?:[-*+]|\d+[.)])\s+", ITEM, _inline(line)).removeprefix("> ")


def _inline(text: str) -> str:
    """Without marks of emphasis and links; a heading's number stays."""
    return _MARKS.sub(r"\2", _LINK.sub(r"\1", text))


def _table(lines: list[str]) -> list[str]:
    """Table rows as sentences: each cell with its column's header, so that a row can stand alone."""
    if not lines:
        return []
    rows = [[plain(cell.strip()).replace("\\|", "|") for cell in _CELL.split(_inner(line))] for line in lines]
    ruled = len(lines) > 1 and bool(_RULE.match(lines[1]))
    header = rows[0] if ruled else []
    return [row_text(header, row) for row in (rows[2:] if ruled else rows)]


def _inner(line: str) -> str:
    return line.strip()[1:-1]
