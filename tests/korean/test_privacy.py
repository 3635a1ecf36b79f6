"""Masking never lets a number or address through, however it is broken up, and leaves dates and amounts readable."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from korean.privacy import mask

MASKED = [
    ("010-1234-5678로 전화 주세요", "010-****-5678로 전화 주세요"),
    ("01012345678", "010-****-5678"),
    ("010-1234-5678이 제 번호예요", "010-****-5678이 제 번호예요"),
    ("010 1234 5678", "010-****-5678"),
    ("010.1234.5678", "010-****-5678"),
    ("010 - 1234 - 5678", "010-****-5678"),
    ("０１０-１２３４-５６７８", "010-****-5678"),
    ("+82 10-1234-5678", "+82-10-****-5678"),
    ("02-123-4567", "02-****-4567"),
    ("031)123-4567", "031-****-4567"),
    ("공일공 일이삼사 오육칠팔이에요", "공일공 **** ****이에요"),
    ("900101-1234567", "900101-1******"),
    ("9001011234567입니다", "900101-1******입니다"),
    ("900101 1234567", "900101-1******"),
    ("4111-1111-1111-1111", "4111-****-****-1111"),
    ("4111 1111 1111 1111", "4111-****-****-1111"),
    ("4111111111111111", "4111-****-****-1111"),
    ("371449635398431", "3714-******-*8431"),
    ("110-123-456789", "110-***-***789"),
    ("110 123 456789", "110 *** ***789"),
    ("계좌 110123456789", "계좌 110******789"),
    ("hong.gil@example.com이요", "h***@example.com이요"),
    ("길동@이음.한국", "길***@이음.한국"),
]


@pytest.mark.parametrize(("text", "wanted"), MASKED)
def test_masked(text: str, wanted: str) -> None:
    assert mask(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-25",
        "2026.11.25 14:30",
        "12월 25일 오후 3시",
        "100,000,000원",
        "3000만원",
        "1588-0000",
        "금액 1234567원",
        "1.0.2",
        "한도 50000000",
        "카드 끝자리 1234",
        "오천만 원",
        "일이삼",
        "@멘션",
        "",
        "안녕하세요",
    ],
)
def test_what_names_nobody_stays(text: str) -> None:
    assert mask(text) == text


@pytest.mark.parametrize(("text", "_"), MASKED)
def test_masking_twice_reveals_nothing_more(text: str, _: str) -> None:
    assert mask(mask(text)).count("*") >= mask(text).count("*")


separators = st.sampled_from(["", "-", " ", ".", " - ", "–", "/"])
korean = st.text(alphabet=st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), max_size=10)


def digits(count: int) -> st.SearchStrategy[str]:
    return st.text(alphabet="0123456789", min_size=count, max_size=count)


@given(korean, st.sampled_from(["010", "011", "016"]), digits(4), digits(4), separators, korean)
def test_no_mobile_number_gets_through(
    before: str, head: str, middle: str, last: str, separator: str, after: str
) -> None:
    masked = mask(f"{before} {separator.join((head, middle, last))}{after}")
    assert head + middle + last not in re.sub(r"\D", "", masked)
    assert "****" in masked


@given(korean, digits(4), digits(4), digits(4), digits(4), separators, korean)
def test_no_card_number_gets_through(
    before: str, a: str, b: str, c: str, d: str, separator: str, after: str
) -> None:
    masked = mask(f"{before}{separator.join((a, b, c, d))}{after}")
    assert a + b + c + d not in re.sub(r"\D", "", masked)


@given(st.dates(), st.sampled_from("12345678"), digits(6), st.sampled_from(["", "-", " "]), korean)
def test_no_resident_number_gets_through(day, sex: str, rest: str, separator: str, after: str) -> None:  # type: ignore[no-untyped-def]
    masked = mask(f"{day:%y%m%d}{separator}{sex}{rest}{after}")
    assert rest not in masked.replace(f"{day:%y%m%d}", "")


@given(st.emails())
def test_no_address_gets_through(address: str) -> None:
    name = address.partition("@")[0]
    if re.fullmatch(r"[\w.%+-]{2,}", name) and re.fullmatch(r".*@[\w-]+(\.[\w-]+)+", address):
        assert address not in mask(f"메일은 {address} 이에요")


@given(st.text())
def test_any_text_can_be_masked(text: str) -> None:
    mask(text)


@given(digits(20))
def test_long_numbers_never_get_through(number: str) -> None:
    assert number not in mask(f"번호 {number}번")
