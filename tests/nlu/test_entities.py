"""Expressions and their values, said on Wednesday 25 November 2026 at ten in the morning."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from korean.identifiers import luhn
from nlu.entities import extract
from nlu.pipeline import KOREA

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=KOREA)

DATES = {
    "오늘": "2026-11-25",
    "어제 결제한 거요": "2026-11-24",
    "그저께": "2026-11-23",
    "그제 보냈어요": "2026-11-23",
    "엊그제": "2026-11-23",
    "내일": "2026-11-26",
    "낼까지요": "2026-11-26",
    "내일모레": "2026-11-27",
    "모레 오후에": "2026-11-27",
    "글피": "2026-11-28",
    "다음 주 화요일": "2026-12-01",
    "다음주 화요일에요": "2026-12-01",
    "담주 화욜": "2026-12-01",
    "지난주 금요일": "2026-11-20",
    "지난 주 월요일": "2026-11-16",
    "이번 주 토요일": "2026-11-28",
    "다음다음 주 월요일": "2026-12-07",
    "다다음주 수요일": "2026-12-09",
    "금요일": "2026-11-27",
    "수요일": "2026-11-25",
    "월욜에 전화주세요": "2026-11-30",
    "이번주 금욜": "2026-11-27",
    "주말": "2026-11-28",
    "다음 주말": "2026-12-05",
    "12월 25일": "2026-12-25",
    "12월25일": "2026-12-25",
    "1월 3일": "2027-01-03",
    "3월 1일부터": "2027-03-01",
    "10월 9일": "2026-10-09",
    "십이월 이십오일": "2026-12-25",
    "시월 구일": "2026-10-09",
    "유월 육일": "2026-06-06",
    "작년 12월 25일": "2025-12-25",
    "내년 1월 1일": "2027-01-01",
    "올해 5월 5일": "2026-05-05",
    "26년 12월 1일": "2026-12-01",
    "2026년 12월 1일": "2026-12-01",
    "2026-12-01": "2026-12-01",
    "2026.12.1": "2026-12-01",
    "2026/12/01까지": "2026-12-01",
    "20261201": "2026-12-01",
    "12/25": "2026-12-25",
    "이번 달 30일": "2026-11-30",
    "다음 달 5일": "2026-12-05",
    "담달 5일": "2026-12-05",
    "지난달 15일": "2026-10-15",
    "이달 말": "2026-11-30",
    "월말까지": "2026-11-30",
    "다음 달 말": "2026-12-31",
    "2월 말": "2027-02-28",
    "25일에 빠져나가요": "2026-11-25",
    "3일이요": "2026-12-03",
    "31일까지": "2026-12-31",
    "3일 뒤": "2026-11-28",
    "사흘 뒤": "2026-11-28",
    "이틀 전": "2026-11-23",
    "하루 전": "2026-11-24",
    "열흘 후": "2026-12-05",
    "보름 뒤": "2026-12-10",
    "일주일 후": "2026-12-02",
    "2주 뒤": "2026-12-09",
    "한 달 전": "2026-10-25",
    "석 달 전": "2026-08-25",
    "3개월 후": "2027-02-25",
    "3년 전": "2023-11-25",
    "크리스마스": "2026-12-25",
    "성탄절 이브": "2026-12-24",
    "설날": "2027-02-07",
    "추석": "2027-09-15",
    "추석 연휴 전날": "2027-09-13",
    "추석 연휴 첫날": "2027-09-14",
    "추석 연휴 마지막 날": "2027-09-16",
    "어린이날": "2027-05-05",
    "삼일절": "2027-03-01",
}
TIMES = {
    "오후 3시": "15:00",
    "오후 세시": "15:00",
    "오후세시에": "15:00",
    "오전 열한 시 반": "11:30",
    "저녁 7시": "19:00",
    "밤 11시": "23:00",
    "밤 12시": "00:00",
    "새벽 2시": "02:00",
    "낮 12시": "12:00",
    "낮 1시": "13:00",
    "점심 12시": "12:00",
    "정오": "12:00",
    "자정까지": "00:00",
    "3시": "15:00",
    "3시도 괜찮아요": "15:00",
    "9시": "09:00",
    "세 시 반": "15:30",
    "14시 30분": "14:30",
    "14:30": "14:30",
    "오후 2:30": "14:30",
    "3시 15분": "15:15",
    "오후 네시 십오분": "16:15",
    "열두 시": "12:00",
    "두시쯤": "14:00",
    "아침 9시": "09:00",
    "오전 12시": "00:00",
    "한 시간 뒤에": "11:00",
    "30분 뒤": "10:30",
    "두 시간 반 후": "12:30",
}
AMOUNTS = {
    "삼만 오천원": 35_000,
    "3만5천 원": 35_000,
    "35,000원": 35_000,
    "구만 오천 원": 95_000,
    "5천만원": 50_000_000,
    "한도5천만원으로": 50_000_000,
    "오천만 원": 50_000_000,
    "1억": 100_000_000,
    "한도를 일억으로": 100_000_000,
    "1억2천": 120_000_000,
    "1억 2천만원": 120_000_000,
    "1.5억": 150_000_000,
    "3000만원": 30_000_000,
    "이백만 원": 2_000_000,
    "300만": 3_000_000,
    "300만 정도": 3_000_000,
    "5백만원이요": 5_000_000,
    "십오만 원 정도": 150_000,
    "칠천오백원": 7_500,
    "만원": 10_000,
    "만 원만": 10_000,
    "천원": 1_000,
    "백원이요": 100,
    "100원": 100,
    "0원": 0,
    "₩12,000": 12_000,
    "10만원씩": 100_000,
    "3 5만원": 50_000,
}
OTHERS: dict[str, tuple[str, Any]] = {
    "25%": ("percent", 25),
    "3.5프로예요": ("percent", 3.5),
    "2.5 퍼센트": ("percent", 2.5),
    "십 퍼센트": ("percent", 10),
    "두 개": ("number", 2),
    "3명이요": ("number", 3),
    "스물다섯 살": ("number", 25),
    "두 번 결제됐어요": ("number", 2),
    "5장": ("number", 5),
    "010-1234-5678": ("phone", "010-1234-5678"),
    "01012345678로": ("phone", "010-1234-5678"),
    "010 1234 5678": ("phone", "010-1234-5678"),
    "010.1234.5678": ("phone", "010-1234-5678"),
    "010 - 1234 - 5678": ("phone", "010-1234-5678"),
    "+82 10-1234-5678": ("phone", "010-1234-5678"),
    "+82-10-1234-5678": ("phone", "010-1234-5678"),
    "공일공 일이삼사 오육칠팔": ("phone", "010-1234-5678"),
    "011-234-5678": ("phone", "011-234-5678"),
    "02-1234-5678": ("phone", "02-1234-5678"),
    "0212345678": ("phone", "02-1234-5678"),
    "031-123-4567": ("phone", "031-123-4567"),
    "070-1234-5678": ("phone", "070-1234-5678"),
    "110-123-456789": ("account", "110-123-456789"),
    "국민은행 123456-12-123456이에요": ("account", "123456-12-123456"),
    "계좌번호 110123456789": ("account", "110123456789"),
    "계좌는 01012345678": ("account", "01012345678"),
    "4111-1111-1111-1111": ("card", "4111-1111-1111-1111"),
    "4111111111111111": ("card", "4111-1111-1111-1111"),
    "5555 5555 5555 4444": ("card", "5555-5555-5555-4444"),
    "끝자리 1234": ("card_last4", "1234"),
    "뒷자리가 9876이에요": ("card_last4", "9876"),
    "1234로 끝나는 카드": ("card_last4", "1234"),
    "900101-1234567": ("rrn", "900101-1234567"),
    "9001011234567": ("rrn", "900101-1234567"),
    "201103-3123456": ("rrn", "201103-3123456"),
    "Hong.Gil@Example.com": ("email", "hong.gil@example.com"),
    "메일은 a.b@c.co.kr이에요": ("email", "a.b@c.co.kr"),
    "1588-0000": ("phone", "1588-0000"),
    "100달러": ("foreign_amount", {"amount": 100, "currency": "USD"}),
    "매월 5일": ("recurrence", "FREQ=MONTHLY;BYMONTHDAY=5"),
    "평일": ("recurrence", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
    "다음 주에": ("period", {"from": "2026-11-30", "to": "2026-12-06"}),
    "세시간": ("duration", "PT3H"),
}
EXPRESSIONS: list[tuple[str, str, Any]] = [
    *((text, "date", value) for text, value in DATES.items()),
    *((text, "time", value) for text, value in TIMES.items()),
    *((text, "amount", value) for text, value in AMOUNTS.items()),
    *((text, entity, value) for text, (entity, value) in OTHERS.items()),
]
NOTHING = [
    "구월동 지점",
    "공항 가요",
    "공원 근처 지점",
    "영원히 안 써요",
    "이만 끊을게요",
    "조만간 갈게요",
    "오만 가지 생각",
    "천천히 해주세요",
    "한 시도 못 기다려요",
    "역시 그렇군요",
    "혹시 되나요",
    "시스템 오류",
    "일이 많아요",
    "내일배움카드 되나요",
    "그제서야 알았어요",
    "2026년 2월 30일",
    "13월 40일",
    "25시",
    "991332-1234567",
    "4111-1111-1111-1112",
    "오만 원권 지폐",
    "말씀해 주세요",
    "프로그램 오류",
    "전화번호",
    "@",
    "안녕하세요",
]


def found(text: str, **lists: Any) -> list[tuple[str, Any]]:
    return [(entity.entity, entity.value) for entity in extract(text, NOW, **lists)]


def test_the_table_is_long() -> None:
    assert len(EXPRESSIONS) >= 160


@pytest.mark.parametrize(("text", "entity", "value"), EXPRESSIONS)
def test_value_of_an_expression(text: str, entity: str, value: Any) -> None:
    assert found(text) == [(entity, value)]
    assert type(found(text)[0][1]) is type(value)


@pytest.mark.parametrize("text", NOTHING)
def test_what_is_no_entity(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "다음주 화요일 오후 세 시 반에 010-1234-5678로 전화 주세요",
            [("date", "2026-12-01"), ("time", "15:30"), ("phone", "010-1234-5678")],
        ),
        (
            "금요일 오전 10시에 5만원",
            [("date", "2026-11-27"), ("time", "10:00"), ("amount", 50_000)],
        ),
        ("3시에서 5시 사이", [("time", "15:00"), ("time", "17:00")]),
        ("3일 전부터 어제까지", [("date", "2026-11-22"), ("date", "2026-11-24")]),
        (
            "110-123-456789에서 200-456-789012로",
            [("account", "110-123-456789"), ("account", "200-456-789012")],
        ),
        ("삼만원 말고 5만원이요", [("amount", 30_000), ("amount", 50_000)]),
        ("내일세시에 전화", [("date", "2026-11-26"), ("time", "15:00")]),
        ("일주일에 한 번", [("duration", "P1W"), ("number", 1)]),
    ],
)
def test_several_in_one_message(text: str, wanted: list[tuple[str, Any]]) -> None:
    assert found(text) == wanted


@pytest.mark.parametrize("day", ["2026-01-31", "2026-03-31", "2028-02-29", "2026-12-31"])
def test_a_month_on_ends_with_the_month(day: str) -> None:
    said = datetime.fromisoformat(f"{day}T09:00:00+09:00")
    (entity,) = extract("한 달 뒤", said)
    month = said.month % 12 + 1
    assert int(entity.value[5:7]) == month


CARDS = {"card_type": ["신용카드", "체크카드", "OTP카드"]}
SYNONYMS = {"체카": "체크카드", "신카": "신용카드", "신용 카드": "신용카드"}


@pytest.mark.parametrize(
    ("text", "value", "shown"),
    [
        ("체크카드를 잃어버렸어요", "체크카드", "체크카드"),
        ("체크 카드요", "체크카드", "체크 카드"),
        ("신용카드로요", "신용카드", "신용카드"),
        ("체카 분실", "체크카드", "체카"),
        ("제 신카가 없어졌어요", "신용카드", "신카"),
        ("otp카드", "OTP카드", "otp카드"),
    ],
)
def test_own_lists_are_found_without_particles(text: str, value: str, shown: str) -> None:
    (entity,) = extract(text, NOW, CARDS, SYNONYMS)
    assert (entity.entity, entity.value, entity.text) == ("card_type", value, shown)


@pytest.mark.parametrize("text", ["갱신카드", "MYOTP카드A"])
def test_a_short_word_inside_another_is_not_meant(text: str) -> None:
    assert found(text, lookups=CARDS, synonyms=SYNONYMS) == []


def test_own_expressions(now: datetime) -> None:
    (entity,) = extract("BR-123 지점이요", now, regexes={"branch_code": r"BR-\d{3}"})
    assert (entity.entity, entity.value) == ("branch_code", "BR-123")


def test_an_expression_that_matches_nothing_long_is_ignored(now: datetime) -> None:
    assert extract("카드", now, regexes={"empty": "x*"}) == []


@pytest.mark.parametrize(
    ("digits", "right"),
    [("4111111111111111", True), ("4111111111111112", False), ("0", True), ("5555555555554444", True)],
)
def test_check_digit(digits: str, right: bool) -> None:
    assert luhn(digits) is right


alphabet = st.sampled_from(
    "0123456789영공일이삼사오육칠팔구십백천만억조원월일시분년주달뒤전후%-./:@ 내다음어제오후반설추석말열두세kr²٣"
)


@given(st.text(alphabet=alphabet, max_size=60), st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)))  # noqa: DTZ001
def test_any_text_at_any_time(text: str, said: datetime) -> None:
    last = 0
    for entity in extract(text, said.replace(tzinfo=KOREA), CARDS, SYNONYMS):
        assert last <= entity.start < entity.end <= len(text)
        assert text[entity.start : entity.end] == entity.text
        last = entity.end


@given(st.text())
def test_any_unicode(text: str) -> None:
    extract(text, NOW)


@given(st.text(alphabet="9억만천원 ", min_size=200, max_size=1_000))
def test_endless_numbers(text: str) -> None:
    extract(text, NOW)
