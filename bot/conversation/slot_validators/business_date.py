"""`business_date`: a day on which the company works, neither past nor too far ahead."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from bot.conversation.slot_validators.port import Checked
from korean.public_holidays import is_working_day

LOOK_AHEAD = 30
"""Days within which another day is proposed."""


class BusinessDateValidator(BaseModel):
    """Monday to Friday without public holidays of Korea, substitute ones included."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    response: ClassVar[str] = "utter_invalid_date"

    earliest: int = Field(default=0, ge=0, le=365)
    """Days from today on: 0 allows today, 1 begins tomorrow."""
    latest: int = Field(default=90, ge=0, le=3650)
    saturdays: bool = False
    closed_on: tuple[date, ...] = ()
    """Days of the company's own."""
    utter: str = ""

    def check(self, value: Any, now: datetime) -> Checked:
        """Problems: `not_a_date`, `past`, `too_soon`, `too_far`, `closed`. `next_day` is the next that would do."""
        try:
            day = date.fromisoformat(str(value)[:10])
        except ValueError:
            return Checked(value, "not_a_date", self._words(now.date(), now.date()))
        ahead = (day - now.date()).days
        words = self._words(now.date(), day)
        if ahead < 0:
            return Checked(day.isoformat(), "past", words)
        if ahead < self.earliest:
            return Checked(day.isoformat(), "too_soon", words)
        if ahead > self.latest:
            return Checked(day.isoformat(), "too_far", words)
        return Checked(day.isoformat(), "" if self.open_on(day) else "closed", words)

    def open_on(self, day: date) -> bool:
        """Whether the company works on that day."""
        return day not in self.closed_on and is_working_day(day, saturdays=self.saturdays)

    def _words(self, today: date, wish: date) -> dict[str, Any]:
        last = today + timedelta(days=self.latest)
        found = next((day for day in self._from(today, wish) if self.open_on(day)), None)
        shown = found.isoformat() if found is not None and found <= last else None
        return {"next_day": shown, "last_day": last.isoformat()}

    def _from(self, today: date, wish: date) -> Iterator[date]:
        first = max(wish, today + timedelta(days=self.earliest))
        first = min(first, today + timedelta(days=self.latest))
        return (first + timedelta(days=ahead) for ahead in range(LOOK_AHEAD))
