"""The bus over Redis: the same topics for any number of processes.

One connection publishes, one listens. After a lost connection every topic is subscribed again, and each
subscriber finds a gap, because what was said meanwhile is gone.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.storage.bus import QUEUED, Payload, Subscription
from bot.storage.errors import BadStoreUrl, BusUnavailable
from bot.storage.records import encode

PREFIX = "sangdam:"
"""Before every topic, so that one Redis may serve other programs too."""

CONTROL = f"{PREFIX}bus"
"""A channel that is always subscribed: the listener has something to read from the start."""

RETRY_SECONDS = (0.1, 0.5, 1.0, 2.0, 5.0)
"""Waits between attempts to reach Redis again; the last one repeats."""

log = structlog.get_logger(__name__)


class RedisBus:
    """Implements `Bus`. Made by `connect`."""

    def __init__(self, redis: Redis, queued: int = QUEUED) -> None:
        self._redis = redis
        self._pubsub = redis.pubsub()
        self._queued = queued
        self._topics: defaultdict[str, set[Subscription]] = defaultdict(set)
        self._confirmed: dict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self._changing = asyncio.Lock()
        self._closed = False
        self._listener: asyncio.Task[None] | None = None

    @classmethod
    async def connect(cls, url: str, *, queued: int = QUEUED) -> RedisBus:
        """Raises `BadStoreUrl` for a URL that Redis doesn't know, `BusUnavailable` if it can't be reached."""
        try:
            redis = Redis.from_url(url, decode_responses=True, health_check_interval=30, socket_timeout=10)
        except ValueError as error:
            raise BadStoreUrl("redis", "redis://127.0.0.1:6379/0") from error
        bus = cls(redis, queued)
        try:
            await bus._subscribe(CONTROL)
        except BusUnavailable:
            await bus.close()
            raise
        return bus

    async def publish(self, topic: str, payload: Payload) -> None:
        """See `Bus.publish`."""
        self._check_open()
        body = encode(payload)
        try:
            await self._redis.publish(PREFIX + topic, body)
        except (RedisError, OSError) as error:
            raise BusUnavailable(type(error).__name__) from error

    @asynccontextmanager
    async def subscribe(self, topic: str) -> AsyncIterator[AsyncIterator[Payload]]:
        """See `Bus.subscribe`. Entered once Redis has confirmed, so nothing said afterwards is missed."""
        self._check_open()
        channel = PREFIX + topic
        subscription = Subscription(self._queued)
        try:
            async with self._changing:
                first = channel not in self._topics
                self._topics[channel].add(subscription)
                if first:
                    await self._subscribe(channel)
            yield subscription
        finally:
            await self._leave(channel, subscription)

    async def close(self) -> None:
        """See `Bus.close`."""
        self._closed = True
        if self._listener is not None:
            self._listener.cancel()
            with suppress(asyncio.CancelledError):
                await self._listener
            self._listener = None
        for subscription in self._all():
            subscription.close()
        with suppress(RedisError, OSError):
            await self._pubsub.aclose()  # type: ignore[no-untyped-call]
            await self._redis.aclose()

    def _check_open(self) -> None:
        if self._closed:
            raise BusUnavailable("It is closed.")

    def _all(self) -> list[Subscription]:
        return [subscription for group in self._topics.values() for subscription in group]

    async def _subscribe(self, channel: str) -> None:
        try:
            await self._pubsub.subscribe(channel)
            if self._listener is None:
                self._listener = asyncio.create_task(self._listen(), name="redis-bus")
            await asyncio.wait_for(self._confirmed[channel].wait(), timeout=10)
        except (RedisError, OSError, TimeoutError) as error:
            raise BusUnavailable(type(error).__name__) from error

    async def _leave(self, channel: str, subscription: Subscription) -> None:
        async with self._changing:
            group = self._topics[channel]
            group.discard(subscription)
            if group:
                return
            del self._topics[channel]
            self._confirmed.pop(channel, None)
            if not self._closed:
                # If this fails the connection is gone, and with it the subscription.
                with suppress(RedisError, OSError):
                    await self._pubsub.unsubscribe(channel)

    async def _listen(self) -> None:
        failures = 0
        while not self._closed:
            try:
                message = await self._pubsub.get_message(timeout=None)
                failures = 0
            except (RedisError, OSError) as error:
                wait = RETRY_SECONDS[min(failures, len(RETRY_SECONDS) - 1)]
                failures += 1
                log.warning("bus_lost", error=type(error).__name__, retry_in=wait)
                await asyncio.sleep(wait)
                continue
            if message is not None:
                self._take(message)

    def _take(self, message: dict[str, Any]) -> None:
        channel = str(message["channel"])
        if message["type"] == "message":
            for subscription in self._topics.get(channel, ()):
                subscription.put(str(message["data"]))
        elif message["type"] == "subscribe":
            self._on_confirmed(channel)

    def _on_confirmed(self, channel: str) -> None:
        confirmed = self._confirmed[channel]
        if confirmed.is_set():
            # Subscribed a second time: the client reconnected, and what was said in between is lost.
            for subscription in self._topics.get(channel, ()):
                subscription.lose()
        confirmed.set()
