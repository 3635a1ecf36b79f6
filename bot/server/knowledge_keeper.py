"""Builds the index while serving: when a watched folder changes, or a document was uploaded.

The build runs in one thread of low priority; parsers of foreign formats run in processes of their own. The service goes
on with the old index until the new one is whole.
"""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import structlog

from bot.server.prepare import build_knowledge, document_folders, places
from bot.server.settings import Settings
from encoder import Encoder
from formats import SangdamError
from knowledge_base.added import AddedDocuments
from knowledge_base.build import BuildReport

EVERY = 2.0
"""Seconds between two looks at watched folders; a change is taken up when a second look finds nothing new."""
SHARE = 0.02
"""Of the time that looking may take: large folders are looked at less often."""
Snapshot = frozenset[tuple[str, int, int]]

log = structlog.get_logger(__name__)


class _Closing(Exception):
    """Ends a build that is under way when the service stops."""


class KnowledgeKeeper:
    """Keeps the index up to date. `encoder` is asked for when the first build needs it."""

    def __init__(self, settings: Settings, encoder: Callable[[], Encoder], *, every: float = EVERY) -> None:
        self.documents = AddedDocuments(places(settings).added(settings.config.assistant_id))
        self.report: BuildReport | None = None
        """Of the last build; None before the first."""
        self.problem: SangdamError | None = None
        """Why the last build came to nothing; None if it didn't."""
        self.building = False
        self._settings = settings
        self._encoder = encoder
        self._every = every
        self._wanted = asyncio.Event()
        self._closing = False
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="knowledge-build", initializer=_step_back)

    def wake(self) -> None:
        """Build soon: something was added or removed."""
        self._wanted.set()

    async def follow(self) -> None:
        """Build whenever that is wanted, until cancelled."""
        watching = asyncio.create_task(self._watch()) if self._settings.config.knowledge.watch else None
        try:
            while True:
                await self._wanted.wait()
                self._wanted.clear()
                await self._build()
        finally:
            if watching is not None:
                watching.cancel()

    def close(self) -> None:
        """Stop; a build under way ends at its next step."""
        self._closing = True
        self._worker.shutdown(wait=False, cancel_futures=True)

    async def _watch(self) -> None:
        """Look at the folders; a change that has settled is built."""
        built, _ = await asyncio.to_thread(self._look)
        before = built
        while True:
            now, took = await asyncio.to_thread(self._look)
            if now == before and now != built:
                built = now
                self.wake()
            before = now
            await asyncio.sleep(max(self._every, took / SHARE))

    def _look(self) -> tuple[Snapshot, float]:
        """(what is there, seconds of work that it took to look)."""
        started = time.thread_time()
        found = frozenset(_files(document_folders(self._settings)))
        return found, time.thread_time() - started

    async def _build(self) -> None:
        self.building = True
        try:
            report = await asyncio.get_running_loop().run_in_executor(self._worker, self._built)
        except _Closing:
            return
        except SangdamError as error:
            self.problem = error
            log.error("knowledge_not_built", code=error.code, reason=error.en, remedy=error.remedy)
        except Exception as error:
            # Whatever it was, the old index serves on and the next change is built again.
            log.exception("knowledge_not_built", error=type(error).__name__)
        else:
            self.problem = None
            if report is not None:
                self._tell(report)
        finally:
            self.building = False

    def _tell(self, report: BuildReport) -> None:
        self.report = report
        if not report.reused:
            log.warning(
                "knowledge_built",
                version=report.version,
                documents=report.documents,
                encoded=report.encoded,
                left_out=len(report.problems),
                seconds=round(report.seconds, 1),
            )

    def _built(self) -> BuildReport | None:
        return build_knowledge(self._settings, self._encoder(), self._go_on)

    def _go_on(self, _what: str, _share: float) -> None:
        if self._closing:
            raise _Closing


def _files(folders: Sequence[Path]) -> list[tuple[str, int, int]]:
    """Name, time and size of every file that a build would look at; links out of the folders aren't followed."""
    found = []
    for folder in folders:
        for place, names, files in os.walk(folder):
            names[:] = [name for name in names if not name.startswith(".")]
            for name in files:
                if name.startswith((".", "~$")):
                    continue
                path = os.path.join(place, name)
                with suppress(OSError):  # gone between two looks
                    stat = os.lstat(path)
                    found.append((path, stat.st_mtime_ns, stat.st_size))
    return found


def _step_back() -> None:
    """Customers' questions go first: where the system has priorities for threads, the build takes a low one."""
    with suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)
