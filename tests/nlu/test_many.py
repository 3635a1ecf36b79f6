"""Many texts are understood as each alone, and share one run of the encoder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from encoder.hashing import HashingEncoder
from encoder.port import Role, Vectors
from nlu.pipeline import Pipeline

TEXTS = [
    "카드를 잃어버렸어요",
    "",
    "피자시켜먹고싶은날씨네요",
    "금리 알려줘",
    "음",
    "😀",
    "어디선가 들은 이야기",
]


class Counting(HashingEncoder):
    """Remembers what it is asked."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def encode(self, texts: Sequence[str], role: Role = "query") -> Vectors:
        self.asked.append(list(texts))
        return super().encode(texts, role)


def test_many_as_each_alone_in_one_run(small: Pipeline, now: Any) -> None:
    counting = Counting()
    pipeline = replace(small, encoder=counting)
    together = pipeline.understand_many(TEXTS, now)
    (asked,) = counting.asked
    assert asked == [pipeline.for_encoder(text) for text in TEXTS if pipeline.asks_encoder(text)] != []
    assert together == [pipeline.understand(text, now) for text in TEXTS]
    assert pipeline.understand_many([], now) == []
