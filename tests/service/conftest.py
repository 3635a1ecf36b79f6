"""Customers and agents over plain HTTP, as any client of the running product."""

from __future__ import annotations

import subprocess
import sys
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest


@dataclass
class Customer:
    """A web chat customer with a token of their own."""

    url: str
    token: str

    async def send(self, text: str, client_msg_id: str | None = None) -> dict[str, Any]:
        """One message; repeated under the same id after a failure, as the widget does."""
        body = {"message": text, "client_msg_id": client_msg_id or uuid.uuid4().hex}
        return await call("POST", f"{self.url}/api/chat/messages", self.token, body)

    async def messages(self, after: int = 0) -> list[dict[str, Any]]:
        """What the customer sees."""
        answer = await call("GET", f"{self.url}/api/chat/messages?after={after}", self.token)
        found: list[dict[str, Any]] = answer["messages"]
        return found

    async def says_last(self) -> str:
        """The last line that somebody else said."""
        return [m["text"] for m in await self.messages() if m["speaker"]["kind"] != "customer"][-1]


@dataclass
class DeskAgent:
    """A signed-in agent."""

    url: str
    token: str

    async def get(self, path: str) -> Any:
        """GET of the desk API."""
        return await call("GET", f"{self.url}/api/desk{path}", self.token)

    async def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """POST of the desk API."""
        return await call("POST", f"{self.url}/api/desk{path}", self.token, body or {})

    async def put(self, path: str, body: dict[str, Any]) -> Any:
        """PUT of the desk API."""
        return await call("PUT", f"{self.url}/api/desk{path}", self.token, body)


async def call(method: str, url: str, token: str = "", body: Any = None) -> Any:
    """JSON of one request; fails the test for anything but success."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with (
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=20)) as session,
        session.request(method, url, json=body, headers=headers) as response,
    ):
        text = await response.text()
        assert response.status < 300, f"{response.status}: {text}"
        return await response.json(content_type=None)


@pytest.fixture
def new_customer() -> Callable[[str], Any]:
    """Opens a conversation on a server."""

    async def make(url: str) -> Customer:
        return Customer(url, (await call("POST", f"{url}/api/chat/session", body={}))["token"])

    return make


@pytest.fixture
def sign_in() -> Callable[[str, str, str], Any]:
    """Signs an agent in."""

    async def make(url: str, username: str, password: str) -> DeskAgent:
        body = {"username": username, "password": password}
        return DeskAgent(url, (await call("POST", f"{url}/api/desk/login", body=body))["token"])

    return make


@pytest.fixture(scope="session")
def add_agent() -> Callable[..., str]:
    """`sangdam user add` beside a running server; gives the password."""

    def add(server: Any, username: str, name: str, role: str = "agent") -> str:
        password = f"pw-{uuid.uuid4().hex}"
        options = ["--name", name, "--role", role, "--password-stdin"]
        subprocess.run(
            [sys.executable, "-m", "bot.cli", "user", "add", username, *options],
            input=password + "\n",
            text=True,
            check=True,
            capture_output=True,
            env={"PATH": "", "SANGDAM_DATA_DIR": str(server.data_dir), **server.environment},
            cwd=Path(__file__).parent.parent.parent,
        )
        return password

    return add
