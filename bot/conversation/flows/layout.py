"""Where the steps of a flow stand in a picture: a row for each step of the way, a column for each way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.conversation.flows.model import END, Flow


@dataclass(frozen=True, slots=True)
class Cell:
    """A step, or an end of the flow (`step_id` is None)."""

    key: str
    step_id: str | None
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Arrow:
    """From one cell to another; `back` leads to an earlier step."""

    start: str
    goal: str
    label: str
    back: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """Cells by key, and arrows between them."""

    cells: Mapping[str, Cell]
    arrows: tuple[Arrow, ...]

    @property
    def rows(self) -> int:
        """How many rows are in use."""
        return 1 + max(cell.row for cell in self.cells.values())

    @property
    def columns(self) -> int:
        """How many columns are in use."""
        return 1 + max(cell.column for cell in self.cells.values())


def lay_out(flow: Flow) -> Layout:
    """Every step below those that lead to it; what goes back is an arrow, not a row."""
    arrows = _arrows(flow)
    keys = list(dict.fromkeys([flow.first, *(key for arrow in arrows for key in (arrow.start, arrow.goal))]))
    rows = _rows(flow.first, keys, arrows)
    columns = _columns(flow.first, rows, arrows)
    cells = {
        key: Cell(key, key if key in flow.steps else None, row, columns[key]) for key, row in rows.items()
    }
    return Layout(cells, tuple(arrows))


def _arrows(flow: Flow) -> list[Arrow]:
    """All branches in the order of a walk from the first step. Each END is an end of its own, so that lines stay short."""
    found: list[Arrow] = []
    walked: set[str] = set()
    open_: set[str] = set()

    def walk(step_id: str) -> None:
        walked.add(step_id)
        open_.add(step_id)
        step = flow.steps[step_id]
        for index, branch in enumerate(step.branches):
            goal = f"{step_id} {END} {index}" if branch.target == END else branch.target
            label = branch.condition.source if branch.condition else ("아니면" if index else "")
            found.append(Arrow(step_id, goal, label, goal in open_))
            if goal in flow.steps and goal not in walked:
                walk(goal)
        open_.discard(step_id)

    walk(flow.first)
    return found


def _rows(first: str, keys: list[str], arrows: list[Arrow]) -> dict[str, int]:
    """The longest way to each cell, arrows back left out."""
    rows = dict.fromkeys(keys, 0)
    for _ in keys:
        moved = False
        for arrow in arrows:
            if not arrow.back and rows[arrow.goal] <= rows[arrow.start]:
                rows[arrow.goal] = rows[arrow.start] + 1
                moved = True
        if not moved:
            break
    return rows


def _columns(first: str, rows: dict[str, int], arrows: list[Arrow]) -> dict[str, int]:
    """The first way out of a step stays in its column; each other one takes the next to the right with free rows."""
    chains: list[tuple[list[str], str | None]] = []
    placed: set[str] = set()

    def follow(key: str, parent: str | None) -> None:
        chain = [key]
        chains.append((chain, parent))
        placed.add(key)
        while True:
            ahead = [a.goal for a in arrows if a.start == chain[-1] and not a.back and a.goal not in placed]
            if not ahead:
                break
            chain.append(ahead[0])
            placed.add(ahead[0])
        for member in chain:
            for arrow in arrows:
                if arrow.start == member and not arrow.back and arrow.goal not in placed:
                    follow(arrow.goal, member)

    follow(first, None)
    columns: dict[str, int] = {}
    taken: set[tuple[int, int]] = set()
    for chain, parent in chains:
        top = rows[chain[0]] - 1  # the line that leads to it needs its room too
        span = range(max(top, 0), rows[chain[-1]] + 1)
        column = columns[parent] + 1 if parent else 0
        while any((row, column) in taken for row in span):
            column += 1
        taken.update((row, column) for row in span)
        columns.update(dict.fromkeys(chain, column))
    return columns
