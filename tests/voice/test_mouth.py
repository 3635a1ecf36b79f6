"""Mouths: the twin, espeak by command and by library, an OpenAI-compatible server."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from typing import Any

import numpy as np
import pytest
from aiohttp import web

from bot.voice.errors import MouthFailed
from bot.voice.kits import MouthKit
from bot.voice.kits.mouth import said
from bot.voice.mouth import Mouth, TestingMouth
from bot.voice.mouth.espeak import Espeak, EspeakOptions
from bot.voice.mouth.espeak_library import available
from bot.voice.mouth.openai_compatible import OpenAiMouthOptions


class TestTwin(MouthKit):
    @pytest.fixture
    def mouth(self) -> Mouth:
        return TestingMouth()


@pytest.mark.skipif(not shutil.which("espeak-ng"), reason="needs the command espeak-ng")
class TestEspeakCommand(MouthKit):
    @pytest.fixture
    def mouth(self) -> Mouth:
        return Espeak()


@pytest.mark.skipif(not available(), reason="needs the package espeakng-loader")
class TestEspeakLibrary(MouthKit):
    @pytest.fixture
    def mouth(self) -> Mouth:
        return Espeak(EspeakOptions(program=""))


class TestOpenAiCompatible(MouthKit):
    @pytest.fixture
    async def mouth(self, speech_server: Any) -> AsyncIterator[Mouth]:
        async def speak(request: web.Request) -> web.StreamResponse:
            body = await request.json()
            assert (body["model"], body["voice"], body["response_format"]) == ("m", "sunny", "pcm")
            response = web.StreamResponse()
            await response.prepare(request)
            sound = np.full(240 * len(body["input"]), 4_000, "<i2").tobytes()
            for start in range(0, len(sound), 999):
                await response.write(sound[start : start + 999])
            return response

        async with speech_server(speak, "/v1/audio/speech") as url:
            mouth = OpenAiMouthOptions(url=url, model="m", voice="sunny").make()
            yield mouth
            await mouth.close()


async def test_a_server_that_refuses_or_is_not_there_is_one_failure(speech_server: Any) -> None:
    async def refuse(_: web.Request) -> web.Response:
        return web.Response(status=429)

    async with speech_server(refuse, "/v1/audio/speech") as url:
        mouth = OpenAiMouthOptions(url=url, model="m").make()
        with pytest.raises(MouthFailed):
            await said(mouth, "안녕하세요")
        await mouth.close()
    mouth = OpenAiMouthOptions(url="http://127.0.0.1:9/v1", model="m").make()
    with pytest.raises(MouthFailed):
        await said(mouth, "안녕하세요")
    await mouth.close()


@pytest.mark.skipif(not available(), reason="needs the package espeakng-loader")
async def test_an_unknown_voice_is_a_failure() -> None:
    mouth = Espeak(EspeakOptions(voice="no-such-voice", program=""))
    with pytest.raises(MouthFailed):
        await said(mouth, "안녕하세요")


async def test_without_either_form_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.voice.mouth.espeak.available", lambda: False)
    mouth = Espeak(EspeakOptions(program="no-such-program"))
    with pytest.raises(MouthFailed, match="espeakng-loader"):
        await said(mouth, "안녕하세요")


async def test_faster_speech_is_shorter() -> None:
    slow = await said(Espeak(EspeakOptions(speed=120)), "카드를 정지했어요")
    fast = await said(Espeak(EspeakOptions(speed=240)), "카드를 정지했어요")
    assert len(fast) < len(slow) * 0.8
