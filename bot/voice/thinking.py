"""Thinking: a turn's audio to text, handed over once and in order.

A caller who goes on before the text was handed over only took a breath: both pieces are recognised again as one turn.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import numpy as np
import structlog

from bot.voice.audio import EARS_RATE, Pcm, silence
from bot.voice.ears import Ears, Heard
from bot.voice.errors import EarsBusy, EarsFailed

BREATH_MS = 200
"""Silence put between two pieces of a turn."""
LONGEST_S = 28
"""Pieces that are longer together stay two turns."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of the caller. `ended_at` is the loop's time at which the turn was found to be over."""

    pcm: Pcm
    voiced_ms: float
    ended_at: float


Deliver = Callable[[Turn, Heard], Awaitable[None]]
Failed = Callable[[EarsFailed], Awaitable[None]]


class Thinker:
    """Recognises. At most one turn is open: later speech joins it or waits for it."""

    def __init__(self, ears: Ears, deliver: Deliver, failed: Failed) -> None:
        self._ears = ears
        self._deliver = deliver
        self._failed = failed
        self._open: Turn | None = None
        """Being recognised, or recognised and held as the caller speaks again."""
        self._task: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._quiet = asyncio.Event()
        self._quiet.set()
        self._order = asyncio.Lock()

    @property
    def busy(self) -> bool:
        """Whether an answer is on its way."""
        return bool(self._tasks)

    def hold(self) -> None:
        """The caller speaks again: what is not handed over yet waits."""
        self._quiet.clear()

    def release(self) -> None:
        """It was a noise: hand over what waits."""
        self._quiet.set()

    def take(self, turn: Turn) -> None:
        """A turn is over."""
        if self._open is not None and self._task is not None:
            joined = np.concatenate([self._open.pcm, silence(BREATH_MS, EARS_RATE), turn.pcm])
            if len(joined) <= LONGEST_S * EARS_RATE:
                self._task.cancel()
                turn = Turn(joined, self._open.voiced_ms + turn.voiced_ms, turn.ended_at)
        self._open = turn
        self._quiet.set()
        self._task = asyncio.create_task(self._work(turn))
        self._tasks.add(self._task)
        self._task.add_done_callback(self._tasks.discard)

    async def _work(self, turn: Turn) -> None:
        try:
            heard = await self._ears.recognise(turn.pcm)
        except EarsFailed as error:
            self._close(turn)
            if not isinstance(error, EarsBusy):
                log.warning("ears_failed", code=error.code, detail=error.en)
            await self._failed(error)
            return
        await self._quiet.wait()
        self._close(turn)
        async with self._order:
            await self._deliver(turn, heard)

    def _close(self, turn: Turn) -> None:
        """From here on the turn can't be joined any more."""
        if self._open is turn:
            self._open = None

    async def finish(self, seconds: float) -> None:
        """Wait for what is on its way."""
        self._quiet.set()
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=seconds)

    def stop(self) -> None:
        """Forget it all."""
        for task in self._tasks:
            task.cancel()
