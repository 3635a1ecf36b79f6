"""A running service takes a new model over by itself, and keeps the one it has when the new one can't be used."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from bot.conversation.clock import KOREA
from bot.server.model_watch import ModelWatch
from bot.server.prepare import load_pipeline, places, train_assistant
from bot.server.serve import prepare
from bot.server.settings import Settings, load_settings
from bot.server.understanding import PipelineUnderstander
from encoder import EncoderError
from encoder.remembering import RememberingEncoder

CONFIG = """assistant_id: small
name: 작은 상담
pipeline:
  - name: SentenceEncoderFeaturizer
    encoder: hashing
  - name: KoreanIntentClassifier
knowledge: {encoder: hashing}
"""
DATA = """version: "3.1"
nlu:
  - intent: loss
    examples: |
      - 카드를 잃어버렸어요
      - 카드 분실이요
      - 지갑을 잃어버렸어요
  - intent: rates
    examples: |
      - 금리가 얼마예요
      - 예금 이자 알려주세요
      - 적금 금리요
"""
MORE = "      - 마이너스 통장 이율\n"
NOW = datetime(2026, 11, 25, 10, tzinfo=KOREA)


class Running:
    """A service's understanding over an assistant's folder."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.understander = PipelineUnderstander(load_pipeline(settings))
        self.watch = ModelWatch(settings, self.understander)
        self.model = places(settings).model("small")

    @property
    def version(self) -> str:
        return self.understander.pipeline.version

    async def answers(self) -> bool:
        found = await self.understander.understand("카드를 잃어버렸어요", NOW)
        return found.intent is not None and found.intent.name == "loss"

    def write(self, config: str = CONFIG, data: str = DATA) -> None:
        write(self.settings.assistant_dir, config, data)


def write(folder: Path, config: str = CONFIG, data: str = DATA) -> None:
    (folder / "data" / "nlu").mkdir(parents=True, exist_ok=True)
    (folder / "config.yml").write_text(config, encoding="utf-8")
    (folder / "data" / "nlu" / "nlu.yml").write_text(data, encoding="utf-8")


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An assistant's folder with its data folder, trained once."""
    folder = tmp_path_factory.mktemp("assistant")
    write(folder)
    train_assistant(load_settings(folder, {"SANGDAM_DATA_DIR": str(folder / "var")}))
    return folder


@pytest.fixture
async def running(trained: Path, tmp_path: Path) -> Running:
    folder = tmp_path / "assistant"
    shutil.copytree(trained, folder)
    found = Running(load_settings(folder, {"SANGDAM_DATA_DIR": str(folder / "var")}))
    assert not await found.watch.look(), "what is served already is no news"
    return found


async def test_a_new_model_is_served_without_a_restart(running: Running) -> None:
    before, encoder = running.version, running.understander.pipeline.encoder
    await running.answers()
    running.write(data=DATA + MORE)
    info = train_assistant(running.settings)
    assert info.outcome == "taken"
    assert await running.watch.look()
    assert (running.version, running.watch.problem) == (info.version, None) and running.version != before
    assert running.understander.pipeline.encoder is encoder, "the encoder isn't loaded twice"
    assert isinstance(encoder, RememberingEncoder)
    assert await running.answers()
    assert not await running.watch.look()


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-300])


def another_version(path: Path) -> None:
    with np.load(path) as data:
        arrays = {key: data[key] for key in data.files}
    header = json.loads(bytes(arrays["header"])) | {"format": 1, "version": "old"}
    arrays["header"] = np.frombuffer(json.dumps(header).encode(), np.uint8)
    np.savez(path, **arrays)


def another_encoder(path: Path) -> None:
    with np.load(path) as data:
        arrays = {key: data[key] for key in data.files}
    header = json.loads(bytes(arrays["header"])) | {"encoder": "something-else", "version": "other"}
    arrays["header"] = np.frombuffer(json.dumps(header).encode(), np.uint8)
    np.savez(path, **arrays)


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (cut, "model_broken"),
        (another_version, "model_version"),
        (another_encoder, "model_encoder"),
        (Path.unlink, "model_missing"),
    ],
    ids=["cut", "version", "encoder", "gone"],
)
async def test_a_model_that_cannot_be_used_leaves_the_old_one(
    running: Running, damage: Callable[[Path], Any], code: str
) -> None:
    before = running.version
    whole = running.model.read_bytes()
    damage(running.model)
    assert not await running.watch.look()
    assert running.version == before and await running.answers()
    problem = running.watch.status()["problem"]
    assert (problem["code"], running.watch.status()["model_id"]) == (code, before)
    assert problem["ko"] and problem["remedy"] == "Run 'sangdam train'."
    running.model.write_bytes(whole)
    await running.watch.look()
    assert running.watch.status()["problem"] is None, "mended"


async def test_status_over_http(house: Any) -> None:
    status, body = await house.call("GET", "/status")
    assert (status, body["problem"], body["num_active_training_jobs"]) == (200, None, 0)


async def test_without_its_encoder_letters_understand(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where vectors come from a server that is away."""

    def away(*_: Any) -> Any:
        raise EncoderError("encoder_unreachable", "nobody there")

    monkeypatch.setattr(
        running.understander.pipeline, "encoder", SimpleNamespace(encode=away, learns_from="query")
    )
    monkeypatch.setattr(type(running.understander.pipeline), "_decided", lambda *_: False)
    assert await running.answers()
    monkeypatch.undo()
    assert await running.answers()


async def test_a_start_with_worse_data_serves_the_old_model(running: Running) -> None:
    lost = ["카드를 잃어버렸어요", "카드 분실이요", "지갑을 잃어버렸어요"]
    worse = "".join(f"      - {line} 좀\n      - 그 {line}\n      - {line}요\n" for line in lost)
    running.write(data=DATA + worse)
    before = running.version
    assert prepare(running.settings, lambda _what, _share: None).version == before
    assert train_assistant(running.settings).outcome == "refused"
