"""The two ends that `sangdam chat` can talk to: an assistant in this process, or a running server over its web chat."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, Self

import aiohttp
import socketio

from bot.cli.chat_recording import add_recording
from bot.cli.chat_trace import Trace
from bot.cli.console import Tell
from bot.conversation.events import SPOKEN, UserUttered
from bot.conversation.messages import UserMessage
from bot.conversation.store import Commit
from bot.conversation.tracker import Tracker
from bot.conversation.transcript import customer_lines
from bot.server.app import Server
from bot.server.companions import Companions
from bot.server.serve import open_server, prepare
from bot.server.settings import Settings
from formats import SangdamError

Message = dict[str, Any]


class ServerUnreachable(SangdamError):
    """Raised when `--url` names no Sangdam server."""

    def __init__(self, url: str) -> None:
        super().__init__(
            "server_unreachable",
            ko=f"{url}에 연결하지 못했어요.",
            en=f"No Sangdam server answers at {url}.",
            remedy="Start one with 'sangdam run', or leave --url out.",
        )


class LocalPartner:
    """The whole assistant in this process, over a database that is thrown away."""

    def __init__(self, server: Server, companions: Companions) -> None:
        self._server = server
        self._companions = companions
        self._id = f"terminal-{uuid.uuid4().hex}"
        self._said: asyncio.Queue[Message] = asyncio.Queue()
        server.service.conversations.listeners.append(self._committed)

    def trace(self, tell: Callable[[str], None]) -> None:
        """From now on tell what each message was taken for, and each step with its reason."""
        Trace(tell).watch(self._server.service.engine)

    async def record(self, path: Path) -> int:
        """Add the conversation so far to a test file; the number of its steps, 0 if nothing was said.

        Raises `FormatError` for a file that holds something else.
        """
        events = await self._server.service.store.events(self._id, limit=100_000)
        secrets = self._server.service.assistant.responses.secret_slots
        return add_recording(path, events, self._server.config.desk.recordings.values, secrets)

    @classmethod
    async def open(cls, settings: Settings, folder: Path, tell: Tell) -> Self:
        """Train and index what has changed, then start. Raises what `prepare` raises."""
        companions = Companions(settings.config.companions)
        companions.start()
        apart = settings.model_copy(update={"database_url": f"sqlite:///{folder}/chat.db", "bus_url": ""})
        server = await open_server(apart, prepare(settings, tell))
        return cls(server, companions)

    async def say(self, text: str, payload: str | None) -> None:
        """One turn."""
        await self._server.service.handle(
            UserMessage(conversation_id=self._id, text=text, channel="terminal", payload=payload)
        )

    async def _committed(self, commit: Commit, tracker: Tracker) -> None:
        events = [e for e in commit.events if isinstance(e, SPOKEN) and not isinstance(e, UserUttered)]
        for message in customer_lines(events, self._server.config.bot_name):
            self._said.put_nowait(message)

    async def heard(self) -> AsyncIterator[Message]:
        """As it comes."""
        while True:
            yield await self._said.get()

    async def close(self) -> None:
        """Stop the assistant and its companions."""
        await self._server.service.close()
        self._companions.stop()


class RemotePartner:
    """A running server: agents' messages arrive at once."""

    def __init__(self, socket: socketio.AsyncClient) -> None:
        self._socket = socket
        self._said: asyncio.Queue[Message] = asyncio.Queue()
        socket.on("bot_uttered", self._said.put)

    @classmethod
    async def connect(cls, url: str) -> Self:
        """A new conversation. Raises `ServerUnreachable`."""
        base = url.rstrip("/")
        socket = socketio.AsyncClient(reconnection=True)
        partner = cls(socket)
        try:
            async with (
                aiohttp.ClientSession() as http,
                http.post(f"{base}/api/chat/session", json={}) as answer,
            ):
                token = (await answer.json())["token"]
            await socket.connect(base, auth={"token": token}, transports=["websocket"])
            await socket.call("session_request", {})
        except (aiohttp.ClientError, socketio.exceptions.SocketIOError, KeyError, ValueError) as error:
            await socket.disconnect()
            raise ServerUnreachable(url) from error
        return partner

    async def say(self, text: str, payload: str | None) -> None:
        """Send and wait until it is stored. Raises `SangdamError` with the server's words."""
        body = {
            "message": text,
            "client_msg_id": uuid.uuid4().hex,
            **({"payload": payload} if payload else {}),
        }
        answer = await self._socket.call("user_uttered", body, timeout=30)
        if not answer.get("ok"):
            error = answer.get("error") or {}
            raise SangdamError(
                str(error.get("code", "refused")),
                ko=str(error.get("title", "보내지 못했어요.")),
                en=str(error.get("detail", "")),
            )

    async def heard(self) -> AsyncIterator[Message]:
        """As it comes."""
        while True:
            yield await self._said.get()

    async def close(self) -> None:
        """Leave; the conversation stays."""
        await self._socket.disconnect()
