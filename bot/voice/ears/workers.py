"""Threads that recognise, and a queue with an end: what can't be done in time is refused at once."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from bot.voice.errors import EarsBusy

Result = TypeVar("Result")


def cores() -> int:
    """Processor cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Workers:
    """`threads` at work and `waiting` more at most."""

    def __init__(self, threads: int, waiting: int) -> None:
        self.threads = threads
        self._waiting = waiting
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="ears")
        self._busy = 0

    async def run(self, work: Callable[[], Result]) -> Result:
        """The result of `work`, made in a thread. Raises `EarsBusy`.

        A cancelled caller frees its place only when the thread is done, as the machine is busy until then.
        """
        if self._busy >= self.threads + self._waiting:
            raise EarsBusy(self._busy - self.threads)
        self._busy += 1
        future = asyncio.get_running_loop().run_in_executor(self._pool, work)
        future.add_done_callback(self._done)
        return await asyncio.shield(future)

    def _done(self, future: asyncio.Future[Any]) -> None:
        self._busy -= 1
        if not future.cancelled():
            # Seen, so that a failure whose caller has hung up isn't reported as forgotten.
            future.exception()

    def close(self) -> None:
        """Take no more work."""
        self._pool.shutdown(wait=False, cancel_futures=True)
