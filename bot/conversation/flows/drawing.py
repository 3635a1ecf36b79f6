"""A flow as a picture: SVG that needs nothing else, readable in light and dark, with a text for those who can't see it."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from xml.sax.saxutils import escape

from bot.conversation.assistant import Assistant
from bot.conversation.flows.layout import Arrow, Cell, lay_out
from bot.conversation.flows.model import Flow, Step

WIDTH, HEIGHT = 236, 56
ACROSS, DOWN = 72, 52
"""Gaps between boxes: arrows and their labels run there."""
EDGE = 36
KIND_NAMES = {
    "collect": "질문",
    "action": "업무",
    "set_slots": "값",
    "link": "이동",
    "call": "호출",
    "noop": "분기",
}
STYLE = """
text{font:13px Pretendard,"Noto Sans CJK KR","Apple SD Gothic Neo","Malgun Gothic",sans-serif;fill:#191d24}
.kind{font-size:11px;fill:#4a5261}.label{font-size:11px;fill:#4a5261}.title{font-size:16px;font-weight:600}
.box{fill:#f6f7f9;stroke:#7a8392}.collect{fill:#e6eefd;stroke:#2158d6}.link,.call{fill:#f1eefb;stroke:#5b3fb0}
.say{fill:#eff1f5}.end{fill:#4a5261;stroke:none}.line{fill:none;stroke:#5c6676;stroke-width:1.5}.back{stroke-dasharray:5 4}
.tip{fill:#5c6676}.paper{fill:#fff}.end-text{fill:#fff;font-size:11px}
@media(prefers-color-scheme:dark){text{fill:#eceff4}.kind,.label{fill:#b7bfcc}.box{fill:#1a1e25;stroke:#6f7988}
.collect{fill:#1c2a47;stroke:#8db2ff}.link,.call{fill:#272241;stroke:#bba8f5}.say{fill:#252a34}.line{stroke:#8f99a8}
.tip{fill:#8f99a8}.paper{fill:#14171c}}
"""


def flow_svg(flow: Flow, assistant: Assistant) -> str:
    """The picture as SVG text."""
    layout = lay_out(flow)
    width = 2 * EDGE + layout.columns * WIDTH + (layout.columns - 1) * ACROSS + ACROSS
    height = 2 * EDGE + 28 + layout.rows * HEIGHT + (layout.rows - 1) * DOWN
    place = _Places()
    lines = [place.arrow(arrow, layout.cells) for arrow in layout.arrows]
    boxes = [
        _end(cell, place) if cell.step_id is None else _box(cell, flow.steps[cell.step_id], assistant, place)
        for cell in layout.cells.values()
    ]
    description = " ".join(outline(flow, assistant))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="t d" '
        f'viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f'<title id="t">{escape(flow.name)}</title><desc id="d">{escape(description)}</desc>'
        f'<style>{STYLE}</style><defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        f'markerHeight="7" orient="auto"><path class="tip" d="M0 0L8 4L0 8Z"/></marker></defs>'
        f'<rect class="paper" width="{width}" height="{height}"/>'
        f'<text class="title" x="{EDGE}" y="{EDGE}">{escape(flow.name)}</text>'
        + "".join(lines)
        + "".join(boxes)
        + "</svg>\n"
    )


def outline(flow: Flow, assistant: Assistant) -> list[str]:
    """The flow as lines of text: each step, and where it goes under which condition."""
    lines = []
    for step in flow.steps.values():
        kind, what = KIND_NAMES[step.kind], _what(step, assistant)
        goals = [
            (f"{branch.condition.source} → " if branch.condition else "→ ") + _goal(flow, branch.target)
            for branch in step.branches
        ]
        lines.append(f"{flow.order[step.id] + 1}. {kind} {what}: {', '.join(goals)}.")
    return lines


def _goal(flow: Flow, target: str) -> str:
    return f"{flow.order[target] + 1}" if target in flow.order else "끝"


def _what(step: Step, assistant: Assistant) -> str:
    """What a step is about, as a reader of the picture would call it."""
    if step.kind == "collect":
        return assistant.domain.label(step.name)
    if step.kind == "set_slots":
        return ", ".join(
            f"{assistant.domain.label(name)} = {'비움' if value is None else value}"
            for name, value in step.values
        )
    if step.kind in ("link", "call") and step.name in assistant.flows:
        return assistant.flows[step.name].name
    return step.name or step.id


def _detail(step: Step, assistant: Assistant) -> str:
    """What the customer hears at the step, if it says something."""
    name = step.utter if step.kind == "collect" else step.name
    variations = assistant.domain.responses.get(name)
    return variations[0].text if variations else ""


class _Places:
    """Cells to points. Arrows that don't go straight down run in the gaps, each in a lane of its own."""

    def __init__(self) -> None:
        self._lanes: dict[int, int] = {}

    def corner(self, cell: Cell) -> tuple[int, int]:
        """Left and top of a box."""
        return EDGE + cell.column * (WIDTH + ACROSS), EDGE + 28 + cell.row * (HEIGHT + DOWN)

    def _lane(self, column: int) -> int:
        """An x in the gap to the right of a column, another one at each call."""
        number = self._lanes.get(column, 0)
        self._lanes[column] = number + 1
        return EDGE + column * (WIDTH + ACROSS) + WIDTH + 12 + (number * 11) % (ACROSS - 20)

    def arrow(self, arrow: Arrow, cells: Mapping[str, Cell]) -> str:
        """A line with its label."""
        start, goal = cells[arrow.start], cells[arrow.goal]
        (x1, y1), (x2, y2) = self.corner(start), self.corner(goal)
        if arrow.back:
            lane = self._lane(start.column)
            path = f"M{x1 + WIDTH} {y1 + HEIGHT // 2}H{lane}V{y2 - 14 if start.column != goal.column else y2 + 14}"
            path += f"H{x2 + WIDTH // 2 + 40}V{y2}" if start.column != goal.column else f"H{x2 + WIDTH}"
            label_at = (x1 + WIDTH + 4, y1 + HEIGHT // 2 - 6)
        elif goal.row == start.row + 1:
            middle = y1 + HEIGHT + DOWN // 2 + 8
            a, b = x1 + WIDTH // 2, x2 + WIDTH // 2
            path = f"M{a} {y1 + HEIGHT}V{y2}" if a == b else f"M{a} {y1 + HEIGHT}V{middle}H{b}V{y2}"
            label_at = (b + 6, y2 - 26) if a == b else (b - WIDTH // 2 + 4, middle - 5)
        else:
            lane = self._lane(start.column)
            a, b = x1 + WIDTH // 2, x2 + WIDTH // 2
            path = f"M{a} {y1 + HEIGHT}V{y1 + HEIGHT + 14}H{lane}V{y2 - 14}H{b}V{y2}"
            label_at = (a + 6, y1 + HEIGHT + 11)
        kind = "line back" if arrow.back else "line"
        label = ""
        if arrow.label:
            shown = escape(_cut(arrow.label, 230))
            label = f'<text class="label" x="{label_at[0]}" y="{label_at[1]}">{shown}<title>{escape(arrow.label)}</title></text>'
        return f'<path class="{kind}" marker-end="url(#tip)" d="{path}"/>{label}'


def _box(cell: Cell, step: Step, assistant: Assistant, place: _Places) -> str:
    x, y = place.corner(cell)
    detail = _detail(step, assistant)
    says = " say" if step.kind == "action" and detail else ""
    kind, second = KIND_NAMES[step.kind], _what(step, assistant)
    if detail:
        kind, second = f"{kind} · {second}", detail
    return (
        f'<g><rect class="box {step.kind}{says}" x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="8"/>'
        f'<text class="kind" x="{x + 12}" y="{y + 21}">{escape(_cut(kind, WIDTH - 24, 11))}</text>'
        f'<text x="{x + 12}" y="{y + 42}">{escape(_cut(second, WIDTH - 24))}</text>'
        f"<title>{escape(f'{kind}. {second}')}</title></g>"
    )


def _end(cell: Cell, place: _Places) -> str:
    x, y = place.corner(cell)
    middle = x + WIDTH // 2
    return (
        f'<g><rect class="end" x="{middle - 22}" y="{y}" width="44" height="22" rx="11"/>'
        f'<text class="end-text" x="{middle}" y="{y + 15}" text-anchor="middle">끝</text></g>'
    )


def _cut(text: str, width: int, size: int = 13) -> str:
    """As much of the text as fits, by the usual widths of letters."""
    room = float(width)
    for index, char in enumerate(text):
        room -= size * (0.95 if unicodedata.east_asian_width(char) in "WF" else 0.56)
        if room < 0:
            return text[: max(index - 1, 0)].rstrip() + "…"
    return text
