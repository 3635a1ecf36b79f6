"""From a customer's wish for a person to the case on an agent's screen."""

from __future__ import annotations

import asyncio
import time
import uuid
from typing import Any

import aiohttp
import socketio

from bot.bench.figures import summary_ms
from bot.bench.server import AGENT, Measured


async def handoff_latency(server: Measured, times: int) -> dict[str, Any]:
    """`times` customers ask for a person; each case is timed until the desk's socket has it."""
    arrived: asyncio.Queue[tuple[str, float]] = asyncio.Queue()
    desk = socketio.AsyncClient()

    async def case(data: dict[str, Any]) -> None:
        if data["state"] == "queued":
            arrived.put_nowait((data["conversation_id"], time.perf_counter()))

    desk.on("case", case, namespace="/desk")
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as session:
        body = {"username": AGENT, "password": server.password}
        async with session.post(f"{server.url}/api/desk/login", json=body) as response:
            token = (await response.json())["token"]
        await desk.connect(server.url, namespaces=["/desk"], auth={"token": token}, transports=["websocket"])
        try:
            took = [await _one(session, server, arrived) for _ in range(times)]
        finally:
            await desk.disconnect()
    return summary_ms(took)


async def _one(
    session: aiohttp.ClientSession, server: Measured, arrived: asyncio.Queue[tuple[str, float]]
) -> float:
    sender = f"bench-{uuid.uuid4().hex}"
    body = {"sender": sender, "message": "상담원 바꿔 주세요"}
    started = time.perf_counter()
    async with session.post(f"{server.url}/webhooks/rest/webhook", json=body) as response:
        await response.read()
    while True:
        conversation_id, at = await asyncio.wait_for(arrived.get(), timeout=10)
        if sender in conversation_id:
            return at - started
