"""Lines gathered under the path of headings that is open; shared by the readers of word processors' files."""

from __future__ import annotations

import re

from knowledge_base.types import Section

HEADING_LENGTH = 50
_NUMBERED = re.compile(
    r"^(제\s*\d+\s*[편장절관조](의\s*\d+)?(\s*\(.*\))?(\s|$)|[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ]+\s*[.)]|[IVX]+\.\s|\d+\.\s|[■□▣◈]\s*)"
)
_CLOSED = re.compile(r"([.!?:;,]|다|요|음|함|임)$")


class Outline:
    """Sections by heading path. The first heading of level 1 is the title, and no heading of its parts."""

    def __init__(self, place: str = "") -> None:
        self.title = ""
        self.sections: list[Section] = []
        self.place = place
        self._lines: list[str] = []
        self._path: list[tuple[int, str]] = []

    def head(self, level: int, name: str) -> None:
        """Open a heading; those of its level and below are closed."""
        self.close()
        if level <= 1 and not self.title and not self.sections:
            self.title = name
            return
        self._path = [*(item for item in self._path if item[0] < level), (level, name)]

    def line(self, text: str) -> None:
        """A paragraph, list item or table row."""
        self._lines.append(text)

    def close(self) -> None:
        """End the section that is open."""
        text = "\n".join(self._lines).strip()
        self._lines = []
        if text:
            heading = tuple(name for _, name in self._path)
            self.sections.append(Section(heading=heading, text=text, place=self.place))


def looks_like_heading(line: str) -> bool:
    """Whether a line without a style is a heading all the same: numbered, short, and no sentence."""
    return len(line) <= HEADING_LENGTH and bool(_NUMBERED.match(line)) and not _CLOSED.search(line)
