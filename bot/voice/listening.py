"""Listening: the line's audio as turns. No network, no clock: the same frames give the same signals."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bot.voice.activity import FRAME, FRAME_MS, VoiceActivity
from bot.voice.audio import EARS_RATE, Framer, Pcm, Resampler
from bot.voice.turn_taking import Decision, TurnTaking

BEFORE_MS = 320
"""Audio before the first voiced frame that belongs to the turn: soft consonants come before the voice."""


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    """The caller speaks."""


@dataclass(frozen=True, slots=True)
class SpeechDropped:
    """It was a noise."""


@dataclass(frozen=True, slots=True)
class SpeechEnded:
    """A turn: its audio at 16 kHz with some silence around it, and how much of it was voice."""

    pcm: Pcm
    voiced_ms: float


Signal = SpeechStarted | SpeechDropped | SpeechEnded


class Listener:
    """One caller's ear for when, not for what."""

    def __init__(self, activity: VoiceActivity, turns: TurnTaking, rate: int) -> None:
        self._activity = activity
        self._turns = turns
        self._resampler = Resampler(rate, EARS_RATE)
        self._framer = Framer(FRAME)
        self._before: deque[Pcm] = deque(maxlen=max(1, int(BEFORE_MS / FRAME_MS)))
        self._turn: list[Pcm] = []
        self._voiced_ms = 0.0

    @property
    def voiced_ms(self) -> float:
        """Speech in the turn that is going on; 0 between turns."""
        return self._turns.voiced_ms

    @property
    def in_turn(self) -> bool:
        """Whether the caller is speaking."""
        return bool(self._turn)

    def push(self, pcm: Pcm) -> Iterator[Signal]:
        """What this audio, at the line's rate, changed."""
        for frame in self._framer.push(self._resampler.push(pcm)):
            if (signal := self._frame(frame)) is not None:
                yield signal

    def cut(self) -> SpeechEnded | None:
        """The unfinished turn of a caller who is gone; None if there is none."""
        if not self._turn:
            return None
        voiced = self._turns.voiced_ms
        self._turns.reset()
        return self._taken(voiced)

    def _frame(self, frame: Pcm) -> Signal | None:
        probability = self._activity.probability(frame)
        if self._turn:
            self._turn.append(frame)
            self._voiced_ms = self._turns.voiced_ms
        else:
            self._before.append(frame)
        decision = self._turns.frame(probability, FRAME_MS, frame)
        if decision is Decision.STARTED:
            self._turn = list(self._before)
            self._before.clear()
            return SpeechStarted()
        if decision is Decision.ENDED:
            return self._taken(self._voiced_ms)
        if decision is Decision.DROPPED:
            self._turn = []
            return SpeechDropped()
        return None

    def _taken(self, voiced_ms: float) -> SpeechEnded:
        pcm = np.concatenate(self._turn)
        self._turn = []
        return SpeechEnded(pcm, voiced_ms)
