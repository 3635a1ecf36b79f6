"""Patience: what silence asks for. A reminder, a second one, a farewell; for those who wait, a word that the line is alive."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Literal

from bot.voice.options import CallOptions

Step = Literal["reminder", "waiting", "leave", "too_long"]


class Patience:
    """Counts one call's silence. `clock` gives seconds."""

    def __init__(self, options: CallOptions, clock: Callable[[], float] = time.monotonic) -> None:
        self._options = options
        self._clock = clock
        self._begun = self._last = clock()
        self._reminded = 0

    def touch(self) -> None:
        """Somebody spoke."""
        self._last = self._clock()

    def answered(self) -> None:
        """The caller said something: reminders count from none again."""
        self.touch()
        self._reminded = 0

    def due(self, *, waiting: bool, person: bool) -> Step | None:
        """What is to be done now, once; the next silence is counted from here."""
        now = self._clock()
        if now - self._begun >= self._options.max_minutes * 60:
            return "too_long"
        if person:
            return None
        quiet = now - self._last
        if waiting:
            return self._step("waiting") if quiet >= self._options.waiting_every else None
        if quiet < self._options.reminder_after:
            return None
        if self._reminded >= self._options.reminders:
            return self._step("leave")
        self._reminded += 1
        return self._step("reminder")

    def _step(self, step: Step) -> Step:
        self.touch()
        return step
