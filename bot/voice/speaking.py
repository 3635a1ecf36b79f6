"""Speaking: texts one after the other, sentence by sentence, stoppable at once, with a clock of what was heard."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from itertools import count

import numpy as np
import structlog

from bot.voice.audio import Pcm, Resampler
from bot.voice.mouth import Mouth
from bot.voice.spoken import sentences, to_spoken
from bot.voice.transports.port import Transport

LEAD = 4.0
"""Seconds of audio that may lie on the caller's side unplayed."""
FRAME_MS = 100
LOST_MARK = 3.0
"""Seconds after which a mark that didn't come back counts as played."""

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Utterance:
    """One text on its way to the caller's ear."""

    name: str
    text: str
    begun_at: float | None = None
    """When its first sample is played, by the loop's clock."""
    ms: float = 0.0
    """Audio sent so far."""
    sent: bool = False
    ends_at: float = field(default=0.0)


class Speaker:
    """The bot's side of the line."""

    def __init__(
        self, mouth: Mouth, transport: Transport, first_audio: Callable[[], None] | None = None
    ) -> None:
        self._mouth = mouth
        self._transport = transport
        self._first_audio = first_audio
        self._names = count(1)
        self._waiting: deque[Utterance] = deque()
        self._unplayed: dict[str, Utterance] = {}
        self._task: asyncio.Task[None] | None = None
        self._plays_until = 0.0
        self._more = asyncio.Event()
        self._may_begin = asyncio.Event()
        self._may_begin.set()

    @property
    def remaining(self) -> float:
        """Seconds of audio that the caller has not heard yet, as far as it is made."""
        return max(0.0, self._plays_until - _now()) if self._unplayed else 0.0

    @property
    def active(self) -> bool:
        """Whether the caller hears something or is about to."""
        now = _now()
        for name, utterance in list(self._unplayed.items()):
            if utterance.sent and now > utterance.ends_at + LOST_MARK:
                del self._unplayed[name]
        return bool(self._waiting or self._unplayed)

    def say(self, text: str) -> None:
        """Speak after what is being spoken."""
        self._waiting.append(Utterance(f"u{next(self._names)}", text))
        self._more.set()

    def wait(self) -> None:
        """The caller speaks: begin no new utterance."""
        self._may_begin.clear()

    def go_on(self) -> None:
        """The caller is done."""
        self._may_begin.set()

    def played(self, name: str) -> None:
        """The mark came back."""
        self._unplayed.pop(name, None)

    async def run(self) -> None:
        """Speak until cancelled."""
        try:
            while True:
                await self._more.wait()
                self._more.clear()
                while self._waiting:
                    await self._may_begin.wait()
                    if not self._waiting:
                        break
                    utterance = self._waiting.popleft()
                    self._unplayed[utterance.name] = utterance
                    self._task = asyncio.create_task(self._speak(utterance))
                    await asyncio.wait({self._task})
                    if not self._task.cancelled() and (error := self._task.exception()):
                        self._unplayed.pop(utterance.name, None)
                        log.warning("mouth_failed", error=type(error).__name__, detail=str(error)[:200])
        finally:
            if self._task is not None:
                self._task.cancel()

    async def stop(self, *, keep_waiting: bool = False) -> int | None:
        """Silence now. Milliseconds that were heard of the utterance that was cut; None if nothing was playing."""
        if not self._unplayed:
            return None
        heard = self._heard_ms()
        if not keep_waiting:
            self._waiting.clear()
        self._unplayed.clear()
        if self._task is not None:
            self._task.cancel()
        self._plays_until = 0.0
        await self._transport.clear()
        return heard

    async def drained(self, timeout: float) -> None:
        """Wait until all was played, or for `timeout` seconds."""
        until = _now() + timeout
        # Looked at again and again, as a mark that got lost is known by the time alone.
        while self.active and _now() < until:  # noqa: ASYNC110
            await asyncio.sleep(0.05)

    def _heard_ms(self) -> int:
        now = _now()
        begun = [u for u in self._unplayed.values() if u.begun_at is not None and u.begun_at <= now]
        if not begun:
            return 0
        last = begun[-1]
        assert last.begun_at is not None
        return round(min((now - last.begun_at) * 1000, last.ms))

    async def _speak(self, utterance: Utterance) -> None:
        await self._transport.tell("bot", text=utterance.text)
        for sentence in sentences(to_spoken(utterance.text)):
            await self._sentence(utterance, sentence)
        await self._transport.mark(utterance.name)
        utterance.ends_at, utterance.sent = max(_now(), self._plays_until), True

    async def _sentence(self, utterance: Utterance, sentence: str) -> None:
        resampler: Resampler | None = None
        async with aclosing(self._mouth.speak(sentence)) as sounds:  # type: ignore[type-var]
            async for sound in sounds:
                resampler = resampler or Resampler(sound.rate, self._transport.sample_rate)
                await self._send(utterance, resampler.push(sound.pcm))
        if resampler is not None:
            await self._send(utterance, resampler.flush())

    async def _send(self, utterance: Utterance, pcm: Pcm) -> None:
        size = self._transport.sample_rate * FRAME_MS // 1000
        for piece in np.split(pcm, range(size, len(pcm), size)):
            if not len(piece):
                continue
            ahead = self._plays_until - _now()
            if ahead > LEAD:
                await asyncio.sleep(ahead - LEAD)
            begins = max(_now(), self._plays_until)
            if utterance.begun_at is None:
                utterance.begun_at = begins
                if self._first_audio is not None:
                    self._first_audio()
            ms = len(piece) * 1000 / self._transport.sample_rate
            await self._transport.play(piece)
            self._plays_until = begins + ms / 1000
            utterance.ms += ms


def _now() -> float:
    return asyncio.get_running_loop().time()
