"""What an extractor finds before overlaps are settled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Found:
    """A span with its value. `priority`: a higher one wins where two overlap. `info` is Rasa's `additional_info`."""

    entity: str
    start: int
    end: int
    value: Any
    priority: int = 0
    role: str | None = None
    group: str | None = None
    info: Mapping[str, Any] = field(default_factory=dict)
