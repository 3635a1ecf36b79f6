"""Written Korean as it is said: 3시 is 세 시, 35,000원 is 삼만오천 원, 010-1234-5678 is 공일공, 일이삼사, 오육칠팔."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.voice.spoken.markup import plain, tidy
from korean.numbers import to_digits, to_native, to_sino

_N = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
"""A number in digits."""
_LARGE = "조억만천백"

NATIVE_COUNTERS = (
    "가지|개(?![월년])|건|곳|군데|권|그루|대|달|마리|명|배|벌|번째|병|분(?=이|을|의|께|들)|사람|살|송이|잔|장|줄|"
    "차례|채|켤레|통|판|쪽지|시간|시"
)
"""Words after which a number is native Korean: 세 개, 다섯 명."""
SINO_UNITS = {
    "%p": "퍼센트포인트",
    "%": "퍼센트",
    "％": "퍼센트",
    "‰": "퍼밀",
    "km": "킬로미터",
    "cm": "센티미터",
    "mm": "밀리미터",
    "m²": "제곱미터",
    "㎡": "제곱미터",
    "m": "미터",
    "kg": "킬로그램",
    "mg": "밀리그램",
    "g": "그램",
    "ml": "밀리리터",
    "mL": "밀리리터",
    "L": "리터",
    "GB": "기가바이트",
    "MB": "메가바이트",
    "KB": "킬로바이트",
    "kWh": "킬로와트시",
    "℃": "도",
    "°C": "도",
    "°": "도",
    "$": "달러",
    "USD": "달러",
    "KRW": "원",
    "€": "유로",
    "¥": "엔",
    "￥": "엔",
    "₩": "원",
}
_UNIT = "|".join(re.escape(unit) for unit in sorted(SINO_UNITS, key=len, reverse=True))
_MONTHS = {6: "유월", 10: "시월"}
_WEEKDAY = re.compile(r"(?<=[일\d])\s*\(([월화수목금토일])\)")
_LETTER_NAMES = "에이 비 씨 디 이 에프 지 에이치 아이 제이 케이 엘 엠 엔 오 피 큐 알 에스 티 유 브이 더블유 엑스 와이 제트"
_LETTERS = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", _LETTER_NAMES.split(), strict=True))
_WORDS = {"PIN": "핀", "QR": "큐알", "SMS": "문자 메시지", "APP": "앱", "OK": "오케이", "Q&A": "질문과 답변"}
_SAID_APART = r"(?:끝\s?자리|뒷\s?자리|앞\s?자리|인증\s?번호|접수\s?번호|계좌\s?번호|카드\s?번호|예약\s?번호|관리\s?번호)"


def to_spoken(text: str) -> str:
    """The text as a voice should read it; empty if nothing of it can be said."""
    said = plain(_WEEKDAY.sub(r" \1요일", text))
    for rule in _RULES:
        said = rule(said)
    said = tidy(said)
    return said if re.search(r"[^\W_]", said) else ""


def _rule(pattern: str, make: Callable[[re.Match[str]], str]) -> Callable[[str], str]:
    compiled = re.compile(pattern)
    return lambda text: compiled.sub(make, text)


def number(text: str) -> str:
    """A number in digits as Sino-Korean words: 1,250 is 천이백오십, 2.5 is 이 점 오."""
    whole, _, fraction = text.replace(",", "").partition(".")
    if len(whole) > 16:
        return to_digits(whole)
    words = to_sino(int(whole))
    if not fraction:
        return words
    return f"{words} 점 {to_digits(fraction).replace('공', '영')}"


def _phone(match: re.Match[str]) -> str:
    groups = re.findall(r"\d+|\*+", match[0])
    return ", ".join("별표" if "*" in group else to_digits(group) for group in groups)


def _digits_apart(match: re.Match[str]) -> str:
    """Digits one by one, what stands between them kept as a pause."""
    lead, run = match[1], match[2]
    return lead + ", ".join(to_digits(part) for part in re.findall(r"\d+", run))


def _date(match: re.Match[str]) -> str:
    year, month, day = match[1], int(match[2]), match[3]
    if not 1 <= month <= 12 or (day and not 1 <= int(day) <= 31):
        return match[0]
    words = [f"{number(year)}년"] if year else []
    words.append(_MONTHS.get(month, f"{to_sino(month)}월"))
    if day:
        words.append(f"{to_sino(int(day))}일")
    return " ".join(words)


def _month(match: re.Match[str]) -> str:
    month = int(match[1])
    return _MONTHS.get(month, f"{to_sino(month)}월") if 1 <= month <= 12 else match[0]


def _hour(half: str, hour: int) -> str:
    """An hour as it is said: 18 is 오후 여섯 시 unless the half of the day is named already."""
    if hour == 0:
        return f"{half}영 시"
    if hour > 12 and hour < 24:
        return f"{half or '오후 '}{to_native(hour - 12)} 시"
    return f"{half}{to_native(hour) if hour <= 12 else to_sino(hour)} 시"


def _clock(match: re.Match[str]) -> str:
    half, hour, minute = match[1] or "", int(match[2]), int(match[3])
    if hour > 24 or minute > 59:
        return match[0]
    return _hour(half, hour) + (f" {to_sino(minute)} 분" if minute else "")


def _o_clock(match: re.Match[str]) -> str:
    hour = int(match[2])
    return _hour(match[1] or "", hour) if hour <= 24 else match[0]


def _counted(match: re.Match[str]) -> str:
    count, unit = int(match[1].replace(",", "")), match[2]
    native = 0 < count < 100
    if unit == "시간" and count > 20:
        native = False
    if unit == "대" and count % 10 == 0 and count >= 10:
        return f"{to_sino(count)}대"
    return f"{to_native(count) if native else to_sino(count)} {unit}"


def _times(match: re.Match[str]) -> str:
    """번: a number to press or to stand at is Sino-Korean, a number of times is native."""
    count = int(match[1])
    return f"{to_native(count)} 번" if count < 100 else f"{to_sino(count)} 번"


def _large(match: re.Match[str]) -> str:
    """3만 5천, 1.5억: digits before a unit of ten thousand and the like."""
    return re.sub(_N, lambda part: number(part[0]), match[0])


def _letters(match: re.Match[str]) -> str:
    return _WORDS.get(match[0]) or "".join(_LETTERS[letter] for letter in match[0])


_END = r"(?![\d,.]*\d)"
_RULES: tuple[Callable[[str], str], ...] = (
    _rule(r"\+82[\s-]?(?=\d)", lambda m: "0"),
    _rule(r"(?<![\d-])0\d{1,2}[-. )]{1,2}[\d*]{3,4}[-. ]{1,2}[\d*]{4}(?![\d-])", _phone),
    _rule(r"(?<![\d-])1[5-9]\d\d-\d{4}(?![\d-])", _phone),
    _rule(r"(?<![\d-])01[016789]\d{7,8}(?![\d-])", lambda m: _phone_run(m[0])),
    _rule(r"(?<!\d)(\d{4})[-./]\s?(\d{1,2})[-./]\s?(\d{1,2})(?!\d)", _date),
    _rule(r"(?<!\d)(\d{2,4})년\s*(\d{1,2})월(?:\s*(\d{1,2})일)?", _date),
    _rule(r"(?<!\d)()(\d{1,2})월\s*(\d{1,2})일", _date),
    _rule(r"(?<!\d)(\d{1,2})월(?![가-힣]*요일)", _month),
    _rule(rf"({_SAID_APART}\D{{0,4}})(\d[\d-]*)", _digits_apart),
    _rule(r"(?<![\w-])()(\d{2,6}(?:-\d{2,8}){2,3})(?![\w-])", _digits_apart),
    _rule(r"(?<=\d)\s?[~∼～〜]\s?(?=\d)|(?<=[시분일월년원개명%])\s?[~∼～〜]\s?(?=\d)", lambda m: "에서 "),
    _rule(r"(오전 |오후 )?(?<!\d)(\d{1,2}):(\d{2})(?::\d{2})?(?!\d)", _clock),
    _rule(r"(오전 |오후 |새벽 |저녁 |밤 |아침 )?(?<![\d.,])(\d{1,2})시(?!간)", _o_clock),
    _rule(r"[₩￦]\s?(\d[\d,]*(?:\.\d+)?)", lambda m: f"{m[1]}원"),
    _rule(r"([$€¥￥])\s?(\d[\d,]*(?:\.\d+)?)", lambda m: f"{number(m[2])} {SINO_UNITS[m[1]]}"),
    _rule(r"(?<![\d/])(\d{1,2})/(\d{1,3})(?![\d/])", lambda m: f"{number(m[2])}분의 {number(m[1])}"),
    _rule(r"(?<![\w.])[-−](?=\d)", lambda m: "마이너스 "),
    _rule(
        rf"(?<![\d.,])(?:(?:{_N})\s?[{_LARGE}]{{1,2}}\s?){{1,6}}(?:(?:{_N})(?=\s?원))?\s?(?=원)",
        lambda m: f"{_large(m).strip()} ",
    ),
    _rule(rf"(?<![\d.,])(?:(?:{_N})\s?[{_LARGE}]{{1,2}}\s?){{1,6}}", _large),
    _rule(rf"(?<![\d.,])({_N})\s?(?:원|KRW)", lambda m: f"{number(m[1])} 원"),
    _rule(
        r"(?<![\d.,])(\d{1,3})번(?=\s?(?:을 누|을 눌|을 선택|창구|출구|게이트|버튼|, ))",
        lambda m: f"{number(m[1])} 번",
    ),
    _rule(r"(?<![\d.,])(\d{1,3})번(?!호|째|지)", _times),
    _rule(rf"(?<![\d.,제])(\d{{1,3}}(?:,\d{{3}})*)\s?({NATIVE_COUNTERS})", _counted),
    _rule(rf"(?<![\d.,])({_N})\s?({_UNIT})(?![A-Za-z])", lambda m: f"{number(m[1])} {SINO_UNITS[m[2]]}"),
    _rule(r"(?<![\d.,])(0\d+|\d{9,})" + _END, lambda m: to_digits(m[1])),
    _rule(
        r"(?<=[A-Za-z])-?(\d+)(?:-(\d+))*",
        lambda m: " " + ", ".join(to_digits(p) for p in re.findall(r"\d+", m[0])),
    ),
    _rule(rf"(?<![\d.,])({_N})" + _END, lambda m: number(m[1])),
    # What no rule above knows, as version numbers and slips of the keyboard, is still said rather than skipped.
    _rule(
        r"[0-9]+(?:[.,][0-9]+)*",
        lambda m: " 점 ".join(to_digits(part) for part in re.findall(r"[0-9]+", m[0])),
    ),
    _rule(r"(?<![A-Za-z])(?:Q&A|[A-Z]{1,6})(?![A-Za-z])", _letters),
    _rule(r"\s*&\s*", lambda m: " 앤드 "),
    _rule(r"[*#_~^=|\\<>`@]+", lambda m: " "),
    _rule(r"(?<=[가-힣])-(?=[가-힣])", lambda m: " "),
)


def _phone_run(run: str) -> str:
    return ", ".join(to_digits(part) for part in (run[:3], run[3:-4], run[-4:]))
