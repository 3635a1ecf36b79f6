"""From a customer's request to the offer on an agent's screen while 200 others wait, and from an agent's word to the customer's.

    python benchmarks/desk_latency.py [--assistant DIR] [--waiting 200] [--times 100]

A whole server of the assistant on SQLite in a new folder, over HTTP and sockets, with its clients in the same process. The
200 wait in the general queue, which nobody serves; the measured ones are emergencies.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import secrets
import shutil
import tempfile
import time
import uuid
from pathlib import Path
from typing import Any

import aiohttp
import socketio
import structlog

from bot.bench.figures import summary_ms
from bot.conversation.messages import UserMessage
from bot.conversation.workforce import AgentProfile
from bot.server.serve import listen, open_server, prepare
from bot.server.settings import load_settings

ROOT = Path(__file__).parents[1]
EMERGENCY = "emergency"


class Desk:
    """An agent over HTTP and a socket."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self.url = url
        self.session = session
        self.socket = socketio.AsyncClient()
        self.offers: asyncio.Queue[tuple[str, str, float]] = asyncio.Queue()
        self.token = ""

    async def sign_in(self, password: str) -> str:
        """The agent's id."""
        answer = await self.call("POST", "login", {"username": "bench", "password": password})
        self.token = answer["token"]

        async def offer(data: dict[str, Any]) -> None:
            case = data["case"]
            self.offers.put_nowait((case["conversation_id"], case["id"], time.perf_counter()))

        self.socket.on("offer", offer, namespace="/desk")
        await self.socket.connect(
            self.url, namespaces=["/desk"], auth={"token": self.token}, transports=["websocket"]
        )
        return str(answer["user"]["id"])

    async def call(self, method: str, path: str, body: Any = None) -> Any:
        """JSON of a call that succeeds."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        request = self.session.request(method, f"{self.url}/api/desk/{path}", json=body, headers=headers)
        async with request as response:
            response.raise_for_status()
            return await response.json()


async def offers(server: Any, desk: Desk, waiting: int, times: int) -> list[float]:
    """Seconds from each request to its offer."""
    for number in range(waiting):
        message = UserMessage(
            conversation_id=f"waits-{number}", text="상담원", channel="rest", payload="/request_human"
        )
        await server.service.handle(message)
    took = []
    for _ in range(times):
        customer = f"bench-{uuid.uuid4().hex}"
        await server.service.handle(
            UserMessage(conversation_id=customer, text="카드 분실", channel="rest", payload="/card_loss")
        )
        began = time.perf_counter()
        await server.service.handle(
            UserMessage(conversation_id=customer, text="상담원", channel="rest", payload="/request_human")
        )
        while True:
            who, case_id, at = await asyncio.wait_for(desk.offers.get(), 10)
            if who == customer:
                took.append(at - began)
                break
        await desk.call("POST", f"cases/{case_id}/accept")
        await desk.call("POST", f"cases/{case_id}/close", {"code": "resolved"})
    return took


async def words(server: Any, desk: Desk, times: int) -> list[float]:
    """Seconds from each message of the agent to the customer's socket."""
    async with desk.session.post(f"{desk.url}/api/chat/session") as response:
        opened = await response.json()
    heard: asyncio.Queue[tuple[str, float]] = asyncio.Queue()
    customer = socketio.AsyncClient()

    async def said(data: dict[str, Any]) -> None:
        heard.put_nowait((data["text"], time.perf_counter()))

    customer.on("bot_uttered", said)
    await customer.connect(desk.url, auth={"token": opened["token"]}, transports=["websocket"])
    for text in ("/card_loss", "/request_human"):
        await customer.call("user_uttered", {"message": text, "payload": text})
    _, case_id, _ = await asyncio.wait_for(desk.offers.get(), 10)
    await desk.call("POST", f"cases/{case_id}/accept")
    took = []
    for number in range(times):
        text, began = f"{number}번째 확인이에요", time.perf_counter()
        await desk.call("POST", f"cases/{case_id}/messages", {"text": text})
        while True:
            found, at = await asyncio.wait_for(heard.get(), 10)
            if found == text:
                took.append(at - began)
                break
    await customer.disconnect()
    return took


async def main(options: argparse.Namespace) -> None:
    """Prints both."""
    derived = load_settings(options.assistant)
    prepare(derived, lambda what, share: None)
    with tempfile.TemporaryDirectory() as folder:
        for name in ("encoder", "models", "index"):
            if (derived.data_dir / name).is_dir():
                shutil.copytree(derived.data_dir / name, Path(folder) / name)
        settings = load_settings(options.assistant, {"SANGDAM_DATA_DIR": folder, "SANGDAM_PORT": "18431"})
        server = await open_server(settings, prepare(settings, lambda what, share: None))
        password = secrets.token_urlsafe(12)
        user = await server.accounts.add_user("bench", "재는 사람", "agent", password)
        profile = AgentProfile(queues=(EMERGENCY,))
        runner = await listen(server)
        await server.floor.presence.set_profile(user.id, user.name, profile)
        async with aiohttp.ClientSession() as session:
            desk = Desk(f"http://127.0.0.1:{settings.port}", session)
            await desk.sign_in(password)
            asked = await offers(server, desk, options.waiting, options.times)
            spoken = await words(server, desk, options.times)
            await desk.socket.disconnect()
        await runner.cleanup()
    print(f"request -> offer on the agent's screen, {options.waiting} waiting: {summary_ms(asked)}")
    print(f"agent's word -> customer's screen: {summary_ms(spoken)}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--assistant", type=Path, default=ROOT)
    parser.add_argument("--waiting", type=int, default=200)
    parser.add_argument("--times", type=int, default=100)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    asyncio.run(main(parser.parse_args()))
