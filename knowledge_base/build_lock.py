"""One build of an index at a time, whichever process it runs in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

try:
    import fcntl
except ImportError:  # Windows: there one process serves and builds
    fcntl = None  # type: ignore[assignment]


@contextmanager
def only_one(index_dir: Path) -> Iterator[None]:
    """Wait until no other build writes into the folder.

    Where no lock can be written the index can't be either: an index that is up to date is served from such a disk.
    """
    lock = _lock_file(index_dir) if fcntl is not None else None
    if lock is None:
        yield
        return
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _lock_file(index_dir: Path) -> IO[str] | None:
    try:
        index_dir.mkdir(parents=True, exist_ok=True)
        return (index_dir / ".lock").open("w")
    except OSError:
        return None
