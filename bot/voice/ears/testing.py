"""`testing`: ears that hear what they were told to. The twin for tests of calls, and for trials without a model."""

from __future__ import annotations

import asyncio

from pydantic import BaseModel, ConfigDict, Field

from bot.voice.audio import EARS_RATE, Pcm, floats_of
from bot.voice.ears.port import Heard, Place
from bot.voice.errors import EarsFailed

SOFT = 0.01
"""Root mean square below which the twin hears nothing."""


class TestingEarsOptions(BaseModel):
    """Options under `voice.ears_options`."""

    __test__ = False
    model_config = ConfigDict(frozen=True, extra="forbid")

    script: tuple[str, ...] = ("안녕하세요",)
    """What the turns say, one after the other; the last one is said again and again."""
    seconds: float = Field(default=0.0, ge=0)
    """How long recognition takes."""

    def make(self, place: Place) -> TestingEars:
        """See `EarsOptions.make`."""
        return TestingEars(*self.script, seconds=self.seconds)


class TestingEars:
    """Hears its script, turn by turn; silence is heard as nothing, as every back end must."""

    __test__ = False

    def __init__(self, *script: str, seconds: float = 0.0) -> None:
        self.script = list(script)
        self.seconds = seconds
        self.lengths: list[float] = []
        """Seconds of each turn that was heard."""
        self.fails = 0
        """How many of the next turns fail."""
        self.warm = False

    async def warm_up(self) -> None:
        """See `Ears.warm_up`."""
        self.warm = True

    async def recognise(self, pcm: Pcm) -> Heard:
        """See `Ears.recognise`."""
        await asyncio.sleep(self.seconds)
        if self.fails:
            self.fails -= 1
            raise EarsFailed("told to")
        if not len(pcm) or float((floats_of(pcm) ** 2).mean()) ** 0.5 < SOFT:
            return Heard("", 0.0)
        self.lengths.append(len(pcm) / EARS_RATE)
        text = self.script.pop(0) if len(self.script) > 1 else self.script[0] if self.script else ""
        return Heard(text, 0.9 if text else 0.0)

    async def close(self) -> None:
        """See `Ears.close`."""
