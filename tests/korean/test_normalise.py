"""Customers' text made comparable: what they meant to type, and nothing that they didn't."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from korean.normalise import compact, compose_jamo, from_wrong_layout, has_words, normalise


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("  카드   분실 \n 신고 ", "카드 분실 신고"),
        ("카드\u200b분실\ufeff", "카드분실"),
        ("\u202e카드\u202c", "카드"),
        (unicodedata.normalize("NFD", "카드 정지"), "카드 정지"),
        ("ㅋㅋㅋㅋㅋㅋ", "ㅋㅋ"),
        ("ㅠㅠㅠㅠ 카드", "ㅠㅠ 카드"),
        ("네에에에에에", "네에에"),
        ("뭐라고요????!!!!", "뭐라고요?!"),
        ("음……", "음…"),
        ("100000원", "100000원"),
        ("", ""),
    ],
)
def test_normalised(text: str, wanted: str) -> None:
    assert normalise(text) == wanted


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("이체 한도 올려 주세요", "이체한도올려주세요"),
        ("카드를 잃어버렸어요!!", "카드를  잃어버렸어요"),
        ("OTP 재발급", "otp재발급"),
        ("25% 할인", "25%할인"),
    ],
)
def test_compact_is_the_same_with_and_without_spaces_and_marks(left: str, right: str) -> None:
    assert compact(left) == compact(right)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("zkem", "카드"),
        ("zkem qnstlf", "카드 분실"),
        ("dkssudgktpdy", "안녕하세요"),
        ("tkdekadnjs", "상담원"),
        ("gkdl", "하이"),
        ("cnlth", "취소"),
        ("zkem 잃어버렸어요", "카드 잃어버렸어요"),
        ("이체 gksehrk 얼마예요", "이체 한도가 얼마예요"),
        ("rkatkgkqslek", "감사합니다"),
        ("Zkem", "카드"),
    ],
)
def test_keyboard_slips_are_turned_back(typed: str, meant: str) -> None:
    assert from_wrong_layout(typed) == meant


@pytest.mark.parametrize(
    "text",
    [
        "LTE",
        "iPhone",
        "OK",
        "ok",
        "hello",
        "ATM",
        "OTP",
        "usd",
        "KakaoTalk",
        "samsung pay",
        "work",
        "check",
        "visa",
        "card",
        "youtube",
        "google",
        "iPhone 카드 등록",
        "apple pay 되나요",
        "my card is lost",
        "hong@example.com",
        "http://example.com",
        "KRW100",
        "AB1234567",
        "체크카드 visa 로고",
        "ok zkem",
        "PIN",
        "wifi",
        "ㅋㅋ lol",
    ],
)
def test_english_is_left_alone(text: str) -> None:
    assert from_wrong_layout(text) == text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ㅋㅏ드", "카드"),
        ("ㄱㅏㅁㅅㅏㅎㅏㅂㄴㅣㄷㅏ", "감사합니다"),
        ("카ㄷㅡ를 잃어버렸어요", "카드를 잃어버렸어요"),
        ("하ㄴ도 올려줘", "한도 올려줘"),
        ("ㅇㅣ체", "이체"),
        ("ㅂㅜㄴ실", "분실"),
        ("네ㅋㅋ", "네ㅋㅋ"),
        ("ㅋㅋㅋ", "ㅋㅋㅋ"),
        ("ㅇㅇ", "ㅇㅇ"),
        ("ㄴㄴ 아니요", "ㄴㄴ 아니요"),
        ("ㅠㅠ", "ㅠㅠ"),
        ("각ㄱ나", "각ㄱ나"),
        ("카드", "카드"),
    ],
)
def test_loose_letters_are_put_together(typed: str, meant: str) -> None:
    assert compose_jamo(typed) == meant


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("네", True),
        ("ㅋ", True),
        ("7", True),
        ("?!", False),
        ("😀🎉", False),
        ("\u200b\u200b", False),
        ("", False),
        ("  ", False),
    ],
)
def test_whether_there_is_anything_to_understand(text: str, wanted: bool) -> None:
    assert has_words(text) is wanted


@given(st.text())
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert compact(compact(text)) == compact(text)


@given(st.text(alphabet=st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=1, max_size=10))
def test_hangul_survives(text: str) -> None:
    assert compose_jamo(text) == text
    assert from_wrong_layout(text) == text


@given(st.text())
def test_no_text_is_too_odd(text: str) -> None:
    compose_jamo(text)
    from_wrong_layout(text)


@given(st.text(alphabet=st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=1, max_size=8))
def test_what_falls_apart_whole_is_put_together_again(text: str) -> None:
    initials, vowels = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ", "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
    open_syllables = [chr(ord(char) - (ord(char) - 0xAC00) % 28) for char in text]
    apart = "".join(
        initials[(ord(c) - 0xAC00) // 588] + vowels[(ord(c) - 0xAC00) // 28 % 21] for c in open_syllables
    )
    assert compose_jamo(apart) == "".join(open_syllables)
