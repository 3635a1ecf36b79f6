"""`testing`: a mouth that hums. The twin for tests of calls: it remembers what it said, and each text has a known length."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from bot.voice.audio import Sound
from bot.voice.errors import MouthFailed

RATE = 16_000


class TestingMouthOptions(BaseModel):
    """Options under `voice.mouth_options`."""

    __test__ = False
    model_config = ConfigDict(frozen=True, extra="forbid")

    ms_per_character: float = Field(default=10, gt=0)

    def make(self) -> TestingMouth:
        """See `MouthOptions.make`."""
        return TestingMouth(self.ms_per_character)


class TestingMouth:
    """A soft tone, `ms_per_character` long for each character."""

    __test__ = False

    def __init__(self, ms_per_character: float = 10) -> None:
        self._ms = ms_per_character
        self.said: list[str] = []
        self.fails = 0
        """How many of the next texts fail."""

    async def warm_up(self) -> None:
        """Nothing to load."""

    async def speak(self, text: str) -> AsyncIterator[Sound]:
        """See `Mouth.speak`."""
        if not text.strip():
            return
        if self.fails:
            self.fails -= 1
            raise MouthFailed("told to")
        self.said.append(text)
        samples = int(RATE * self._ms * len(text) / 1000)
        tone = (2_000 * np.sin(np.arange(samples) * 2 * np.pi * 440 / RATE)).astype(np.int16)
        for start in range(0, samples, RATE // 10):
            yield Sound(tone[start : start + RATE // 10], RATE)
            await asyncio.sleep(0)

    async def close(self) -> None:
        """Nothing is held open."""
