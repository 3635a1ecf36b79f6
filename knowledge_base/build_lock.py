"""One build of an index at a time, and one crawl, whichever process it runs in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import IO

try:
    import fcntl
except ImportError:  # Windows: there one process serves and builds
    fcntl = None  # type: ignore[assignment]

LOOK = 0.5
"""Seconds between two tries."""


@contextmanager
def only_one(index_dir: Path) -> Iterator[None]:
    """Wait until no other build writes into the folder.

    Where no lock can be written the index can't be either: an index that is up to date is served from such a disk.
    """
    lock = lock_file(index_dir) if fcntl is not None else None
    if lock is None:
        yield
        return
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@asynccontextmanager
async def only_one_soon(folder: Path) -> AsyncIterator[None]:
    """`only_one` for what runs in an event loop: waits without holding that up."""
    lock = lock_file(folder) if fcntl is not None else None
    if lock is None:
        yield
        return
    with lock:
        while True:
            if _locked(lock):
                break
            await asyncio.sleep(LOOK)
        yield


def _locked(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def lock_file(index_dir: Path) -> IO[str] | None:
    """The file that the lock is on, made if need be; None where nothing can be written."""
    try:
        index_dir.mkdir(parents=True, exist_ok=True)
        return (index_dir / ".lock").open("w")
    except OSError:
        return None
