"""One address fetched: redirects followed by hand, each hop checked; limits of size, time and type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import aiohttp

from knowledge_base.crawl.addresses import CheckedResolver, check_url, joined
from knowledge_base.errors import DocumentProblem
from knowledge_base.loaders.file_type import MAX_BYTES

AGENT = "SangdamBot/0.1"
"""Who we say we are; robots.txt may name it."""
SECONDS = 30.0
REDIRECTS = 5
MAX_PAGE = 5 * 1024 * 1024
TYPES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/csv": ".csv",
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/haansofthwp": ".hwp",
    "application/x-hwp": ".hwp",
    "application/vnd.hancom.hwp": ".hwp",
    "application/haansofthwpx": ".hwpx",
    "application/vnd.hancom.hwpx": ".hwpx",
}
XML = ("application/xml", "text/xml", "application/rss+xml")


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a server gave. `url` is that of the last hop; `suffix` is empty for XML."""

    url: str
    status: int
    suffix: str
    data: bytes
    headers: Mapping[str, str]

    @property
    def unchanged(self) -> bool:
        """Whether the server says that we have it already."""
        return self.status == 304


class Fetcher:
    """A session that only reaches what it may. Use it as a context."""

    def __init__(
        self, private: Iterable[str] = (), seconds: float = SECONDS, resolver: CheckedResolver | None = None
    ) -> None:
        self._private = frozenset(host.lower() for host in private)
        self._seconds = seconds
        self._resolver = resolver or CheckedResolver(self._private)
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Fetcher:
        # No cookies, no proxy of the environment, no names kept from before.
        connector = aiohttp.TCPConnector(resolver=self._resolver, use_dns_cache=False, limit=4)
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=self._seconds, connect=10),
            headers={"User-Agent": AGENT, "Accept-Language": "ko, en;q=0.5"},
            trust_env=False,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    def check(self, url: str) -> str:
        """The address in its normal form. Raises `DocumentProblem` for one that must not be fetched."""
        return check_url(url, self._private)

    async def get(self, url: str, known: Mapping[str, str] | None = None) -> Fetched:
        """Fetch; `known` are the headers `If-None-Match` and `If-Modified-Since`. Raises `DocumentProblem`."""
        for _ in range(REDIRECTS + 1):
            url = self.check(url)
            answer = await self._hop(url, known or {})
            if isinstance(answer, Fetched):
                return answer
            url = joined(url, answer)
        raise DocumentProblem(
            "too_many_redirects", f"It redirects more than {REDIRECTS} times.", "Check the site."
        )

    async def _hop(self, url: str, headers: Mapping[str, str]) -> Fetched | str:
        """What is there, or where it leads on."""
        if self._session is None:
            raise RuntimeError("the fetcher isn't open")
        try:
            async with self._session.get(url, headers=headers, allow_redirects=False) as response:
                location = response.headers.get("Location")
                if response.status in (301, 302, 303, 307, 308) and location:
                    return location
                kind = response.content_type.lower()
                suffix = TYPES.get(kind, "")
                wanted = response.status == 200 and (suffix or kind in XML)
                limit = MAX_PAGE if suffix in ("", ".html") else MAX_BYTES
                data = await _limited(response, limit) if wanted else b""
                if response.status == 200 and not wanted:
                    raise DocumentProblem(
                        "unknown_type", f"Pages of type {kind[:60]} aren't read.", "Leave it out."
                    )
                return Fetched(url, response.status, suffix, data, dict(response.headers))
        except DocumentProblem:
            raise
        except TimeoutError:
            raise DocumentProblem(
                "too_slow", "The server didn't answer in time.", "Try again later."
            ) from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            refused = _refusal(error)
            if refused is not None:
                raise refused from None
            reason = f"{type(error).__name__}: {error}"[:160]
            raise DocumentProblem("unreachable", reason, "Check the address.") from None


async def _limited(response: aiohttp.ClientResponse, limit: int) -> bytes:
    """The body, read piece by piece: what a server says of its length is no promise."""
    if (response.content_length or 0) > limit:
        raise _too_large(limit)
    parts, size = [], 0
    async for part in response.content.iter_chunked(64 * 1024):
        size += len(part)
        if size > limit:
            raise _too_large(limit)
        parts.append(part)
    return b"".join(parts)


def _too_large(limit: int) -> DocumentProblem:
    return DocumentProblem("too_large", f"It has more than {limit // 2**20} MB.", "Leave it out.")


def _refusal(error: BaseException) -> DocumentProblem | None:
    """The resolver's refusal, which the connector wraps into errors of its own."""
    found: Any = error
    while found is not None:
        if isinstance(found, DocumentProblem):
            return found
        found = found.__cause__ or found.__context__
    return None
