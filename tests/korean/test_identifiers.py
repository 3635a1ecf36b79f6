"""Numbers that name somebody: their usual form, and check digits where there are some."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from korean.identifiers import (
    accounts,
    business_numbers,
    cards,
    driver_licences,
    emails,
    last_digits,
    luhn,
    passports,
    phones,
    resident_numbers,
    urls,
)
from korean.identifiers.registrations import business_check, resident_check


@pytest.mark.parametrize(
    ("text", "value", "line"),
    [
        ("010-1234-5678", "010-1234-5678", "mobile"),
        ("(010) 1234 5678", "010-1234-5678", "mobile"),
        ("82-10-1234-5678", "010-1234-5678", "mobile"),
        ("+82 2 555 1234", "02-555-1234", "fixed"),
        ("031)712-3456", "031-712-3456", "fixed"),
        ("0505-123-4567", "0505-123-4567", "fixed"),
        ("080-555-6666", "080-555-6666", "fixed"),
        ("1588-0000", "1588-0000", "company"),
        ("대표번호 15880000", "1588-0000", "company"),
        ("공일공에 일이삼사에 오육칠팔이에요", "010-1234-5678", "mobile"),
        ("공일공 1234 오육칠팔이요", "010-1234-5678", "mobile"),
        ("공이 오오오 일이삼사요", "02-555-1234", "fixed"),
        ("010 다시 1234 다시 5678", "010-1234-5678", "mobile"),
    ],
)
def test_telephone_numbers(text: str, value: str, line: str) -> None:
    (found,) = phones(text)
    assert (found.value, found.info["line"]) == (value, line)


@pytest.mark.parametrize(
    "text", ["20261125", "15880000원", "1101234567", "2026-11-25", "공일공", "1234-5678", "110-123-456789"]
)
def test_other_numbers_are_no_telephone(text: str) -> None:
    assert list(phones(text)) == []


def test_a_spoken_number_ends_before_the_copula() -> None:
    text = "공일공 일이삼사 오육칠팔이에요"
    (found,) = phones(text)
    assert text[found.start : found.end] == "공일공 일이삼사 오육칠팔"


@pytest.mark.parametrize(
    ("text", "value"),
    [("4111 1111 1111 1111", "4111-1111-1111-1111"), ("378282246310005", "3782-822463-10005")],
)
def test_cards_with_a_right_check_digit(text: str, value: str) -> None:
    assert [found.value for found in cards(text)] == [value]
    assert list(cards(text[:-1] + "9")) == []


@given(st.text("0123456789", min_size=15, max_size=15))
def test_each_card_has_exactly_one_check_digit(digits: str) -> None:
    assert sum(luhn(digits + last) for last in "0123456789") == 1


@pytest.mark.parametrize("text", ["끝자리 1234", "카드 끝 1234", "1234로 끝나는 카드", "뒷번호는 1234예요"])
def test_last_digits(text: str) -> None:
    assert [found.value for found in last_digits(text)] == ["1234"]


@pytest.mark.parametrize(
    ("digits", "right"),
    [("9001011234568", True), ("9001011234567", False), ("8505055123456", True), ("8505055123454", False)],
)
def test_check_digit_of_a_resident_number(digits: str, right: bool) -> None:
    assert resident_check(digits) is right


@pytest.mark.parametrize("text", ["901301-1234567", "900230-1234567", "9001011234", "1-900101-1234567"])
def test_no_day_no_resident_number(text: str) -> None:
    assert list(resident_numbers(text)) == []


def test_a_foreigners_number() -> None:
    (found,) = resident_numbers("850505-5123456")
    assert found.info["foreigner"] is True


def test_business_numbers() -> None:
    assert business_check("2208162517")
    assert [found.value for found in business_numbers("220-81-62517")] == ["220-81-62517"]
    assert [found.value for found in business_numbers("사업자등록번호 2208162517")] == ["220-81-62517"]
    assert list(business_numbers("220-81-62518")) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("110-123-456789", "110-123-456789"),
        ("국민은행 110 123 456789", "110-123-456789"),
        ("계좌번호는 110123456789", "110123456789"),
        ("토스뱅크 1000-12345678", "1000-12345678"),
    ],
)
def test_accounts(text: str, value: str) -> None:
    assert [found.value for found in accounts(text)] == [value]


@pytest.mark.parametrize("text", ["010-1234-5678", "2026-11-25", "1234567890123", "국민은행 1234"])
def test_no_accounts(text: str) -> None:
    assert list(accounts(text)) == []


def test_passports_licences_addresses_of_the_web() -> None:
    assert [found.value for found in passports("m12345678, M123A4567, AM12345678, M1234567")] == [
        "M12345678",
        "M123A4567",
    ]
    assert [found.value for found in driver_licences("11-12-345678-90 서울 12-345678-90")] == [
        "11-12-345678-90",
        "서울-12-345678-90",
    ]
    assert [found.value for found in emails("A.b@Example.com이요")] == ["a.b@example.com"]
    assert [found.value for found in urls("https://a.example/x?y=1. 그리고 www.b.co.kr, c@d.com")] == [
        "https://a.example/x?y=1",
        "www.b.co.kr",
    ]
