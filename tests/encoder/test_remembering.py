"""The remembering encoder gives the same vectors and asks the one behind it once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from encoder import Role, Vectors
from encoder.hashing import HashingEncoder
from encoder.remembering import RememberingEncoder


class Counting(HashingEncoder):
    """Counts how often it is asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, ...]] = []

    def encode(self, texts: Sequence[str], role: Role = "query") -> Vectors:
        self.asked.append(tuple(texts))
        return super().encode(texts, role)


@pytest.fixture
def behind() -> Counting:
    return Counting()


def test_a_single_text_is_encoded_once_for_each_role(behind: Counting) -> None:
    encoder = RememberingEncoder(behind)
    first = encoder.encode(["수수료가 얼마예요?"])
    assert np.array_equal(encoder.encode(["수수료가 얼마예요?"]), first)
    encoder.encode(["수수료가 얼마예요?"], "passage")
    assert behind.asked == [("수수료가 얼마예요?",)] * 2
    assert np.array_equal(first, HashingEncoder().encode(["수수료가 얼마예요?"]))


def test_several_texts_pass_through(behind: Counting) -> None:
    encoder = RememberingEncoder(behind)
    assert encoder.encode(["가", "나"]).shape == (2, encoder.dimensions)
    assert encoder.encode([]).shape == (0, encoder.dimensions)
    assert behind.asked == [("가", "나"), ()]


def test_the_least_recent_text_is_forgotten(behind: Counting) -> None:
    encoder = RememberingEncoder(behind, remembered=2)
    for text in ("가", "나", "가", "다", "가", "나"):
        encoder.encode([text])
    assert behind.asked == [("가",), ("나",), ("다",), ("나",)]


def test_a_remembered_vector_can_not_be_changed(behind: Counting) -> None:
    encoder = RememberingEncoder(behind)
    with pytest.raises(ValueError, match="read-only"):
        encoder.encode(["가"])[0, 0] = 5


def test_it_is_the_encoder_behind_to_everybody(behind: Counting) -> None:
    encoder = RememberingEncoder(behind)
    encoder.warm_up()
    assert (encoder.name, encoder.dimensions) == (behind.name, behind.dimensions)
