"""Public holidays of Korea, from the library `holidays`: lunar feasts, substitutes and elections too; and working days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache


@lru_cache(maxsize=32)
def public_holidays(year: int) -> Mapping[date, str]:
    """Day -> Korean name; names of two on one day are joined by `;` or `,`."""
    # Not before it is needed: the library takes a while to load.
    import holidays

    return dict(holidays.country_holidays("KR", years=year, language="ko").items())


def holiday_name(day: date) -> str | None:
    """None on other days."""
    return public_holidays(day.year).get(day)


def is_working_day(day: date, *, saturdays: bool = False) -> bool:
    """Monday to Friday, with `saturdays` to Saturday, and no public holiday."""
    return day.weekday() <= (5 if saturdays else 4) and holiday_name(day) is None


def working_day(start: date, count: int) -> date:
    """The day on which so many working days have passed; a negative count goes back, none stays."""
    step, found, left = timedelta(days=1 if count > 0 else -1), start, abs(count)
    while left:
        found += step
        left -= is_working_day(found)
    return found
