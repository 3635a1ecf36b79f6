"""Real WebSockets to a real server with SQLite: a call from end to end, the desk, the microphone, and who is refused."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import jwt
import numpy as np
import pytest
from aiohttp import web
from argon2 import PasswordHasher

from bot.channels.identity import ALGORITHM, AUDIENCE
from bot.conversation.assistant import load_assistant
from bot.conversation.conversations import Conversations
from bot.conversation.engine import Engine
from bot.conversation.handover import Agent, Handover
from bot.conversation.testing import TableUnderstander, understood
from bot.desk.accounts import AccountService
from bot.desk.accounts.passwords import Passwords
from bot.execution.in_process import InProcessRunner
from bot.server.action_services import action_services
from bot.server.app import Server
from bot.server.knowledge import Knowledge
from bot.server.service import BUILT_IN_PACKAGE, PULLED, Service
from bot.server.settings import load_settings
from bot.storage.sql import open_store
from bot.voice.audio import Sound, bytes_of, resample, silence
from bot.voice.caller import Caller
from bot.voice.ears.testing import TestingEarsOptions
from bot.voice.errors import CallRefused
from bot.voice.kits.mouth import said
from bot.voice.mouth.espeak import Espeak
from bot.voice.recordings import read_wav, wav_bytes
from encoder.hashing import HashingEncoder
from knowledge_base.build import build
from knowledge_base.knowledge_base import KnowledgeBase

ROOT = Path(__file__).parents[2]
TABLE = {
    text: understood(text, intent, **rest)
    for text, intent, rest in [
        ("상담원 바꿔 주세요", "request_human", {}),
        ("전화 상담 예약할게요", "request_callback", {}),
        ("010-1234-5678", "unknown", {"phone": "010-1234-5678", "confidence": 0.1}),
        ("여보세요", "greet", {}),
        ("네", "affirm", {}),
    ]
}
SECRET = "the-host's-page-and-this-server-know-it"


@dataclass
class House:
    """A running server."""

    server: Server
    base: str

    @property
    def voice(self) -> str:
        return f"{self.base.replace('http', 'ws')}/voice/twilio"

    @property
    def handover(self) -> Handover:
        return self.server.service.handover

    async def agent(self) -> Agent:
        """Somebody with an account: who has none is taken for gone, and loses what they hold."""
        user = await self.server.accounts.add_user("minji", "김민지", "agent", "bom-yeoreum-2026")
        return Agent(id=user.id, name=user.name)

    async def events(self, conversation_id: str) -> list[Any]:
        return await self.server.service.store.events(conversation_id)

    async def until(self, conversation_id: str, kind: str) -> Any:
        """The first event of a kind, waited for."""
        async with asyncio.timeout(10):
            while True:
                for event in await self.events(conversation_id):
                    if event.event == kind:
                        return event
                await asyncio.sleep(0.02)


@pytest.fixture
async def open_house(tmp_path: Path) -> AsyncIterator[Callable[..., Any]]:
    """Starts servers whose ears hear a script; all are stopped at the end."""
    runners: list[web.AppRunner] = []
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "a.md").write_text("# 수수료\n## 이체\n이체 수수료는 500원이에요.\n")
    build(tmp_path / "documents", tmp_path / "index", HashingEncoder())

    async def make(*script: str, max_calls: int = 50, **environment: str) -> House:
        settings = load_settings(ROOT, {"SANGDAM_DATA_DIR": str(tmp_path / "var"), **environment})
        settings.data_dir.mkdir(exist_ok=True)
        spec = settings.config.voice.model_copy(update={"max_calls": max_calls, "preload": True})
        config = settings.config.model_copy(update={"voice": spec})
        voice = type(settings.voice)(
            TestingEarsOptions(script=script),
            settings.voice.mouth,
            settings.voice.turn_taking,
            settings.voice.prompts,
        )
        settings = settings.model_copy(update={"config": config, "voice": voice})
        assistant = load_assistant(ROOT)
        store = await open_store(settings.database_url)
        conversations = Conversations(store, assistant.responses, exclusive=True, outbox_channels=PULLED)
        knowledge = Knowledge(KnowledgeBase.open(tmp_path / "index", HashingEncoder()))
        services = action_services(assistant, store, settings.queues, knowledge, remember_days=365)
        runner = InProcessRunner(assistant.domain, services=services)
        runner.register_package(BUILT_IN_PACKAGE)
        engine = Engine(conversations, assistant, TableUnderstander(TABLE), runner, roles=settings.roles)
        service = Service(settings, assistant, store, conversations, engine, Handover(engine), knowledge)
        cheap = Passwords(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
        server = Server(service, AccountService(store.accounts, cheap))
        app = web.AppRunner(server.application(), shutdown_timeout=2)
        await app.setup()
        site = web.TCPSite(app, "127.0.0.1", 0)
        await site.start()
        runners.append(app)
        assert site._server is not None
        port = site._server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]
        return House(server, f"http://127.0.0.1:{port}")

    yield make
    for app in runners:
        await app.cleanup()


@pytest.fixture(scope="module")
def speech() -> Sound:
    """Something that voice activity takes for speech; what it says is in the ears' script."""

    async def make() -> Sound:
        mouth = Espeak()
        rate = (await anext(mouth.speak("네"))).rate
        return Sound(await said(mouth, "상담원을 바꿔 주세요"), rate)

    return asyncio.run(make())


