"""Tokens come from the run that makes the vector, and say what word stands where."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from encoder import Role, Tokens, Vectors
from encoder.hashing import HashingEncoder
from encoder.onnx_int8 import OnnxInt8Encoder
from encoder.remembering import RememberingEncoder
from encoder.tokens import encode_with_tokens, token_space

TEXTS = ["카드를 잃어버렸어요", "네", "?!", "이체 한도를 올리고 싶어요. 한도가 얼마예요?"]


class Counting(HashingEncoder):
    """Counts the runs of the model."""

    def __init__(self) -> None:
        self.runs = 0

    def encode(self, texts: Sequence[str], role: Role = "query") -> Vectors:
        self.runs += 1
        return super().encode(texts, role)


def test_the_vector_is_the_same_with_tokens(e5: OnnxInt8Encoder) -> None:
    vectors, tokens = e5.encode_with_tokens(TEXTS)
    assert np.allclose(vectors, e5.encode(TEXTS), atol=1e-5)
    assert [len(held.pieces) for held in tokens][2] == 0
    for held in tokens:
        assert held.states.shape == (len(held.pieces), e5.dimensions)
        assert (np.diff(held.pieces) > 0).all()


def test_prefix_and_marks_are_no_tokens(e5: OnnxInt8Encoder) -> None:
    _, (asked, found) = e5.encode_with_tokens(["네", "네!"])
    _, (passage,) = e5.encode_with_tokens(["네"], "passage")
    assert len(asked.pieces) == 1
    assert asked.pieces.tolist() == found.pieces.tolist() == passage.pieces.tolist()


def test_a_word_is_nearest_to_itself_in_another_sentence(e5: OnnxInt8Encoder) -> None:
    def unit(tokens: Tokens) -> Vectors:
        states = tokens.states.astype(np.float32)
        states -= mean
        return states / np.linalg.norm(states, axis=1, keepdims=True)

    _, (lost, limit) = e5.encode_with_tokens(["카드 분실 신고", "카드 이용 한도"], "passage")
    _, (question,) = e5.encode_with_tokens(["분실"])
    mean = np.concatenate([lost.states, limit.states]).astype(np.float32).mean(0)
    assert (unit(question) @ unit(lost).T).max() > (unit(question) @ unit(limit).T).max() + 0.2


def test_a_long_text_has_the_tokens_of_all_its_windows(e5: OnnxInt8Encoder) -> None:
    _, (short, long) = e5.encode_with_tokens(
        ["수수료", "이 조항은 예금 거래를 정해요. " * 200 + "끝으로 수수료"], "passage"
    )
    assert set(short.pieces.tolist()) & set(long.pieces.tolist())


def test_tokens_of_a_question_cost_no_second_run() -> None:
    behind = Counting()
    encoder = RememberingEncoder(behind)
    vector = encoder.encode(["수수료가 얼마예요?"])
    again, (tokens,) = encode_with_tokens(encoder, ["수수료가 얼마예요?"], "query")
    assert behind.runs == 1 and np.array_equal(vector, again) and len(tokens.pieces) == 2
    encoder.learn(["한도", "카드 분실"])
    encode_with_tokens(encoder, ["카드 분실"], "query")
    assert behind.runs == 2 and token_space(encoder) == behind.token_space


def test_an_encoder_without_tokens_gives_none() -> None:
    class Plain:
        name, dimensions = "plain", 256
        learns_from: Role = "query"

        def warm_up(self) -> None:
            """Nothing to load."""

        def encode(self, texts: Sequence[str], role: Role = "query") -> Vectors:
            return HashingEncoder().encode(texts, role)

    encoder = RememberingEncoder(Plain())
    vectors, tokens = encode_with_tokens(encoder, TEXTS[:1], "query")
    assert token_space(encoder) == "" and vectors.shape == (1, 256) and not len(tokens[0].pieces)
