"""Ears: speech to text, back ends one a file, chosen by `voice.ears` in config.yml."""

from typing import Any

from bot.voice.ears.faster_whisper import FasterWhisperOptions
from bot.voice.ears.openai_compatible import OpenAiEarsOptions
from bot.voice.ears.openai_whisper import OpenAiWhisperOptions
from bot.voice.ears.port import Ears, EarsOptions, Heard, Place
from bot.voice.ears.testing import TestingEars, TestingEarsOptions

BACK_ENDS: dict[str, Any] = {
    "faster-whisper": FasterWhisperOptions,
    "whisper": OpenAiWhisperOptions,
    "openai-compatible": OpenAiEarsOptions,
    "testing": TestingEarsOptions,
}
"""Name -> `EarsOptions` as a pydantic model."""

__all__ = ["BACK_ENDS", "Ears", "EarsOptions", "Heard", "Place", "TestingEars"]
