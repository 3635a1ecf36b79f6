"""Figures from timings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the values lie (nearest rank); 0 for none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def summary_ms(seconds: Sequence[float]) -> dict[str, Any]:
    """Count, p50 and p95 in milliseconds."""
    return {
        "n": len(seconds),
        "p50_ms": round(percentile(seconds, 0.5) * 1e3, 1),
        "p95_ms": round(percentile(seconds, 0.95) * 1e3, 1),
    }
