"""A caller on Twilio's protocol: sends a recording in real time, plays what it hears from a buffer as Twilio does.

There is no published client for Media Streams; this one is for `sangdam call`, the benchmark and the tests.
"""

from __future__ import annotations

import asyncio
import base64
import itertools
import json
import uuid
from bisect import bisect_right
from collections import deque
from contextlib import suppress
from typing import Any, Self

import aiohttp
import numpy as np

from bot.voice.audio import MULAW_SILENCE, Pcm, Sound, mulaw_decode, mulaw_encode, resample
from bot.voice.errors import CallRefused
from bot.voice.transports.twilio import RATE
from bot.voice.transports.twilio_signature import sign

FRAME = 160
"""Bytes of 20 ms."""
FRAME_S = FRAME / RATE


class Caller:
    """One call, as an async context manager. All times are the loop's, in seconds."""

    def __init__(self, url: str, *, token: str | None = None, caller: str = "") -> None:
        self._url = url
        self._token = token
        self._caller = caller
        self.call_sid = f"CA{uuid.uuid4().hex}"
        self._stream = f"MZ{uuid.uuid4().hex}"
        self._outgoing: deque[bytes] = deque()
        self._buffer: deque[bytes | str] = deque()
        """What is to be played: pieces of audio, and marks by name."""
        self._numbers = itertools.count(1)
        self._sent = 0
        self.line: list[bytes] = []
        """20 ms pieces as the caller heard them, silence where nothing was played."""
        self.arrivals: list[float] = []
        """When audio came."""
        self.cleared: list[float] = []
        self.spoken_until = 0.0
        """When the last piece of the caller's speech went out."""
        self.sounding_at = 0.0
        """When audio was last played."""
        self.over = asyncio.Event()
        self.close_code: int | None = None

    @property
    def conversation_id(self) -> str:
        """Under which the server keeps it."""
        return f"call-{self.call_sid}"

    async def __aenter__(self) -> Self:
        """Dial. Raises `CallRefused` if the server is not there or doesn't take the call."""
        self._session = aiohttp.ClientSession()
        headers = {"X-Twilio-Signature": sign(self._token, self._url)} if self._token else {}
        try:
            self._socket = await self._session.ws_connect(self._url, headers=headers, max_msg_size=0)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            await self._session.close()
            status = getattr(error, "status", None)
            raise CallRefused(
                "call_not_taken",
                ko="전화를 받지 않아요.",
                en=f"{self._url}: {f'answered {status}' if status else type(error).__name__}",
                remedy="Is 'sangdam run' up, and does --url name its address?",
            ) from None
        await self._begin()
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._pace())]
        return self

    async def __aexit__(self, *_: object) -> None:
        """Hang up."""
        with suppress(ConnectionError, aiohttp.ClientError):
            await self._send("stop", {"accountSid": "AC0", "callSid": self.call_sid})
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._socket.close()
        await self._session.close()

    async def _begin(self) -> None:
        await self._socket.send_json({"event": "connected", "protocol": "Call", "version": "1.0.0"})
        await self._send(
            "start",
            {
                "streamSid": self._stream,
                "accountSid": "AC0",
                "callSid": self.call_sid,
                "tracks": ["inbound"],
                "customParameters": {"caller": self._caller},
                "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": RATE, "channels": 1},
            },
        )

    async def _send(self, event: str, body: dict[str, Any]) -> None:
        number = str(next(self._numbers))
        await self._socket.send_json(
            {"event": event, "sequenceNumber": number, "streamSid": self._stream, event: body}
        )

    # -- what the caller does -----------------------------------------------------------------------------------

    def say(self, sound: Sound) -> None:
        """Queue speech; it goes out in real time."""
        data = mulaw_encode(resample(sound.pcm, sound.rate, RATE))
        pieces = [data[start : start + FRAME] for start in range(0, len(data), FRAME)]
        self._outgoing.extend(piece.ljust(FRAME, bytes([MULAW_SILENCE])) for piece in pieces)

    async def press(self, keys: str) -> None:
        """Press keys."""
        for key in keys:
            await self._send("dtmf", {"track": "inbound_track", "digit": key})

    async def said(self) -> None:
        """Wait until all queued speech went out, or the call is over."""
        while self._outgoing and not self.over.is_set():  # noqa: ASYNC110 - a clock, not an event, empties it
            await asyncio.sleep(FRAME_S)

    async def quiet(self, seconds: float, timeout: float) -> bool:
        """Wait until nothing was played for `seconds`; False if that took longer than `timeout` or the call ended."""
        loop = asyncio.get_running_loop()
        begun = loop.time()
        while not self.over.is_set() and loop.time() - begun < timeout:
            since = max(self.sounding_at, begun)
            if not self._buffer and loop.time() - since >= seconds:
                return True
            await asyncio.sleep(FRAME_S)
        return False

    async def answered(self, after: float, timeout: float) -> float | None:
        """Seconds from `after` to the next audio that came later; None if none came in time."""
        loop = asyncio.get_running_loop()
        until = loop.time() + timeout
        while loop.time() < until:
            if (at := bisect_right(self.arrivals, after)) < len(self.arrivals):
                return self.arrivals[at] - after
            if self.over.is_set():
                return None
            await asyncio.sleep(FRAME_S / 2)
        return None

    def sound(self) -> Sound:
        """The call as the caller heard it."""
        pcm: Pcm = mulaw_decode(b"".join(self.line)) if self.line else np.zeros(0, np.int16)
        return Sound(pcm, RATE)

    # -- the telephone ------------------------------------------------------------------------------------------

    async def _pace(self) -> None:
        """Every 20 ms one piece goes out and one is played."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        while not self.over.is_set():
            await self._send_piece()
            await self._play_piece(loop.time())
            due += FRAME_S
            await asyncio.sleep(max(0.0, due - loop.time()))

    async def _send_piece(self) -> None:
        speech = bool(self._outgoing)
        piece = self._outgoing.popleft() if speech else bytes([MULAW_SILENCE]) * FRAME
        self._sent += 1
        body = {
            "track": "inbound",
            "chunk": str(self._sent),
            "timestamp": str(self._sent * 20),
            "payload": base64.b64encode(piece).decode(),
        }
        try:
            await self._send("media", body)
        except (ConnectionError, aiohttp.ClientError):
            self.over.set()
        if speech:
            self.spoken_until = asyncio.get_running_loop().time()

    async def _play_piece(self, now: float) -> None:
        piece = b""
        while self._buffer and len(piece) < FRAME:
            item = self._buffer.popleft()
            if isinstance(item, str):
                await self._mark(item)
                continue
            wanted = FRAME - len(piece)
            piece += item[:wanted]
            if item[wanted:]:
                self._buffer.appendleft(item[wanted:])
        if piece:
            self.sounding_at = now
        while self._buffer and isinstance(self._buffer[0], str):
            await self._mark(str(self._buffer.popleft()))
        self.line.append(piece.ljust(FRAME, bytes([MULAW_SILENCE])))

    async def _mark(self, name: str) -> None:
        with suppress(ConnectionError, aiohttp.ClientError):
            await self._send("mark", {"name": name})

    async def _listen(self) -> None:
        loop = asyncio.get_running_loop()
        async for message in self._socket:
            if message.type is not aiohttp.WSMsgType.TEXT:
                continue
            data = json.loads(message.data)
            if data.get("event") == "media":
                self.arrivals.append(loop.time())
                self._buffer.append(base64.b64decode(data["media"]["payload"]))
            elif data.get("event") == "mark":
                self._buffer.append(data["mark"]["name"])
            elif data.get("event") == "clear":
                self.cleared.append(loop.time())
                marks = [item for item in self._buffer if isinstance(item, str)]
                self._buffer.clear()
                for name in marks:
                    await self._mark(name)
        self.close_code = self._socket.close_code
        self.over.set()
