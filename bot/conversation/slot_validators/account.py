"""`account`: a bank account number, by its digits."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from bot.conversation.slot_validators.port import Checked

_NUMBER = re.compile(r"\d[\d\s-]{4,28}\d")


class AccountValidator(BaseModel):
    """Korean accounts have no check digit that all banks share: what can be told is the number of digits."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    response: ClassVar[str] = "utter_invalid_account"

    digits: tuple[int, int] = Field(default=(10, 16))
    """Fewest and most."""
    utter: str = ""

    def check(self, value: Any, now: datetime) -> Checked:
        """Problems: `not_an_account`, `wrong_length`. Kept in the groups in which it was said, spaces as hyphens."""
        low, high = self.digits
        bounds = {"fewest": low, "most": high}
        found = _NUMBER.findall(str(value))
        if len(found) != 1:
            return Checked(value, "not_an_account", bounds)
        number = re.sub(r"[\s-]+", "-", found[0])
        count = sum(letter.isdigit() for letter in number)
        return Checked(number, "" if low <= count <= high else "wrong_length", bounds)
