"""A site walked page by page: within its host, its robots.txt, and limits that end every loop."""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from knowledge_base.added import PAGES
from knowledge_base.build_lock import only_one_soon
from knowledge_base.crawl.fetching import AGENT, Fetched, Fetcher
from knowledge_base.crawl.page import look_at, sitemap_addresses
from knowledge_base.crawl.pages import KnownPages
from knowledge_base.crawl.robots import Robots
from knowledge_base.errors import DocumentProblem
from knowledge_base.loaders.folder import Problem

DEEPEST_SITEMAP = 3
REPEATED = 3
"""A path in which one step comes so often is a trap: /a/b/a/b/a/b."""
STEPS = 12
Tell = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class CrawlOptions:
    """How far a crawl goes. `delay` is the pause between two pages in seconds, `depth` how many links away it looks.

    A crawl with a `name` looks after its pages: those that it doesn't come to any more are dropped.
    """

    name: str = ""

    pages: int = 200
    depth: int = 3
    delay: float = 1.0
    follow: bool = True
    private: tuple[str, ...] = ()
    """Hosts of the operator's own network that may be fetched."""
    metadata: dict[str, str] = field(default_factory=dict)
    """Said of every page: audience, category, language."""


@dataclass(slots=True)
class CrawlReport:
    """What a crawl did."""

    new: int = 0
    """Pages that are new or changed."""
    unchanged: int = 0
    gone: int = 0
    skipped: int = 0
    """Addresses that were left alone: forbidden by the site, the same content again, or beyond the limits."""
    problems: list[Problem] = field(default_factory=list)


async def crawl(
    store: Path, starts: Sequence[str], options: CrawlOptions, tell: Tell | None = None
) -> CrawlReport:
    """Fetch pages into the store of added documents. Single pages that fail are reported, the others go on.

    Raises `OSError` where the store can't be written.
    """
    async with only_one_soon(store / PAGES), Fetcher(options.private) as fetcher:
        return await Crawler(fetcher, KnownPages(store, options.name), options, tell).run(starts)


