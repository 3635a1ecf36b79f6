"""Versions of an index beside each other and a pointer that is swapped by rename, so that serving never stops.

INDEX/CURRENT            the name of the version that is served
INDEX/v-<digest>/        one version, see `knowledge_base.index.store`
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from knowledge_base.errors import IndexProblem

KEEP = 3
"""Versions that stay on disk, for going back."""
ABANDONED = 3600.0
"""Seconds after which a half-written version belongs to a build that died."""


def current_version(folder: Path) -> str | None:
    """The version that is served; None if there is no index."""
    try:
        return (folder / "CURRENT").read_text(encoding="utf-8").strip() or None
    except (FileNotFoundError, NotADirectoryError):
        return None


def version_folder(folder: Path, version: str) -> Path:
    """Where a version lies."""
    return folder / f"v-{version}"


def versions(folder: Path) -> list[str]:
    """Those on disk, the newest first."""
    found = sorted(folder.glob("v-*"), key=lambda path: path.stat().st_mtime, reverse=True)
    return [path.name.removeprefix("v-") for path in found]


@contextmanager
def new_version(folder: Path, version: str) -> Iterator[Path]:
    """A folder to write into; it becomes the served version when the block ends well.

    Raises `IndexProblem` where the disk is full or may not be written; the old version stays then.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        working = Path(tempfile.mkdtemp(prefix=".building-", dir=folder))
        try:
            yield working
            target = version_folder(folder, version)
            shutil.rmtree(target, ignore_errors=True)
            os.rename(working, target)
        finally:
            shutil.rmtree(working, ignore_errors=True)
        _point(folder, version)
    except OSError as error:
        raise IndexProblem(
            "index_unwritable",
            f"It can't be written: {error.strerror or error}.",
            "Free some disk space, or check the rights of the data folder, and build again.",
        ) from error
    _drop_old(folder, version)


def go_back(folder: Path, to: str | None = None) -> str:
    """Serve an older version again: `to`, or the newest of the others. Gives its name.

    Raises `IndexProblem` where there is none.
    """
    now = current_version(folder)
    others = [version for version in versions(folder) if version != now]
    if to is not None and to not in others:
        raise IndexProblem(
            "no_such_version", f"There is no version {to}.", f"One of: {', '.join(others) or '(none)'}."
        )
    if not others:
        raise IndexProblem("no_such_version", "There is no older version.", "Run 'sangdam kb build'.")
    version = to or others[0]
    _point(folder, version)
    return version


def _point(folder: Path, version: str) -> None:
    pointer = folder / f".CURRENT-{os.getpid()}"
    pointer.write_text(version, encoding="utf-8")
    os.replace(pointer, folder / "CURRENT")


def _drop_old(folder: Path, version: str) -> None:
    old = [version_folder(folder, name) for name in versions(folder)[KEEP:] if name != version]
    dead = time.time() - ABANDONED
    old += [path for path in folder.glob(".building-*") if path.stat().st_mtime < dead]
    for path in old:
        shutil.rmtree(path, ignore_errors=True)
