"""The student: the same vector however a sentence is spaced or batched, near where the encoder would put it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.errors import ModelError
from nlu.student import load_student
from nlu.student.ngrams import ngram_hashes


@pytest.mark.parametrize("text", ["카드를 잃어버렸어요", "이체 한도 올려 주세요", "a b", "1,000원", "ㅋㅋ"])
def test_spaces_are_nothing(text: str) -> None:
    student = load_student()
    there, without = student.encode([text, text.replace(" ", "")])
    assert np.array_equal(there, without)


@given(st.lists(st.text(max_size=30), min_size=1, max_size=6))
def test_any_texts_have_vectors_of_length_one_alone_as_in_a_batch(texts: list[str]) -> None:
    student = load_student()
    together = student.encode(texts)
    assert together.shape == (len(texts), student.dimensions) and np.isfinite(together).all()
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-4)
    alone = np.vstack([student.encode([text]) for text in texts])
    assert np.allclose(alone, together, atol=1e-4)


@pytest.mark.parametrize(
    ("one", "like", "unlike"),
    [
        ("카드를 잃어버렸어요", "카드 분실했는데요", "내일 날씨 어때요"),
        ("돈을 보냈는데 취소하고 싶어요", "송금 취소해 주세요", "영업점 위치 알려 주세요"),
        ("사람이랑 얘기할래요", "상담원하고 통화하고 싶어요", "적금 이자가 얼마예요"),
    ],
)
def test_what_means_the_same_is_nearer(one: str, like: str, unlike: str) -> None:
    first, second, third = load_student().encode([one, like, unlike])
    assert first @ second > first @ third


@given(st.lists(st.text(alphabet="가나다 카드abc1", max_size=12), min_size=1, max_size=5))
def test_each_text_has_its_own_ngrams(texts: list[str]) -> None:
    hashes, starts = ngram_hashes(texts)
    for at, text in enumerate(texts):
        alone, _ = ngram_hashes([text])
        assert sorted(hashes[starts[at] : starts[at + 1]]) == sorted(alone)


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "student.npz").write_bytes(b"PK\x03\x04 half")
    with pytest.raises(ModelError) as caught:
        load_student(tmp_path / "student.npz")
    assert caught.value.code == "model_damaged"


def test_another_format_is_told(tmp_path: Path) -> None:
    np.savez(tmp_path / "other.npz", format=np.array(99))
    with pytest.raises(ModelError) as caught:
        load_student(tmp_path / "other.npz")
    assert caught.value.code == "model_format"
