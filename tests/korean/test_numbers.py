"""Numbers as Koreans write and say them; what is no number is refused, never read as another one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from korean.numbers import find_numbers, parse_number, to_digits, to_native, to_sino

READ: list[tuple[str, float]] = [
    ("영", 0),
    ("공", 0),
    ("0", 0),
    ("7", 7),
    ("일", 1),
    ("구", 9),
    ("십", 10),
    ("십일", 11),
    ("이십", 20),
    ("백", 100),
    ("백십", 110),
    ("천", 1_000),
    ("천오백", 1_500),
    ("육천칠백", 6_700),
    ("만", 10_000),
    ("만이천", 12_000),
    ("삼만 오천", 35_000),
    ("삼만오천", 35_000),
    ("3만5천", 35_000),
    ("3만 5천", 35_000),
    ("십만", 100_000),
    ("이백오십만", 2_500_000),
    ("백만", 1_000_000),
    ("천만", 10_000_000),
    ("5천만", 50_000_000),
    ("오천만", 50_000_000),
    ("1억", 100_000_000),
    ("일억", 100_000_000),
    ("1억2천", 120_000_000),
    ("1억 2천", 120_000_000),
    ("1억2천만", 120_000_000),
    ("1억 5백", 105_000_000),
    ("1억2천3백", 123_000_000),
    ("2억 5천만", 250_000_000),
    ("1조", 10**12),
    ("1조 2천억", 1_200_000_000_000),
    ("1.5억", 150_000_000),
    ("3.5만", 35_000),
    ("0.5", 0.5),
    ("12.25", 12.25),
    ("1,000", 1_000),
    ("35,000", 35_000),
    ("1,234,567", 1_234_567),
    ("3천2백", 3_200),
    ("12만3천4백56", 123_456),
    ("오십오만오천", 555_000),
    ("일이삼", 123),
    ("공일공", 10),
    ("１２", 12),
    ("하나", 1),
    ("한", 1),
    ("두", 2),
    ("셋", 3),
    ("네", 4),
    ("다섯", 5),
    ("열", 10),
    ("열두", 12),
    ("스무", 20),
    ("스물", 20),
    ("스물세", 23),
    ("서른다섯", 35),
    ("아흔아홉", 99),
]
REFUSED = [
    "",
    " ",
    "만만",
    "오오만",
    "십백",
    "십천",
    "만억",
    "천천",
    "하나둘",
    "두세",
    "3 5",
    "12 34",
    "1,2",
    "35,00",
    ",",
    "1,",
    "카드",
    "만 원",
    "구만리",
    "三",
    "1만2만",
    "-5",
    "1/2",
    "백두산",
    "일요일",
    "9" * 50,
    "1.2.3",
]


@pytest.mark.parametrize(("text", "value"), READ)
def test_number_is_read(text: str, value: float) -> None:
    assert parse_number(text) == value
    assert isinstance(parse_number(text), int) == float(value).is_integer()


@pytest.mark.parametrize("text", REFUSED)
def test_nonsense_is_refused(text: str) -> None:
    assert parse_number(text) is None


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "영"),
        (1, "일"),
        (10, "십"),
        (11, "십일"),
        (100, "백"),
        (110, "백십"),
        (1_000, "천"),
        (10_000, "만"),
        (12_345, "만이천삼백사십오"),
        (35_000, "삼만오천"),
        (110_000, "십일만"),
        (100_000_000, "일억"),
        (120_000_000, "일억이천만"),
        (10**12, "일조"),
        (10**16, "일" + "공" * 16),
        (-5, "마이너스 오"),
    ],
)
def test_number_is_said(number: int, words: str) -> None:
    assert to_sino(number) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "한"),
        (2, "두"),
        (3, "세"),
        (4, "네"),
        (5, "다섯"),
        (10, "열"),
        (11, "열한"),
        (20, "스무"),
        (21, "스물한"),
        (99, "아흔아홉"),
        (100, "백"),
        (0, "영"),
    ],
)
def test_number_before_a_counter(number: int, words: str) -> None:
    assert to_native(number) == words


def test_digits_one_by_one() -> None:
    assert to_digits("010-1234") == "공일공일이삼사"


@given(st.integers(0, 10**16 - 1))
def test_what_is_said_is_read_back(number: int) -> None:
    assert parse_number(to_sino(number)) == number


@given(st.integers(0, 10**12))
def test_grouped_digits_are_read(number: int) -> None:
    assert parse_number(f"{number:,}") == number


@given(st.integers(1, 99))
def test_native_numbers_are_read_back(number: int) -> None:
    assert parse_number(to_native(number)) == number


@given(
    st.text(
        alphabet=st.sampled_from("0123456789영공일이삼사오육칠팔구십백천만억조한두세열스물 ,.원²٣"),
        max_size=60,
    )
)
def test_any_run_is_read_or_refused_and_spans_lie_inside(text: str) -> None:
    value = parse_number(text)
    assert value is None or value >= 0
    for span in find_numbers(text):
        assert text[span.start : span.end] == span.text
        assert parse_number(span.text) == span.value


@given(st.text())
def test_any_text_can_be_searched(text: str) -> None:
    list(find_numbers(text))
