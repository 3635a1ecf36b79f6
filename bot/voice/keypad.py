"""Digits of the telephone's keypad, gathered into one answer: `#` ends it, `*` begins again, else a pause does."""

from __future__ import annotations

PAUSE = 2.5
"""Seconds after the last key."""
MOST = 32


class Keypad:
    """One caller's keys."""

    def __init__(self) -> None:
        self._keys = ""
        self._last = 0.0
        self._done = False

    def press(self, key: str, now: float) -> None:
        """A key."""
        self._last = now
        if key == "#":
            self._done = bool(self._keys)
        elif key == "*":
            self._keys = ""
        elif len(self._keys) < MOST:
            self._keys += key

    def due(self, now: float) -> str | None:
        """The digits if they are complete; they are given once."""
        if not self._keys or not (self._done or now - self._last >= PAUSE):
            return None
        keys, self._keys, self._done = self._keys, "", False
        return keys
