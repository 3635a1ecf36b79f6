"""The widget's microphone: docs/reference/web-chat.md, "The microphone". PCM at the browser's own rate."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Callable
from typing import Any

from aiohttp import WSMsgType, web

from bot.voice.audio import Pcm, bytes_of, pcm_of
from bot.voice.errors import CallRefused
from bot.voice.transports.port import Audio, CallInfo, Inbound, Played
from bot.voice.transports.websocket import FIRST_FRAME, Socket, bad_start, json_object

RATES = range(8_000, 48_001)
"""Hz that a browser may ask for."""


class BrowserTransport:
    """One microphone. Made by `answer`."""

    outlives_call = True

    def __init__(self, socket: Socket, rate: int, info: CallInfo) -> None:
        self._socket = socket
        self.sample_rate = rate
        self.info = info

    @classmethod
    async def answer(
        cls, response: web.WebSocketResponse, conversation_of: Callable[[str], str | None]
    ) -> BrowserTransport:
        """Read `start`, check its token, answer `ready`. Raises `CallRefused`."""
        socket = Socket(response)
        message = await socket.receive(FIRST_FRAME)
        data = json_object(message) if message is not None else None
        if data is None or data.get("type") != "start":
            raise bad_start("The first frame is not a 'start'.")
        token, rate = data.get("token"), data.get("sample_rate", 16_000)
        conversation_id = conversation_of(token) if isinstance(token, str) else None
        if conversation_id is None:
            raise CallRefused(
                "bad_token",
                ko="대화 토큰이 없거나 만료됐어요.",
                en="The chat token opens nothing.",
                status=401,
            )
        if not isinstance(rate, int) or isinstance(rate, bool) or rate not in RATES:
            raise bad_start(f"'sample_rate' is not from {RATES.start} to {RATES.stop - 1}.")
        await socket.send_json({"type": "ready", "sample_rate": rate, "conversation_id": conversation_id})
        return cls(socket, rate, CallInfo(uuid.uuid4().hex, conversation_id, "browser"))

    async def inbound(self) -> AsyncIterator[Inbound]:
        """See `Transport.inbound`."""
        while (message := await self._socket.receive()) is not None:
            if message.type is WSMsgType.BINARY:
                if len(message.data) > 1:
                    yield Audio(pcm_of(message.data))
                continue
            data = json_object(message)
            kind = data.get("type") if data is not None else None
            if kind == "stop":
                return
            if data is not None and kind == "mark":
                yield Played(str(data.get("name")))
            else:
                self._socket.unreadable()

    async def play(self, pcm: Pcm) -> None:
        """See `Transport.play`."""
        await self._socket.send_bytes(bytes_of(pcm))

    async def mark(self, name: str) -> None:
        """See `Transport.mark`."""
        await self.tell("mark", name=name)

    async def clear(self) -> None:
        """See `Transport.clear`."""
        await self.tell("clear")

    async def tell(self, kind: str, **fields: object) -> None:
        """See `Transport.tell`."""
        frame: dict[str, Any] = {"type": kind, **fields}
        await self._socket.send_json(frame)

    async def end(self, reason: str) -> None:
        """See `Transport.end`."""
        await self.tell("end", reason=reason)
        await self._socket.close(reason)
