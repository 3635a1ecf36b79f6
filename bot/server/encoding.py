"""Vectors ahead of time: messages that come at the same time are encoded in one run of the model.

A run for one sentence mostly moves the model's weights through the processor's caches; for eight it moves them once. So
whoever will need a vector asks for it here first, off no thread, and finds it remembered afterwards.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from encoder.port import Role
from encoder.remembering import RememberingEncoder

TOGETHER = 16
"""Texts of one run. More would make the first of them wait for too long."""


class VectorsAhead:
    """One thread runs the model; what comes in while it runs goes together into the next run."""

    def __init__(self, encoder: RememberingEncoder) -> None:
        self._encoder = encoder
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="encoder")
        self._waiting: dict[tuple[str, Role], asyncio.Future[None]] = {}
        self._in_run: dict[tuple[str, Role], asyncio.Future[None]] = {}
        self._running: asyncio.Task[None] | None = None

    @property
    def learns_from(self) -> Role:
        """What understanding waits for."""
        return self._encoder.learns_from

    async def prepare(self, text: str, role: Role = "query") -> None:
        """Return when the vector of this text is remembered. Raises what the encoder raises."""
        if not self._encoder.knows(text, role):
            # Shielded: somebody else may wait for the same text.
            await asyncio.shield(self._promised(text, role))

    def begin(self, text: str, role: Role = "query") -> None:
        """Have the vector made while whoever will `prepare` it does other things first."""
        if not self._encoder.knows(text, role):
            self._promised(text, role)

    def _promised(self, text: str, role: Role) -> asyncio.Future[None]:
        key = (text, role)
        future = self._waiting.get(key) or self._in_run.get(key)
        if future is None:
            future = self._waiting[key] = asyncio.get_running_loop().create_future()
            if self._running is None or self._running.done():
                self._running = asyncio.create_task(self._run())
        return future

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            # Those of one kind, that of whoever waits longest.
            role = next(iter(self._waiting))[1]
            texts = [text for text, kind in self._waiting if kind == role][:TOGETHER]
            self._in_run = {(text, role): self._waiting.pop((text, role)) for text in texts}
            futures = list(self._in_run.values())
            try:
                await loop.run_in_executor(self._worker, self._encoder.learn, texts, role)
            except Exception as error:
                for future in futures:
                    if not future.done():
                        future.set_exception(error)
                        # Looked at here: all who waited may have given up.
                        future.exception()
            else:
                for future in futures:
                    if not future.done():
                        future.set_result(None)
            finally:
                self._in_run = {}

    def close(self) -> None:
        """Stop the worker."""
        self._worker.shutdown(wait=False, cancel_futures=True)
