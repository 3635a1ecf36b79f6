"""robots.txt: what a site allows, and how long to wait between two pages."""

from __future__ import annotations

from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from knowledge_base.crawl.fetching import AGENT, Fetcher
from knowledge_base.errors import DocumentProblem

MOST_DELAY = 30.0
"""Seconds; a site that wants more is visited with this pause."""


class Robots:
    """The rules of the sites that are visited, fetched once each."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self._rules: dict[str, RobotFileParser] = {}
        self._unread: dict[str, str] = {}

    async def allowed(self, url: str) -> bool:
        """Whether the site lets us read it."""
        return (await self._of(url)).can_fetch(AGENT, url)

    async def unread(self, url: str) -> str:
        """Why the site's rules couldn't be read, which forbids everything for now; empty if they were."""
        await self._of(url)
        return self._unread.get(_site(url), "")

    async def delay(self, url: str) -> float:
        """Seconds between two pages that the site asks for; 0 if it asks for none."""
        return min(float((await self._of(url)).crawl_delay(AGENT) or 0.0), MOST_DELAY)

    async def sitemaps(self, url: str) -> list[str]:
        """Sitemaps that the site names."""
        return (await self._of(url)).site_maps() or []

    async def _of(self, url: str) -> RobotFileParser:
        site = _site(url)
        if site not in self._rules:
            self._rules[site] = await self._fetched(f"{site}/robots.txt")
        return self._rules[site]

    async def _fetched(self, url: str) -> RobotFileParser:
        rules = RobotFileParser(url)
        try:
            answer = await self._fetcher.get(url)
        except DocumentProblem as problem:
            if problem.code == "private_address":
                raise
            # RFC 9309: what can't be reached forbids, what isn't text says nothing.
            forbids = problem.code not in ("unknown_type", "too_large")
            if forbids:
                self._unread[_site(url)] = problem.en
            rules.parse(["User-agent: *", "Disallow: /" if forbids else "Disallow:"])
            return rules
        if answer.status == 200:
            rules.parse(answer.data.decode("utf-8", "replace").splitlines())
        else:
            fails = answer.status >= 500
            if fails:
                self._unread[_site(url)] = f"robots.txt is answered with {answer.status}."
            rules.parse(["User-agent: *", "Disallow: /" if fails else "Disallow:"])
        return rules


def _site(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
