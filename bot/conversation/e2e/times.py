"""Times as people write them in test files: `3 days`, `10분`, `2026-11-25 10:00`."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

KOREA = ZoneInfo("Asia/Seoul")
_UNITS = {
    1.0: ("second", "seconds", "s", "초"),
    60.0: ("minute", "minutes", "min", "분"),
    3600.0: ("hour", "hours", "h", "시간"),
    86400.0: ("day", "days", "d", "일"),
    604800.0: ("week", "weeks", "w", "주"),
}
_SECONDS = {name: seconds for seconds, names in _UNITS.items() for name in names}
_SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*([A-Za-z가-힣]+)")


def span(text: str) -> float:
    """Seconds of `3 days`, `90 minutes`, `1시간 30분`. Raises `ValueError`."""
    parts = _SPAN.findall(text)
    rest = _SPAN.sub("", text).strip(" ,")
    if not parts or rest or any(unit not in _SECONDS for _, unit in parts):
        raise ValueError(
            "a span of time: 30 seconds, 10 minutes, 2 hours, 3 days, 1 week, or 10분, 2시간, 3일"
        )
    return sum(float(number) * _SECONDS[unit] for number, unit in parts)


def moment(text: str) -> float:
    """Seconds since the epoch of `2026-11-25 10:00`, Korean time unless it says otherwise. Raises `ValueError`."""
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("a day and a time: 2026-11-25 10:00") from None
    return (given if given.tzinfo else given.replace(tzinfo=KOREA)).timestamp()
