"""The bus: everything in order to everybody who listens, and nobody waits for the slow."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator

import pytest

from bot.storage.bus import GAP, Bus, Payload
from bot.storage.errors import BusUnavailable
from bot.storage.records import decode, encode

QUEUED = 20
"""Queue length with which the fixture makes the bus."""


class BusKit:
    """For implementations of `Bus`. The fixture `bus` gives one whose subscribers' queues hold `QUEUED`
    payloads."""

    @pytest.fixture
    def topic(self) -> str:
        """A topic of the test's own: a Redis server may serve other tests at the same time."""
        return f"대화:{uuid.uuid4().hex}"

    async def test_all_subscribers_hear_it_in_order(self, bus: Bus, topic: str) -> None:
        async with bus.subscribe(topic) as one, bus.subscribe(topic) as two:
            for number in range(10):
                await bus.publish(topic, {"n": number})
            for listener in (one, two):
                assert [(await soon(listener))["n"] for _ in range(10)] == list(range(10))

    async def test_payloads_are_json_and_nobody_s_shared_object(self, bus: Bus, topic: str) -> None:
        payload: Payload = {"text": "안녕 😀\0", "n": [1, 2.5, None, True], "pair": (1, 2)}
        async with bus.subscribe(topic) as one, bus.subscribe(topic) as two:
            await bus.publish(topic, payload)
            first, second = await soon(one), await soon(two)
        assert first == second == decode(encode(payload))
        assert first is not second
        assert first["n"] is not payload["n"]

    async def test_topics_are_apart(self, bus: Bus, topic: str) -> None:
        async with bus.subscribe(topic) as mine, bus.subscribe(f"{topic}2") as other:
            await bus.publish(f"{topic}2", {"to": "other"})
            await bus.publish(topic, {"to": "mine"})
            assert await soon(mine) == {"to": "mine"}
            assert await soon(other) == {"to": "other"}

    async def test_nobody_need_listen(self, bus: Bus, topic: str) -> None:
        await bus.publish(topic, {"n": 1})
        async with bus.subscribe(topic) as listener:
            await bus.publish(topic, {"n": 2})
            assert await soon(listener) == {"n": 2}

    async def test_leaving_and_coming_back(self, bus: Bus, topic: str) -> None:
        for round_ in range(3):
            async with bus.subscribe(topic) as listener:
                await bus.publish(topic, {"round": round_})
                assert await soon(listener) == {"round": round_}
            await bus.publish(topic, {"round": "nobody hears this"})

    async def test_one_who_leaves_takes_nothing_from_the_others(self, bus: Bus, topic: str) -> None:
        async with bus.subscribe(topic) as stays:
            async with bus.subscribe(topic):
                pass
            await bus.publish(topic, {"n": 1})
            assert await soon(stays) == {"n": 1}

    async def test_the_slow_lose_the_oldest_and_are_told(self, bus: Bus, topic: str) -> None:
        marker = f"{topic}:end"
        async with bus.subscribe(topic) as slow, bus.subscribe(marker) as end:
            for number in range(QUEUED * 3):
                await bus.publish(topic, {"n": number})
            await bus.publish(marker, {})
            await soon(end)
            assert await soon(slow) == GAP
            kept = [(await soon(slow))["n"] for _ in range(QUEUED)]
            assert kept == list(range(QUEUED * 2, QUEUED * 3))
            await bus.publish(topic, {"n": "fresh"})
            assert await soon(slow) == {"n": "fresh"}

    async def test_a_waiting_listener_can_be_cancelled(self, bus: Bus, topic: str) -> None:
        async with bus.subscribe(topic) as listener:
            waiting = asyncio.ensure_future(anext(listener))
            await asyncio.sleep(0)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
            await bus.publish(topic, {"n": 1})
            assert await soon(listener) == {"n": 1}

    async def test_closing_ends_the_listening(self, bus: Bus, topic: str) -> None:
        async with bus.subscribe(topic) as listener:
            waiting = asyncio.ensure_future(_all(listener))
            await asyncio.sleep(0)
            await bus.close()
            await bus.close()
            assert await asyncio.wait_for(waiting, 10) == []
        with pytest.raises(BusUnavailable):
            await bus.publish(topic, {"n": 2})
        with pytest.raises(BusUnavailable):
            async with bus.subscribe(topic):
                pass


async def soon(listener: AsyncIterator[Payload]) -> Payload:
    """The next payload; fails if none comes."""
    return await asyncio.wait_for(anext(listener), 10)


async def _all(listener: AsyncIterator[Payload]) -> list[Payload]:
    return [payload async for payload in listener]
