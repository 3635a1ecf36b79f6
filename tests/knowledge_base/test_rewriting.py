"""Questions that lean on the ones before are made whole."""

from __future__ import annotations

import pytest

from knowledge_base.rewriting import in_context, with_subject
from korean.morphology import morphology


@pytest.mark.parametrize(
    ("earlier", "question", "whole"),
    [
        (["신용카드 연회비 얼마예요?"], "그럼 체크카드는요?", "체크카드 연회비 얼마예요?"),
        (["전세대출 서류 뭐 필요해요?"], "그럼 신용대출은요?", "신용대출 서류 뭐 필요해요?"),
        (["카드 재발급 어떻게 해요?"], "얼마나 걸려요?", "카드 재발급 얼마나 걸려요?"),
        (["공동인증서 갱신 어떻게 해요"], "그거 어디서 해요?", "공동인증서 갱신 어디서 해요?"),
        (["해외 결제 수수료 얼마예요?"], "한도는요?", "해외 결제 수수료 한도"),
        (["신용카드 연회비 얼마예요?", "그럼 체크카드는요?"], "재발급은요?", "체크카드 연회비 재발급"),
    ],
)
def test_the_subject_comes_from_the_questions_before(earlier: list[str], question: str, whole: str) -> None:
    assert in_context(question, earlier, morphology()) == whole


@pytest.mark.parametrize(
    ("earlier", "question"),
    [
        ([], "그럼 체크카드는요?"),
        (["전세대출 서류 뭐 필요해요?"], "영업점 몇 시까지 해요?"),
        (["", "  "], "체크카드 한도 알려 주세요"),
        (["신용카드 연회비"], ""),
    ],
)
def test_a_whole_question_stays_as_it_is(earlier: list[str], question: str) -> None:
    assert in_context(question, earlier, morphology()).strip() in (question, "신용카드 연회비")


def test_a_short_question_may_be_tried_with_the_subject_before() -> None:
    tried = with_subject("수수료 얼마예요?", ["해외송금 하고 싶어요"], morphology())
    assert tried is not None and tried.startswith("해외") and tried.endswith("수수료 얼마예요?")
    assert with_subject("수수료 얼마예요?", [], morphology()) is None
    long = "체크카드 해외 결제 수수료 한도 얼마예요?"
    assert with_subject(long, ["적금 금리"], morphology()) is None
