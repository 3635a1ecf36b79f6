"""One build of an index at a time, whichever process it runs in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from knowledge_base.errors import IndexProblem

try:
    import fcntl
except ImportError:  # Windows: there one process serves and builds
    fcntl = None  # type: ignore[assignment]


@contextmanager
def only_one(index_dir: Path) -> Iterator[None]:
    """Wait until no other build writes into the folder. Raises `IndexProblem` where the folder can't be written."""
    if fcntl is None:
        yield
        return
    try:
        index_dir.mkdir(parents=True, exist_ok=True)
        lock = (index_dir / ".lock").open("w")
    except OSError as error:
        raise IndexProblem(
            "index_unwritable",
            f"It can't be written: {error.strerror or error}.",
            "Check the rights of the data folder.",
        ) from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
