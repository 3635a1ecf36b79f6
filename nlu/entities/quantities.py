"""Counts with their counters, ordinals, and numbers that stand alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from korean.approximate import APPROXIMATE_NATIVE, APPROXIMATE_SINO, parse_approximate
from korean.numbers import NATIVE, parse_number
from nlu.entities.found import Found

_COUNTERS = (
    "개(?!월|인|설|통|선|시|편|별|정)|명(?!의|세|령|칭|절)|번(?!호|째|지)|장(?!기|애|소|비)|건(?!물|강|의)|회(?!사|원|복|수|신|용)|잔(?!액|고|여|돈)|"
    "마리|대(?!출|리|기|금|신|상|표|로|한|체)|권(?!한|리)|살|세(?!금|대|요|상)|매(?!월|일|주|달|년|장|출|입)|통(?!장|화|신|지|합)|가지(?!고|급)|"
    "곳|군데|벌|부(?![터산장모족족분])|켤레|자루|병|박스|상자|사람|분(?!기|실|할|류|납|석)|쪽|페이지|층|호(?!점|선|텔)|등(?!록|급)|점(?!포|검|심)|단계|자리|좌(?!석)|구좌|차례|배(?!송|달|우)|인분|"
    "인(?!증|터|출|상|하|칭|자|데|가|지)|그루|송이|쌍|다발|포기|채(?!널|팅)|척|줄|평(?!일|균|생)|톤|킬로|kg|km|포인트|마일"
)
_COUNT = re.compile(
    rf"(?:(?<![\d가-힣.,/:-])(?P<words>{APPROXIMATE_NATIVE}|{NATIVE.pattern}|{APPROXIMATE_SINO}|[일이삼사오육칠팔구십백천]+)|"
    rf"(?<![\d.,/:-])(?P<digits>\d{{1,3}}(?:,\d{{3}})+|\d{{1,9}}))\s?(?P<counter>{_COUNTERS})"
    rf"(?=[가-힣]{{0,4}}(?:\s|$|[.,!?~]))"
)
_SINO_COUNTERS = frozenset(
    ("명", "회", "건", "개", "장", "인분", "층", "호", "매", "점", "등", "단계", "배", "페이지", "포인트", "세", "번")
)  # fmt: skip
_OTHER_WORDS = re.compile(
    r"이번|사번|구번|사회|석회|[십백천](?:호|회|장|건|점|매|인|배|권)|이장|사장|이건|사건|이점|사점|구점|이회|이등|이층(?=집)|사매|이매|이배|사배|이권|이호"
)
_SINO_RUN = re.compile(r"[일이삼사오육칠팔구십백천]+")
_ADVERB = re.compile(r"한번(?!만|에|도|씩|이|밖|뿐|더)")
_AGAIN = re.compile(r"(?:다시|또|꼭|좀|더)\s?$")
_MINUTES = "분"
_ORDINAL = re.compile(
    rf"(?<![가-힣\d])(?:(?P<first>첫)|(?P<native>{NATIVE.pattern})|(?P<digits>\d{{1,4}})|(?P<sino>[일이삼사오육칠팔구십백]+))\s?번째"
    rf"|(?<![가-힣])(?P<short>첫|둘|셋|넷|다섯|여섯|일곱|여덟|아홉|열)째(?!로\s?하고)|(?<![가-힣])제\s?(?P<nth>\d{{1,3}})(?=\s|[조항회차]|$)"
    rf"|(?<![가-힣\d])(?P<turn>\d{{1,3}})\s?(?:차(?!례|량|이)|순위|위)(?![가-힣]{{3}})"
)
_NUMBER_WORDS = {"하나": 1, "둘": 2, "셋": 3, "넷": 4}
_ALONE = re.compile(
    r"(?<![\w.,/:~∼+-])(?P<minus>-|마이너스\s?)?(?P<run>\d{1,3}(?:,\d{3})+|\d{1,12}(?:\.\d+)?|[영공일이삼사오육칠팔구]{4,}|[일이삼사오육칠팔구십백천]{2,}|\d{1,4}[백천](?:\d{1,3}[백십]?)*|"
    r"하나|둘|셋|넷|다섯|여섯|일곱|여덟|아홉|열)"
    r"(?=(?P<end>인데요?|이고요?|이에요|예요|이요|요|입니다|으로|로|을|를|이|가|은|는|만|까지|정도|쯤)?(?:\s(?!\d)|$|[.!?~]|,\s?(?!\d)))"
)
_PLACES = frozenset(
    # Towns, days and other words that are made of number syllables.
    ("이천", "오천", "사천", "영천", "삼천", "구십구", "백일", "천일", "만일", "사십구일", "이일",
     "이사", "구이", "오이", "일사", "이이",
     "사이", "일이", "이구", "오구")
)  # fmt: skip
_ANSWERS = ("인데", "인데요", "이고요", "이에요", "예요", "이요", "요", "입니다", "으로", "정도", "쯤")


def counts(text: str) -> Iterator[Found]:
    """`number` with `info.unit`: 두 장, 3명, 스물두 개, 서너 명. A word between two numbers is worth the lower one."""
    for match in _COUNT.finditer(text):
        if _OTHER_WORDS.match(match.group(0)):
            continue
        words, counter = match.group("words"), match.group("counter")
        if _is_adverb(text, match) or (counter == _MINUTES and not _people(match)):
            continue
        if words and _SINO_RUN.fullmatch(words) and not _counts_by_sino(words, counter):
            continue
        info: dict[str, Any] = {"unit": counter}
        run = words or match.group("digits")
        open_value = parse_approximate(run)
        if open_value is not None:
            value: int | float | None = open_value[0]
            info |= {"from": open_value[1], "to": open_value[2]}
        else:
            value = parse_number(run)
        if value is not None:
            yield Found("number", match.start(), match.end(), value, 20, info=info)


def _is_adverb(text: str, match: re.Match[str]) -> bool:
    """한번 해볼게요, 다시 한 번: no count."""
    if match.group("counter") != "번" or match.group("words") != "한":
        return False
    return bool(_ADVERB.match(text, match.start()) or _AGAIN.search(text, 0, match.start()))


def _counts_by_sino(words: str, counter: str) -> bool:
    """삼십 명, 이 회; a single digit before most counters is another word (이 건, 사 장)."""
    return counter in _SINO_COUNTERS and (len(words) > 1 or counter in ("회", "층", "호", "번"))


def _people(match: re.Match[str]) -> bool:
    """분 is a person after a native number (두 분), a minute after any other."""
    return bool(match.group("words")) and bool(
        re.match(NATIVE, match.group("words")) or parse_approximate(match.group("words"))
    )


def ordinals(text: str) -> Iterator[Found]:
    """`ordinal`: 첫 번째, 둘째, 3번째, 제2."""
    for match in _ORDINAL.finditer(text):
        parts = match.groupdict()
        if parts["first"] or parts["short"] == "첫":
            value: int | float | None = 1
        elif parts["short"]:
            value = _NUMBER_WORDS.get(parts["short"]) or parse_number(parts["short"])
        else:
            value = parse_number(
                parts["native"] or parts["digits"] or parts["sino"] or parts["nth"] or parts["turn"]
            )
        if value is not None:
            yield Found("ordinal", match.start(), match.end(), int(value), 22)


_CODE = 4
"""Syllables of a number that is said digit by digit, the verb's 이 included."""
_CLOSED = "영공일삼육칠팔"
"""Digits that end in a consonant."""


