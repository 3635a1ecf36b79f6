"""The port of speaking: text, already in spoken form, to sound."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Protocol, runtime_checkable

from bot.voice.audio import Sound


class Mouth(Protocol):
    """Speaks. Any number of texts at once may be asked for."""

    async def warm_up(self) -> None:
        """Load what is slow to load."""

    def speak(self, text: str) -> AsyncIterator[Sound]:
        """The sound of a sentence or two, piece by piece as it is made, at one rate.

        Closing the iterator early stops the work. Text without anything to say gives nothing. Raises `MouthFailed`.
        """

    async def close(self) -> None:
        """Let go of processes and connections."""


@runtime_checkable
class MouthOptions(Protocol):
    """A back end's options, read from config.yml."""

    def make(self) -> Mouth:
        """The back end, light: nothing is loaded yet."""
