"""What the reference assistant makes of messages that it wasn't trained on, spoiled ones included."""

from __future__ import annotations

import threading
import time
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu.evaluation import auroc
from nlu.lint import lint
from nlu.perturb import WAYS, Way, perturb
from nlu.pipeline import Pipeline
from nlu.training_data import load_training_data

ROOT = Path(__file__).parent.parent.parent
THRESHOLD = 0.4
"""The engine takes an intent as understood from here on (`nlu_threshold` in config.yml)."""

WISHES = {
    "card_loss": [
        "지하철에서 카드를 잃어버린 것 같아요",
        "카드 잃어버려서 막고 싶어요",
        "신용카드 분실신고 부탁드립니다",
        "지갑 분실했는데 카드 정지 좀요",
    ],
    "transfer_limit_change": [
        "하루 이체한도 좀 늘리고 싶습니다",
        "송금 한도 올려주실 수 있나요",
        "이체 한도 변경 부탁드려요",
        "한도 1억으로 올려주세요",
    ],
    "request_callback": [
        "이따가 전화 좀 해주세요",
        "상담 전화 예약 부탁드립니다",
        "내일 세 시쯤 전화 주실래요",
        "010-5555-1234로 연락 주세요",
    ],
    "wrong_transfer": [
        "실수로 딴 사람 계좌에 송금했어요",
        "잘못 보낸 돈 돌려받을 수 있을까요",
        "착오송금 신청하려고요",
    ],
    "phishing_report": [
        "보이스피싱을 당했습니다",
        "사기당해서 송금했어요 지급정지요",
        "피싱 신고하고 싶어요",
    ],
    "branch_visit_booking": [
        "지점 방문 예약 부탁드려요",
        "강남 지점 방문 예약할래요",
        "영업점 예약하고 가려고요",
    ],
    "address_change": ["이사해서 주소를 바꾸려고 해요", "주소 변경 부탁드려요", "집 주소 수정할게요"],
    "card_delivery": ["재발급 카드 배송 조회요", "신청한 카드가 언제 오나요", "카드 배송이 왜 안 오죠"],
    "loan_precheck": [
        "저도 대출 받을 수 있을까요",
        "제 연봉이면 대출 한도가 얼마나 될까요",
        "대출 되는지 봐 주세요",
    ],
    "certificate_trouble": [
        "공동인증서가 만료됐대요",
        "인증서 비번을 까먹었어요",
        "인증서가 갑자기 안 보여요",
    ],
    "fee_question": ["해외 ATM 수수료 알려주세요", "타행 송금 수수료 얼마예요"],
    "deposit_question": ["정기적금 금리가 얼마나 되나요"],
    "loan_question": ["전세대출 서류가 궁금해요", "대출 이자는 언제 나가요"],
    "branch_question": ["주말에도 지점 여나요", "가까운 영업점이 어디예요"],
    "app_trouble": ["앱이 로그인하면 꺼져요"],
    "password_question": ["계좌 비번을 잊어버렸어요", "OTP가 고장 났는데 재발급되나요"],
    "auto_transfer_question": ["자동이체 해지는 어떻게 하죠"],
    "document_question": ["잔액증명서 떼고 싶어요"],
    "forex_question": ["환전하면 우대 받을 수 있나요"],
    "balance_question": ["통장 잔액 좀 알려 주세요"],
    "request_human": [
        "사람이랑 얘기하고 싶어요",
        "상담원 바꿔주세요",
        "직원 연결",
        "상담사랑 통화할게요",
        "사람 상담 원해요",
    ],
    "complaint": ["진짜 짜증나네요", "왜 이렇게 불친절해요", "답답해 죽겠네 정말", "서비스가 엉망이에요"],
    "greet": ["안녕하세요", "안녕", "하이", "ㅎㅇ", "안녕하세요 문의가 있어요"],
    "thanks": ["감사합니다", "고마워요 정말", "ㄱㅅ", "고맙습니다 많이 도움 됐어요"],
    "goodbye": ["안녕히 계세요", "수고하세요", "이만 끊을게요"],
    "affirm": ["네", "넵", "응", "ㅇㅇ", "그래요", "예", "맞아요", "네 맞아요", "웅"],
    "deny": ["아니요", "ㄴㄴ", "됐어요", "아뇨", "아니에요", "아니 됐어요"],
    "cancel": ["취소할게요", "그만할래요", "그만", "취소해 주세요"],
    "skip": ["그냥 건너뛸래요", "이 질문은 넘어갈게요"],
    "restart": ["처음부터 다시 하고 싶어요"],
    "hold_on": ["잠시만 기다려 주세요"],
    "help": ["뭘 할 수 있는지 알려줘"],
    "repeat": ["다시 말해 주세요", "뭐라고요?", "한 번만 더 말해주세요"],
    "bot_challenge": ["너 로봇이야?", "사람이에요 로봇이에요", "혹시 챗봇인가요"],
}
CASES = [(intent, text) for intent, texts in WISHES.items() for text in texts]
STRANGE = [
    "피자 주문할래요",
    "오늘 날씨 어때",
    "로또 번호 추천해줘",
    "로또 당첨 번호 알려줘",
    "내일 비 와?",
    "치킨 시켜줘",
    "파스타 만드는 법",
    "BTS 신곡 들려줘",
    "손흥민 몇 골 넣었어",
    "서울에서 부산까지 얼마나 걸려",
    "에어컨 수리 예약하고 싶어요",
    "택배 반품할게요",
    "양자역학이 뭐야",
    "강아지가 아파요",
    "영화표 예매해줘",
    "배고파 죽겠다",
    "재미있는 책 추천 좀",
    "비행기 몇 시에 떠요",
    "고양이 사료 어디서 사요",
    "수학 숙제 도와줘",
    "비트코인 오를까요",
    "다이어트 식단 짜줘",
    "노래방 기계 고장났어요",
    "연예인 누구 좋아해",
]
BARE = [
    "010-1234-5678",
    "01012345678",
    "010 2222 3333이요",
    "제 번호는 010-1234-5678입니다",
    "010-2345-6789",
    "5천만원",
    "오천만원이요",
    "1억",
    "3000만원",
    "내일 오후 세 시",
    "내일",
    "다음 주 화요일",
    "오후 3시",
    "50%",
    "110-123-456789",
    "4111-1111-1111-1111",
    "신용카드",
    "체크카드요",
    "hong@example.com",
    "2026-12-01",
    "12345",
    "9876",
    "홍길동",
    "김철수입니다",
    "금요일이요",
]


