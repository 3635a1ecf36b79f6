"""What a validator of slot values is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Protocol


@dataclass(frozen=True, slots=True)
class Checked:
    """The value in its usual form, or the `problem` by a code and what the customer's word of it needs."""

    value: Any
    problem: str = ""
    variables: dict[str, Any] = field(default_factory=dict)


class SlotValidator(Protocol):
    """Settings that are the validator. `response` is said when a value is refused, with `value`, `problem` and more."""

    response: ClassVar[str]
    utter: str

    def check(self, value: Any, now: datetime) -> Checked:
        """Never raises. `now` is the customers' time."""
