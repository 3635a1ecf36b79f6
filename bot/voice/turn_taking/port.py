"""The port of turn-taking: when the caller began to speak, and when they are done."""

from __future__ import annotations

from enum import Enum
from typing import Protocol, runtime_checkable

from bot.voice.audio import Pcm


class Decision(Enum):
    """What a frame changed."""

    STARTED = "started"
    """The caller speaks."""
    ENDED = "ended"
    """The caller is done; what was said is a turn."""
    DROPPED = "dropped"
    """It was no speech after all: a cough, a knock."""


class TurnTaking(Protocol):
    """One caller's turns. A policy is one file; it sees every frame once and in order."""

    @property
    def voiced_ms(self) -> float:
        """Milliseconds of speech in the turn so far; 0 between turns."""

    def frame(self, probability: float, ms: float, audio: Pcm) -> Decision | None:
        """What this frame changed. `audio` is the frame at 16 kHz, for policies that judge more than loudness."""

    def reset(self) -> None:
        """Between turns again."""


@runtime_checkable
class TurnTakingOptions(Protocol):
    """A policy's options, read from config.yml."""

    def make(self) -> TurnTaking:
        """A policy for one caller."""
