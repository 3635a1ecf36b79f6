"""One identifier in a text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Identifier:
    """`start`/`end` are code-point offsets. `value` is the usual way of writing it; `info` what is known of its validity."""

    start: int
    end: int
    value: str
    info: Mapping[str, Any] = field(default_factory=dict)
