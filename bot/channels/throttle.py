"""A limit on how often something may happen, by key."""

from __future__ import annotations

import time
from collections import OrderedDict, deque


class Throttle:
    """At most `limit` times in `seconds` for each key. Remembers the 10,000 keys used last."""

    def __init__(self, limit: int, seconds: float) -> None:
        self._limit = limit
        self._seconds = seconds
        self._times: OrderedDict[str, deque[float]] = OrderedDict()

    def allow(self, key: str, now: float | None = None) -> bool:
        """Count one more and say whether it may happen. What is refused isn't counted."""
        now = time.monotonic() if now is None else now
        times = self._times.setdefault(key, deque())
        self._times.move_to_end(key)
        if len(self._times) > 10_000:
            self._times.popitem(last=False)
        while times and times[0] <= now - self._seconds:
            times.popleft()
        if len(times) >= self._limit:
            return False
        times.append(now)
        return True
