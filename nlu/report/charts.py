"""Pictures as SVG, drawn with the page's own colours and readable alone.

Colours are CSS variables with a fallback: inside the page they follow light and dark, in a file of their own they are light.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from nlu.report.figures import BINS, Report

INK, FAINT, LINE = "var(--ink, #1f2328)", "var(--faint, #656d76)", "var(--line, #d0d7de)"
GOOD, BAD, PAPER = "var(--good, #1a7f64)", "var(--bad, #c2410c)", "var(--paper, #ffffff)"
_FONT = (
    "font-family='system-ui, &quot;Noto Sans KR&quot;, &quot;Apple SD Gothic Neo&quot;, "
    "&quot;Malgun Gothic&quot;, sans-serif'"
)
_TOPS = (0.05, 0.1, 0.25, 0.5, 1.0)
"""Where an axis of shares may end, so that its marks are round."""
_WIDE = 0.62
"""Width of a Latin letter in ems; a Korean one is a whole em."""


def confusion_chart(report: Report, *, standalone: bool = False) -> str:
    """Rows are what was meant, columns what was understood. Shade is the share of the row."""
    labels = list(report.labels)
    nothing = any(row[-1] for row in report.matrix)
    columns = [*labels, "(없음)"] if nothing else labels
    cell, size = 32, 12
    left = int(max(_width(label, size) for label in labels)) + 16
    top = int(max(_width(label, size) for label in columns) * 0.71) + 28
    width = left + cell * len(columns) + top // 2 + 12
    height = top + cell * len(labels) + 30
    parts = []
    for column, label in enumerate(columns):
        x, y = left + column * cell + cell * 0.6, top - 8
        parts.append(_text(x, y, label, size, turn=-45))
    for row, label in enumerate(labels):
        y = top + row * cell
        parts.append(_text(left - 8, y + cell * 0.65, label, size, anchor="end"))
        parts += _row(report.matrix[row], len(columns), left, y, cell, label, columns)
    below = top + cell * len(labels) + 20
    parts.append(
        _text(left, below, "행: 실제 의도 · 열: 알아들은 의도 · 짙을수록 그 행에서 많음", size, FAINT)
    )
    return _svg(width, height, parts, "혼동 행렬", standalone)


def _row(
    counts: Sequence[int], columns: int, left: float, y: float, cell: int, label: str, names: Sequence[str]
) -> list[str]:
    total = sum(counts) or 1
    row = names.index(label)
    parts = []
    for column in range(columns):
        count, share = counts[column], counts[column] / total
        x = left + column * cell
        fill = GOOD if column == row else BAD
        title = f"<title>{escape(label)} → {escape(names[column])}: {count}</title>"
        shade = round(0.12 + 0.88 * share, 3) if count else 0
        parts.append(
            f"<g>{title}<rect x='{x}' y='{y}' width='{cell - 2}' height='{cell - 2}' rx='3' fill='{LINE}' "
            f"fill-opacity='.35'/>"
            + (
                f"<rect x='{x}' y='{y}' width='{cell - 2}' height='{cell - 2}' rx='3' fill='{fill}' "
                f"fill-opacity='{shade}'/>"
                + _text(
                    x + cell / 2 - 1,
                    y + cell * 0.63,
                    str(count),
                    11,
                    PAPER if shade > 0.55 else INK,
                    "middle",
                )
                if count
                else ""
            )
            + "</g>"
        )
    return parts


def risk_chart(report: Report, last: Report | None = None) -> str:
    """Share of wrong answers among those given, by how many are given; the last report's as a dashed line."""
    highest = max([risk for _, risk in report.risk_coverage] + [0.05])
    if last is not None:
        highest = max([highest, *(risk for _, risk in last.risk_coverage)])
    frame = _Frame(next(top for top in _TOPS if top >= highest), "답한 비율", "틀린 비율")
    parts = frame.axes()
    if last is not None:
        parts.append(frame.line(last.risk_coverage, FAINT, dashed=True))
    parts.append(frame.line(report.risk_coverage, BAD))
    return _svg(frame.width, frame.height, parts, "위험-응답률 곡선")