@pytest.mark.parametrize(("intent", "text"), CASES)
def test_wish(bank: Pipeline, now: datetime, intent: str, text: str) -> None:
    found = bank.understand(text, now)
    assert found.intent is not None
    assert found.intent.name == intent
    assert found.intent.confidence >= THRESHOLD


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("사람 불러줘", "request_human"),
        ("콜백 해줘", "request_callback"),
        ("콜백해줘", "request_callback"),
        ("카드 정지해줘", "card_loss"),
        ("직원 바꿔줘", "request_human"),
    ],
)
def test_who_speaks_plainly_is_no_stranger(bank: Pipeline, now: datetime, text: str, intent: str) -> None:
    found = bank.understand(text, now)
    assert found.intent is not None
    assert (found.intent.name, found.out_of_scope.decision) == (intent, False)


@pytest.mark.parametrize(
    ("way", "lost"), [("spaces", 0.05), ("jamo", 0.05), ("typos", 0.12)], ids=["spaces", "jamo", "typos"]
)
def test_spoiled_wishes_are_mostly_understood(bank: Pipeline, now: datetime, way: Way, lost: float) -> None:
    long = [(intent, text) for intent, text in CASES if len(text) >= 6]
    hits = 0
    for intent, text in long:
        found = bank.understand(perturb(text, way, 3), now).intent
        hits += found is not None and found.name == intent
    assert hits / len(long) >= 1 - lost


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("zkem wjdwl", "card_loss"),
        ("zkem 잃어버렸어요", "card_loss"),
        ("ㅋㅏ드 잃어버렸어요", "card_loss"),
        ("카드를 잃어버렸어요ㅠㅠㅠㅠㅠㅠ", "card_loss"),
        ("카드를잃어버렸어요!!!!!!", "card_loss"),
        ("카드\u200b를 잃어버렸어요", "card_loss"),
        ("이체한도올려주세요", "transfer_limit_change"),
        ("tkdekadnjs", "request_human"),
    ],
)
def test_slips_and_noise(bank: Pipeline, now: datetime, text: str, intent: str) -> None:
    found = bank.understand(text, now).intent
    assert found is not None
    assert (found.name, found.confidence > 0.8) == (intent, True)


@pytest.mark.parametrize("text", BARE)
def test_a_bare_value_is_nobodys_wish(bank: Pipeline, now: datetime, text: str) -> None:
    found = bank.understand(text, now)
    assert found.intent is not None
    assert found.intent.confidence < 0.3
    assert not found.out_of_scope.decision


@pytest.mark.parametrize(
    "text", ["전화 주세요 010-1234-5678", "이체 한도 5천만원으로 올려주세요", "내일 오후 세 시에 전화 주세요"]
)
def test_a_wish_with_a_value_stays_a_wish(bank: Pipeline, now: datetime, text: str) -> None:
    found = bank.understand(text, now)
    assert found.intent is not None
    assert found.intent.confidence > 0.9
    assert found.entities


