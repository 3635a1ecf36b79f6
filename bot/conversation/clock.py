"""What time it is for a conversation: the machine's time, or a time that a test moved to.

A context variable, so that conversations that run side by side may live at different times.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from zoneinfo import ZoneInfo

KOREA = ZoneInfo("Asia/Seoul")
_ahead: ContextVar[float] = ContextVar("sangdam_clock_ahead", default=0.0)


def now() -> float:
    """Seconds since the epoch, UTC."""
    return time.time() + _ahead.get()


def korean_time() -> datetime:
    """`now` in Korea, by which customers count their days."""
    return datetime.fromtimestamp(now(), KOREA)


@contextmanager
def moved(seconds: float) -> Iterator[None]:
    """Inside, `now` is so many seconds ahead of the machine's time; negative is behind."""
    token = _ahead.set(seconds)
    try:
        yield
    finally:
        _ahead.reset(token)