async def test_a_caller_reaches_a_person_with_the_whole_transcript(open_house: Any, speech: Sound) -> None:
    house = await open_house("상담원 바꿔 주세요")
    async with Caller(house.voice, caller="01012345678") as caller:
        assert await caller.answered(0, 5) is not None
        assert await caller.quiet(0.5, 15)
        caller.say(speech)
        await caller.said()
        assert await caller.answered(caller.spoken_until, 5) is not None
        case = (await house.server.service.store.cases(("queued",)))[0]
        assert (case.channel, case.conversation_id) == ("voice", caller.conversation_id)
        agent = await house.agent()
        await house.handover.accept(case, agent)
        await caller.quiet(0.5, 20)
        before = len(caller.arrivals)
        await house.handover.say(case, agent, "안녕하세요, 무엇을 도와드릴까요?")
        await caller.quiet(0.5, 15)
        assert len(caller.arrivals) > before
        await house.handover.close(case, agent, "resolved", "")
        async with asyncio.timeout(15):
            await caller.over.wait()
        assert caller.close_code == 1000
    ended = await house.until(caller.conversation_id, "call_ended")
    assert (ended.reason, ended.metadata["turns"]) == ("closed", 1)
    started = await house.until(caller.conversation_id, "call_started")
    assert (started.transport, started.caller) == ("twilio", "01012345678")
    assert np.abs(caller.sound().pcm.astype(int)).max() > 2_000


async def test_a_caller_goes_on_with_what_was_begun_in_the_web_chat(open_house: Any, speech: Sound) -> None:
    house = await open_house("여보세요", "네", SANGDAM_IDENTITY_SECRET=SECRET)
    now = int(time.time())
    claims = {"sub": "seoyeon", "aud": AUDIENCE, "iat": now, "exp": now + 300}
    proven = {"phone_number": "+82 10-1234-5678", "phone_number_verified": True}
    identity = jwt.encode({**claims, **proven}, SECRET, algorithm=ALGORITHM)
    async with aiohttp.ClientSession() as session:
        async with session.post(f"{house.base}/api/chat/session", json={"identity": identity}) as answer:
            chat = await answer.json()
        for number, text in enumerate(["전화 상담 예약할게요", "010-1234-5678"]):
            body = {"message": text, "client_msg_id": f"m-{number}"}
            headers = {"Authorization": f"Bearer {chat['token']}"}
            async with session.post(f"{house.base}/api/chat/messages", json=body, headers=headers) as sent:
                assert sent.status < 300
    async with Caller(house.voice, caller="01012345678") as caller:
        await caller.answered(0, 5)
        await caller.quiet(0.5, 15)
        for _ in range(2):
            caller.say(speech)
            await caller.said()
            assert await caller.answered(caller.spoken_until, 10) is not None
            await caller.quiet(0.5, 30)
    said = [event.text for event in await house.events(caller.conversation_id) if event.event == "bot"]
    assert "웹 채팅에서 하시던 전화 상담 예약을 이어서 진행할까요?" in said
    assert said[-1].startswith("전화를 언제 드릴까요?"), "the number isn't asked again"
    tracker = await house.server.service.conversations.tracker(caller.conversation_id)
    assert tracker.slot("phone") == "010-1234-5678"
    web = await house.server.service.conversations.tracker(chat["conversation_id"])
    assert web.stack == []


async def test_speaking_over_the_greeting_stops_it(open_house: Any, speech: Sound) -> None:
    house = await open_house("안녕하세요")
    async with Caller(house.voice) as caller:
        await caller.answered(0, 5)
        caller.say(speech)
        await caller.said()
        assert len(caller.cleared) == 1
    barge = await house.until(caller.conversation_id, "barge_in")
    assert 0 < barge.heard_ms < 3_000