@pytest.mark.parametrize("text", STRANGE[:5])
def test_no_business_of_a_bank(bank: Pipeline, now: datetime, text: str) -> None:
    assert bank.understand(text, now).out_of_scope.decision


def test_strangers_are_told_from_customers(bank: Pipeline, now: datetime) -> None:
    ours = [bank.understand(text, now).out_of_scope for _, text in CASES]
    theirs = [bank.understand(text, now).out_of_scope for text in STRANGE]
    assert auroc([found.score for found in ours], [found.score for found in theirs]) >= 0.97
    assert sum(found.decision for found in theirs) / len(theirs) >= 0.9
    assert sum(found.decision for found in ours) / len(ours) <= 0.03


@pytest.mark.parametrize("text", ["ㅁㄴㅇㄹㅋㅋ", "ㅂㅈㄷㄱㅎㅎ", "asdf qwer", "ㅋㅋㅋ", "음", "글쎄요"])
def test_what_says_nothing_is_no_wish_and_no_stranger(bank: Pipeline, now: datetime, text: str) -> None:
    found = bank.understand(text, now)
    assert found.intent is not None
    assert (found.intent.confidence < THRESHOLD, found.out_of_scope.decision) == (True, False)


@pytest.mark.parametrize("text", ["", "   ", "😀😀😀", "?!", "\u200b\u200e", "…", "♥"])
def test_nothing_readable_has_no_intent(bank: Pipeline, now: datetime, text: str) -> None:
    found = bank.understand(text, now)
    assert found.intent is None
    assert found.to_rasa()["intent"] == {"name": None, "confidence": 0.0}


@pytest.mark.parametrize(
    "text",
    [
        "가" * 100_000,
        "카드 " * 30_000,
        "\x00\x01카드",
        "مرحبا بالعالم",
        "שלום",
        "9" * 5_000,
        "9억" * 3_000,
        "a@" * 2_000,
        "[" * 5_000,
    ],
)
def test_hostile_messages_are_read_quickly(bank: Pipeline, now: datetime, text: str) -> None:
    started = time.process_time()
    found = bank.understand(text, now)
    assert time.process_time() - started < 2
    assert found.text == text


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_understood_somehow(bank: Pipeline, text: str) -> None:
    found = bank.understand(text)
    assert all(0 <= intent.confidence <= 1 for intent in found.intent_ranking)
    assert sum(intent.confidence for intent in found.intent_ranking) <= 1.01
    confidences = [intent.confidence for intent in found.intent_ranking]
    assert confidences == sorted(confidences, reverse=True)
    assert all(text[entity.start : entity.end] == entity.text for entity in found.entities)
    assert 0 <= found.out_of_scope.score <= 1
    found.to_rasa()


def test_threads_may_ask_at_once(bank: Pipeline, now: datetime) -> None:
    texts = [text for _, text in CASES[::4]]
    wanted = bank.understand_many(texts, now)
    got: list[list[object]] = []
    threads = [
        threading.Thread(target=lambda: got.append(list(bank.understand_many(texts, now)))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == [wanted] * 4


def test_rasas_shape(bank: Pipeline, now: datetime) -> None:
    found = bank.understand("체크카드를 잃어버렸어요", now).to_rasa()
    assert found["intent"]["name"] == found["intent_ranking"][0]["name"] == "card_loss"
    entity = found["entities"][0]
    assert {
        "entity": "card_type",
        "start": 0,
        "end": 4,
        "value": "체크카드",
        "text": "체크카드",
    }.items() <= entity.items()
    assert set(found) == {
        "text",
        "intent",
        "intent_ranking",
        "entities",
        "sentiment",
        "out_of_scope",
        "abuse",
        "signals",
        "wishes",
    }


def test_reference_data_are_plenty_and_none_stands_twice() -> None:
    data = load_training_data(ROOT / "data" / "nlu")
    counts = {intent: sum(e.intent == intent for e in data.examples) for intent in data.intents()}
    assert len(counts) >= 35
    assert {intent: count for intent, count in counts.items() if count < 15} == {}
    assert lint(data) == []


def test_spoiling_is_the_same_each_time() -> None:
    for way in WAYS:
        assert (
            perturb("카드를 잃어버렸어요", way, 1)
            == perturb("카드를 잃어버렸어요", way, 1)
            != "카드를 잃어버렸어요"
        )
    assert perturb("이체 한도", "spaces") == "이체한도"
    assert perturb("OK", "jamo") == "OK"
