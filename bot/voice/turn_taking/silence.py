"""`silence`: a turn ends when the caller has been silent for a fixed time."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from bot.voice.audio import Pcm
from bot.voice.turn_taking.port import Decision


class SilenceOptions(BaseModel):
    """All times in milliseconds unless a name says otherwise."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    silence_ms: float = Field(default=480, ge=100, le=5_000)
    """Silence after which the turn is over. Shorter answers sooner, and cuts people who think while they speak."""
    start_ms: float = Field(default=90, ge=0, le=1_000)
    """Speech in a row after which a turn begins."""
    min_speech_ms: float = Field(default=120, ge=0, le=2_000)
    """Less speech than this in the whole turn is a noise."""
    max_turn_s: float = Field(default=25, ge=2, le=29)
    """A turn is cut here, whatever happens: recognition hears 30 seconds at most."""
    threshold: float = Field(default=0.5, gt=0, lt=1)
    """Probability from which a frame is speech."""
    keep_threshold: float = Field(default=0.35, gt=0, lt=1)
    """Probability from which a frame within a turn still is."""

    def make(self) -> SilenceTurns:
        """A policy for one caller."""
        return SilenceTurns(self)


class SilenceTurns:
    """Counts voiced and silent time; no look at what is said."""

    def __init__(self, options: SilenceOptions | None = None) -> None:
        self._options = options or SilenceOptions()
        self.reset()

    @property
    def voiced_ms(self) -> float:
        """See `TurnTaking.voiced_ms`."""
        return self._voiced if self._in_turn else 0.0

    def reset(self) -> None:
        """Between turns again."""
        self._in_turn = False
        self._voiced = self._silent = self._length = 0.0

    def frame(self, probability: float, ms: float, audio: Pcm) -> Decision | None:
        """See `TurnTaking.frame`."""
        return self._within(probability, ms) if self._in_turn else self._before(probability, ms)

    def _before(self, probability: float, ms: float) -> Decision | None:
        self._voiced = self._voiced + ms if probability >= self._options.threshold else 0.0
        if self._voiced < max(self._options.start_ms, 1):
            return None
        self._in_turn, self._length = True, self._voiced
        return Decision.STARTED

    def _within(self, probability: float, ms: float) -> Decision | None:
        self._length += ms
        if probability >= self._options.keep_threshold:
            self._voiced += ms
            self._silent = 0.0
        else:
            self._silent += ms
        if self._silent < self._options.silence_ms and self._length < self._options.max_turn_s * 1000:
            return None
        enough = self._voiced >= self._options.min_speech_ms
        self.reset()
        return Decision.ENDED if enough else Decision.DROPPED
