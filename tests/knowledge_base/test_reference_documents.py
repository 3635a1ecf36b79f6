"""The reference bank's documents: what they say is consistent, and customers' questions are answered from them."""

from __future__ import annotations

import re
from datetime import date
from itertools import combinations
from pathlib import Path

import pytest

from knowledge_base.evaluation import read_questions
from knowledge_base.knowledge_base import KnowledgeBase
from knowledge_base.loaders import load_folder
from knowledge_base.types import Document

"""One worker loads encoder and morphemes; the others run what needs neither."""

QUESTIONS = read_questions(Path("data/evaluation/knowledge_questions.jsonl"))
TODAY = date(2026, 11, 25)
"""Notices come and go; the reference documents are read as on this day."""


@pytest.fixture(scope="module")
def documents() -> dict[str, Document]:
    report = load_folder(Path("data/knowledge"))
    assert report.problems == []
    return {document.id: document for document in report.documents}


HIDDEN = {
    "service/agent-handbook.md",
    "service/complaint-manual.docx",
    "service/escalation-guide.pptx",
    "notices/summer-event-2025.md",
    "notices/spring-loan-2026.md",
}


def text_of(document: Document) -> str:
    return "\n".join(f"{section.question or ''} {section.text}" for section in document.sections)


def test_the_demo_question_is_answered_with_title_and_snippet(reference: KnowledgeBase) -> None:
    answer = reference.answer("해외에서 카드 쓰면 수수료가 얼마예요?", today=TODAY)
    assert answer.outcome == "answer" and "1.2%" in answer.text
    assert answer.citations[0].title == "해외에서 카드를 쓸 때 붙는 수수료"
    assert (
        answer.citations[0].document_id == "fees/overseas-card.md" and "1.2%" in answer.citations[0].snippet
    )


FACTS = [
    ("카드 재발급하면 돈 내야 하나요", "수수료가 없어요"),
    ("재발급 신청한 카드 며칠이면 도착해요?", "5영업일"),
    ("신용카드 연회비 얼마예요", "15,000원"),
    ("보안카드 쓰는데 한번에 얼마까지 보낼 수 있어요?", "1천만원"),
    ("정기예금 6개월짜리 이자 얼마나 줘요", "2.75%"),
    ("자유적금 한 달에 얼마까지 넣을 수 있어요?", "100만원"),
    ("분실신고한 카드를 다시 찾았어요", "분실 신고 해제"),
    ("직장인 신용대출 필요 서류", "재직증명서"),
    ("전세자금대출 서류랑 한도 알려 주세요", "확정일자"),
    ("대출금 2년 만에 다 갚으면 중도상환수수료 나와요?", "0.6%"),
    ("오늘 영업점 몇 시까지 해요?", "오후 4시"),
    ("예금자보호 한도가 얼마죠", "1억원"),
    ("가족카드는 몇 장까지 돼요?", "세 장"),
    ("지급정지 신청하려면 어디로 전화해요", "112"),
    ("상담원이랑 통화 가능한 시간이 언제예요", "오전 9시"),
    ("통장사본 pdf로 받고 싶어요", "증명서 발급"),
    ("인증서 만료됐는데 갱신돼요?", "새로 발급"),
    ("엔화 환전 우대율 알려줘요", "90%"),
    ("신용카드 한도 올려 주세요 어떻게 신청해요", "한도 변경"),
    ("문자로 입출금 알림 받으면 돈 나가요?", "800원"),
    ("대출 만기 연장하려면 언제부터 신청해요", "한 달 전"),
    ("남은 달러 동전 어디서 바꿔요", "인천공항점"),
    ("카드대금 연체하면 이자 몇 프로 붙어요?", "3%포인트"),
    ("할부 12개월 수수료율 알려주세요", "16.9%"),
    ("요즘 적금 가입하면 금리 더 주는 행사 있어요?", "0.3%포인트"),
]


@pytest.mark.parametrize(("question", "says"), FACTS)
def test_customers_get_the_right_fact(reference: KnowledgeBase, question: str, says: str) -> None:
    answer = reference.answer(question, today=TODAY)
    assert answer.outcome != "none" and says in answer.text


def test_most_facts_are_answered_without_asking_back(reference: KnowledgeBase) -> None:
    """How sure an answer must be is fitted on other questions: a few right ones fall under it."""
    outcomes = [reference.answer(question, today=TODAY).outcome for question, _ in FACTS]
    assert outcomes.count("answer") >= 0.8 * len(outcomes)


