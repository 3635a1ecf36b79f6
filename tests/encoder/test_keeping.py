"""Vectors that are kept on disk: the same as made, made once, and never another encoder's."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

import encoder.keeping as keeping
from encoder import Role, Vectors
from encoder.hashing import HashingEncoder
from encoder.keeping import FOLDER, KeepingEncoder

TEXTS = ["카드를 잃어버렸어요", "금리가 얼마예요", "전화 주세요"]


class Counting(HashingEncoder):
    """Notes what it was asked for."""

    def __init__(self, name: str = "counting") -> None:
        self.name = name
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str], role: Role = "query") -> Vectors:
        self.asked += texts
        return super().encode(texts, role)


def kept_file(folder: Path) -> Path:
    (found,) = (folder / FOLDER).glob("*.npz")
    return found


def test_another_process_encodes_only_what_is_new(tmp_path: Path) -> None:
    first, second = Counting(), Counting()
    made = KeepingEncoder(first, tmp_path).encode(TEXTS)
    again = KeepingEncoder(second, tmp_path).encode(["새 문장", *TEXTS])
    assert first.asked == TEXTS and second.asked == ["새 문장"]
    assert np.array_equal(again[1:], made)
    assert np.array_equal(made, HashingEncoder().encode(TEXTS))


def test_a_text_twice_in_a_call_is_encoded_once(tmp_path: Path) -> None:
    behind = Counting()
    made = KeepingEncoder(behind, tmp_path).encode([TEXTS[0], TEXTS[0]])
    assert behind.asked == TEXTS[:1] and np.array_equal(made[0], made[1])


def test_roles_are_kept_apart(tmp_path: Path) -> None:
    behind = Counting()
    encoder = KeepingEncoder(behind, tmp_path)
    encoder.encode(TEXTS[:1], "query")
    encoder.encode(TEXTS[:1], "passage")
    assert len(behind.asked) == 2


def test_another_encoder_never_finds_these(tmp_path: Path) -> None:
    KeepingEncoder(Counting("a"), tmp_path).encode(TEXTS)
    other = Counting("b")
    KeepingEncoder(other, tmp_path).encode(TEXTS)
    assert other.asked == TEXTS


def test_a_file_under_the_wrong_name_is_not_trusted(tmp_path: Path) -> None:
    KeepingEncoder(Counting("a"), tmp_path).encode(TEXTS)
    old = kept_file(tmp_path)
    KeepingEncoder(Counting("b"), tmp_path).encode(["x"])
    new = next(path for path in (tmp_path / FOLDER).glob("*.npz") if path != old)
    new.write_bytes(old.read_bytes())
    other = Counting("b")
    KeepingEncoder(other, tmp_path).encode(TEXTS)
    assert other.asked == TEXTS


@pytest.mark.parametrize("content", [b"", b"no archive", None], ids=["empty", "text", "cut"])
def test_a_damaged_file_is_made_anew(tmp_path: Path, content: bytes | None) -> None:
    KeepingEncoder(Counting(), tmp_path).encode(TEXTS)
    path = kept_file(tmp_path)
    path.write_bytes(path.read_bytes()[:-200] if content is None else content)
    again = Counting()
    assert np.array_equal(KeepingEncoder(again, tmp_path).encode(TEXTS), HashingEncoder().encode(TEXTS))
    assert again.asked == TEXTS
    third = Counting()
    KeepingEncoder(third, tmp_path).encode(TEXTS)
    assert third.asked == []


def test_no_more_than_so_many_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "KEPT", 2)
    made = KeepingEncoder(Counting(), tmp_path).encode(TEXTS)
    assert len(made) == 3
    again = Counting()
    KeepingEncoder(again, tmp_path).encode(TEXTS)
    assert again.asked == TEXTS[:1]


def test_a_folder_that_cannot_be_written_costs_nothing_but_time(tmp_path: Path) -> None:
    (tmp_path / FOLDER).write_text("a file where the folder should be")
    assert KeepingEncoder(Counting(), tmp_path).encode(TEXTS).shape == (3, 256)


def test_the_ports_promises(tmp_path: Path) -> None:
    encoder = KeepingEncoder(HashingEncoder(), tmp_path)
    encoder.warm_up()
    assert (encoder.name, encoder.dimensions) == (HashingEncoder.name, 256)
    assert encoder.encode([]).shape == (0, 256)


def test_progress_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "CHUNK", 2)
    told: list[float] = []
    encoder = KeepingEncoder(Counting(), tmp_path, told.append)
    encoder.encode(TEXTS)
    encoder.encode(TEXTS)
    assert told == [2 / 3, 1.0]
