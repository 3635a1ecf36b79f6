"""Mouths: text to speech, back ends one a file, chosen by `voice.mouth` in config.yml."""

from typing import Any

from bot.voice.mouth.espeak import EspeakOptions
from bot.voice.mouth.openai_compatible import OpenAiMouthOptions
from bot.voice.mouth.port import Mouth, MouthOptions
from bot.voice.mouth.testing import TestingMouth, TestingMouthOptions

BACK_ENDS: dict[str, Any] = {
    "espeak": EspeakOptions,
    "openai-compatible": OpenAiMouthOptions,
    "testing": TestingMouthOptions,
}
"""Name -> `MouthOptions` as a pydantic model."""

__all__ = ["BACK_ENDS", "Mouth", "MouthOptions", "TestingMouth"]