@pytest.mark.parametrize(
    "question",
    [
        *("피자 주문할래요", "이음은행 주가 얼마예요?", "비트코인 살 수 있나요?", "오늘 서울 날씨 알려줘"),
        *("부산 가는 KTX 예매해 주세요", "자동차보험 가입하려면 어떻게 해요", "테슬라 주식 사고 싶어요"),
        *(
            "펀드 환매하면 며칠 걸려요",
            "금 시세 얼마예요?",
            "쿠팡 환불 어떻게 해요",
            "병원 예약 좀 잡아 주세요",
        ),
        *(
            "강아지 사료 추천해 주세요",
            "엑셀 함수 알려 주세요",
            "이음은행 직원 수가 몇 명이에요",
            "너 몇 살이야?",
        ),
    ],
)
def test_what_is_not_in_the_documents_is_not_answered(reference: KnowledgeBase, question: str) -> None:
    assert reference.answer(question, today=TODAY).outcome != "answer"


def test_every_answer_is_made_of_the_cited_passage(reference: KnowledgeBase) -> None:
    for question in QUESTIONS:
        answer = reference.answer(question.query, max_chars=300, today=TODAY)
        if not answer.text:
            continue
        source = answer.citations[0]
        passage = {chunk_id: text for chunk_id, _, text in reference.places(source.document_id)}[
            source.chunk_id
        ]
        assert "".join(answer.text.rstrip("…").split()) in "".join(passage.split())
        assert len(answer.text) <= 300


def test_staff_and_expired_documents_are_never_cited(reference: KnowledgeBase) -> None:
    for query in (
        "하루 이체 한도 1억원 승인",
        "상담원 업무 지침 책임자 승인",
        "2025 여름 환전 이벤트 여행 가방",
        "폭언 세 번이면 통화를 마칠 수 있어요?",
        "상담 이관 기준 책임자 승인",
        "5월까지 신용대출 처음 받으면 5만 포인트",
    ):
        cited = {citation.document_id for citation in reference.answer(query, today=TODAY).citations}
        assert not cited & HIDDEN


def test_facts_agree_between_documents_and_responses(documents: dict[str, Document]) -> None:
    texts = {name: text_of(document) for name, document in documents.items()}
    domain = Path("domain.yml").read_text()
    assert "재발급하면 수수료가 없어요" in texts["cards/reissue.md"] and "수수료는 없고" in domain
    assert "5영업일" in texts["cards/reissue.md"]
    assert "최대 5억원" in texts["accounts/transfer-limit.md"] and "5억원까지" in domain
    assert "20영업일" in texts["accounts/remote-opening.md"] and "20영업일" in texts["service/faq.csv"]
    for name in ("accounts/deposit-rates.html", "service/faq.csv"):
        assert "0.5%포인트" in texts[name]
    phones = {number for text in texts.values() for number in re.findall(r"\d{4}-\d{4}", text)}
    assert phones == {"1588-0000"}


def test_there_are_many_documents_in_every_format(documents: dict[str, Document]) -> None:
    assert len(documents) >= 80
    kinds = {Path(name).suffix for name in documents}
    assert kinds >= {
        ".md",
        ".html",
        ".txt",
        ".csv",
        ".jsonl",
        ".xlsx",
        ".pdf",
        ".docx",
        ".pptx",
        ".hwp",
        ".hwpx",
        ".eml",
    }


def test_the_questions_name_documents_and_none_was_used_for_fitting(documents: dict[str, Document]) -> None:
    fitted = read_questions(Path("data/evaluation/knowledge_calibration.jsonl"))
    hard = read_questions(Path("data/evaluation/knowledge_hard_questions.jsonl"))
    assert {name for question in (*QUESTIONS, *fitted, *hard) for name in question.gold} <= set(documents)
    asked = [{squeezed(q.query) for q in questions} for questions in (QUESTIONS, fitted, hard)]
    assert not any(one & other for one, other in combinations(asked, 2))
    assert sum(bool(question.gold) for question in QUESTIONS) >= 200
    assert sum(not question.gold for question in QUESTIONS) >= 80


def squeezed(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum())


def test_every_document_for_customers_is_asked_for(documents: dict[str, Document]) -> None:
    asked = {name for question in QUESTIONS for name in question.gold}
    assert set(documents) - asked == HIDDEN


def test_one_style_of_speech(documents: dict[str, Document]) -> None:
    """Public documents speak in 해요체 throughout."""
    for document in documents.values():
        formal = re.findall(r"\S+(?:습니다|십시오|ㅂ니다|한다|된다)\.", text_of(document))
        assert formal == [], (document.id, formal)
