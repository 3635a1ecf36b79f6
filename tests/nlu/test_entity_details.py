"""What comes with a value: roles of two ends, grain, validity, places in the text as it was typed, tense, overlaps."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import Any

import pytest

from nlu.entities import EntityExtractor, extract
from nlu.entities.extractor import settle
from nlu.entities.found import Found
from nlu.pipeline import KOREA
from nlu.types import Entity, Understanding

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=KOREA)


def only(text: str, now: datetime = NOW) -> Entity:
    (entity,) = extract(text, now)
    return entity


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("12월 1일부터 5일까지", "2026-12-01", "2026-12-05"),
        ("12월 30일~1월 3일", "2026-12-30", "2027-01-03"),
        ("금요일부터 월요일까지", "2026-11-27", "2026-11-30"),
        ("저녁 7시부터 9시까지", "19:00", "21:00"),
        ("오전 9시에서 5시", "09:00", "17:00"),
        ("9~18시", "09:00", "18:00"),
        ("3만원에서 5만원", 30_000, 50_000),
        ("3~5만원", 30_000, 50_000),
        ("2~3%", 2, 3),
    ],
)
def test_two_ends_of_a_span(text: str, start: Any, end: Any) -> None:
    assert [(e.role, e.value) for e in extract(text, NOW)] == [("from", start), ("to", end)]


def test_ends_that_stand_apart() -> None:
    found = extract("내일 오후 2시부터 모레 4시까지", NOW)
    assert [(e.entity, e.value, e.role) for e in found] == [
        ("date", "2026-11-26", None),
        ("time", "14:00", "from"),
        ("date", "2026-11-27", None),
        ("time", "16:00", "to"),
    ]


@pytest.mark.parametrize(("text", "role"), [("25일까지", "to"), ("내일부터", "from"), ("내일", None)])
def test_one_end(text: str, role: str | None) -> None:
    assert only(text).role == role


@pytest.mark.parametrize(
    ("text", "info"),
    [
        ("내일", {"grain": "day"}),
        ("다음 주", {"grain": "week"}),
        ("올해", {"grain": "year"}),
        ("다음 달 초", {"grain": "day", "from": "2026-12-01", "to": "2026-12-10"}),
        ("오후 3시", {"grain": "hour"}),
        ("23시간 뒤", {"grain": "minute", "datetime": "2026-11-26T09:00+09:00"}),
        ("영업일 기준 3일", {"grain": "day", "working_days": 3}),
        ("백만 원 정도", {"approximate": True}),
        ("서너 명", {"unit": "명", "from": 3, "to": 4}),
        ("010-1234-5678", {"line": "mobile"}),
        ("900101-1234568", {"validity": "checked", "foreigner": False, "birth": "1990-01-01"}),
        ("900101-1234567", {"validity": "unchecked", "foreigner": False, "birth": "1990-01-01"}),
        ("201103-3123456", {"validity": "random_tail", "foreigner": False, "birth": "2020-11-03"}),
    ],
)
def test_what_else_is_known(text: str, info: dict[str, Any]) -> None:
    assert only(text).info == info


def test_info_is_rasas_additional_info() -> None:
    understanding = Understanding(text="내일", entities=(only("내일"),))
    (entity,) = understanding.to_rasa()["entities"]
    assert entity["additional_info"] == {"grain": "day"}
    assert {"entity", "start", "end", "value", "text", "extractor"} <= set(entity)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("월요일에 결제했어요", "2026-11-23"),
        ("월요일에 결제할게요", "2026-11-30"),
        ("월요일에 있어요", "2026-11-30"),
        ("월요일에 갔으면 해요", "2026-11-30"),
        ("12월 24일에 보낸 돈이요", "2025-12-24"),
        ("12월 24일에 보낼 돈이요", "2026-12-24"),
        ("추석에 결제했어요", "2026-09-25"),
    ],
)
def test_a_verb_in_the_past_looks_back(text: str, value: str) -> None:
    assert only(text).value == value


@pytest.mark.parametrize(
    ("year", "seollal", "chuseok"),
    [
        (2024, "2024-02-10", "2024-09-17"),
        (2025, "2025-01-29", "2025-10-06"),
        (2028, "2028-01-27", "2028-10-03"),
        (2033, "2033-01-31", "2033-09-08"),
    ],
)
def test_lunar_feasts_of_other_years(year: int, seollal: str, chuseok: str) -> None:
    now = datetime(year, 1, 10, tzinfo=KOREA)
    assert [only(name, now).value for name in ("설날", "추석")] == [seollal, chuseok]


def test_now_decides() -> None:
    sunday = datetime(2026, 11, 29, 23, 50, tzinfo=KOREA)
    assert only("내일", sunday).value == "2026-11-30"
    assert only("이번 주 월요일", sunday).value == "2026-11-23"
    assert only("주말", sunday).value == "2026-11-28"


@pytest.mark.parametrize(
    "text",
    [
        unicodedata.normalize("NFD", "네 내일 오후 세 시에 갈게요"),
        "네 내\u200b일 오후 세 시에 갈게요",
        "네 내일 오후 ３시에 갈게요",
        "😀 내일 오후 세 시에 갈게요",
    ],
)
def test_places_are_those_of_the_text_as_it_came(text: str) -> None:
    found = extract(text, NOW)
    assert [(e.entity, e.value) for e in found] == [("date", "2026-11-26"), ("time", "15:00")]
    assert all(text[e.start : e.end] == e.text for e in found)
    assert unicodedata.normalize("NFKC", found[0].text).replace("\u200b", "") == "내일"


def test_overlaps_go_by_priority_then_length_then_place() -> None:
    weak, long, early, late = (
        Found("a", 0, 9, "", 10),
        Found("b", 2, 8, "", 20),
        Found("c", 2, 5, "", 20),
        Found("d", 8, 9, "", 5),
    )
    assert settle([weak, early, late, long]) == [long, late]


def test_an_address_is_no_count_and_no_amount() -> None:
    text = "서울특별시 강남구 테헤란로 123, 101동 1202호로 보내 주세요"
    assert [e.entity for e in extract(text, NOW)] == ["address"]


CITIES = {"city": ["서울", "부산"], "card_type": ["체크카드", "마이너스통장"]}


@pytest.mark.parametrize("text", ["채크카드로요", "체크가드요", "마이너스통잔 만들래요"])
def test_one_wrong_letter_is_forgiven_where_that_is_switched_on(text: str) -> None:
    (entity,) = EntityExtractor(CITIES, typos=True).extract(text, NOW)
    assert entity.entity == "card_type"
    assert entity.info["written"] == entity.text != entity.value
    assert EntityExtractor(CITIES).extract(text, NOW) == []


@pytest.mark.parametrize("text", ["채크가드", "체크", "마이나스통잔", "abc", ""])
def test_more_than_one_wrong_letter_is_another_word(text: str) -> None:
    assert EntityExtractor(CITIES, typos=True).extract(text, NOW) == []


@pytest.mark.parametrize("text", ["전세", "전세요", "전세 자금 대출로 할게요"])
def test_words_that_begin_alike_are_told_apart_at_the_end_of_a_text(text: str) -> None:
    words = {"loan": ["전세대출"]}
    (entity,) = EntityExtractor(words, {"전세": "전세대출", "전세자금대출": "전세대출"}).extract(text, NOW)
    assert entity.value == "전세대출"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1억이요", 100_000_000),
        ("5억이에요", 500_000_000),
        ("삼백만이요", 3_000_000),
        ("1억이천", 120_000_000),
        ("1억이천만원이요", 120_000_000),
    ],
)
def test_the_verb_after_a_large_unit_is_no_two(text: str, value: int) -> None:
    assert only(text).value == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("일오구삼이요", 1593),
        ("사팔이일이요", 4821),
        ("이오팔공이요", 2580),
        ("일사칠이요", 147),
        ("일이삼사", 1234),
        ("칠사구이요", 7492),
    ],
)
def test_digits_that_are_said_one_by_one_end_before_the_verb(text: str, value: int) -> None:
    assert only(text).value == value
