"""Ears: the twin, an OpenAI-compatible server, the workers' queue, Whisper's inventions, the packaged weights."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from aiohttp import web

from bot.voice import weights
from bot.voice.audio import EARS_RATE, Pcm, resample, silence
from bot.voice.ears import Ears, Place, TestingEars
from bot.voice.ears.doubt import invented, loops, token_limit
from bot.voice.ears.faster_whisper import FasterWhisperOptions
from bot.voice.ears.openai_compatible import OpenAiEarsOptions
from bot.voice.ears.openai_whisper import OpenAiWhisperOptions
from bot.voice.ears.workers import Workers
from bot.voice.errors import EarsBusy, EarsFailed, WeightsMissing
from bot.voice.kits import EarsKit
from bot.voice.kits.mouth import said
from bot.voice.mouth.espeak import Espeak
from bot.voice.recordings import wav_sound
from bot.voice.testing import babble


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Where the packaged weights are unpacked to, once."""
    return Place(tmp_path_factory.mktemp("weights"))


class TestTwin(EarsKit):
    @pytest.fixture
    def ears(self) -> Ears:
        return TestingEars("안녕하세요")

    @pytest.fixture
    def speech(self) -> Pcm:
        return babble(900)


class TestOpenAiCompatible(EarsKit):
    @pytest.fixture
    def speech(self) -> Pcm:
        return babble(900)

    @pytest.fixture
    async def ears(self, speech_server: Any) -> AsyncIterator[Ears]:
        async def transcribe(request: web.Request) -> web.Response:
            fields = await request.post()
            assert (fields["model"], fields["language"]) == ("m", "ko")
            sound = wav_sound(fields["file"].file.read())
            assert sound.rate == EARS_RATE
            return web.json_response({"text": " 안녕하세요 "})

        async with speech_server(transcribe) as url:
            ears = OpenAiEarsOptions(url=url, model="m").make(Place(Path()))
            yield ears
            await ears.close()


@pytest.mark.slow
class TestFasterWhisper(EarsKit):
    """Speech made by espeak is read badly: what is asserted is only that something is heard."""

    @pytest.fixture
    async def ears(self, place: Place) -> AsyncIterator[Ears]:
        ears = FasterWhisperOptions(beam_size=1).make(place)
        yield ears
        await ears.close()

    @pytest.fixture
    async def speech(self) -> Pcm:
        mouth = Espeak()
        rate = (await anext(mouth.speak("네"))).rate
        spoken = resample(await said(mouth, "안녕하세요. 상담원을 바꿔 주세요."), rate, EARS_RATE)
        return np.concatenate([silence(300, EARS_RATE), spoken, silence(500, EARS_RATE)])

    async def test_what_is_heard_is_korean(self, ears: Ears, speech: Pcm) -> None:
        assert any("가" <= char <= "힣" for char in (await ears.recognise(speech)).text)


@pytest.mark.parametrize("answer", [web.Response(status=500), web.Response(text="<html>"), web.json_response([]),
                                    web.json_response({"text": 5}), web.json_response({})])  # fmt: skip
async def test_a_broken_speech_server_is_one_failure(answer: web.Response, speech_server: Any) -> None:
    async def handler(_: web.Request) -> web.Response:
        return web.Response(status=answer.status, body=answer.body, content_type=answer.content_type)

    async with speech_server(handler) as url:
        ears = OpenAiEarsOptions(url=url, model="m").make(Place(Path()))
        with pytest.raises(EarsFailed):
            await ears.recognise(babble(500))
        await ears.close()


async def test_a_speech_server_that_is_not_there_is_one_failure() -> None:
    ears = OpenAiEarsOptions(url="http://127.0.0.1:9/v1", model="m").make(Place(Path()))
    with pytest.raises(EarsFailed):
        await ears.recognise(babble(500))
    await ears.close()


async def test_the_key_comes_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, speech_server: Any
) -> None:
    monkeypatch.setenv("SANGDAM_SPEECH_KEY", "k1")
    keys = []

    async def handler(request: web.Request) -> web.Response:
        keys.append(request.headers.get("Authorization"))
        return web.json_response({"text": "네"})

    async with speech_server(handler) as url:
        ears = OpenAiEarsOptions(url=url, model="m").make(Place(Path()))
        await ears.recognise(babble(500))
        await ears.close()
    assert keys == ["Bearer k1"]


async def test_a_full_queue_refuses_at_once() -> None:
    workers, go_on = Workers(1, 1), threading.Event()
    running = [asyncio.create_task(workers.run(go_on.wait)) for _ in range(2)]
    await asyncio.sleep(0.02)
    with pytest.raises(EarsBusy):
        await workers.run(go_on.wait)
    running[1].cancel()
    await asyncio.sleep(0)
    with pytest.raises(EarsBusy):
        # A caller who left frees nothing before the thread is done with it.
        await workers.run(go_on.wait)
    go_on.set()
    assert await running[0]
    await asyncio.sleep(0.05)
    assert await workers.run(lambda: 5) == 5
    workers.close()


