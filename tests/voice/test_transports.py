"""Transports over real WebSockets and in memory, all by one kit; signatures; starts that are no starts."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import numpy as np
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.voice.audio import Pcm, bytes_of, mulaw_decode, mulaw_encode, pcm_of
from bot.voice.errors import CallRefused
from bot.voice.kits import Peer, TransportKit
from bot.voice.transports import BrowserTransport, TestingTransport, Transport, TwilioTransport
from bot.voice.transports.twilio_signature import sign, spellings, verified


class MemoryPeer:
    """The caller of a `TestingTransport`."""

    def __init__(self, line: TestingTransport) -> None:
        self.line = line

    async def send(self, pcm: Pcm) -> None:
        self.line.speak(pcm)

    async def send_nonsense(self) -> None:
        """There is no wire for it."""

    async def receive(self, samples: int) -> Pcm:
        return self.line.sound()

    async def play_to_the_end(self) -> None:
        await asyncio.sleep(0.1)

    async def hang_up(self) -> None:
        self.line.hang_up()

    async def break_off(self) -> None:
        self.line.hang_up()


class SocketPeer:
    """The caller's end of a WebSocket."""

    def __init__(self, client: TestClient[Any, Any]) -> None:
        self.client = client
        self.sent = 0

    async def dial(self) -> None:
        self.socket = await self.client.ws_connect("/")
        await self.start()

    async def start(self) -> None:
        raise NotImplementedError

    async def break_off(self) -> None:
        assert self.socket._response.connection is not None
        transport = self.socket._response.connection.transport
        assert transport is not None
        transport.abort()

    async def frames(self) -> AsyncIterator[aiohttp.WSMessage]:
        async with asyncio.timeout(5):
            async for message in self.socket:
                yield message


class TwilioPeer(SocketPeer):
    async def start(self) -> None:
        await self.say("connected", {"event": "connected", "protocol": "Call", "version": "1.0.0"})
        body = {"streamSid": "MZ1", "callSid": "CA1", "customParameters": {"caller": "01012345678"}}
        await self.say("start", {"event": "start", "streamSid": "MZ1", "start": body})

    async def say(self, event: str, data: dict[str, Any]) -> None:
        await self.socket.send_json({"sequenceNumber": str(self.sent), **data})
        self.sent += 1

    async def send(self, pcm: Pcm) -> None:
        data = mulaw_encode(pcm)
        for start in range(0, len(data), 160):
            media = {"track": "inbound", "payload": base64.b64encode(data[start : start + 160]).decode()}
            await self.say("media", {"event": "media", "streamSid": "MZ1", "media": media})

    async def send_nonsense(self) -> None:
        await self.socket.send_bytes(b"\x00\xff" * 40)
        await self.socket.send_str("{not json")
        await self.socket.send_str("[" * 5_000)
        for data in (
            {"event": "media", "streamSid": "MZ1", "media": {"payload": "***"}},
            {"event": "media", "streamSid": "MZ9", "media": {"payload": "//8="}},
            {"event": "media", "media": 5},
            {"event": ["media"]},
        ):
            await self.socket.send_json(data)

    async def receive(self, samples: int) -> Pcm:
        data = b""
        async for message in self.frames():
            data += base64.b64decode(json.loads(message.data)["media"]["payload"])
            if len(data) >= samples:
                break
        return mulaw_decode(data)

    async def play_to_the_end(self) -> None:
        async for message in self.frames():
            data = json.loads(message.data)
            if data["event"] == "mark":
                assert data["streamSid"] == "MZ1"
                await self.say("mark", {"event": "mark", "streamSid": "MZ1", "mark": data["mark"]})
                return

    async def hang_up(self) -> None:
        await self.say("stop", {"event": "stop", "streamSid": "MZ1", "stop": {"callSid": "CA1"}})


