"""Twilio Media Streams, bidirectional (`<Connect><Stream>`): 8 kHz mu-law in JSON text frames.

Twilio plays what it is sent from a buffer and returns our marks when their time comes; `clear` empties the buffer and
returns all outstanding marks at once.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import AsyncIterator
from typing import Any

from aiohttp import web

from bot.voice.audio import Pcm, mulaw_decode, mulaw_encode
from bot.voice.transports.port import Audio, CallInfo, Digit, Inbound, Played
from bot.voice.transports.websocket import FIRST_FRAME, Socket, bad_start, json_object

RATE = 8_000
_SID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_KEYS = frozenset("0123456789*#")
_FIRST_MESSAGES = 4


class TwilioTransport:
    """One stream. Made by `answer`."""

    outlives_call = False
    sample_rate = RATE

    def __init__(self, socket: Socket, stream_sid: str, info: CallInfo) -> None:
        self._socket = socket
        self._stream = stream_sid
        self.info = info

    @classmethod
    async def answer(cls, response: web.WebSocketResponse) -> TwilioTransport:
        """Read `connected` and `start`. Raises `CallRefused` for anything else."""
        socket = Socket(response)
        for _ in range(_FIRST_MESSAGES):
            message = await socket.receive(FIRST_FRAME)
            if message is None:
                raise bad_start("The stream ended before 'start'.")
            data = json_object(message)
            event = data.get("event") if data else None
            if data is not None and event == "start":
                return cls(socket, *_started(data))
            if event != "connected":
                raise bad_start("The first frames are not 'connected' and 'start'.")
        raise bad_start("No 'start' after 'connected'.")

    async def inbound(self) -> AsyncIterator[Inbound]:
        """See `Transport.inbound`."""
        while (message := await self._socket.receive()) is not None:
            data = json_object(message)
            if data is None:
                self._socket.unreadable()
                continue
            if data.get("event") == "stop":
                return
            item = self._item(data)
            if item is not None:
                yield item

    def _item(self, data: dict[str, Any]) -> Inbound | None:
        event, body = data.get("event"), data.get(str(data.get("event")))
        if data.get("streamSid", self._stream) != self._stream or not isinstance(body, dict):
            self._socket.unreadable()
            return None
        if event == "media" and body.get("track", "inbound") == "inbound":
            return self._audio(body.get("payload"))
        if event == "mark":
            return Played(str(body.get("name")))
        if event == "dtmf" and body.get("digit") in _KEYS:
            return Digit(str(body["digit"]))
        return None

    def _audio(self, payload: object) -> Audio | None:
        try:
            data = base64.b64decode(payload, validate=True) if isinstance(payload, str) else b""
        except (binascii.Error, ValueError):
            data = b""
        if not data:
            self._socket.unreadable()
            return None
        return Audio(mulaw_decode(data))

    async def play(self, pcm: Pcm) -> None:
        """See `Transport.play`."""
        await self._send("media", {"payload": base64.b64encode(mulaw_encode(pcm)).decode()})

    async def mark(self, name: str) -> None:
        """See `Transport.mark`."""
        await self._send("mark", {"name": name})

    async def clear(self) -> None:
        """See `Transport.clear`."""
        await self._send("clear", None)

    async def _send(self, event: str, body: dict[str, str] | None) -> None:
        frame: dict[str, Any] = {"event": event, "streamSid": self._stream}
        await self._socket.send_json(frame if body is None else {**frame, event: body})

    async def tell(self, kind: str, **fields: object) -> None:
        """A telephone shows no text."""

    async def end(self, reason: str) -> None:
        """Closing the stream lets Twilio go on with the next TwiML verb, or hang up where there is none."""
        await self._socket.close(reason)


def _started(data: dict[str, Any]) -> tuple[str, CallInfo]:
    """Stream and call of a `start`. Raises `CallRefused`."""
    start = data.get("start")
    if not isinstance(start, dict):
        raise bad_start("'start' has no body.")
    stream = start.get("streamSid") or data.get("streamSid")
    call, shape = start.get("callSid"), start.get("mediaFormat")
    if not _is_sid(stream) or not _is_sid(call):
        raise bad_start("'start' names no stream or no call.")
    if isinstance(shape, dict) and (
        shape.get("encoding", "audio/x-mulaw") != "audio/x-mulaw"
        or int_of(shape.get("sampleRate", RATE)) != RATE
    ):
        raise bad_start("Only audio/x-mulaw at 8000 Hz is taken.")
    parameters = start.get("customParameters")
    caller = parameters.get("caller", "") if isinstance(parameters, dict) else ""
    return str(stream), CallInfo(str(call), f"call-{call}", "twilio", str(caller)[:40])


def _is_sid(value: object) -> bool:
    return isinstance(value, str) and _SID.fullmatch(value) is not None


def int_of(value: object) -> int:
    """A number that may come as text; 0 for anything else."""
    return int(value) if isinstance(value, int | str) and str(value).isdecimal() else 0