@pytest.mark.parametrize(
    ("text", "no_speech", "logprob", "expected"),
    [
        ("카드를 잃어버렸어요", 0.1, -0.3, False),
        ("카드를 잃어버렸어요", 0.9, -1.5, True),
        ("카드를 잃어버렸어요", 0.9, -0.3, False),
        ("시청해 주셔서 감사합니다.", 0.0, -0.1, True),
        ("구독과 좋아요 부탁드립니다", 0.0, -0.1, True),
        ("다음 영상에서 만나요", 0.0, -0.1, True),
        ("MBC 뉴스 이덕영입니다.", 0.0, -0.1, True),
        ("", 0.0, 0.0, True),
        (" .", 0.0, 0.0, True),
        ("네", 0.2, -0.9, False),
        ("아 아 아 아 아 아 아 아 아 아 아 아 아 아 아 아 아 아 아 아 아 아 아 아 아", 0.0, -0.1, True),
    ],
)
def test_what_nobody_said_is_not_heard(text: str, no_speech: float, logprob: float, expected: bool) -> None:
    assert invented(text, no_speech, logprob) is expected


def test_loops_and_limits() -> None:
    assert not loops("네네네네")
    assert token_limit(0) == 12
    assert token_limit(2) == 56
    assert token_limit(100) == 220


async def test_whisper_itself_says_what_is_missing(tmp_path: Path) -> None:
    if find_spec("whisper") is not None:
        pytest.skip("the package is installed")
    ears = OpenAiWhisperOptions().make(Place(tmp_path))
    with pytest.raises(EarsFailed, match="transformers"):
        await ears.recognise(babble(300))
    await ears.close()


# -- weights ----------------------------------------------------------------------------------------------------------


def fake_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, true: bool) -> None:
    import hashlib

    for number, content in ((1, b"ab"), (2, b"cd")):
        folder = tmp_path / "parts" / f"p{number}"
        folder.mkdir(parents=True)
        (folder / f"model.bin.part{number}").write_bytes(content)
        for name in weights.BESIDE:
            (folder / name).write_text("{}")
    monkeypatch.setattr(weights, "PARTS", (("p1", "model.bin.part1"), ("p2", "model.bin.part2")))
    monkeypatch.setattr(weights, "_data", lambda package: tmp_path / "parts" / package)
    monkeypatch.setattr(weights, "SIZE", 4)
    monkeypatch.setattr(weights, "SHA256", hashlib.sha256(b"abcd" if true else b"abce").hexdigest())


def test_weights_are_joined_once_and_mended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_parts(tmp_path, monkeypatch, true=True)
    folder = weights.packaged_base(tmp_path)
    assert (folder / "model.bin").read_bytes() == b"abcd"
    (folder / "model.bin").write_bytes(b"abc")
    assert (weights.packaged_base(tmp_path) / "model.bin").read_bytes() == b"abcd"
    assert [path.name for path in (tmp_path / "whisper").iterdir()] == ["base"]


def test_weights_of_another_checksum_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_parts(tmp_path, monkeypatch, true=False)
    with pytest.raises(WeightsMissing, match="checksum"):
        weights.packaged_base(tmp_path)
    assert list((tmp_path / "whisper").iterdir()) == []


def test_missing_packages_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "PARTS", (("no_such_package_of_ours", "x"),))
    with pytest.raises(WeightsMissing, match="no_such_package_of_ours"):
        weights.packaged_base(tmp_path)


@pytest.mark.slow
def test_the_packaged_weights_can_be_mapped_back(tmp_path: Path) -> None:
    from bot.voice.ctranslate2_file import whisper_checkpoint

    dimensions, state = whisper_checkpoint(weights.packaged_base(tmp_path) / "model.bin")
    assert dimensions == {
        "n_mels": 80, "n_audio_ctx": 1500, "n_audio_state": 512, "n_audio_head": 8, "n_audio_layer": 6,
        "n_vocab": 51865, "n_text_ctx": 448, "n_text_state": 512, "n_text_head": 8, "n_text_layer": 6,
    }  # fmt: skip
    assert len(state) == 245
    assert state["decoder.blocks.5.cross_attn.value.bias"].shape == (512,)
    assert "encoder.blocks.0.attn.key.bias" not in state
    assert all(np.isfinite(value).all() for value in state.values())


def test_silence_between_is_given_in_ms() -> None:
    assert len(silence(200, EARS_RATE)) == 3_200