class BrowserPeer(SocketPeer):
    async def start(self) -> None:
        await self.socket.send_json({"type": "start", "token": "t1", "sample_rate": 16_000})
        ready = await self.socket.receive_json()
        assert ready == {"type": "ready", "sample_rate": 16_000, "conversation_id": "web-1"}

    async def send(self, pcm: Pcm) -> None:
        for start in range(0, len(pcm), 320):
            await self.socket.send_bytes(bytes_of(pcm[start : start + 320]))

    async def send_nonsense(self) -> None:
        await self.socket.send_str("{not json")
        await self.socket.send_json({"type": "unheard-of"})
        await self.socket.send_bytes(b"\x01")
        await self.socket.send_bytes(b"")

    async def receive(self, samples: int) -> Pcm:
        data = b""
        async for message in self.frames():
            data += message.data if message.type is aiohttp.WSMsgType.BINARY else b""
            if len(data) >= samples * 2:
                break
        return pcm_of(data)

    async def play_to_the_end(self) -> None:
        async for message in self.frames():
            if (
                message.type is aiohttp.WSMsgType.TEXT
                and (mark := json.loads(message.data))["type"] == "mark"
            ):
                await self.socket.send_json(mark)
                return

    async def hang_up(self) -> None:
        await self.socket.send_json({"type": "stop"})


def conversation_of(token: str) -> str | None:
    return {"t1": "web-1"}.get(token)


async def answer_browser(response: web.WebSocketResponse) -> Transport:
    return await BrowserTransport.answer(response, conversation_of)


@asynccontextmanager
async def answering(answer: Any) -> AsyncIterator[tuple[TestClient[Any, Any], asyncio.Future[Any]]]:
    """A server with one socket; the future is the transport, or the refusal."""
    taken: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    done = asyncio.Event()

    async def handler(request: web.Request) -> web.WebSocketResponse:
        response = web.WebSocketResponse()
        await response.prepare(request)
        try:
            taken.set_result(await answer(response))
        except CallRefused as refusal:
            taken.set_result(refusal)
            return response
        await done.wait()
        return response

    app = web.Application()
    app.router.add_get("/", handler)
    async with TestClient(TestServer(app)) as client:
        yield client, taken
        done.set()


class TestMemory(TransportKit):
    @pytest.fixture
    async def line(self) -> tuple[Transport, Peer]:
        transport = TestingTransport(speed=20)
        return transport, MemoryPeer(transport)


class TestTwilio(TransportKit):
    @pytest.fixture
    async def line(self) -> AsyncIterator[tuple[Transport, Peer]]:
        async with answering(TwilioTransport.answer) as (client, taken):
            peer = TwilioPeer(client)
            await peer.dial()
            transport = await taken
            assert transport.info.conversation_id == "call-CA1"
            assert transport.info.caller == "01012345678"
            yield transport, peer


class TestBrowser(TransportKit):
    @pytest.fixture
    async def line(self) -> AsyncIterator[tuple[Transport, Peer]]:
        async with answering(answer_browser) as (client, taken):
            peer = BrowserPeer(client)
            await peer.dial()
            yield await taken, peer


GOOD = {"streamSid": "MZ1", "callSid": "CA1"}
BAD_TWILIO: list[list[Any]] = [
    [b"\x00\x01\x02" * 1_000],
    ["not json"],
    [[1, 2]],
    [{"event": "media", "media": {"payload": "//8="}}],
    [{"event": "connected"}, {"event": "media"}],
    [{"event": "connected"}] * 6,
    [{"event": "start"}],
    [{"event": "start", "start": "x"}],
    [{"event": "start", "start": {"streamSid": "MZ1"}}],
    [{"event": "start", "start": {**GOOD, "callSid": "../../etc/passwd"}}],
    [{"event": "start", "start": {**GOOD, "callSid": "x" * 65}}],
    [{"event": "start", "start": {**GOOD, "callSid": {"a": 1}}}],
    [{"event": "start", "start": {**GOOD, "mediaFormat": {"encoding": "audio/opus"}}}],
    [{"event": "start", "start": {**GOOD, "mediaFormat": {"sampleRate": "16000"}}}],
]
BAD_BROWSER: list[list[Any]] = [
    [b"\x00\x01\x02" * 1_000],
    ["not json"],
    [{"type": "stop"}],
    [{"type": "start"}],
    [{"type": "start", "token": "foreign"}],
    [{"type": "start", "token": 5}],
    *(
        [{"type": "start", "token": "t1", "sample_rate": rate}]
        for rate in (0, 7_999, 48_001, -1, 1.5, "x", True, None)
    ),
]


