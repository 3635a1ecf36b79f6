"""Reads the sites of `knowledge.crawls` when they are due; one worker does it for all, under a lease.

The old index serves until a crawl has brought something new and that is built. A page that fails is told of and stays as
it was; the next time tries again.
"""

from __future__ import annotations

import asyncio
import os
import time
import uuid
from collections.abc import Callable
from contextlib import suppress

import structlog

from bot.conversation.errors import StoreUnavailable
from bot.conversation.workforce import WorkStore
from bot.server.crawl_schedule import CrawlSpec, CrawlState, CrawlStates, next_run
from bot.server.prepare import places
from bot.server.settings import Settings
from knowledge_base.crawl import CrawlReport, crawl

LEASE = "crawling"
EVERY = 20.0
"""Seconds between two looks at what is due, and between two signs of life."""

log = structlog.get_logger(__name__)


class ScheduledCrawls:
    """Rounds over what is due. `changed` is told when pages are new, changed or gone."""

    def __init__(
        self,
        settings: Settings,
        store: WorkStore,
        changed: Callable[[], None],
        *,
        exclusive: bool = True,
        clock: Callable[[], float] = time.time,
        every: float = EVERY,
    ) -> None:
        self._specs = settings.config.knowledge.crawls
        self._folder = places(settings).added(settings.config.assistant_id)
        self._kept = CrawlStates(self._folder)
        self._store = store
        self._changed = changed
        self._exclusive = exclusive
        self._clock = clock
        self._every = every
        self._id = uuid.uuid4().hex

    def states(self) -> list[tuple[CrawlSpec, CrawlState]]:
        """Every crawl with what became of it, by whichever worker."""
        kept = self._kept.all()
        return [(spec, kept.get(spec.name, CrawlState())) for spec in self._specs]

    async def run(self) -> None:
        """Rounds until cancelled."""
        while self._specs:
            try:
                await self.run_once()
            except StoreUnavailable:
                pass
            except Exception as error:
                log.exception("crawling_failed", error=type(error).__name__)
            await asyncio.sleep(self._every)

    async def run_once(self) -> int:
        """Everything that is due: the number of crawls that came to their end."""
        finished = 0
        for spec in self._specs:
            if next_run(spec, self._kept.of(spec.name)) <= self._clock() and await self._leads():
                # Another worker may have done it between the look and the lease.
                if next_run(spec, self._kept.of(spec.name)) <= self._clock():
                    finished += await self._crawl(spec)
                if not self._exclusive:
                    await self._store.let_go(LEASE, self._id)
        return finished

    async def _leads(self) -> bool:
        if self._exclusive:
            return True
        return await self._store.hold(LEASE, self._id, now=self._clock(), seconds=self._every * 3)

    async def _crawl(self, spec: CrawlSpec) -> bool:
        state = CrawlState(started_at=self._clock(), alive_at=self._clock())
        try:
            self._kept.keep(spec.name, state)
            report = await self._fetched(spec, state)
            if report is None:
                return False
            state = state.reported(report, self._clock())
        except OSError as error:
            now, reason = self._clock(), os.strerror(error.errno or 0)
            state = state.model_copy(update={"finished_at": now, "alive_at": now, "problem": reason})
            report = CrawlReport()
        log.warning(
            "crawled",
            crawl=spec.name,
            new=report.new,
            gone=report.gone,
            failed=len(report.problems),
            problem=state.problem,
        )
        try:
            self._kept.keep(spec.name, state)
        except OSError as error:
            log.error("crawl_not_noted", crawl=spec.name, reason=os.strerror(error.errno or 0))
        if report.new or report.gone:
            self._changed()
        return True

    async def _fetched(self, spec: CrawlSpec, state: CrawlState) -> CrawlReport | None:
        """What the crawl did; None if another worker has taken the lease meanwhile."""
        work = asyncio.create_task(crawl(self._folder, spec.starts, spec.options))
        try:
            while not (await asyncio.wait({work}, timeout=self._every))[0]:
                if not await self._leads():
                    return None
                self._kept.keep(spec.name, state.model_copy(update={"alive_at": self._clock()}))
            return await work
        finally:
            work.cancel()
            with suppress(asyncio.CancelledError):
                await asyncio.wait({work})  # it notes which pages it has
