"""Steps over the calendar, and how days are handed on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from nlu.entities.found import Found


def safe_date(year: int, month: int, day: int) -> date | None:
    """None where there is no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def first_of_month(today: date, shift: int) -> date:
    """The first day of the month that is `shift` months away."""
    months = today.year * 12 + today.month - 1 + shift
    return date(months // 12, months % 12 + 1, 1)


def last_of_month(first: date) -> date:
    """The last day of the month that begins with `first`."""
    return first_of_month(first, 1) - timedelta(days=1)


def shifted(today: date, unit: str, count: int) -> date | None:
    """The day so many units (일, 주, 달, 년) away; the last of the month where that has no such day."""
    try:
        if unit in ("일", "주", "주일"):
            return today + timedelta(days=count if unit == "일" else 7 * count)
        first = first_of_month(today, count * (12 if unit == "년" else 1))
        return first.replace(day=min(today.day, last_of_month(first).day))
    except (OverflowError, ValueError):
        return None


def day(
    start: int, end: int, value: date, priority: int = 60, info: Mapping[str, Any] | None = None
) -> Found:
    """`date` with the grain of a day."""
    return Found("date", start, end, value.isoformat(), priority, info={"grain": "day", **(info or {})})


def span(first: date, last: date) -> dict[str, str]:
    """`from` and `to` as ISO dates, both included."""
    return {"from": first.isoformat(), "to": last.isoformat()}