def reliability_chart(report: Report) -> str:
    """Accuracy by confidence: bars on the diagonal mean what they say. Wide bars hold more answers."""
    frame = _Frame(1.0, "확신도", "정확도")
    parts = frame.axes()
    most = max(b.count for b in report.reliability)
    for b in report.reliability:
        middle = b.low + 0.5 / BINS
        thick = (0.25 + 0.65 * b.count / most) / BINS
        x1, x2 = frame.x(middle - thick / 2), frame.x(middle + thick / 2)
        y = frame.y(b.accuracy)
        title = f"<title>확신도 {b.confidence:.0%}, 정확도 {b.accuracy:.0%}, {b.count}개</title>"
        parts.append(
            f"<rect x='{x1:.1f}' y='{y:.1f}' width='{x2 - x1:.1f}' height='{frame.y(0) - y:.1f}' rx='2' "
            f"fill='{GOOD}' fill-opacity='.75'>{title}</rect>"
        )
    parts.append(frame.line(((0.0, 0.0), (1.0, 1.0)), FAINT, dashed=True))
    return _svg(frame.width, frame.height, parts, "신뢰도 그림")


class _Frame:
    """A square with axes from 0 to 1 across and 0 to `highest` upwards."""

    width, height = 420, 300
    left, right, top, bottom = 66, 24, 12, 44

    def __init__(self, highest: float, across: str, upwards: str) -> None:
        self.highest = highest
        self.across, self.upwards = across, upwards

    def x(self, value: float) -> float:
        return self.left + value * (self.width - self.left - self.right)

    def y(self, value: float) -> float:
        room = self.height - self.top - self.bottom
        return self.top + (1 - value / self.highest) * room

    def axes(self) -> list[str]:
        parts = []
        for step in range(6):
            x, share = self.x(step / 5), step / 5
            level = self.highest * step / 5
            y = self.y(level)
            parts.append(
                f"<line x1='{self.left}' x2='{self.width - self.right}' y1='{y:.1f}' y2='{y:.1f}' stroke='{LINE}'/>"
            )
            parts.append(_text(x, self.height - self.bottom + 18, f"{share:.0%}", 11, FAINT, "middle"))
            parts.append(
                _text(
                    self.left - 8,
                    y + 4,
                    f"{100 * level:g}%",
                    11,
                    FAINT,
                    "end",
                )
            )
        middle = (self.left + self.width - self.right) / 2
        parts.append(_text(middle, self.height - 6, self.across, 12, INK, "middle"))
        parts.append(_text(14, self.height / 2 - 16, self.upwards, 12, INK, "middle", -90))
        return parts

    def line(self, points: Sequence[tuple[float, float]], colour: str, *, dashed: bool = False) -> str:
        path = " ".join(f"{self.x(px):.1f},{self.y(py):.1f}" for px, py in points)
        dash = " stroke-dasharray='5 4'" if dashed else ""
        return f"<polyline points='{path}' fill='none' stroke='{colour}' stroke-width='2'{dash}/>"


def _text(
    x: float, y: float, text: str, size: int, colour: str = INK, anchor: str = "start", turn: int = 0
) -> str:
    turned = f" transform='rotate({turn} {x:.1f} {y:.1f})'" if turn else ""
    return (
        f"<text x='{x:.1f}' y='{y:.1f}' font-size='{size}' fill='{colour}' text-anchor='{anchor}'{turned}>"
        f"{escape(text)}</text>"
    )


def _width(text: str, size: int) -> float:
    """About how wide a text will be, in pixels."""
    return sum(size if ord(char) > 0x2E7F else size * _WIDE for char in text)


def _svg(width: float, height: float, parts: Sequence[str], title: str, standalone: bool = False) -> str:
    paper = f"<rect width='100%' height='100%' fill='{PAPER}'/>" if standalone else ""
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width:.0f} {height:.0f}' width='{width:.0f}' "
        f"height='{height:.0f}' role='img' aria-label='{escape(title)}' {_FONT}>{paper}{''.join(parts)}</svg>"
    )
