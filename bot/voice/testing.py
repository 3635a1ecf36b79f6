"""Twins for tests of calls: voice activity by loudness, and sounds that are speech to it."""

from __future__ import annotations

import numpy as np

from bot.voice.audio import EARS_RATE, Pcm, floats_of, silence

LOUD = 0.02
"""Root mean square from which the twin takes a frame for speech."""


class LoudnessActivity:
    """Loud is speech."""

    def probability(self, frame: Pcm) -> float:
        """See `VoiceActivity.probability`."""
        return 1.0 if float(np.sqrt((floats_of(frame) ** 2).mean())) >= LOUD else 0.0

    def reset(self) -> None:
        """There is no state."""


def babble(ms: float, rate: int = EARS_RATE, loudness: float = 0.2) -> Pcm:
    """A sound that `LoudnessActivity` takes for speech."""
    samples = int(rate * ms / 1000)
    wave = np.sin(2 * np.pi * 220 * np.arange(samples) / rate) * loudness * 32767 * np.sqrt(2)
    pcm: Pcm = wave.astype(np.int16)
    return pcm


def utterance(ms: float, rate: int = EARS_RATE, after_ms: float = 700) -> Pcm:
    """Speech for `LoudnessActivity`, and silence that ends the turn."""
    return np.concatenate([babble(ms, rate), silence(after_ms, rate)])
