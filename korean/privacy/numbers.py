"""Wide nets for numbers: whatever may be a resident, card, telephone or account number is hidden, valid or not.

Entities must be right; a mask must not miss. So nothing here asks for a check digit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from korean.privacy.kinds import Finding, Kind

_BREAK = r"(?:\s?[-–—./·)]\s?|\s{1,2})?"
"""What people put between the parts of a number."""
_RESIDENT = re.compile(rf"(?<!\d)\d{{6}}{_BREAK}[0-9]\d{{6}}(?!\d)")
_CARD = re.compile(
    rf"(?<![\d-])\d{{4}}{_BREAK}\d{{4}}{_BREAK}\d{{4}}{_BREAK}\d{{4}}(?!\d)|(?<![\d-])3[47]\d\d{_BREAK}\d{{6}}{_BREAK}\d{{5}}(?!\d)"
)
_PHONE = re.compile(
    rf"(?<![\d-])(?:01[016789]|0\d{{1,2}}){_BREAK}\d{{3,4}}{_BREAK}\d{{4}}(?![\d-])"
    rf"|\+?(?<!\d)82{_BREAK}(?:\(0\)\s?)?0?(?:1[016789]|[2-7]\d?){_BREAK}\d{{3,4}}{_BREAK}\d{{4}}(?!\d)"
)
_DIGIT = "공영일이삼사오육륙칠팔구"
_SPOKEN = re.compile(rf"(?<![가-힣])(?:[{_DIGIT}](?<!이(?=[에예입고라]))[\s-]{{0,2}}){{8,}}")
_MIXED = re.compile(
    rf"(?<![가-힣\d])(?:[{_DIGIT}\d](?<!이(?=[에예입고라]))(?:[\s,-]|에(?=[\s{_DIGIT}\d])|다시){{0,3}}){{9,16}}"
)
_ACCOUNT = re.compile(r"(?<![\d-])\d{2,6}([- ])\d{2,6}\1\d{2,8}(?:\1\d{1,3})?(?![\d-])")
_TWO_GROUPS = re.compile(r"(?<![\d-])\d{3,6}-\d{6,9}(?![\d-])")
_LONG = re.compile(r"(?<!\d)\d{9,}(?!\d)")
_ACCOUNT_DIGITS = 10
"""Fewer digits in three parts are a date or a version."""
_SECRET = re.compile(
    r"(?:비밀\s?번호|비번|패스워드|password|passwd|pin\s?번호|PIN|인증\s?번호|OTP\s?번호|보안\s?코드|CVC|CVV|cvc|cvv)"
    r"(?:\s?(?:는|은|가|이|를|을|:|=))?\s?(?P<secret>(?=[^\s가-힣]*\d)[^\s가-힣,]{3,30})"
)


def secrets(text: str) -> Iterator[Finding]:
    """Passwords, one-time codes and security codes that a customer gives away."""
    for match in _SECRET.finditer(text):
        yield Finding(Kind.SECRET, match.start("secret"), match.end("secret"), match.group("secret"))


def spoken_numbers(text: str) -> Iterator[Finding]:
    """Digits said one by one, eight or more."""
    for pattern in (_SPOKEN, _MIXED):
        for match in pattern.finditer(text):
            found = match.group(0).rstrip(" -,")
            if len(found) > 1 and found[-1] in "이일" and found[-2].isdecimal():
                found = found[:-1]  # the particle of a number in digits: 010-1234-5678이 제 번호예요
            if pattern is _SPOKEN or not re.fullmatch(r"[\d\s,-]+", found):
                yield Finding(Kind.PHONE, match.start(), match.start() + len(found), found)


def written_numbers(text: str) -> Iterator[Finding]:
    """Anything in digits that has the length and shape of a number that names somebody."""
    for kind, pattern in ((Kind.RESIDENT, _RESIDENT), (Kind.CARD, _CARD), (Kind.PHONE, _PHONE)):
        for match in pattern.finditer(text):
            yield Finding(kind, match.start(), match.end(), match.group(0))
    for match in _ACCOUNT.finditer(text):
        if sum(char.isdecimal() for char in match.group(0)) >= _ACCOUNT_DIGITS:
            yield Finding(Kind.ACCOUNT, match.start(), match.end(), match.group(0))
    for pattern in (_TWO_GROUPS, _LONG):
        for match in pattern.finditer(text):
            yield Finding(Kind.ACCOUNT, match.start(), match.end(), match.group(0))


def holds_secret(text: str) -> bool:
    """Whether a resident or card number stands in the text: what nobody should write into a form.

    >>> holds_secret("900101-1234567"), holds_secret("010-1234-5678")
    (True, False)
    """
    plain = western(text)
    return _RESIDENT.search(plain) is not None or _CARD.search(plain) is not None


def western(text: str) -> str:
    """Digits of any script, full-width ones above all, as 0 to 9; the length stays."""
    if text.isascii():
        return text
    return "".join(str(int(char)) if char.isdecimal() else char for char in text)
