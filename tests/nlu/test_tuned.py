"""A transformer fine-tuned to an assistant's intents: trained by torch where that is installed, served without it."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from encoder import EncoderError
from nlu.config import TransformersIntentClassifier, load_pipeline_config
from nlu.errors import ModelError
from nlu.tuned import check_tuned, load_tuned, tuned_folder
from nlu.tuned.serving import CARD, MODEL, TOKENIZER

HAS_TORCH = all(importlib.util.find_spec(name) for name in ("torch", "transformers"))
needs_torch = pytest.mark.skipif(not HAS_TORCH, reason="the extra [transformers] is not installed")
CONFIG = """pipeline:
  - name: KoreanIntentClassifier
  - name: TransformersIntentClassifier
    model: {model}
    epochs: {epochs}
    lora_rank: {rank}
    batch: 64
    learning_rate: 0.003
"""
TEXTS = ["카드를 잃어버렸어요", "금리 알려 주세요", "전화 주세요"]


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real model in a folder, as small as they get: two layers that know nothing yet, and a piece for each letter."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import BertConfig, BertModel

    folder = tmp_path_factory.mktemp("tiny")
    letters = sorted(
        set(
            "".join(TEXTS)
            + "카드분실정지지갑없어졌어요체신용도난당했나중에연락예약할게콜백다시금리가얼마예이자적궁해대출떻돼줘010-2345679요"
        )
    )
    pieces = {piece: at for at, piece in enumerate(["[PAD]", "[UNK]", *letters])}
    tokenizer = Tokenizer(models.WordPiece(pieces, unk_token="[UNK]", continuing_subword_prefix=""))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "tokenizer_config.json").write_text(
        '{"tokenizer_class": "PreTrainedTokenizerFast", "pad_token": "[PAD]", "unk_token": "[UNK]"}'
    )
    torch.manual_seed(0)
    torch.set_num_threads(1)  # for matrices as small as these, threads cost more than they gain
    config = BertConfig(
        vocab_size=len(pieces),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=128,
    )
    BertModel(config).save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def tuned(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The small project with a fine-tuned classifier, trained once; not to be changed."""
    from tests.nlu.conftest import Project

    project = Project(tmp_path_factory.mktemp("tuned"))
    project.write(config=CONFIG.format(model=tiny, epochs=6, rank=0))
    project.info = project.train()  # type: ignore[attr-defined]
    return project


@pytest.fixture
def copy(tuned: Any, tmp_path: Path) -> Any:
    """A copy that may be damaged."""
    from tests.nlu.conftest import Project

    shutil.copytree(tuned.folder, tmp_path / "copy")
    project = Project(tmp_path / "copy")
    project.write(config=tuned.config.read_text())
    return project


def folder_of(project: Any) -> Path:
    (found,) = project.model.with_suffix(".versions").glob("*.tuned")
    return Path(found)


@needs_torch
def test_trained_stored_and_served(tuned: Any, now: Any) -> None:
    assert (tuned.info.outcome, tuned.info.trained) == ("taken", True)
    pipeline = tuned.load()
    assert pipeline.tuned is not None and pipeline.tuned.names[:3] == ["callback", "card_loss", "rates"]
    found = [pipeline.understand(text, now) for text in TEXTS]
    assert [r.intent.name for r in found] == ["card_loss", "rates", "callback"]
    assert all(sum(i.confidence for i in r.intent_ranking) <= 1.001 for r in found)
    assert tuned.train().outcome == "unchanged"
    assert sorted(path.name for path in folder_of(tuned).iterdir()) == [MODEL, TOKENIZER, CARD]


@needs_torch
def test_it_has_a_say(tuned: Any) -> None:
    found = tuned.load().tuned
    alone = found.probabilities(TEXTS[0])
    assert alone.shape == (len(found.names),) and abs(float(alone.sum()) - 1) < 1e-5
    others = np.array([0.2, 0.2, 0.2], np.float32)
    blended = found.blend(TEXTS[0], ["callback", "card_loss", "rates"], others)
    assert abs(float(blended.sum() - others.sum())) < 1e-5, "what is worth nothing stays worth nothing"
    assert int(blended.argmax()) == int(alone[:3].argmax())
    assert (
        found.probabilities("가" * 5_000).shape == alone.shape and np.isfinite(found.probabilities("")).all()
    )


