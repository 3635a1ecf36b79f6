"""The port of hearing: the audio of one turn to text."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

from bot.voice.audio import Pcm


@dataclass(frozen=True, slots=True)
class Heard:
    """What was recognised; `text` is empty where nothing was said."""

    text: str
    confidence: float = 1.0
    """0 to 1, as the back end sees it; 1 where it doesn't say."""


@dataclass(frozen=True, slots=True)
class Place:
    """What back ends are given of their surroundings."""

    data_dir: Path
    """Where models may be unpacked to."""
    language: str = "ko"


class Ears(Protocol):
    """Recognises turns. Any number at once may be asked for; a back end queues what it can't do at once."""

    async def warm_up(self) -> None:
        """Load what is slow to load. Called any number of times; `recognise` does it by itself if need be."""

    async def recognise(self, pcm: Pcm) -> Heard:
        """The words of one turn: 16 kHz, at most 30 seconds, silence around them. Raises `EarsFailed`, `EarsBusy`."""

    async def close(self) -> None:
        """Let go of threads and connections."""


@runtime_checkable
class EarsOptions(Protocol):
    """A back end's options, read from config.yml."""

    def make(self, place: Place) -> Ears:
        """The back end, light: nothing is loaded yet. Raises `SettingsError`-like errors for missing secrets."""
