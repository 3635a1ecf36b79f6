"""Every bus against the same kit, and what Redis adds: other processes, lost connections."""

from __future__ import annotations

import os
import uuid
from collections.abc import AsyncIterator

import pytest

from bot.storage.bus import GAP, Bus, MemoryBus, open_bus
from bot.storage.errors import BadStoreUrl, BusUnavailable
from bot.storage.kits.bus import QUEUED, soon
from bot.storage.redis_bus import RedisBus
from bot.storage.testing import BusKit

REDIS = os.environ.get("SANGDAM_TEST_REDIS_URL", "redis://127.0.0.1:6379/15")


async def connect() -> RedisBus:
    try:
        return await RedisBus.connect(REDIS, queued=QUEUED)
    except BusUnavailable as error:
        pytest.skip(f"no Redis: {error.en}")


class TestMemoryBus(BusKit):
    @pytest.fixture
    def bus(self) -> Bus:
        return MemoryBus(queued=QUEUED)


@pytest.mark.redis
class TestRedisBus(BusKit):
    @pytest.fixture
    async def bus(self) -> AsyncIterator[Bus]:
        bus = await connect()
        yield bus
        await bus.close()


@pytest.mark.redis
async def test_what_one_process_publishes_another_hears() -> None:
    topic = uuid.uuid4().hex
    one, two = await connect(), await connect()
    async with two.subscribe(topic) as listener:
        await one.publish(topic, {"text": "상담원이 연결됐어요"})
        assert await soon(listener) == {"text": "상담원이 연결됐어요"}
    await one.close()
    await two.close()


@pytest.mark.redis
async def test_after_a_lost_connection_listeners_find_a_gap_and_hear_again() -> None:
    topic = uuid.uuid4().hex
    bus, other = await connect(), await connect()
    async with bus.subscribe(topic) as listener:
        assert bus._pubsub.connection is not None
        number = await _client_id(bus)
        await other._redis.client_kill_filter(_id=number)
        assert await soon(listener) == GAP
        await other.publish(topic, {"n": 1})
        assert await soon(listener) == {"n": 1}
    await bus.close()
    await other.close()


async def test_a_redis_that_is_not_there_is_told_as_such() -> None:
    with pytest.raises(BusUnavailable):
        await open_bus("redis://127.0.0.1:1/0")


@pytest.mark.parametrize("url", ["amqp://localhost", "", "redis://127.0.0.1:port/0"])
async def test_a_url_of_no_bus_is_refused(url: str) -> None:
    with pytest.raises(BadStoreUrl) as refused:
        await open_bus(url)
    assert "redis://" in refused.value.remedy


async def test_the_default_bus_needs_no_server() -> None:
    bus = await open_bus()
    assert isinstance(bus, MemoryBus)
    await bus.close()


async def _client_id(bus: RedisBus) -> int:
    """The id under which Redis knows the listening connection."""
    for client in await bus._redis.client_list(_type="pubsub"):
        if client["laddr"] and client["addr"] == _address(bus):
            return int(client["id"])
    raise AssertionError("the listening connection is unknown to Redis")


def _address(bus: RedisBus) -> str:
    host, port = bus._pubsub.connection._writer.get_extra_info("sockname")[:2]
    return f"{host}:{port}"