@pytest.mark.parametrize(
    ("answer", "frames"),
    [(TwilioTransport.answer, frames) for frames in BAD_TWILIO]
    + [(answer_browser, frames) for frames in BAD_BROWSER],
)
async def test_a_start_that_is_none_is_refused(answer: Any, frames: list[Any]) -> None:
    async with answering(answer) as (client, taken):
        socket = await client.ws_connect("/")
        for frame in frames:
            if isinstance(frame, bytes):
                await socket.send_bytes(frame)
            else:
                await socket.send_str(frame if isinstance(frame, str) else json.dumps(frame))
        async with asyncio.timeout(5):
            assert isinstance(await taken, CallRefused)


@pytest.mark.parametrize("answer", [TwilioTransport.answer, answer_browser])
async def test_a_caller_who_says_nothing_or_leaves_is_refused(
    answer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("twilio", "browser"):
        monkeypatch.setattr(f"bot.voice.transports.{module}.FIRST_FRAME", 0.1)
    async with answering(answer) as (client, taken):
        await client.ws_connect("/")
        async with asyncio.timeout(5):
            assert isinstance(await taken, CallRefused)
    async with answering(answer) as (client, taken):
        await (await client.ws_connect("/")).close()
        async with asyncio.timeout(5):
            assert isinstance(await taken, CallRefused)


async def test_who_sends_nothing_but_nonsense_is_cut_off() -> None:
    async with answering(TwilioTransport.answer) as (client, taken):
        peer = TwilioPeer(client)
        await peer.dial()
        transport = await taken
        for _ in range(12):
            await peer.send_nonsense()
        async with asyncio.timeout(5):
            assert [item async for item in transport.inbound()] == []


async def test_a_line_on_which_nothing_flows_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    async with answering(TwilioTransport.answer) as (client, taken):
        peer = TwilioPeer(client)
        await peer.dial()
        transport = await taken
        monkeypatch.setattr(transport._socket._socket, "receive", _never)
        assert [item async for item in transport.inbound()] == []


async def _never(timeout: float) -> None:
    raise TimeoutError


async def test_telephone_keys_arrive() -> None:
    async with answering(TwilioTransport.answer) as (client, taken):
        peer = TwilioPeer(client)
        await peer.dial()
        transport = await taken
        for digit in ("1", "#", "x", 5, None):
            await peer.say("dtmf", {"event": "dtmf", "streamSid": "MZ1", "dtmf": {"digit": digit}})
        await peer.hang_up()
        assert [item.key async for item in transport.inbound()] == ["1", "#"]


# -- signatures -------------------------------------------------------------------------------------------------------


def test_the_signature_is_hmac_sha1_of_the_address() -> None:
    # Computed with: printf %s URL | openssl dgst -sha1 -hmac TOKEN -binary | base64
    assert sign("12345", "wss://bot.example.kr/voice/twilio") == "mPiAzjNxhG9P0amVxo1T6L6i4zY="


@pytest.mark.parametrize(
    ("public", "signed"),
    [
        ("https://bot.example.kr", "wss://bot.example.kr/voice/twilio"),
        ("https://bot.example.kr", "https://bot.example.kr/voice/twilio"),
        ("https://bot.example.kr", "wss://bot.example.kr:443/voice/twilio/"),
        ("https://bot.example.kr:8443", "wss://bot.example.kr:8443/voice/twilio"),
        ("https://example.kr/bank", "wss://example.kr/bank/voice/twilio"),
        ("http://localhost:8080", "ws://localhost:8080/voice/twilio"),
    ],
)
def test_addresses_are_taken_as_deployments_write_them(public: str, signed: str) -> None:
    assert verified("key", sign("key", signed), list(spellings(public, "/voice/twilio")))


@pytest.mark.parametrize("signature", ["", "x", "한글", sign("other", "wss://bot.example.kr/voice/twilio"),
                                       sign("key", "wss://evil.example/voice/twilio")])  # fmt: skip
def test_other_signatures_are_refused(signature: str) -> None:
    assert not verified("key", signature, list(spellings("https://bot.example.kr", "/voice/twilio")))


def test_a_downgraded_address_is_not_taken() -> None:
    signed = sign("key", "ws://bot.example.kr/voice/twilio")
    assert not verified("key", signed, list(spellings("https://bot.example.kr", "/voice/twilio")))
    assert np.array_equal(mulaw_decode(b"\xff"), [0])
