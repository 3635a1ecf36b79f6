"""Questions are told from statements, reasons and wishes."""

from __future__ import annotations

import pytest

from korean.speech_act import asks


@pytest.mark.parametrize(
    "text",
    [
        "수수료가 얼마예요?",
        "수수료 얼마예요",
        "언제 도착하나요",
        "재발급 되나요ㅠㅠ",
        "어떻게 해요",
        "왜 안 돼요",
        "지금 신청할 수 있을까요",
        "이자가 몇 퍼센트인가요",
        "한도가 얼마입니까",
        "그거 뭐예요",
        "고마워요. 근데 언제 와요",
    ],
)
def test_questions(text: str) -> None:
    assert asks(text)


@pytest.mark.parametrize(
    "text",
    [
        "전세 보증금을 보내야 해요",
        "대출 이자가 궁금해서요",
        "부모님 병원비예요",
        "사업 자금으로 쓰려고요",
        "급하니까요",
        "카드를 잃어버렸어요",
        "상담원 바꿔 주세요",
        "네",
        "",
        "ㅋㅋㅋ",
    ],
)
def test_no_questions(text: str) -> None:
    assert not asks(text)
