"""What kind of thing a question asks for, by its question word, and whether a text holds one: money, a date, an age, a place."""

from __future__ import annotations

import re
from functools import lru_cache

Kinds = tuple[re.Pattern[str], ...]
"""Patterns of what an answer would hold."""
_NUMBER = r"[0-9][0-9,.]*\s?(?:[십백천만억조]+\s?)*"
_KINDS: tuple[tuple[str, str], ...] = (
    # What the question says, what the answer then holds.
    (r"몇\s?살|나이|연령", rf"{_NUMBER}(?:세|살)"),
    (r"몇\s?시(?!간)|영업\s?시간|운영\s?시간|이용\s?시간", rf"(?:오전|오후|낮|밤|새벽)|{_NUMBER}시"),
    (
        r"며칠|몇\s?일|얼마나\s?(?:걸|오래)|얼마\s?만에|기간|소요",
        rf"{_NUMBER}(?:영업일|일|주일?|개월|달|년|시간|분)|당일|즉시|바로|다음 날|한 달",
    ),
    (
        r"언제|날짜|시기|몇\s?월|몇\s?년(?:에|도|쯤)",
        rf"{_NUMBER}(?:년|월|일|시|분기|세기|개월)|당일|매일|매월|평일|다음 날",
    ),
    (r"몇\s?(?:프로|퍼센트|%)|이율|이자율|금리|우대율|비율", rf"{_NUMBER}(?:%|퍼센트|프로)"),
    (
        r"얼마|비용|요금|가격|금액|수수료|몇\s?원|한도|돈\s?(?:내|드|나)",
        rf"{_NUMBER}(?:원|달러|%|엔|유로)|무료|없어요|없음|면제",
    ),
    (
        r"서류|준비물|구비|뭐\s?(?:가져|챙겨|필요)|무엇(?:을|이)?\s?(?:가져|필요)",
        r"신분증|증명|등본|초본|계약서|확인서|신청서|통장|도장|서류",
    ),
    (r"어디|장소|위치|주소", r"앱|메뉴|영업점|지점|창구|고객센터|홈페이지|센터|시|군|구|도|역|동"),
    (r"전화|연락처|번호(?:가|는|를|\s?알)", r"[0-9]{2,4}-[0-9]{3,4}(?:-[0-9]{4})?|\b1[0-9]{2}\b"),
)
_COUNTED = re.compile(r"몇\s?([가-힣]{1,2}?)(?=이|을|를|가|은|는|에|의|까|부|정|나|인|쯤|도|만|\s|\?|$)")


@lru_cache(maxsize=1_000)
def kinds_asked(question: str) -> Kinds:
    """Patterns of what an answer would hold; none where the question doesn't say."""
    found = [answer for asked, answer in _KINDS if re.search(asked, question)]
    if not found:
        found = [rf"{_NUMBER}{re.escape(unit)}" for unit in _COUNTED.findall(question)]
    return tuple(re.compile(pattern) for pattern in found[:2])


def holds_kind(kinds: Kinds, text: str) -> float:
    """Share of the kinds that the text holds; 0 where nothing is asked for."""
    return sum(bool(kind.search(text)) for kind in kinds) / len(kinds) if kinds else 0.0
