"""Amounts in won and in foreign money, and percentages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from korean.approximate import APPROXIMATE_SINO, parse_approximate
from korean.numbers import SINO, parse_number
from nlu.entities.found import Found

_MINUS = r"(?:(?:마이너스|−)\s?|(?<![\d가-힣~∼-])-\s?)"
_WON_AFTER = r"\s?(?:원|₩|KRW)(?!히|권|장|본|금|리|인|래|격|하|천|정)"
_WON = re.compile(rf"({_MINUS})?({SINO.pattern}){_WON_AFTER}", re.IGNORECASE)
_WON_SIGN = re.compile(rf"({_MINUS})?(?:₩|￦|KRW)\s?(\d[\d,]*)", re.IGNORECASE)
_APPROXIMATE = re.compile(rf"(?<![가-힣\d])({APPROXIMATE_SINO})\s?원(?!권)")
_MANY = re.compile(r"(?<![가-힣\d])(수십|수백|수천|몇십|몇백|몇천|몇)\s?만?\s?원")
_SHARED = re.compile(
    r"(?<![\d.])(\d+(?:\.\d+)?)\s?([십백천]?만?)\s?(?:~|∼|-|–|에서)\s?(\d+(?:\.\d+)?)\s?([십백천]?[만억]?[십백천]?)\s?원"
)
"""3~5만원: the unit is said once."""
_UNITS = {
    "": 1,
    "십": 10,
    "백": 100,
    "천": 1_000,
    "만": 10_000,
    "십만": 100_000,
    "백만": 1_000_000,
    "천만": 10_000_000,
}
_OTHER_UNITS = (
    "명|개|번(?!호)|건(?!강|네)|장(?!기|애)|회(?!사|원)|가지(?!고)|리|권|대(?!출|여|략|상|체)|점|km|포인트|마일|년|배|달러|불|엔|유로|위안|"
    "주(?!세|시|실|고|면|기|문)|평(?!일|균)|일(?!단)|시간|분(?!실|할)|원|톤|캐시|코인|파운드|프랑|동|바트|페소"
)
_LARGE_ONLY = re.compile(
    rf"(?<![가-힣\d])(?:({_MINUS}))?({SINO.pattern})(?=(?:으로|로|만큼|정도|까지|에서|부터|사이|이요|이고|요|을|를|쯤|가량|이상|이하|"
    rf"미만|이내|이에요|입니다|씩|넘|$|\s|[.,!?~∼]))(?!\s?(?:{_OTHER_UNITS}))"
)
_TRILLIONTH = re.compile(r"[영공일이삼사오육칠팔구]조|일만")
_WORDS = {"만일", "이만", "조만", "일조", "만", "억", "조"}
"""Runs of number syllables that are words: 이만 끊을게요."""
_CURRENCIES = {
    "달러": "USD", "미국달러": "USD", "미달러": "USD", "불": "USD", "USD": "USD", "유로": "EUR", "EUR": "EUR", "엔": "JPY",
    "엔화": "JPY", "JPY": "JPY", "위안": "CNY", "위안화": "CNY", "CNY": "CNY", "파운드": "GBP", "GBP": "GBP",
    "프랑": "CHF", "바트": "THB", "페소": "PHP", "루피": "INR", "싱가포르달러": "SGD", "홍콩달러": "HKD", "호주달러": "AUD",
    "캐나다달러": "CAD", "대만달러": "TWD", "센트": "USD",
}  # fmt: skip
_SHORT_NAMES = {"불", "엔", "유로", "위안", "바트", "프랑"}
_SIGNS = {"$": "USD", "US$": "USD", "€": "EUR", "¥": "JPY", "£": "GBP"}
_names = "|".join(sorted(_CURRENCIES, key=len, reverse=True))
_FOREIGN = re.compile(
    rf"({_MINUS})?({SINO.pattern})\s?({_names})(?=[을를이가은는도로의에만씩짜정쯤과와,.!?)~(]|까지|부터|하고|입니다|이요|예요|결제|환전|송금|인출|\s|$)",
    re.IGNORECASE,
)
_FOREIGN_SIGN = re.compile(r"(US\$|[$€¥£])\s?(\d[\d,]*(?:\.\d+)?)(?:\s?(만|천|백만|억))?")
_NUMBER = r"(?:\d[\d,]*(?:\.\d+)?|[영공일이삼사오육칠팔구십백]+(?:\s?점\s?[영공일이삼사오육칠팔구]+)?)"
_PERCENT = re.compile(
    rf"(?<![가-힣\d.])(마이너스\s?|-\s?)?({_NUMBER})\s?(?:%|퍼센트|퍼(?=\s|$)|프로(?!그램|필|모션|젝트|토|야구|게이|듀|세스))(?!\s?(?:포인트|p))"
)
_SHARED_PERCENT = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?)\s?[~∼–-]\s?\d+(?:\.\d+)?\s?(?:%|퍼센트|프로)")
_HALF = re.compile(r"반값|반\s?가격|절반")
_TENTHS = re.compile(
    r"(?<![가-힣\d])(\d|[일이삼사오육칠팔구])\s?할(?:\s?(\d|[일이삼사오육칠팔구])\s?푼)?(?!인|머|부|증|게|까|수|때|게|당)"
)
_ABOUT = re.compile(r"\s?(?:정도|쯤|가량|안팎|남짓|내외)")


def amounts(text: str) -> Iterator[Found]:
    """`amount` in won: 삼만 오천원, 3만5천 원, ₩12,000; and 1억2천 alone, as its unit can only be won.

    `info.approximate` where somebody says 정도; `info.from`/`to` where two amounts are meant (이삼만 원).
    """
    for found in _amounts(text):
        yield (
            replace(found, info={**found.info, "approximate": True})
            if _ABOUT.match(text, found.end)
            else found
        )


def _amounts(text: str) -> Iterator[Found]:
    for match in _WON.finditer(text):
        if (placed := _placed(text, match.group(2), match.start(2))) and not _one_word(
            placed[1], match.group(0)
        ):
            start, run = placed
            minus = bool(match.group(1)) and start == match.start(2)
            yield Found("amount", match.start() if minus else start, match.end(), _signed(run, minus), 80)
    for match in _WON_SIGN.finditer(text):
        yield Found("amount", match.start(), match.end(), _signed(match.group(2), bool(match.group(1))), 80)
    for match in _APPROXIMATE.finditer(text):
        if (open_value := parse_approximate(match.group(1))) is not None:
            usual, least, most = open_value
            yield Found("amount", match.start(), match.end(), usual, 82, info={"from": least, "to": most})
    for match in _SHARED.finditer(text):
        low, own, high, unit = match.groups()
        factor = _factor(own) if own else _factor(unit)
        if factor is not None and float(low) * factor < float(high) * (_factor(unit) or 1):
            value = float(low) * factor
            yield Found("amount", match.start(1), match.end(2), _whole(value), 84)
    yield from _large(text)


def _without_copula(run: str, rest: str) -> str:
    """5억이요 is five, not five and two: after a large unit 이 begins the verb."""
    verb = (
        run[-1:] == "이"
        and run[-2:-1] in ("만", "억", "조")
        and rest[len(run) : len(run) + 1] in tuple("요고에예라지니")
    )
    return run[:-1] if verb else run


def _large(text: str) -> Iterator[Found]:
    """Numbers with 만, 억 or 조 and no unit after them."""
    for match in _LARGE_ONLY.finditer(text):
        run = _without_copula(_readable_head(match.group(2).strip()), text[match.start(2) :])
        if (
            len(run) > 1
            and run not in _WORDS
            and not _TRILLIONTH.fullmatch(run)
            and set(run) & set("만억조")
            and _readable(run) == run
        ):
            minus = bool(match.group(1))
            start = match.start() if minus else match.start(2)
            yield Found("amount", start, match.start(2) + len(run), _signed(run, minus), 55)


def _readable_head(run: str) -> str:
    """일억 of 일억 사이: words after the number may be made of its syllables too."""
    head = run
    while head and parse_number(head) is None:
        head, _, _ = head.rpartition(" ")
    return head or run


def _factor(unit: str) -> int | None:
    """만 as 10,000, 천만 as 10,000,000."""
    value = _UNITS.get(unit)
    return value if value is not None else int(parse_number(unit) or 0) or None


def _placed(text: str, run: str, start: int) -> tuple[int, str] | None:
    """(start, run) of the longest end of the run that is a number.

    A run that begins inside a word (내일 만원, 금액이 천원) begins with that word's last syllable, which is no digit.
    """
    while run:
        inside = start > 0 and "가" <= text[start - 1] <= "힣" and not run[0].isdecimal()
        head, space, _ = run.partition(" ")
        readable = None if inside and space and len(head) == 1 else parse_number(run)
        if readable is not None:
            return start, run
        if inside and not space:
            cut = 1
        elif space:
            cut = len(head) + 1
        else:
            return None
        run, start = run[cut:], start + cut
    return None


def _readable(run: str) -> str:
    """The longest end of the run, cut at its spaces, that is a number: another number may stand before it."""
    while run and parse_number(run) is None:
        _, _, run = run.partition(" ")
    return run


def _signed(run: str, minus: bool) -> int:
    value = int(parse_number(run) or 0)
    return -value if minus else value


def _one_word(run: str, whole: str) -> bool:
    """공원, 영원, 구원, 이 원피스: digits' names without a unit before 원 belong to another word."""
    if any(char.isdecimal() for char in run) or set(run) & set("만천백십억"):
        return False
    return len(run) < 3 or not re.search(r"\s", whole)


