"""The bus: tells other parts, and with Redis other processes, what happened.

Nothing durable: whoever missed something reads the store again from its cursor. A subscriber that is too slow
loses its oldest payloads and finds `GAP` in their place; publishers never wait for it.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Protocol

from bot.storage.errors import BadStoreUrl, BusUnavailable
from bot.storage.records import decode, encode

Payload = dict[str, Any]

GAP: Payload = {"gap": True}
"""Stands where payloads were lost: the reader fetches what it follows anew."""

QUEUED = 1_000
"""Payloads that wait for one subscriber before the oldest go."""


class Bus(Protocol):
    """Publish and subscribe by topic, at most once, in order within a topic and publisher."""

    async def publish(self, topic: str, payload: Payload) -> None:
        """Tell all subscribers of a topic. Never waits for them. Raises `BusUnavailable`."""

    def subscribe(self, topic: str) -> AbstractAsyncContextManager[AsyncIterator[Payload]]:
        """What is published from the moment the context is entered. Ends when the bus is closed."""

    async def close(self) -> None:
        """End all subscriptions. Closing twice is fine."""


class Subscription:
    """One subscriber's bounded queue of payloads as JSON text."""

    def __init__(self, size: int = QUEUED) -> None:
        self._waiting: deque[str] = deque()
        self._size = size
        self._gap = False
        self._closed = False
        self._news = asyncio.Event()

    def put(self, body: str) -> None:
        """Add a payload; the oldest goes if there is no room."""
        if len(self._waiting) >= self._size:
            self._waiting.popleft()
            self._gap = True
        self._waiting.append(body)
        self._news.set()

    def lose(self) -> None:
        """Something was lost before it came here: drop what waits too, as the reader starts anew anyway."""
        self._waiting.clear()
        self._gap = True
        self._news.set()

    def close(self) -> None:
        """End the iteration once what waits has been read."""
        self._closed = True
        self._news.set()

    def __aiter__(self) -> AsyncIterator[Payload]:
        return self

    async def __anext__(self) -> Payload:
        while not (self._gap or self._waiting):
            if self._closed:
                raise StopAsyncIteration
            self._news.clear()
            await self._news.wait()
        if self._gap:
            self._gap = False
            return dict(GAP)
        payload: Payload = decode(self._waiting.popleft())
        return payload


class MemoryBus:
    """The bus of a single process. Payloads pass through JSON, so that it acts as Redis does."""

    def __init__(self, queued: int = QUEUED) -> None:
        self._topics: defaultdict[str, set[Subscription]] = defaultdict(set)
        self._queued = queued
        self._closed = False

    async def publish(self, topic: str, payload: Payload) -> None:
        """See `Bus.publish`."""
        if self._closed:
            raise BusUnavailable("It is closed.")
        body = encode(payload)
        for subscription in self._topics.get(topic, ()):
            subscription.put(body)

    @asynccontextmanager
    async def subscribe(self, topic: str) -> AsyncIterator[AsyncIterator[Payload]]:
        """See `Bus.subscribe`."""
        if self._closed:
            raise BusUnavailable("It is closed.")
        subscription = Subscription(self._queued)
        self._topics[topic].add(subscription)
        try:
            yield subscription
        finally:
            self._topics[topic].discard(subscription)
            if not self._topics[topic]:
                del self._topics[topic]

    async def close(self) -> None:
        """See `Bus.close`."""
        self._closed = True
        for subscriptions in self._topics.values():
            for subscription in subscriptions:
                subscription.close()


async def open_bus(url: str = "memory://") -> Bus:
    """The bus that a URL names: `memory://`, or `redis://HOST:PORT/DB` (`rediss://` with TLS).

    Raises `BadStoreUrl` for another scheme, `BusUnavailable` if Redis can't be reached.
    """
    scheme = url.partition("://")[0]
    if scheme == "memory":
        return MemoryBus()
    if scheme in ("redis", "rediss"):
        from bot.storage.redis_bus import RedisBus  # only those who use Redis pay for its import

        return await RedisBus.connect(url)
    raise BadStoreUrl(f"{scheme}://…", "memory:// or redis://127.0.0.1:6379/0")
