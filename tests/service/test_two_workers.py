"""Two equal workers over PostgreSQL and Redis: whoever is connected where, everybody hears of everything, once."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import redis
import socketio

REDIS = os.environ.get("SANGDAM_TEST_REDIS_URL", "redis://127.0.0.1:6379/15")
pytestmark = [pytest.mark.slow, pytest.mark.postgres, pytest.mark.redis]


@pytest.fixture
def workers(start_server: Any, data_dir_of: Callable[[], Path], postgres_database: str) -> tuple[Any, Any]:
    """Two servers with nothing in common but the two URLs and the key that signs customers' tokens."""
    try:
        redis.Redis.from_url(REDIS).ping()
    except redis.exceptions.ConnectionError:
        pytest.skip("no Redis")
    shared = {
        "SANGDAM_DATABASE_URL": postgres_database,
        "SANGDAM_BUS_URL": REDIS,
        "SANGDAM_SECRET_KEY": secrets.token_urlsafe(48),
    }
    return start_server(data_dir_of(), **shared), start_server(data_dir_of(), companions=False, **shared)


class Socket:
    """A Socket.IO client that keeps what it hears."""

    def __init__(self, namespace: str, *events: str) -> None:
        self.client = socketio.AsyncClient()
        self.namespace = namespace
        self.heard: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()
        for event in events:
            self.client.on(event, self._keep(event), namespace=namespace)

    def _keep(self, event: str) -> Any:
        async def keep(data: Any) -> None:
            await self.heard.put((event, data))

        return keep

    async def connect(self, url: str, token: str) -> None:
        await self.client.connect(
            url, namespaces=[self.namespace], auth={"token": token}, transports=["websocket"]
        )

    async def until(self, wanted: Callable[[str, Any], bool]) -> Any:
        """The next thing heard that is wanted."""
        async with asyncio.timeout(10):
            while True:
                event, data = await self.heard.get()
                if wanted(event, data):
                    return data


async def test_customer_and_agent_on_different_workers(
    workers: tuple[Any, Any], new_customer: Any, sign_in: Any, add_agent: Any
) -> None:
    here, there = workers
    username = f"minji-{secrets.token_hex(4)}"
    agent = await sign_in(there.url, username, add_agent(there, username, "김민지"))
    desk = Socket("/desk", "case")
    await desk.connect(there.url, agent.token)
    first, second = await new_customer(here.url), await new_customer(here.url)
    chat, waiting = Socket("/", "bot_uttered", "state"), Socket("/", "state")
    await chat.connect(here.url, first.token)
    await waiting.connect(here.url, second.token)
    try:
        await first.send("상담원 바꿔 주세요")
        case = await desk.until(lambda _, data: data["state"] == "queued")
        await second.send("상담원 바꿔 주세요")
        await waiting.until(lambda _, data: (data["queue"] or {}).get("position") == 2)

        await agent.post(f"/cases/{case['id']}/accept")
        await agent.post(f"/cases/{case['id']}/messages", {"text": "안녕하세요, 김민지예요."})
        await chat.until(lambda event, data: event == "state" and data["owner"] == "agent")
        said = await chat.until(lambda _, data: data.get("text") == "안녕하세요, 김민지예요.")
        assert said["speaker"] == {"kind": "agent", "name": "김민지"}
        # Who waits on the one worker moves up when an agent of the other takes a case.
        await waiting.until(lambda _, data: (data["queue"] or {}).get("position") == 1)

        # The one that the bot of either worker would answer: the agent has it, so both keep silent.
        await first.send("카드를 잃어버렸어요")
        first.url = there.url
        lines = await first.messages()
        assert [line["speaker"]["kind"] for line in lines][-2:] == ["agent", "customer"]
    finally:
        for socket in (desk, chat, waiting):
            await socket.client.disconnect()


async def test_a_conversation_that_changes_workers_at_each_message_loses_nothing(
    workers: tuple[Any, Any], new_customer: Any
) -> None:
    here, there = workers
    customer = await new_customer(here.url)

    async def say(number: int) -> None:
        customer.url = (here, there)[number % 2].url
        await customer.send(f"수수료가 얼마예요 {number}", f"m-{number}")

    for number in range(6):
        await say(number)
    # And at once, so that commits collide.
    senders = [type(customer)((here, there)[n % 2].url, customer.token) for n in range(6, 18)]
    await asyncio.gather(*(s.send(f"한도 알려 주세요 {n}", f"m-{n}") for n, s in enumerate(senders, 6)))
    lines = await customer.messages()
    sent = [line["client_msg_id"] for line in lines if line["speaker"]["kind"] == "customer"]
    assert sorted(sent) == sorted(f"m-{number}" for number in range(18))
    assert [line["seq"] for line in lines] == sorted({line["seq"] for line in lines})