def bare_numbers(text: str) -> Iterator[Found]:
    """`number` for a number that has no unit: 500, 천이백삼십, -3. Two syllables that may be a word need an answer's ending."""
    for match in _ALONE.finditer(text):
        run, end = match.group("run"), match.group("end") or ""
        if end == "요" and run[-1] == "이" and len(run) >= _CODE and run[-2] in _CLOSED:
            # Said digit by digit: after a final consonant 이 belongs to the verb, as in 일오구삼이요.
            run, end = run[:-1], "이요"
        alone = match.group(0).strip() == text.strip(" .!?~").removesuffix(end)
        if not run[0].isdecimal():
            if run in _PLACES and end not in _ANSWERS:
                continue
            if len(run) <= 2 and not (alone or end in _ANSWERS):
                continue
            if end in ("이", "가", "은", "는", "을", "를") and len(run) < 4:
                continue
            if end == "요" and run in ("하나", "둘", "셋", "넷") and not alone:
                continue
            if not (set(run) & set("십백천")) and run not in _NUMBER_WORDS and len(run) < 3:
                continue
        value = parse_number(run) if run not in _NUMBER_WORDS else _NUMBER_WORDS[run]
        if value is not None:
            signed = -value if match.group("minus") else value
            yield Found("number", match.start(), match.start("run") + len(run), signed, 10)