def _inside_a_word(text: str, start: int, run: str) -> bool:
    """이유로, 멤버십엔, 이 불친절: a short name of a currency after a syllable that is no number."""
    spelt = not any(char.isdecimal() for char in run)
    return spelt and ((start > 0 and "가" <= text[start - 1] <= "힣") or not set(run) & set("만천백십억"))


def _whole(value: float) -> int | float:
    return int(value) if value.is_integer() else round(value, 6)


def foreign_amounts(text: str) -> Iterator[Found]:
    """`foreign_amount` as {"amount", "currency"} with the ISO 4217 code: 100달러, €50, 3천 엔."""
    for match in _FOREIGN.finditer(text):
        placed = _placed(text, match.group(2), match.start(2))
        unit = match.group(3)
        if placed is None or (unit in _SHORT_NAMES and _inside_a_word(text, *placed)):
            continue
        number = parse_number(placed[1]) or 0
        value = -number if match.group(1) else number
        money = {
            "amount": _whole(float(value)),
            "currency": _CURRENCIES.get(unit) or _CURRENCIES[unit.upper()],
        }
        yield Found(
            "foreign_amount", placed[0] if not match.group(1) else match.start(), match.end(), money, 81
        )
    for match in _FOREIGN_SIGN.finditer(text):
        number = parse_number(match.group(2) + (match.group(3) or "")) or 0
        money = {"amount": _whole(float(number)), "currency": _SIGNS[match.group(1)]}
        yield Found("foreign_amount", match.start(), match.end(), money, 81)


def percentages(text: str) -> Iterator[Found]:
    """`percent` as a number: 25%, 3.5프로, 이십오 퍼센트, 반값, 2할."""
    for match in _PERCENT.finditer(text):
        number = parse_number(match.group(2))
        if number is not None:
            value = _whole(float(-number if match.group(1) else number))
            yield Found("percent", match.start(), match.end(), value, 82)
    for match in _SHARED_PERCENT.finditer(text):
        yield Found("percent", match.start(1), match.end(1), _whole(float(match.group(1))), 83)
    for match in _HALF.finditer(text):
        yield Found("percent", match.start(), match.end(), 50, 50)
    for match in _TENTHS.finditer(text):
        tenths, hundredths = (int(parse_number(part) or 0) if part else 0 for part in match.groups())
        yield Found("percent", match.start(), match.end(), 10 * tenths + hundredths, 50)
