"""Parts of the search: dense indexes by size, kinds that are asked for, filters, rerankers, what a close look shows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from encoder import Encoder
from knowledge_base.build import build
from knowledge_base.errors import IndexProblem
from knowledge_base.filters import Filter
from knowledge_base.fit_reranker import fit, recall_at_1
from knowledge_base.index import load_index
from knowledge_base.index.dense import DenseIndex, kind_for
from knowledge_base.knowledge_base import KnowledgeBase
from knowledge_base.retrieval import Searching, Synonyms, load_reranker
from knowledge_base.retrieval.answer_kinds import holds_kind, kinds_asked
from knowledge_base.retrieval.features import FEATURES
from knowledge_base.retrieval.other_companies import names_another_company
from knowledge_base.risk_coverage import curve, picture
from knowledge_base.types import Document


@pytest.mark.parametrize(
    ("count", "kind"), [(0, "flat"), (20_000, "flat"), (20_001, "hnsw"), (500_001, "ivf")]
)
def test_the_index_is_chosen_by_its_size(count: int, kind: str) -> None:
    assert kind_for(count) == kind


@pytest.mark.parametrize("kind", ["flat", "hnsw", "ivf"])
def test_each_kind_finds_the_nearest_and_heeds_what_is_allowed(kind: str, tmp_path: Path) -> None:
    draw = np.random.default_rng(1)
    vectors = draw.normal(size=(2_000, 32)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    made = DenseIndex.of(vectors, kind)
    made.save(tmp_path / "dense.faiss")
    index = DenseIndex.load(tmp_path / "dense.faiss", vectors)
    assert index.kind == kind
    assert [int(index.nearest(vectors[row], 5)[0]) for row in (0, 77, 1999)] == [0, 77, 1999]
    allowed = np.zeros(2_000, bool)
    allowed[[5, 6, 7]] = True
    assert set(index.nearest(vectors[0], 10, allowed).tolist()) <= {5, 6, 7}


@pytest.mark.parametrize(
    ("question", "yes", "no"),
    [
        ("몇 살부터 만들어요?", "만 7세부터 만들 수 있어요.", "앱에서 만들어요."),
        ("수수료 얼마예요", "500원이에요.", "앱에서 보내요."),
        ("며칠 걸려요?", "5영업일 안에 도착해요.", "우편으로 보내요."),
        ("몇 명까지 돼요?", "열 명이 아니라 5명까지예요.", "여럿이 돼요."),
        ("영업점 몇 시까지 해요", "오후 4시까지 해요.", "평일에 열어요."),
        ("이자율이 몇 프로예요", "연 3.4%예요.", "이자를 드려요."),
    ],
)
def test_the_kind_of_thing_that_is_asked_for(question: str, yes: str, no: str) -> None:
    kinds = kinds_asked(question)
    assert holds_kind(kinds, yes) > holds_kind(kinds, no) == 0


def test_nothing_is_asked_for_without_a_question_word() -> None:
    assert kinds_asked("카드 분실") == () and holds_kind((), "500원") == 0


def document(**metadata: Any) -> Document:
    return Document(id="a", title="가", source="a", sections=(), content_hash="x", metadata=metadata)


@pytest.mark.parametrize(
    ("metadata", "wanted", "allowed"),
    [
        ({}, Filter(day="2026-01-01"), True),
        ({"audience": "staff"}, Filter(day="2026-01-01"), False),
        ({"audience": "staff"}, Filter(staff=True, day="2026-01-01"), True),
        ({"audience": "board"}, Filter(staff=True, day="2026-01-01"), False),
        ({"valid_until": "2025-12-31"}, Filter(day="2026-01-01"), False),
        ({"valid_from": "2026-01-01"}, Filter(day="2026-01-01"), True),
        ({"language": "en"}, Filter(day="2026-01-01", language="ko"), False),
        ({"language": "ko-KR"}, Filter(day="2026-01-01", language="ko"), True),
        ({"language": "en"}, Filter(day="2026-01-01"), True),
    ],
)
def test_who_may_be_told_what_and_when(metadata: dict[str, str], wanted: Filter, allowed: bool) -> None:
    assert wanted.allows(document(**metadata)) is allowed


def test_synonyms_find_what_the_document_calls_otherwise(
    bank: Path, tmp_path: Path, hashing: Encoder
) -> None:
    build(bank, tmp_path / "index", hashing)
    ways = Searching(Synonyms([["재발급", "리이슈"]]))
    base = KnowledgeBase.open(tmp_path / "index", hashing, ways)
    assert base.search("리이슈", 1)[0].chunk.heading == ("재발급",)


def test_a_reranker_orders_the_candidates(bank: Path, tmp_path: Path, hashing: Encoder) -> None:
    class Last:
        name = "last"

        def scores(self, question: str, texts: Any, table: Any) -> Any:
            return np.arange(len(texts), dtype=np.float32)

    build(bank, tmp_path / "index", hashing)
    usual = KnowledgeBase.open(tmp_path / "index", hashing).search("카드 분실 신고", 50)
    turned = KnowledgeBase.open(tmp_path / "index", hashing, Searching(reranker=Last())).search(
        "카드 분실 신고", 50
    )
    assert {p.chunk.id for p in usual} == {p.chunk.id for p in turned}
    assert turned[0].score > turned[-1].score and turned[0].chunk.id != usual[0].chunk.id
    assert load_reranker("none").scores("", [], np.ones((2, len(FEATURES)), np.float32)).tolist() == [1, 1]


def test_a_cross_encoder_that_is_not_there_says_what_to_do() -> None:
    with pytest.raises(IndexProblem) as caught:
        load_reranker("cross-encoder:/nowhere/at/all")
    assert caught.value.code == "reranker_missing" and caught.value.remedy


def test_weights_learn_what_tells_right_from_wrong_and_stay_near_one() -> None:
    draw = np.random.default_rng(1)
    examples = []
    for _ in range(60):
        table = draw.random((6, len(FEATURES)))
        right = np.zeros(6)
        right[int(np.argmax(table[:, 3]))] = 1
        examples.append((table, right))
    weights = fit([examples])
    assert int(np.argmax(weights)) == 3 and min(weights) >= 0
    assert recall_at_1(examples, weights) > recall_at_1(examples, [1.0] * len(FEATURES))


def test_what_another_company_offers_is_not_ours_to_tell(
    write: Callable[[str, str], Path], tmp_path: Path, hashing: Encoder
) -> None:
    source = write("적금.md", "# 적금\n\n신한은행에서 적금을 옮겨 올 수 있어요. 국민연금도 받아요.").parent
    build(source, tmp_path / "index", hashing)
    index = load_index(tmp_path / "index", hashing)
    others = ("국민은행 적금 금리 알려 주세요", "하나카드 결제일이 언제예요", "카뱅 적금 있어요?")
    assert all(names_another_company(index, question) for question in others)
    ours = (
        "신한은행 적금을 옮기고 싶어요",
        "국민은행으로 보내면 수수료가 얼마예요?",
        "하나은행 계좌에서 이체할래요",
        "카드 하나 만들어 주세요",
        "다른 은행 적금은요?",
    )
    assert not any(names_another_company(index, question) for question in ours)


def test_the_price_of_answering_more_is_drawn() -> None:
    points = curve([(0.9, True, True), (0.8, False, False), (0.7, True, False), (0.2, False, False)])
    assert [round(p.coverage, 2) for p in points] == [0.5, 0.5, 0.5, 0.5]
    assert [round(p.false_answers, 2) for p in points] == [0.0, 0.5, 0.5, 1.0]
    drawn = picture(points, 0.75, "은행 <&>")
    assert drawn.startswith("<svg") and "&lt;&amp;&gt;" in drawn and "50.0% / 50.0%" in drawn


def test_what_a_query_needs_stays_on_disk(bank: Path, tmp_path: Path, hashing: Encoder) -> None:
    build(bank, tmp_path / "index", hashing)
    index = load_index(tmp_path / "index", hashing)
    assert isinstance(index.vectors.base, np.memmap) and isinstance(index.sentences.terms.base, np.memmap)
    for row, chunk in enumerate(index.chunks):
        spans = index.sentences.spans_of(row)
        assert len(spans) == len(index.sentences.terms_of(row))
        assert "".join(chunk.text[a:b] for a, b in spans).replace(" ", "") == "".join(chunk.text.split())
