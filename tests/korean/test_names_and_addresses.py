"""Names and postal addresses: found where somebody is introduced or a place is written out, and nowhere else."""

from __future__ import annotations

import pytest

from korean.addresses import addresses, postcodes
from korean.names import names


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("제 이름은 홍길동이에요", "홍길동"),
        ("성함: 김 민수", "김민수"),
        ("저는 박서연이라고 합니다", "박서연"),
        ("이지은 님이 보냈어요", "이지은"),
        ("남궁민수 씨 계좌요", "남궁민수"),
        ("예금주 강동원 맞죠?", "강동원"),
        ("홍길동입니다", "홍길동"),
        ("홍길동", "홍길동"),
        ("최현우에게 3만원 보내줘", "최현우"),
        ("김하늘 명의로 되어 있어요", "김하늘"),
    ],
)
def test_names(text: str, name: str) -> None:
    (found,) = names(text)
    assert (found.value, text[found.start : found.end].replace(" ", "")) == (name, name)


@pytest.mark.parametrize(
    "text",
    [
        "고객님 안녕하세요", "상담원님", "선생님께 여쭤봤어요", "고양이한테 줘도 되나요", "이용자에게 안내", "심심해요", "마무리",
        "이름이 뭐예요", "이름을 바꿨어요", "예금주를 바꾸고 싶어요", "전세금이요", "받는 사람이 누구예요", "저는 고객이에요",
        "한국인에게 인기 있어요", "이자율이 어떻게 되나요", "", "님",
    ],
)  # fmt: skip
def test_words_that_look_like_names(text: str) -> None:
    assert list(names(text)) == []


@pytest.mark.parametrize(
    ("text", "value", "level"),
    [
        ("서울시 강남구 테헤란로 123으로", "서울시 강남구 테헤란로 123", "road"),
        ("서울 송파구 올림픽로35길 125", "서울 송파구 올림픽로35길 125", "road"),
        ("경기도 양평군 양평읍 양근로 10-1", "경기도 양평군 양평읍 양근로 10-1", "road"),
        ("부산 해운대구 우동 1408번지입니다", "부산 해운대구 우동 1408번지", "lot"),
        ("충남 아산시 배방읍 장재리 산 12-3", "충남 아산시 배방읍 장재리 산 12-3", "lot"),
        ("서울 강남구 역삼동에 살아요", "서울 강남구 역삼동", "area"),
        ("101동 1202호요", "101동 1202호", "unit"),
        ("배송지는 판교역로 166이에요", "판교역로 166", "road"),
    ],
)
def test_addresses(text: str, value: str, level: str) -> None:
    (found,) = addresses(text)
    assert (found.value, found.info["level"]) == (value, level)


@pytest.mark.parametrize(
    "text",
    [
        "앱으로 5만원 보냈어요", "그대로 3개 주세요", "카드로 10번 결제", "서울 강남구청역", "경기 관람시 흡연", "이대로 2시에",
        "체크카드로 3",
        "홈페이지로 접수", "2호선", "",
    ],
)  # fmt: skip
def test_what_is_no_address(text: str) -> None:
    assert list(addresses(text)) == []


@pytest.mark.parametrize(
    "text", ["우편번호 06234", "우편번호는 06234예요", "(06234) 서울 강남구", "06234 경기 성남시"]
)
def test_postcodes(text: str) -> None:
    assert [found.value for found in postcodes(text)] == ["06234"]


def test_five_digits_alone_are_no_postcode() -> None:
    assert list(postcodes("12345원")) == []
