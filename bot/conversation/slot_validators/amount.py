"""`amount`: a sum of won between two bounds."""

from __future__ import annotations

import math
import re
from datetime import datetime
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from bot.conversation.slot_validators.port import Checked
from korean.numbers import parse_number

_WON = re.compile(r"\s*(원|₩|won|krw)\s*(정|이요|요|입니다|이에요|으로)?\s*$", re.I)


class AmountValidator(BaseModel):
    """Bounds are inclusive; `unit` is what the sum has to be a multiple of."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    response: ClassVar[str] = "utter_invalid_amount"

    minimum: int = Field(default=1, ge=0)
    maximum: int | None = Field(default=None, ge=1)
    unit: int = Field(default=1, ge=1)
    utter: str = ""

    def check(self, value: Any, now: datetime) -> Checked:
        """Problems: `not_an_amount`, `too_low`, `too_high`, `not_a_multiple`."""
        number = _number(value)
        bounds = {"minimum": self.minimum, "maximum": self.maximum, "unit": self.unit}
        if number is None or not math.isfinite(number) or number != int(number):
            return Checked(value, "not_an_amount", bounds)
        won = int(number)
        if won < self.minimum:
            return Checked(won, "too_low", bounds)
        if self.maximum is not None and won > self.maximum:
            return Checked(won, "too_high", bounds)
        return Checked(won, "not_a_multiple" if won % self.unit else "", bounds)


def _number(value: Any) -> int | float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return value
    text = _WON.sub("", str(value).replace(",", "")).strip()
    try:
        return parse_number(text) if text else None
    except (ValueError, OverflowError):
        return None
