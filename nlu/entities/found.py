"""What an extractor finds before overlaps are settled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Found:
    """A span with its value. `priority`: a higher one wins where two overlap."""

    entity: str
    start: int
    end: int
    value: Any
    priority: int = 0
    role: str | None = None
