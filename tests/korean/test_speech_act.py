"""Questions are told from statements, reasons and wishes."""

from __future__ import annotations

import pytest

from korean.speech_act import asks, skips, takes_back, yes_or_no


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


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("네", True),
        ("넵!", True),
        ("네 바꿔 주세요", True),
        ("응 그렇게 해", True),
        ("네, 다시 보내 주세요", True),
        ("아니요", False),
        ("아니요 안 받았어요", False),
        ("아뇨 됐어요", False),
    ],
)
def test_a_plain_answer_counts_whatever_follows(text: str, answer: bool) -> None:
    assert yes_or_no(text) is answer


@pytest.mark.parametrize(
    "text",
    [
        "네?",
        "네? 뭐라고요",
        "네 근데 잠깐만요",
        "네 상담원 바꿔 주세요",
        "아니 그거 말고 체크카드요",
        "네이버에서 봤어요",
        "예금 금리 알려 주세요",
        "네 그런데 수수료가 얼마예요",
        "응급 상황이에요",
        "아니 제가 지난주에 신청한 카드가 아직도 안 왔다니까요",
        "카드요",
        "",
    ],
)
def test_what_is_more_than_a_plain_answer_is_none(text: str) -> None:
    assert yes_or_no(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "아니 체크카드요",
        "아 번호가 010-1이에요",
        "사실은 돈도 보냈어요",
        "내일 말고 모레요",
        "오후 4시로 바꿀게요",
        "3만원이 아니라 5만원이요",
        "번호 잘못 말했어요 010-2예요",
    ],
)
def test_corrections_sound_like_it(text: str) -> None:
    assert takes_back(text)


@pytest.mark.parametrize(
    "text",
    [
        "건너뛸게요",
        "그건 건너뛰어 주세요",
        "나중에요",
        "나중에 말씀드릴게요",
        "지금은 말하고 싶지 않아요",
        "패스!",
        "이건 넘어갈게요",
        "생략",
    ],
)
def test_who_wants_to_skip_says_so(text: str) -> None:
    assert skips(text)


@pytest.mark.parametrize(
    "text",
    [
        "나중에 전화해 주세요",
        "나중에 다시 올게요",
        "다음 주 월요일이요",
        "넘어져서 다쳤어요",
        "말하기 대회 상금이요",
        "안경 사려고요",
        "나중에 할게요 취소해 주세요",
        "",
    ],
)
def test_what_only_begins_like_it_is_no_skipping(text: str) -> None:
    assert not skips(text)


@pytest.mark.parametrize("text", ["체크카드요", "아이 통장이요", "오후 4시요", "네", "아침 9시"])
def test_first_answers_do_not(text: str) -> None:
    assert not takes_back(text)
