"""`phone`: a Korean telephone number, kept as 010-1234-5678."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from bot.conversation.slot_validators.port import Checked
from korean.identifiers.phones import phones


class PhoneValidator(BaseModel):
    """Any line, or mobile ones alone."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    response: ClassVar[str] = "utter_invalid_phone"

    line: Literal["any", "mobile"] = "any"
    utter: str = ""
    """Said instead of the product's own words."""

    def check(self, value: Any, now: datetime) -> Checked:
        """Problems: `not_a_phone`, `not_mobile`."""
        found = list(phones(str(value)))
        if len(found) != 1:
            return Checked(value, "not_a_phone")
        if self.line == "mobile" and found[0].info.get("line") != "mobile":
            return Checked(value, "not_mobile")
        return Checked(found[0].value)
