"""Answers are words of the document, from the right place, of what customers may read today."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from encoder import Encoder
from knowledge_base.answering import answer_text, citation_of
from knowledge_base.build import build
from knowledge_base.knowledge_base import CANDIDATES, KnowledgeBase
from knowledge_base.no_answer import FEATURES, RESOURCE, shipped_model
from knowledge_base.retrieval.query import QUESTION_WORDS
from knowledge_base.types import Chunk
from korean.morphology import morphology

"""One worker loads encoder and morphemes; the others run what needs neither."""

Write = Callable[[str, str | bytes], Path]
SURE = "해외에서 카드로 결제하면 수수료가 얼마예요?"


@pytest.fixture
def base(bank: Path, tmp_path: Path, e5: Encoder) -> KnowledgeBase:
    """The three documents behind the default encoder."""
    build(bank, tmp_path / "index", e5)
    return KnowledgeBase.open(tmp_path / "index", e5)


def bare(text: str) -> str:
    return "".join(text.split())


def test_the_answer_stands_in_the_document_and_cites_its_place(base: KnowledgeBase) -> None:
    answer = base.answer(SURE)
    assert answer.outcome == "answer" and "0.25%" in answer.text
    source = answer.citations[0]
    assert (source.document_id, source.title, source.heading) == (
        "카드/해외결제.md",
        "해외 결제 안내",
        ("수수료",),
    )
    place = {chunk_id: text for chunk_id, _, text in base.places(source.document_id)}
    assert bare(answer.text) in bare(place[source.chunk_id])
    assert bare(source.snippet.rstrip("…")) in bare(place[source.chunk_id])


def test_a_faq_gives_its_whole_answer(base: KnowledgeBase) -> None:
    answer = base.answer("공동인증서 어디서 발급받아요?")
    assert (answer.outcome, answer.text) == ("answer", "앱의 인증센터에서 무료로 발급받을 수 있어요.")


def test_a_row_of_a_table_answers_with_its_headers(base: KnowledgeBase) -> None:
    answer = base.answer("해외에서 체크카드 하루 한도가 얼마예요?")
    assert "카드: 체크카드, 하루 한도: 500만 원" in answer.text


@pytest.mark.parametrize("limit", [20, 60, 160, 500])
def test_answers_fit_the_channel(base: KnowledgeBase, limit: int) -> None:
    for question in (SURE, "분실 신고 어떻게 해요?", "이체 한도 올리고 싶어요"):
        assert len(base.answer(question, max_chars=limit).text) <= limit


@pytest.mark.parametrize("question", ["", "  ", "?!…", "🙂🙂", "\u200b\u202e", "\x00"])
def test_nothing_is_asked_with_nothing(base: KnowledgeBase, question: str) -> None:
    assert base.answer(question).outcome == "none"
    assert base.search(question) == []


def test_endless_and_odd_questions_are_borne(base: KnowledgeBase) -> None:
    for question in ("수수료 " * 5000, "ㅋ" * 3000, "ا" * 200, "\ud800카드", "select * from cards; --"):
        assert base.answer(question).outcome in ("answer", "closest", "none")


def with_notices(bank: Path, write: Write, place: Path, encoder: Encoder) -> KnowledgeBase:
    write(
        "알림/지난.md",
        "---\nvalid_until: 2025-08-31\n---\n# 여름 환전 이벤트\n여름 환전 이벤트에서 수수료를 받지 않아요.\n",
    )
    write(
        "알림/앞날.md",
        "---\nvalid_from: 2027-01-01\n---\n# 봄 적금 이벤트\n봄 적금 이벤트에서 금리를 더 드려요.\n",
    )
    write(
        "직원.md",
        "---\naudience: staff\n---\n# 상담원 승인 지침\n상담원 승인 지침은 책임자 승인 번호 4321이에요.\n",
    )
    build(bank, place, encoder)
    return KnowledgeBase.open(place, encoder)


@pytest.mark.parametrize(
    "question", ["여름 환전 이벤트", "봄 적금 이벤트", "상담원 승인 지침", "책임자 승인 번호"]
)
def test_expired_early_and_internal_documents_are_never_quoted(
    bank: Path, write: Write, tmp_path: Path, e5: Encoder, question: str
) -> None:
    base = with_notices(bank, write, tmp_path / "index", e5)
    answer = base.answer(question, today=date(2026, 11, 25))
    found = {passage.chunk.document_id for passage in base.search(question, 50)}
    shown = answer.text + "".join(citation.document_id + citation.snippet for citation in answer.citations)
    for secret in ("4321", "직원.md", "알림/지난.md", "알림/앞날.md"):
        assert secret not in shown
    assert "직원.md" not in found
    assert base.document("직원.md") is not None  # agents may look it up


def test_a_notice_is_quoted_on_its_last_day(bank: Path, write: Write, tmp_path: Path, e5: Encoder) -> None:
    base = with_notices(bank, write, tmp_path / "index", e5)
    asked = "여름 환전 이벤트 수수료"
    assert base.answer(asked, today=date(2025, 8, 31)).citations[0].document_id == "알림/지난.md"
    later = base.answer(asked, today=date(2025, 9, 1)).citations
    assert all(citation.document_id != "알림/지난.md" for citation in later)


def test_many_internal_passages_do_not_hide_the_public_one(
    bank: Path, write: Write, tmp_path: Path, e5: Encoder
) -> None:
    for number in range(CANDIDATES + 2):
        write(
            f"직원/{number}.md",
            f"---\naudience: staff\n---\n# 재발급 수수료 지침 {number}\n재발급 수수료는 비밀이에요.\n",
        )
    build(bank, tmp_path / "index", e5)
    answer = KnowledgeBase.open(tmp_path / "index", e5).answer("카드 재발급 수수료가 얼마예요?")
    assert "2,000원" in answer.text


def test_three_outcomes_by_confidence() -> None:
    model = shipped_model()
    assert 0 < model.closest_from < model.answer_from < 1
    assert len(FEATURES) == len(model.weights)
    assert model.confidence([0.95] * len(FEATURES)) > model.answer_from
    assert model.confidence([0.8, 0.8] + [0.0] * (len(FEATURES) - 2)) < model.closest_from


def test_confidence_never_leaves_its_range() -> None:
    model, numbers = shipped_model(), random.Random(1)
    for _ in range(200):
        assert 0 <= model.confidence([numbers.uniform(-1e6, 1e6) for _ in FEATURES]) <= 1


def test_the_nearest_is_offered_as_such(base: KnowledgeBase) -> None:
    seen = {
        base.answer(question).outcome for question in (SURE, "카드 디자인 바꾸고 싶어요", "내일 날씨 어때요")
    }
    assert "answer" in seen and "none" in seen
    unsure = [q for q in ("카드", "수수료", "한도") if base.answer(q).outcome == "closest"]
    assert unsure
    for question in unsure:
        answer = base.answer(question)
        assert answer.citations and 1 <= len(answer.choices) <= 3
        assert len({choice.title for choice in answer.choices}) == len(answer.choices)
        opened = base.open_passage(answer.choices[0].chunk_id)
        assert opened.outcome == "answer" and opened.text


def test_a_passage_that_is_gone_or_secret_is_not_opened(
    bank: Path, write: Write, tmp_path: Path, e5: Encoder
) -> None:
    base = with_notices(bank, write, tmp_path / "index", e5)
    secret = base.search("책임자 승인 번호", 1, staff=True)[0].chunk
    assert secret.document_id == "직원.md"
    assert base.open_passage(secret.id).outcome == "none"
    assert "4321" in base.open_passage(secret.id, staff=True).text
    assert base.open_passage("nowhere").outcome == "none"


def test_the_shipped_model_has_its_card() -> None:
    shipped = json.loads(RESOURCE.read_text())
    card = (RESOURCE.parent / "MODEL_CARD.md").read_text()
    assert shipped["features"] == list(FEATURES)
    assert shipped["fitted_on"]["encoder"] in card
    assert f"{shipped['figures']['auroc']:.3f}" in card


def said_of(chunk: Chunk, question: str, limit: int) -> str:
    """The answer from a passage, all terms of the question weighing the same."""
    (sentences,) = morphology().sentences_with_terms([chunk.text])
    asked = [term for term in morphology().content_terms(question) if term not in QUESTION_WORDS]
    number = {term: at for at, term in enumerate({*asked, *(t for _, _, terms in sentences for t in terms)})}
    parts = [(chunk.text[a:b], frozenset(number[term] for term in terms)) for a, b, terms in sentences]
    return answer_text(chunk, parts, {number[term]: 1.0 for term in asked}, limit, question=question)


def test_a_sentence_that_leans_on_the_one_before_brings_it_along() -> None:
    text = (
        "한도는 하루 100만원이에요. 서류를 내지 않은 통장이기 때문이에요. 다만 급여명세서를 내면 일반 계좌로 바꿔 드려요. "
        * 3
    )
    chunk = Chunk(id="x", document_id="a", title="안내", heading=(), text=text.strip())
    said = said_of(chunk, "급여명세서 일반 계좌", 120)
    assert said.startswith("서류를 내지") and "급여명세서" in said and len(said) <= 120


def test_an_answer_begins_where_the_thing_that_is_asked_for_stands() -> None:
    text = (
        "청소년 체크카드는 앱에서 신청하고 부모님이 동의하면 만들 수 있는 카드예요. 카드는 신청한 날부터 사흘 뒤에 나와요. "
        "만들 수 있는 나이는 만 7세부터 만 18세까지예요. 만들 때 드는 비용은 없고 다시 만들 때는 2,000원을 내요. "
        "버스와 지하철에서도 쓸 수 있고 하루에 쓸 수 있는 돈은 앱에서 부모님이 정해요."
    )
    chunk = Chunk(id="x", document_id="a", title="안내", heading=(), text=text)
    assert "7세" in said_of(chunk, "체크카드 몇 살부터 만들 수 있어요?", 60)
    assert "2,000원" in said_of(chunk, "카드 만들 때 돈이 얼마 들어요?", 60)


def test_vectors_are_unit_length(base: KnowledgeBase, e5: Encoder) -> None:
    assert np.allclose(np.linalg.norm(e5.encode(["카드", "수수료가 얼마예요?"]), axis=1), 1, atol=1e-3)


def test_a_citation_says_where_the_passage_stands() -> None:
    def cited(**where: object) -> str:
        chunk = Chunk(id="c", document_id="d", title="안내", heading=(), text="글이에요.", **where)  # type: ignore[arg-type]
        return citation_of(chunk, "").place

    assert [cited(page=3), cited(place="슬라이드 2"), cited(page=1, place="수수료 시트 5행"), cited()] == [
        "3쪽",
        "슬라이드 2",
        "수수료 시트 5행",
        "",
    ]