class Crawler:
    """One crawl."""

    def __init__(
        self, fetcher: Fetcher, pages: KnownPages, options: CrawlOptions, tell: Tell | None = None
    ) -> None:
        self._fetcher = fetcher
        self._pages = pages
        self._options = options
        self._tell = tell or (lambda _what, _share: None)
        self._robots = Robots(fetcher)
        self._queue: deque[tuple[str, int]] = deque()
        self._seen: set[str] = set()
        self._contents: set[str] = set()
        self._hosts: set[str] = set()
        self._visited = 0
        self.report = CrawlReport()

    async def run(self, starts: Iterable[str]) -> CrawlReport:
        """Walk from these pages and sitemaps until nothing is left or the limits are reached."""
        for url in starts:
            self._start(url)
        try:
            await self._walk()
            await self._look_after()
        finally:
            self._pages.close()
        self.report.skipped += len(self._queue)
        return self.report

    async def _walk(self) -> None:
        while self._queue and self._visited < self._options.pages:
            url, depth = self._queue.popleft()
            self._tell(url, self._visited / self._options.pages)
            await self._visit(url, depth)

    async def _look_after(self) -> None:
        """Pages of this crawl that it didn't come to: nothing leads there any more, or the way there failed."""
        lost = [url for url in self._pages.own() if url not in self._seen]
        if not self._queue and not self.report.problems:
            for url in lost:
                self._drop(url)
            return
        for url in lost:
            self._enqueue(url, self._options.depth)
        await self._walk()

    def _start(self, url: str) -> None:
        try:
            checked = self._fetcher.check(url)
        except DocumentProblem as problem:
            self._failed(url, problem)
            return
        self._hosts.add(urlsplit(checked).netloc)
        self._enqueue(checked, 0)

    def _enqueue(self, url: str, depth: int) -> None:
        if url not in self._seen:
            self._seen.add(url)
            self._queue.append((url, depth))

    async def _visit(self, url: str, depth: int) -> None:
        try:
            if not await self._robots.allowed(url):
                await self._forbidden(url, depth)
                return
            if self._visited:
                await asyncio.sleep(max(self._options.delay, await self._robots.delay(url)))
            self._visited += 1
            answer = await self._fetcher.get(url, self._pages.conditions(url))
            await self._take(url, depth, answer)
        except DocumentProblem as problem:
            self._failed(url, problem)

    async def _take(self, url: str, depth: int, answer: Fetched) -> None:
        if answer.unchanged:
            changed = self._pages.still(url, self._options.metadata)
            self.report.new += changed
            self.report.unchanged += not changed
            self._follow(look_at(self._pages.links(url), url).links, depth)
        elif answer.status in (404, 410):
            if not self._drop(url):
                raise DocumentProblem("not_found", "There is no such page.", "Check the address.")
        elif answer.status != 200:
            raise DocumentProblem("refused", f"The server answers {answer.status}.", "Try again later.")
        elif not answer.suffix:
            self._take_sitemap(answer, depth)
        else:
            await self._take_document(url, depth, answer)

    async def _take_document(self, url: str, depth: int, answer: Fetched) -> None:
        if answer.url != url:
            # Led elsewhere: the page belongs to where it is, if that is one of ours and not seen on its own.
            if urlsplit(answer.url).netloc not in self._hosts and depth:
                self._leave(url)
                return
            if not await self._robots.allowed(answer.url):
                self._leave(url)
                return
        digest = hashlib.sha256(answer.data).hexdigest()
        if digest in self._contents:
            self._leave(url)  # a loop of addresses that all show the same
            return
        self._contents.add(digest)
        page = look_at(answer.data, answer.url) if answer.suffix == ".html" else None
        if page is None or page.keep:
            changed = self._pages.keep(
                url, answer.data, answer.suffix, answer.headers, self._options.metadata
            )
            self.report.new += changed
            self.report.unchanged += not changed
        else:
            self._leave(url)
        if page is not None and page.follow:
            self._follow(page.links, depth)

    async def _forbidden(self, url: str, depth: int) -> None:
        """By the site's rules a page is left out; where those can't be read it stays as it was."""
        unread = await self._robots.unread(url)
        if unread:
            self.report.skipped += 1
        else:
            self._leave(url)
        if depth <= 0:
            reason = (
                f"The rules of the site can't be read: {unread}"
                if unread
                else "The site's robots.txt forbids it."
            )
            remedy = "Try again later." if unread else f"Allow {AGENT} there, or leave the page out."
            self._failed(url, DocumentProblem("robots", reason, remedy))

    def _leave(self, url: str) -> None:
        """Not one of ours, and if it was, no more."""
        self.report.skipped += 1
        self._drop(url)

    def _drop(self, url: str) -> bool:
        gone = self._pages.drop(url)
        self.report.gone += gone
        return gone

    def _take_sitemap(self, answer: Fetched, depth: int) -> None:
        """Its pages are read as if they had been named; a sitemap of sitemaps leads on, but not for ever."""
        self._visited -= 1
        addresses, index = sitemap_addresses(answer.data)
        if not addresses:
            raise DocumentProblem("unknown_type", "It is no sitemap.", "The address of a page or sitemap.")
        if index and depth <= -DEEPEST_SITEMAP:
            raise DocumentProblem("sitemap_loop", "Sitemaps lead on and on.", "Name the last one.")
        for address in addresses:
            self._offer(address, depth - 1 if index else max(depth, 0))

    def _follow(self, links: Iterable[str], depth: int) -> None:
        if self._options.follow and depth < self._options.depth:
            for link in links:
                self._offer(link, max(depth, 0) + 1)

    def _offer(self, link: str, depth: int) -> None:
        """Put a link into the queue if it is of the same host and no trap."""
        try:
            url = self._fetcher.check(link)
        except DocumentProblem:
            return
        parts = urlsplit(url)
        steps = [step for step in parts.path.split("/") if step]
        trap = len(steps) > STEPS or max(Counter(steps).values(), default=0) >= REPEATED
        if parts.netloc in self._hosts and not trap:
            self._enqueue(url, depth)

    def _failed(self, url: str, problem: DocumentProblem) -> None:
        self.report.problems.append(Problem(url, problem.code, problem.en, problem.remedy))
