"""What both WebSocket transports share: reading frames with limits, sending to a peer that may be gone."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import Any

from aiohttp import ClientConnectionError, WSCloseCode, WSMessage, WSMsgType, web

from bot.voice.errors import CallRefused

MAX_FRAME = 256 * 1024
"""Bytes of one frame."""
FIRST_FRAME = 10.0
"""Seconds that a caller has to say who it is."""
QUIET_LINE = 60.0
"""Seconds without any frame after which a line counts as broken; audio flows all the time on a sound one."""
BAD_FRAMES = 50
"""Unreadable frames after which a caller is cut off."""
_CLOSED = (WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED, WSMsgType.ERROR)


class Socket:
    """One WebSocket of the server."""

    def __init__(self, socket: web.WebSocketResponse) -> None:
        self._socket = socket
        self._bad = 0

    async def receive(self, timeout: float = QUIET_LINE) -> WSMessage | None:
        """The next text or binary frame; None when the peer is gone, silent for too long, or sends nonsense only."""
        try:
            message = await self._socket.receive(timeout)
        except TimeoutError:
            return None
        if message.type in _CLOSED or self._bad > BAD_FRAMES:
            return None
        return message

    def unreadable(self) -> None:
        """Count a frame that made no sense."""
        self._bad += 1

    async def send_json(self, data: dict[str, Any]) -> None:
        """Send text; nothing happens if the peer is gone."""
        with suppress(ClientConnectionError, ConnectionError, RuntimeError):
            await self._socket.send_str(json.dumps(data, ensure_ascii=False, separators=(",", ":")))

    async def send_bytes(self, data: bytes) -> None:
        """Send binary; nothing happens if the peer is gone."""
        with suppress(ClientConnectionError, ConnectionError, RuntimeError):
            await self._socket.send_bytes(data)

    async def close(self, reason: str = "", code: int = WSCloseCode.OK) -> None:
        """Close in good order, but wait for no one."""
        with suppress(ClientConnectionError, ConnectionError, RuntimeError, TimeoutError):
            async with asyncio.timeout(2):
                await self._socket.close(code=code, message=reason.encode()[:120])


def json_object(message: WSMessage) -> dict[str, Any] | None:
    """A text frame's JSON object; None for anything else."""
    if message.type is not WSMsgType.TEXT:
        return None
    try:
        data = json.loads(message.data)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def bad_start(detail: str) -> CallRefused:
    """The refusal of a caller whose first frames are not the protocol's."""
    return CallRefused("bad_start", ko="통화를 시작할 수 없어요.", en=detail, status=400)
