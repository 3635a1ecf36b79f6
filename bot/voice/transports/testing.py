"""A line without a network: the twin for tests of calls. It plays what it is sent in the time that this takes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import numpy as np

from bot.voice.audio import Pcm
from bot.voice.transports.port import Audio, CallInfo, Digit, Inbound, Played

RATE = 16_000


class TestingTransport:
    """`speak`, `press` and `hang_up` are the caller's; `heard` and `told` is what reached the caller."""

    __test__ = False
    sample_rate = RATE

    def __init__(
        self, info: CallInfo | None = None, *, speed: float = 1.0, outlives_call: bool = False
    ) -> None:
        self.info = info or CallInfo("call1", "call-call1", "testing")
        self.outlives_call = outlives_call
        self.speed = speed
        """How much faster than real time the line plays."""
        self.heard: list[Pcm] = []
        self.told: list[tuple[str, dict[str, object]]] = []
        self.cleared = 0
        self.ended: str | None = None
        self._items: asyncio.Queue[Inbound | None] = asyncio.Queue()
        self._free_at = 0.0
        self._marks: dict[str, asyncio.TimerHandle] = {}

    # -- the caller -----------------------------------------------------------------------------------------

    def speak(self, pcm: Pcm, frame: int = 320) -> None:
        """Audio from the caller, in frames, as fast as it is taken."""
        for start in range(0, len(pcm), frame):
            self._items.put_nowait(Audio(pcm[start : start + frame]))

    def press(self, keys: str) -> None:
        """Keys of the telephone."""
        for key in keys:
            self._items.put_nowait(Digit(key))

    def hang_up(self) -> None:
        """The caller is gone."""
        self._items.put_nowait(None)

    def sound(self) -> Pcm:
        """Everything that was sent to the caller."""
        return np.concatenate([np.zeros(0, np.int16), *self.heard])

    # -- the port -------------------------------------------------------------------------------------------

    async def inbound(self) -> AsyncIterator[Inbound]:
        """See `Transport.inbound`."""
        while (item := await self._items.get()) is not None:
            yield item
            await asyncio.sleep(0)

    async def play(self, pcm: Pcm) -> None:
        """See `Transport.play`."""
        now = asyncio.get_running_loop().time()
        self._free_at = max(now, self._free_at) + len(pcm) / RATE / self.speed
        self.heard.append(pcm)

    async def mark(self, name: str) -> None:
        """See `Transport.mark`."""
        loop = asyncio.get_running_loop()
        self._marks[name] = loop.call_at(max(loop.time(), self._free_at), self._return, name)

    def _return(self, name: str) -> None:
        self._marks.pop(name, None)
        self._items.put_nowait(Played(name))

    async def clear(self) -> None:
        """See `Transport.clear`: outstanding marks come back at once."""
        self.cleared += 1
        self._free_at = 0.0
        for name, timer in list(self._marks.items()):
            timer.cancel()
            self._return(name)

    async def tell(self, kind: str, **fields: object) -> None:
        """See `Transport.tell`."""
        self.told.append((kind, fields))

    async def end(self, reason: str) -> None:
        """See `Transport.end`."""
        self.ended = self.ended or reason
        self._items.put_nowait(None)
