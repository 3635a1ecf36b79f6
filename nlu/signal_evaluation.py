"""How well signals are seen. `sangdam evaluate signals` prints what this returns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from formats import FormatError
from nlu.feelings import SIGNALS
from nlu.training_data import read_rows
from nlu.types import Signals

Signalled = tuple[str, frozenset[str]]
NO_SIGNAL = "-"
SURE = 0.5
"""Probability from which a signal counts as seen."""


def read_signalled(path: Path) -> list[Signalled]:
    """(text, signals) of `text<TAB>signal,signal` lines; `-` is none. Raises `FormatError` for an unknown signal."""
    rows = []
    for number, cells in read_rows(path, 2):
        names = frozenset() if cells[1] == NO_SIGNAL else frozenset(cells[1].split(","))
        if unknown := sorted(names - set(SIGNALS)):
            raise FormatError(path, number, f"signal {unknown[0]!r}", f"one of {', '.join(SIGNALS)}, or -")
        rows.append((cells[0], names))
    if not rows:
        raise FormatError(path, 1, "nothing in it", "at least one line")
    return rows


def evaluate_signals(tests: Sequence[Signalled], see: Callable[[str], Signals]) -> dict[str, Any]:
    """How many sentences, and for each signal: how many have it, precision and recall."""
    seen = [{name for name, score in see(text).model_dump().items() if score >= SURE} for text, _ in tests]
    report: dict[str, Any] = {"tests": len(tests)}
    for name in SIGNALS:
        wanted = [name in names for _, names in tests]
        found = [name in names for names in seen]
        hits = sum(w and f for w, f in zip(wanted, found, strict=True))
        report[name] = {
            "tests": sum(wanted),
            "precision": round(hits / sum(found), 4) if any(found) else None,
            "recall": round(hits / sum(wanted), 4) if any(wanted) else None,
        }
    return report
