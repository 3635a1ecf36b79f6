"""The example core-banking server: keyed, idempotent, and wrong on purpose for two customers."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import AsyncIterator
from contextlib import closing
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from examples.core_banking.server import CoreBanking

KEY = {"Authorization": "Bearer key"}
Client = TestClient[Any, Any]


@pytest.fixture
async def bank() -> AsyncIterator[Client]:
    async with TestClient(TestServer(CoreBanking().application("key"))) as client:
        yield client


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer other"}, {"Authorization": "Bearer k\u00e9y"}]
)
async def test_every_call_needs_the_key(bank: Client, headers: dict[str, str]) -> None:
    assert (await bank.get("/customers", params={"phone": "010-1234-5678"}, headers=headers)).status == 401
    assert (await bank.get("/healthz", headers=headers)).status == 200


async def test_customers_cards_and_limits(bank: Client) -> None:
    found = await (await bank.get("/customers", params={"phone": "010-1234-5678"}, headers=KEY)).json()
    assert found == {"id": "c-1001", "name": "김서연"}
    cards = (await (await bank.get("/customers/c-1001/cards", headers=KEY)).json())["cards"]
    assert [(card["type"], card["last4"], card["status"]) for card in cards] == [
        ("신용카드", "4821", "active"),
        ("체크카드", "1907", "active"),
    ]
    assert (await (await bank.get("/customers/c-1001/limit", headers=KEY)).json())[
        "daily_limit"
    ] == 10_000_000


@pytest.mark.parametrize("path", ["/customers?phone=1", "/customers/c-9/cards", "/customers/c-9/limit"])
async def test_strangers_are_not_found(bank: Client, path: str) -> None:
    assert (await bank.get(path, headers=KEY)).status == 404


async def test_a_repeated_key_does_nothing_twice(bank: Client) -> None:
    once, again = KEY | {"Idempotency-Key": "t1"}, KEY | {"Idempotency-Key": "t2"}
    path = "/cards/c-1001-4821/reissue"
    first = await (await bank.post(path, headers=once)).json()
    assert await (await bank.post(path, headers=once)).json() == first
    assert await (await bank.post(path, headers=again)).json() != first


async def test_blocking_a_blocked_card_gives_the_same_reference(bank: Client) -> None:
    path = "/cards/c-1001-4821/block"
    first = await (await bank.post(path, headers=KEY | {"Idempotency-Key": "a"})).json()
    second = await (await bank.post(path, headers=KEY | {"Idempotency-Key": "b"})).json()
    assert first == second and first["reference"].startswith("B")
    cards = (await (await bank.get("/customers/c-1001/cards", headers=KEY)).json())["cards"]
    assert cards[0]["status"] == "blocked" and "reference" not in cards[0]


async def test_a_reset_undoes_what_was_done_and_needs_the_key(bank: Client) -> None:
    await bank.post("/cards/c-1001-4821/block", headers=KEY)
    assert (await bank.post("/reset")).status == 401
    assert (await bank.post("/reset", headers=KEY)).status == 200
    cards = (await (await bank.get("/customers/c-1001/cards", headers=KEY)).json())["cards"]
    assert cards[0]["status"] == "active"


async def test_unknown_card_and_wrong_body(bank: Client) -> None:
    assert (await bank.post("/cards/none/block", headers=KEY)).status == 404
    assert (await bank.post("/callbacks", data=b"{", headers=KEY)).status == 400


async def test_one_customer_fails_and_one_hangs(bank: Client) -> None:
    assert (await bank.post("/cards/c-1004-6626/block", headers=KEY)).status == 500
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await bank.post("/cards/c-1005-2088/block", headers=KEY)


def test_the_program_serves_and_ends_with_the_one_that_started_it() -> None:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    environment = os.environ | {"CORE_BANKING_KEY": "key", "CORE_BANKING_PORT": port}
    command = [sys.executable, "-m", "examples.core_banking", "--until-stdin-ends"]
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE) as process:
        assert _answers(f"http://127.0.0.1:{port}/healthz")
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(timeout=10) == 0


def test_without_a_key_it_does_not_start() -> None:
    environment = {name: value for name, value in os.environ.items() if name != "CORE_BANKING_KEY"}
    done = subprocess.run(
        [sys.executable, "-m", "examples.core_banking"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 1 and "CORE_BANKING_KEY" in done.stderr


def _answers(url: str) -> bool:
    for _ in range(100):
        try:
            with urllib.request.urlopen(url, timeout=1):
                return True
        except OSError:
            time.sleep(0.1)
    return False
