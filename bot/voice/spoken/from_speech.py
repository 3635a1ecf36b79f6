"""Recognised speech as people write it: 공일공 일이삼사 오육칠팔 is 010-1234-5678, 삼만 오천 원 is 35,000원.

Recognisers write some numbers in digits and some in words. Only what is plainly a number is touched: 이사, 오이, 구원,
다시 and 한 번 stay words.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from korean.numbers import parse_number

_DIGIT_WORDS = "공영일이삼사오육륙칠팔구"
_UNITS = "십백천만억조"
_DIGIT = rf"[{_DIGIT_WORDS}\d]"
_RUN = re.compile(
    rf"(?<![가-힣\w]){_DIGIT}(?:(?:\s?[,.\-]\s?|\s|(?:국)?[에의]\s?)?{_DIGIT}){{3,40}}(?!\d)(?=\D|$)"
)
"""Digits one by one, in words or figures, with what people put between the groups."""
_AFTER = (
    r"(?=$|[\s.,?!]|[을를은는이가도만에의로와과]|으로|이요|이에요|예요|입니다|이고|이랑|까지|부터|정도|쯤|씩|짜리|"
    r"보다|마다|인데|이라|요\b|이야|이니|이면|이나)"
)
"""What may follow a number and its unit; anything else makes it part of another word."""
_FIGURE_RUN = r"\d++(?:[,.]\d++)*+"
"""Possessive: a row of digits is one piece, so that matching takes linear time whatever is thrown at it."""
_SINO = (
    rf"(?:{_FIGURE_RUN}|[{_DIGIT_WORDS}{_UNITS}])(?:\s?(?:{_FIGURE_RUN}|[{_DIGIT_WORDS}{_UNITS}])){{0,30}}"
)
_BEFORE = r"(?<![가-힣\w.,])"
_TENS = "열|스물|스무|서른|마흔|쉰|예순|일흔|여든|아흔"
_ONES = "한|하나|두|둘|세|셋|네|넷|다섯|여섯|일곱|여덟|아홉"
_NATIVE = rf"(?:{_TENS})\s?(?:{_ONES})?|(?:{_ONES})"
_PHONES = (
    re.compile(r"(01[016789])(\d{3,4})(\d{4})"),
    re.compile(r"(02)(\d{3,4})(\d{4})"),
    re.compile(r"(0[3-7]\d)(\d{3,4})(\d{4})"),
    re.compile(r"(1[5-9]\d\d)(\d{4})"),
)
_FIGURES = {word: str(value) for value, word in enumerate("영일이삼사오육칠팔구")} | {"공": "0", "륙": "6"}


def to_written(text: str) -> str:
    """The text with numbers as they are written. Never raises; text without numbers comes back as it is."""
    written = " ".join(text.split())
    for rule in _RULES:
        written = rule(written)
    return written


def _digit_run(match: re.Match[str]) -> str:
    """A telephone number with its hyphens, or another long row of digits said one by one."""
    run = match[0]
    digits = "".join(_FIGURES.get(char, char) for char in run if char in _FIGURES or char.isdigit())
    if phone := _phone(digits):
        return phone
    # ... 오육칠팔이요: the last syllable belongs to the ending.
    if run.endswith("이") and (phone := _phone(digits[:-1])):
        return f"{phone}이"
    words = [char for char in run if char in _FIGURES]
    groups = re.findall(r"[^\s,.\-]+", run)
    # 오이 이사: words of two syllables that happen to be digits are left alone.
    if len(words) < 4 or min(len(group) for group in groups) < 2 <= max(len(group) for group in groups) < 3:
        return run
    return digits


def _phone(digits: str) -> str | None:
    for pattern in _PHONES:
        if found := pattern.fullmatch(digits):
            return "-".join(found.groups())
    return None


def _value(text: str) -> int | float | None:
    return parse_number(re.sub(r"[\s,]", "", text))


def _figure(value: int | float) -> str:
    return f"{value:,}" if isinstance(value, float) else str(value)


def _money(match: re.Match[str]) -> str:
    run, unit = match[1].strip(), match[2]
    value = _value(run)
    plain_word = re.fullmatch(rf"[{_DIGIT_WORDS}조]", run)
    if value is None or plain_word or not isinstance(value, int):
        return match[0]
    return f"{value:,}{unit}"


def _sino(unit: str, *, alone: str = "", most: int = 9999) -> Callable[[str], str]:
    """A rule for numbers before `unit`; digits in `alone` are left when they stand alone, as with it they are words."""

    def make(match: re.Match[str]) -> str:
        run = match[1].strip()
        value = _value(run)
        if value is None or run in alone.split() or not isinstance(value, int) or value > most:
            return match[0]
        return f"{value}{match[2]}"

    return _rule(rf"{_BEFORE}({_SINO})\s?({unit}){_AFTER}", make)


def _percent(match: re.Match[str]) -> str:
    value = _value(match[1])
    return match[0] if value is None else f"{_figure(value)}%"


def _decimal(match: re.Match[str]) -> str:
    whole, fraction = _value(match[1]), match[2]
    digits = "".join(_FIGURES.get(char, char) for char in fraction if not char.isspace())
    return match[0] if whole is None else f"{whole}.{digits}"


def _month(match: re.Match[str]) -> str:
    word = match[1].replace(" ", "")
    value = {"유": 6, "시": 10}.get(word) or _value(word)
    return f"{value}월 " if isinstance(value, int) and 1 <= value <= 12 else match[0]


def _month_alone(match: re.Match[str]) -> str:
    value = {"유": 6, "시": 10}.get(match[1]) or _value(match[1])
    return f"{value}월" if isinstance(value, int) and 1 <= value <= 12 else match[0]


def _clock(match: re.Match[str]) -> str:
    hour = _value(match[1])
    if not isinstance(hour, int) or not 1 <= hour <= 24:
        return match[0]
    minute: int | float | None = None
    if match[2]:
        minute = 30 if match[2].strip() == "반" else _value(match[2].strip().removesuffix("분"))
    return f"{hour}시" + (f" {minute}분" if minute is not None else (match[2] or ""))


def _count(match: re.Match[str]) -> str:
    value = _value(match[1])
    return f"{value}{match[2]}" if isinstance(value, int) else match[0]


def _rule(pattern: str, make: Callable[[re.Match[str]], str]) -> Callable[[str], str]:
    compiled = re.compile(pattern)
    return lambda text: compiled.sub(make, text)


_HOUR = r"(?:열\s?(?:한|두)|한|두|세|네|다섯|여섯|일곱|여덟|아홉|열)"
_RULES: tuple[Callable[[str], str], ...] = (
    lambda text: _RUN.sub(_digit_run, text),
    _rule(
        rf"{_BEFORE}({_SINO})\s?점\s?((?:[{_DIGIT_WORDS}\d]\s?)+?)(?=\s?(?:퍼센트|프로|%|배|억|만|점))",
        _decimal,
    ),
    _rule(rf"{_BEFORE}([\d.]+|{_SINO})\s?(?:퍼센트|프로(?![가-힣])|퍼(?=\s|$)){_AFTER}", _percent),
    _rule(rf"{_BEFORE}({_SINO})\s?(원|달러|엔|유로){_AFTER}", _money),
    _sino("년", alone="이 일", most=2999),
    _rule(rf"{_BEFORE}(십\s?일|십\s?이|[일이삼사오칠팔구유시]|[1-9]|1[0-2])\s?월\s?(?={_SINO}\s?일)", _month),
    _rule(rf"{_BEFORE}(십일|십이|[삼사오칠팔구])월{_AFTER}", _month_alone),
    _rule(rf"{_BEFORE}(유|시)월(?=$|[\s.,]|에|달)", _month_alone),
    _rule(rf"(?<=월 )({_SINO})\s?(일){_AFTER}", _count),
    _sino("일", alone="일 이 삼 사 오 육 칠 팔 구", most=366),
    _sino("개월|주일|층|호실|회|세|인분|킬로|킬로미터|미터|그램", alone="이 일 사 오 구"),
    _rule(rf"{_BEFORE}({_SINO})\s?(개월)(?=[\s가-힣]|$)", _count),
    _rule(rf"{_BEFORE}({_HOUR})\s?시((?:\s?반|\s?[{_DIGIT_WORDS}십\d]+\s?분))?(?:{_AFTER}|(?=경))", _clock),
    _sino("분|초", alone="이 일 사 오 구 삼 육 칠 팔 만 천 십 백 영", most=600),
    _rule(rf"{_BEFORE}({_NATIVE})\s?(개|명|살|장|시간|달|마리|대|권|군데|배){_AFTER}", _count),
    _rule(
        rf"{_BEFORE}({_TENS})\s?({_ONES})?\s?(건|가지|번)(?!째){_AFTER}",
        lambda m: f"{_value(m[1] + (m[2] or ''))}{m[3]}",
    ),
)
