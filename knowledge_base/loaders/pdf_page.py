"""One PDF page: its characters put together to lines in the order in which a person reads them."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

Box = tuple[float, float, float, float]
"""x0, top, x1, bottom in points from the page's top left."""
GAP = 1.5
"""Empty ems inside a line from which on the parts belong to different columns or cells."""
FILLED = 0.55
"""Share of a column's width that its usual line fills; cells of a table without rules fill less."""


@dataclass(slots=True)
class Line:
    """A run of text on one height. `size` is the height of its letters in points."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float

    @property
    def middle(self) -> float:
        """Of its height."""
        return (self.top + self.bottom) / 2


def lines_of(page: Any) -> list[Line]:
    """The runs of a pypdfium2 page, as they stand in the file."""
    text_page = page.get_textpage()
    try:
        return list(_runs(_letters(text_page, page.get_height())))
    finally:
        text_page.close()


def _letters(text_page: Any, height: float) -> Iterable[tuple[str, Box]]:
    """(letter, loose box); letters that pdfium puts in for a break of line have no width."""
    import pypdfium2.raw as raw

    rect = raw.FS_RECTF()
    for at in range(text_page.count_chars()):
        code = raw.FPDFText_GetUnicode(text_page.raw, at)
        raw.FPDFText_GetLooseCharBox(text_page.raw, at, ctypes.byref(rect))
        letter = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else ""
        yield letter, (rect.left, height - rect.top, rect.right, height - rect.bottom)


def _runs(letters: Iterable[tuple[str, Box]]) -> Iterable[Line]:
    """Letters that follow each other on one height without a wide gap."""
    run: list[tuple[str, Box]] = []
    for letter, box in letters:
        if letter in ("\r", "\n"):
            yield from _line(run)
            run = []
            continue
        if run and not letter.isspace() and _apart(run, box):
            yield from _line(run)
            run = []
        if letter and letter not in "\ufffe\u00ad":
            run.append((letter, box))
    yield from _line(run)


def _apart(run: Sequence[tuple[str, Box]], box: Box) -> bool:
    last = next((place for letter, place in reversed(run) if not letter.isspace()), None)
    if last is None:
        return False
    size = max(last[3] - last[1], box[3] - box[1], 1.0)
    return abs(last[3] - box[3]) > size * 0.6 or box[0] - last[2] > GAP * size or box[0] < last[0] - size


def _line(run: Sequence[tuple[str, Box]]) -> Iterable[Line]:
    text = " ".join("".join(letter for letter, _ in run).replace("\u00a0", " ").split())
    boxes = [box for letter, box in run if not letter.isspace()]
    if text and boxes:
        yield Line(
            text,
            min(box[0] for box in boxes),
            min(box[1] for box in boxes),
            max(box[2] for box in boxes),
            max(box[3] for box in boxes),
            median(box[3] - box[1] for box in boxes),
        )


def in_reading_order(lines: Sequence[Line]) -> list[Line]:
    """Top to bottom; where two columns stand side by side, the left one first."""
    gutter = _gutter(lines)
    if gutter is None:
        return _rows(lines)
    ordered: list[Line] = []
    waiting: list[Line] = []
    for line in sorted(lines, key=lambda item: item.top):
        if line.x0 < gutter < line.x1:
            ordered += [*_columns(waiting, gutter), line]
            waiting = []
        else:
            waiting.append(line)
    return ordered + _columns(waiting, gutter)


def _columns(lines: Sequence[Line], gutter: float) -> list[Line]:
    left = [line for line in lines if line.x1 <= gutter]
    right = [line for line in lines if line.x1 > gutter]
    return _rows(left) + _rows(right)


def _gutter(lines: Sequence[Line]) -> float | None:
    """Where two columns of running text part, None if there is only one."""
    if len(lines) < 6:
        return None
    first, last = min(line.x0 for line in lines), max(line.x1 for line in lines)
    places = [first + (last - first) * step / 40 for step in range(12, 29)]
    crossing, where = min(
        (sum(line.x0 < place < line.x1 for line in lines), abs(place - (first + last) / 2), place)
        for place in places
    )[::2]
    left = [line for line in lines if line.x1 <= where]
    right = [line for line in lines if line.x0 >= where]
    if min(len(left), len(right)) < 3 or crossing > min(len(left), len(right)):
        return None
    return where if _running(left) and _running(right) else None


def _running(lines: Sequence[Line]) -> bool:
    """Whether these are lines of text, which fill their column, and no cells."""
    width = max(line.x1 for line in lines) - min(line.x0 for line in lines)
    size = median(line.size for line in lines)
    return width > 8 * size and median(line.x1 - line.x0 for line in lines) > FILLED * width


def _rows(lines: Sequence[Line]) -> list[Line]:
    """Pieces on one height become one line, from left to right."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda item: (item.middle, item.x0)):
        if rows and abs(rows[-1][-1].middle - line.middle) < 0.5 * max(rows[-1][-1].size, line.size):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [_merged(sorted(row, key=lambda item: item.x0)) for row in rows]


def _merged(row: Sequence[Line]) -> Line:
    if len(row) == 1:
        return row[0]
    return Line(
        " ".join(line.text for line in row),
        row[0].x0,
        min(line.top for line in row),
        max(line.x1 for line in row),
        max(line.bottom for line in row),
        max(line.size for line in row),
    )
