"""Particles fit what is spoken, not what is written: letters, digits, units and symbols included."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from korean.josa import attach, choose, final_consonant, resolve

HANGUL = [
    "카드+을=카드를",
    "통장+를=통장을",
    "은행+은=은행은",
    "한도+은=한도는",
    "계좌+이=계좌가",
    "사람+가=사람이",
    "서울+으로=서울로",
    "부산+로=부산으로",
    "지하철+으로=지하철로",
    "집+으로=집으로",
    "앱+와=앱과",
    "카드+과=카드와",
    "고객+이나=고객이나",
    "카드+이나=카드나",
    "상담원+이에요=상담원이에요",
    "카드+이에요=카드예요",
    "이음+이라고=이음이라고",
    "길동+아=길동아",
    "영희+아=영희야",
    "은행+이랑=은행이랑",
    "나+이랑=나랑",
    "창구+으로부터=창구로부터",
    "은행+로부터=은행으로부터",
    "칼+으로써=칼로써",
    "회원+으로서=회원으로서",
]
DIGITS = [
    "0+을=0을",
    "1+을=1을",
    "2+을=2를",
    "3+이=3이",
    "4+이=4가",
    "5+는=5는",
    "6+은=6은",
    "7+으로=7로",
    "8+로=8로",
    "9+과=9와",
    "10+이=10이",
    "100+은=100은",
    "1,000+은=1,000은",
    "10000+을=10000을",
    "100000000+을=100000000을",
    "2026+은=2026은",
    "3.5+을=3.5를",
    "1.0+이=1.0이",
    "010-1234-5678+으로=010-1234-5678로",
    "1588-0000+을=1588-0000을",
    "007+은=007은",
    "1000000000000+을=1000000000000를",
]
LATIN = [
    "ATM+을=ATM을",
    "OTP+은=OTP는",
    "URL+으로=URL로",
    "PIN+이=PIN이",
    "QR+으로=QR로",
    "SMS+과=SMS와",
    "PDF+을=PDF를",
    "A+이=A가",
    "L+을=L을",
    "app+을=app을",
    "web+이=web이",
    "card+를=card를",
    "email+으로=email로",
    "iPhone+은=iPhone은",
    "shop+을=shop을",
    "book+은=book은",
    "internet+이=internet이",
    "Google+을=Google을",
    "apple+을=apple을",
    "file+을=file을",
    "time+을=time을",
    "plan+은=plan은",
    "check+을=check를",
    "bank+를=bank를",
    "banking+을=banking을",
    "Visa+을=Visa를",
    "kg+을=kg을",
    "km+을=km를",
    "5g+을=5g을",
    "g+을=g를",
]
SYMBOLS = [
    "50%+을=50%를",
    "3.5%+이=3.5%가",
    "20℃+은=20℃는",
    "30㎡+을=30㎡를",
    "5㎏+을=5㎏을",
    "m²+을=m²를",
    "홍길동(본인)+을=홍길동(본인)을",
    "‘카드’+을=‘카드’를",
    "“통장”+은=“통장”은",
    "카드 +을=카드 를",
    "이음카드(체크)+과=이음카드(체크)와",
    "（주）이음+은=（주）이음은",
    "VIP)+을=VIP)를",
    "안녕!+을=안녕!을",
    "[공지]+을=[공지]를",
]


@pytest.mark.parametrize("case", HANGUL + DIGITS + LATIN + SYMBOLS)
def test_particle_fits_the_word(case: str) -> None:
    left, joined = case.split("=")
    word, particle = left.rsplit("+", 1)
    assert attach(word, particle) == joined


@pytest.mark.parametrize(
    ("word", "particle", "wanted"),
    [
        ("", "을", "을(를)"),
        ("!!!", "은", "은(는)"),
        ("?", "으로", "(으)로"),
        ("♥", "이", "이(가)"),
        ("", "이나", "(이)나"),
    ],
)
def test_both_forms_where_nothing_is_spoken(word: str, particle: str, wanted: str) -> None:
    assert choose(word, particle) == wanted


def test_a_particle_without_forms_stays() -> None:
    assert attach("카드", "부터") == "카드부터"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("체크카드을(를) 정지했어요", "체크카드를 정지했어요"),
        ("통장은(는) 3이(가) 있어요", "통장은 3이 있어요"),
        ("서울(으)로 보내고 ATM와(과) 앱을(를) 써요", "서울로 보내고 ATM과 앱을 써요"),
        ("홍길동(이)라고 해요", "홍길동이라고 해요"),
        ("받침 없는 문장", "받침 없는 문장"),
    ],
)
def test_written_pairs_are_settled(text: str, wanted: str) -> None:
    assert resolve(text) == wanted


@given(st.text(), st.sampled_from(["을", "은", "이", "과", "으로", "이에요", "이나", "부터"]))
def test_any_word_takes_any_particle(word: str, particle: str) -> None:
    assert attach(word, particle).startswith(word)
    assert final_consonant(word) is None or 0 <= final_consonant(word) < 28


@given(st.text())
def test_resolving_never_fails(text: str) -> None:
    resolve(text)