async def test_a_hang_up_in_the_midst_of_a_word(open_house: Any, speech: Sound) -> None:
    house = await open_house("안녕하세요")
    async with Caller(house.voice) as caller:
        await caller.answered(0, 5)
        caller.say(Sound(speech.pcm[: speech.rate // 2], speech.rate))
        await caller.said()
    ended = await house.until(caller.conversation_id, "call_ended")
    assert ended.reason == "caller_hung_up"
    assert [event for event in await house.events(caller.conversation_id) if event.event == "user"] == []


async def test_a_connection_that_breaks_is_a_hang_up(open_house: Any) -> None:
    house = await open_house("안녕하세요")
    async with Caller(house.voice) as caller:
        await caller.answered(0, 5)
        caller._socket._response.connection.transport.abort()  # type: ignore[union-attr]
        ended = await house.until(caller.conversation_id, "call_ended")
        assert ended.reason == "caller_hung_up"


async def test_a_server_that_stops_ends_its_calls_in_the_log(open_house: Any, tmp_path: Path) -> None:
    house = await open_house("안녕하세요")
    async with Caller(house.voice) as caller:
        await caller.answered(0, 5)
        await house.server.calls.hang_up()
        async with asyncio.timeout(5):
            await caller.over.wait()
    assert (await house.until(caller.conversation_id, "call_ended")).reason == "server_stopped"


async def test_a_second_call_into_a_conversation_replaces_the_first(open_house: Any) -> None:
    house = await open_house("안녕하세요")
    async with Caller(house.voice) as first:
        await first.answered(0, 5)
        second = Caller(house.voice)
        second.call_sid = first.call_sid
        async with second:
            async with asyncio.timeout(5):
                await first.over.wait()
            assert not second.over.is_set()


async def test_more_callers_than_lines_are_refused(open_house: Any) -> None:
    house = await open_house("안녕하세요", max_calls=1)
    async with Caller(house.voice) as first:
        await first.answered(0, 5)
        with pytest.raises(CallRefused, match="503"):
            async with Caller(house.voice):
                pass


async def test_with_the_account_s_token_only_signed_calls_are_taken(open_house: Any) -> None:
    house = await open_house(
        "안녕하세요", SANGDAM_TWILIO_AUTH_TOKEN="key", SANGDAM_PUBLIC_URL="http://x.example"
    )
    with pytest.raises(CallRefused, match="403"):
        async with Caller(house.voice):
            pass
    with pytest.raises(CallRefused, match="403"):
        async with Caller(house.voice, token="key"):
            pass


async def test_off_this_machine_no_call_is_taken_without_the_account_s_token(open_house: Any) -> None:
    house = await open_house("안녕하세요", SANGDAM_HOST="0.0.0.0", SANGDAM_API_TOKEN="t")
    async with aiohttp.ClientSession() as session, session.get(f"{house.base}/voice/twilio") as answer:
        assert answer.status == 403
        assert (await answer.json())["code"] == "twilio_not_set_up"


@pytest.mark.parametrize("path", ["/voice/twilio", "/voice/browser"])
async def test_who_asks_without_a_socket_gets_a_problem(open_house: Any, path: str) -> None:
    house = await open_house("안녕하세요")
    async with aiohttp.ClientSession() as session, session.get(f"{house.base}{path}") as answer:
        assert answer.status == 400
        assert "code" in await answer.json()


@pytest.mark.parametrize(
    ("path", "first", "code"),
    [
        ("/voice/twilio", b"\x00\xff" * 500, "bad_start"),
        ("/voice/twilio", '{"event":"media"}', "bad_start"),
        ("/voice/browser", b"\x00\xff" * 500, "bad_start"),
        ("/voice/browser", '{"type":"start","token":"foreign"}', "bad_token"),
        ("/voice/browser", '{"type":"start","token":"eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0."}', "bad_token"),
    ],
)
async def test_a_wrong_first_frame_closes_the_line(open_house: Any, path: str, first: Any, code: str) -> None:
    house = await open_house("안녕하세요")
    async with aiohttp.ClientSession() as session, session.ws_connect(f"{house.base}{path}") as socket:
        await (socket.send_bytes(first) if isinstance(first, bytes) else socket.send_str(first))
        assert await socket.receive_json(timeout=5) == {"type": "end", "reason": code}
        assert (await socket.receive(timeout=5)).type is aiohttp.WSMsgType.CLOSE
        assert socket.close_code == 1008


async def test_a_frame_beyond_all_measure_closes_the_line(open_house: Any) -> None:
    house = await open_house("안녕하세요")
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{house.base}/voice/browser") as socket,
    ):
        await socket.send_bytes(b"\0" * 1_000_000)
        async with asyncio.timeout(5):
            async for _ in socket:
                pass
        assert socket.closed


async def test_the_microphone_of_the_widget(open_house: Any, speech: Sound) -> None:
    house = await open_house("상담원 바꿔 주세요")
    async with aiohttp.ClientSession() as session:
        async with session.post(f"{house.base}/api/chat/session", json={}) as answer:
            chat = await answer.json()
        async with session.ws_connect(f"{house.base}/voice/browser") as socket:
            await socket.send_json({"type": "start", "token": chat["token"], "sample_rate": 16_000})
            told = [await socket.receive_json(timeout=5)]
            assert told[0]["conversation_id"] == chat["conversation_id"]
            loud = resample(speech.pcm, speech.rate, 16_000)
            heard, sent = b"", False
            async with asyncio.timeout(20):
                async for message in socket:
                    if message.type is aiohttp.WSMsgType.BINARY:
                        heard += message.data
                        continue
                    told.append(json.loads(message.data))
                    if told[-1]["type"] == "mark":
                        await socket.send_json(told[-1])
                        if sent:
                            break
                        for piece in np.array_split(np.concatenate([loud, silence(900, 16_000)]), 40):
                            await socket.send_bytes(bytes_of(piece))
                        sent = True
            await socket.send_json({"type": "stop"})
            async with asyncio.timeout(5):
                told += [json.loads(message.data) async for message in socket]
        kinds = [frame["type"] for frame in told]
        assert kinds[:3] == ["ready", "bot", "mark"]
        assert [k for k in kinds if k.startswith("speech")] == ["speech_start", "speech_end"]
        assert {"type": "transcript", "text": "상담원 바꿔 주세요", "final": True} in told
        assert told[-1] == {"type": "end", "reason": "caller_hung_up"}
        assert len(heard) > 32_000
        headers = {"Authorization": f"Bearer {chat['token']}"}
        async with session.get(f"{house.base}/api/chat/messages?after=0", headers=headers) as answer:
            messages = (await answer.json())["messages"]
        assert "상담원 바꿔 주세요" in [
            line["text"] for line in messages if line["speaker"]["kind"] == "customer"
        ]
    # The customer is still in the chat, and keeps the place in the queue.
    tracker = await house.server.service.conversations.tracker(chat["conversation_id"])
    assert tracker.owner == "queued"


# -- sangdam call -----------------------------------------------------------------------------------------------------


async def sangdam_call(*arguments: str, **environment: str) -> tuple[int, str, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.cli", "call", *arguments,
        cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", **environment},
    )  # fmt: skip
    async with asyncio.timeout(60):
        out, err = await process.communicate()
    return process.returncode or 0, out.decode(), err.decode()


async def test_a_recording_plays_the_caller(open_house: Any, speech: Sound, tmp_path: Path) -> None:
    house = await open_house("상담원 바꿔 주세요")
    wav, saved = tmp_path / "a.wav", tmp_path / "answer.wav"
    wav.write_bytes(wav_bytes(speech))
    code, out, err = await sangdam_call(str(wav), "--url", house.voice, "--json", "--save", str(saved))
    report = json.loads(out)
    assert code == 0, err
    assert report["heard"] == ["상담원 바꿔 주세요"]
    assert report["owner"] == "queued"
    assert 0 < report["answer_ms"] < 5_000
    assert [line["who"] for line in report["lines"]][:3] == ["bot", "user", "bot"]
    assert read_wav(saved).rate == 8_000


async def test_a_silent_recording_is_not_answered(open_house: Any, tmp_path: Path) -> None:
    house = await open_house("상담원 바꿔 주세요")
    wav = tmp_path / "a.wav"
    wav.write_bytes(wav_bytes(Sound(silence(300, 8_000), 8_000)))
    code, out, _ = await sangdam_call(str(wav), "--url", house.voice, "--json", "--wait", "1.5")
    assert (code, json.loads(out)["heard"]) == (1, [])


async def test_a_call_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    wav = tmp_path / "a.wav"
    wav.write_bytes(b"no audio")
    code, _, err = await sangdam_call(str(wav))
    assert (code, err.count("\n")) == (2, 2)
    wav.write_bytes(wav_bytes(Sound(silence(100, 8_000), 8_000)))
    code, _, err = await sangdam_call(str(wav), "--url", "ws://127.0.0.1:9/voice/twilio")
    assert code == 2
    assert "sangdam run" in err