@needs_torch
def test_adapters_are_merged_into_the_weights(tiny: Path, tmp_path: Path) -> None:
    import torch
    from transformers import AutoModel

    from nlu.tuned.lora import add_adapters, merge_adapters

    torch.manual_seed(1)
    plain, model = AutoModel.from_pretrained(tiny).eval(), AutoModel.from_pretrained(tiny).eval()
    add_adapters(model, 4)
    ids = torch.tensor([[3, 4, 5]])
    before = plain(ids).last_hidden_state
    assert torch.allclose(model(ids).last_hidden_state, before), "an adapter starts at nothing"
    learned = [p for p in model.parameters() if p.requires_grad]
    assert sum(p.numel() for p in learned) < sum(p.numel() for p in plain.parameters()) / 2
    with torch.no_grad():
        for parameter in learned:
            parameter += 0.1
    adapted = model(ids).last_hidden_state
    merge_adapters(model)
    assert torch.allclose(model(ids).last_hidden_state, adapted, atol=1e-4)
    assert not torch.allclose(adapted, before, atol=1e-2)
    assert set(model.state_dict()) == set(plain.state_dict())


@needs_torch
def test_trained_by_adapters(tiny: Path, tmp_path: Path, now: Any) -> None:
    from tests.nlu.conftest import Project

    project = Project(tmp_path)
    project.write(config=CONFIG.format(model=tiny, epochs=1, rank=2))
    project.train()
    assert project.load().understand(TEXTS[0], now).intent is not None


def test_settings_are_part_of_the_version(project: Any) -> None:
    import nlu.training as training
    from nlu.training_data import load_training_data

    data = load_training_data(project.data)
    versions = set()
    for epochs in (1, 2):
        project.write(config=CONFIG.format(model="e5-small", epochs=epochs, rank=0))
        versions.add(training.model_version(load_pipeline_config(project.config), data))
    assert len(versions) == 2


@needs_torch
@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (lambda folder: (folder / MODEL).write_bytes((folder / MODEL).read_bytes()[:-9]), "model_broken"),
        (lambda folder: (folder / TOKENIZER).unlink(), "model_missing"),
        (lambda folder: (folder / CARD).write_text("[]"), "model_broken"),
        (lambda folder: (folder / CARD).write_text('{"format": 0}'), "model_version"),
        (shutil.rmtree, "model_missing"),
    ],
    ids=["cut", "tokenizer", "card", "version", "gone"],
)
def test_a_damaged_classifier_is_refused(copy: Any, damage: Any, code: str) -> None:
    damage(folder_of(copy))
    with pytest.raises(ModelError) as caught:
        copy.load()
    assert caught.value.code == code and caught.value.remedy == "Run 'sangdam train'."


@needs_torch
def test_a_model_trained_without_it_is_refused(copy: Any) -> None:
    copy.write(config="pipeline:\n  - name: KoreanIntentClassifier\n")
    with pytest.raises(ModelError, match="trained with TransformersIntentClassifier"):
        copy.load()
    assert copy.train().outcome == "taken"
    assert copy.load().tuned is None


@needs_torch
def test_a_base_model_that_is_not_there_is_named(project: Any, tmp_path: Path) -> None:
    project.write(config=CONFIG.format(model=tmp_path / "nothing", epochs=1, rank=0))
    with pytest.raises(EncoderError) as caught:
        project.train()
    assert caught.value.code == "encoder_model_missing" and "nothing" in caught.value.en
    assert "folder" in caught.value.remedy


def test_without_the_extra_it_says_what_to_install(project: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    project.write(config=CONFIG.format(model="e5-small", epochs=1, rank=0))
    served = project.model.read_bytes()
    with pytest.raises(EncoderError) as caught:
        project.train()
    assert (caught.value.code, caught.value.remedy) == (
        "encoder_missing",
        "pip install 'sangdam[transformers]'",
    )
    assert project.model.read_bytes() == served, "the old model stays"


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    for call in (check_tuned, lambda folder: load_tuned(folder, 64)):
        with pytest.raises(ModelError) as caught:
            call(tuned_folder(tmp_path / "m.npz", "v"))
        assert caught.value.code == "model_missing"


def test_parameters_are_checked() -> None:
    with pytest.raises(ValueError, match="epochs"):
        TransformersIntentClassifier(epochs=0)


@needs_torch
@pytest.mark.skipif(
    importlib.util.find_spec("sentence_transformers") is None,
    reason="the extra [transformers] is not installed",
)
def test_a_stronger_encoder_by_one_line(project: Any, tiny: Path, tmp_path: Path, now: Any) -> None:
    """And a folder whose model was trained anew is another encoder."""
    folder = tmp_path / "model"
    shutil.copytree(tiny, folder)
    line = f"encoder: sentence-transformers:{folder}"
    project.write(config=project.config.read_text().replace("encoder: hashing", line))
    assert project.train().outcome == "taken"
    pipeline = project.load()
    assert pipeline.encoder.dimensions == 32
    assert pipeline.understand(TEXTS[0], now).intent.name == "card_loss"
    (folder / "config.json").write_text((folder / "config.json").read_text() + " ")
    with pytest.raises(ModelError) as caught:
        project.load()
    assert caught.value.code == "model_encoder"
    assert project.train().outcome == "taken"
    project.load()
