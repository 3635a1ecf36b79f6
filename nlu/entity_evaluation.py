"""How many expressions of a table are found with the exact value. `sangdam evaluate entities` prints what this returns."""

from __future__ import annotations

import json
import statistics
import time
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from formats import FormatError
from nlu.entities import EntityExtractor
from nlu.training_data import read_rows
from nlu.types import Entity

Expected = tuple[str, Any]
"""Entity and value."""
_SHOWN = 50
"""Misses that are listed."""


def evaluate_entities(path: Path) -> dict[str, Any]:
    """Lines `{"text", "now", "entities": [{"entity", "value"}]}`: share of the expressions found with the exact value.

    `by_entity` has the same share a kind; `spurious` counts what was found and not expected, `clean` is the share of the lines
    without entities in which nothing was found. A value {"from", "to"} is met by an entity of that value, by one that says so
    in its `info`, and by two with these roles. Raises `FormatError` with the line.
    """
    extractor = EntityExtractor()
    total: Counter[str] = Counter()
    hits: Counter[str] = Counter()
    spurious, negatives, clean = 0, 0, 0
    seconds: list[float] = []
    missed: list[dict[str, Any]] = []
    for number, cells in read_rows(path, 1):
        text, now, gold = _expression(path, number, cells[0])
        started = time.perf_counter()
        found = extractor.extract(text, now)
        seconds.append(time.perf_counter() - started)
        for expected in gold:
            total[expected[0]] += 1
            if _is_found(expected, found):
                hits[expected[0]] += 1
            elif len(missed) < _SHOWN:
                missed.append({"line": number, "text": text, "expected": expected, "found": _shown(found)})
        extra = [
            entity for entity in found if not any(_is_found(expected, [entity], found) for expected in gold)
        ]
        spurious += len(extra)
        negatives += not gold
        clean += not gold and not found
    if not seconds:
        raise FormatError(path, 1, "nothing in it", "at least one line")
    return {
        "lines": len(seconds),
        "expressions": total.total(),
        "exact": round(hits.total() / max(total.total(), 1), 4),
        "by_entity": {name: round(hits[name] / total[name], 4) for name in sorted(total)},
        "spurious": spurious,
        "clean": round(clean / negatives, 4) if negatives else None,
        "latency_ms": _milliseconds(seconds),
        "missed": missed,
    }


def _expression(path: Path, number: int, line: str) -> tuple[str, datetime, list[Expected]]:
    try:
        item = json.loads(line)
        now = datetime.fromisoformat(item["now"])
        return str(item["text"]), now, [(e["entity"], e["value"]) for e in item["entities"]]
    except (ValueError, KeyError, TypeError):
        raise FormatError(path, number, "not an expression", '{"text", "now", "entities": […]}') from None


def _is_found(expected: Expected, found: Sequence[Entity], among: Sequence[Entity] = ()) -> bool:
    name, value = expected
    same = [entity for entity in found if entity.entity == name]
    if any(entity.value == value for entity in same):
        return True
    if not isinstance(value, dict) or set(value) != {"from", "to"}:
        return False
    if any({key: entity.info.get(key) for key in ("from", "to")} == value for entity in same):
        return True
    pool = [entity for entity in (among or found) if entity.entity == name]
    ends = {entity.role: entity.value for entity in pool if entity.role in ("from", "to")}
    return bool(same) and ends == value


def _shown(found: Sequence[Entity]) -> list[Expected]:
    return [(entity.entity, entity.value) for entity in found]


def _milliseconds(seconds: Sequence[float]) -> dict[str, float]:
    ordered = sorted(seconds)
    return {
        "p50": round(1000 * statistics.median(ordered), 3),
        "p95": round(1000 * ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))], 3),
    }
