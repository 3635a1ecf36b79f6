"""Placeholders stand for personal data outside of the conversation; inside they can be undone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from korean.privacy import Kind, Vault, detect, mask, mask_for_agent

TEXTS = [
    "저는 홍길동이라고 합니다. 번호는 010-1234-5678이에요.",
    "주민번호 900101-1234567, 카드 4111-1111-1111-1111",
    "서울시 강남구 테헤란로 123으로 보내 주세요",
    "01012345678로 다시 전화 주세요. 메일은 hong@example.com",
]


def test_there_and_back() -> None:
    vault = Vault()
    hidden = [vault.conceal(text) for text in TEXTS]
    assert hidden[0] == "저는 <이름_1>이라고 합니다. 번호는 <전화번호_1>이에요."
    assert hidden[1] == "주민번호 <주민등록번호_1>, 카드 <카드번호_1>"
    assert hidden[2] == "<주소_1>으로 보내 주세요"
    assert vault.reveal(hidden[0]) == TEXTS[0]
    assert len(vault) == 6


def test_one_value_has_one_placeholder_however_it_is_written() -> None:
    vault = Vault()
    assert vault.conceal("010-1234-5678") == vault.conceal("01012345678") == "<전화번호_1>"
    assert vault.conceal("+82 10 1234 5678") == "<전화번호_1>"
    assert vault.conceal("010-9999-8888") == "<전화번호_2>"


def test_the_same_conversation_makes_the_same_vault() -> None:
    first, second = Vault.of(TEXTS), Vault.of(TEXTS)
    assert first.conceal(TEXTS[1]) == second.conceal(TEXTS[1])
    assert second.reveal("<카드번호_1>") == "4111-1111-1111-1111"


def test_another_conversation_reveals_nothing() -> None:
    Vault.of(TEXTS)
    assert Vault().reveal("<전화번호_1>") == "<전화번호_1>"


def test_what_a_model_makes_up_stays() -> None:
    assert Vault.of(TEXTS).reveal("<전화번호_9> <이름_1>") == "<전화번호_9> 홍길동"


def test_a_vault_shows_no_values() -> None:
    assert repr(Vault.of(TEXTS)) == "Vault(6 values)"


@given(st.lists(st.sampled_from(TEXTS), max_size=6))
def test_any_order_can_be_undone(texts: list[str]) -> None:
    vault = Vault()
    for text in texts:
        hidden = vault.conceal(text)
        assert [item.kind for item in detect(hidden)] == []
        assert vault.conceal(vault.reveal(hidden)) == hidden


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("홍길동 님 앞으로", "홍*동 님 앞으로"),
        ("남궁민수입니다 반가워요", "남**수입니다 반가워요"),
        ("여권 M12345678", "여권 M1*******"),
        ("면허 11-12-345678-90", "면허 11-12-******-**"),
        ("서울시 강남구 테헤란로 123, 101동 1202호로", "서울시 강남구 테헤란로 ***로"),
        ("비밀번호는 abc123!이에요", "비밀번호는 ****이에요"),
        ("OTP 번호 482913", "OTP 번호 ****"),
        ("공일공에 일이삼사에 오육칠팔", "공일공에 ****에 ****"),
    ],
)
def test_masks_by_kind(text: str, wanted: str) -> None:
    assert mask(text) == wanted


def test_agents_see_names_and_addresses_but_no_numbers() -> None:
    text = "홍길동 님, 서울 강남구 역삼동 123-4, 010-1234-5678"
    assert mask_for_agent(text) == "홍길동 님, 서울 강남구 역삼동 123-4, 010-****-5678"
    assert mask(text, {Kind.NAME}) == "홍*동 님, 서울 강남구 역삼동 123-4, 010-1234-5678"
