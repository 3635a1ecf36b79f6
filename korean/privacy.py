"""Personal data made unreadable for logs and quotations: numbers that name a person or an account, e-mail addresses."""

from __future__ import annotations

import re

_BREAK = r"(?:\s?[-–—./·)]\s?|\s{1,2})?"
"""What people put between the parts of a number."""
_RRN = re.compile(rf"(?<!\d)(\d{{6}}){_BREAK}[1-8]\d{{6}}(?!\d)")
_CARD = re.compile(rf"(?<![\d-])(\d{{4}}){_BREAK}\d{{4}}{_BREAK}\d{{4}}{_BREAK}(\d{{4}})(?!\d)")
_PHONE = re.compile(rf"(?<![\d-])(01[016789]|0\d{{1,2}}){_BREAK}\d{{3,4}}{_BREAK}(\d{{4}})(?![\d-])")
_ABROAD = re.compile(rf"\+?(?<!\d)82{_BREAK}(?:\(0\)\s?)?(1[016789]){_BREAK}\d{{3,4}}{_BREAK}(\d{{4}})(?!\d)")
_SPOKEN = re.compile(r"(?<![가-힣])(?:[공영일이삼사오육륙칠팔구](?<!이(?=[에예입고라]))[\s-]{0,2}){8,}")
_ACCOUNT = re.compile(r"(?<![\d-])\d{2,6}([- ])\d{2,6}\1\d{2,8}(?:\1\d{1,3})?(?![\d-])")
_LONG_NUMBER = re.compile(r"(?<!\d)\d{9,}(?!\d)")
_EMAIL = re.compile(r"([\w.%+-])[\w.%+-]*@([\w-]+(?:\.[\w-]+)+)")
_ACCOUNT_DIGITS = 10
"""Fewer digits in three parts are a date or a version."""


def mask(text: str) -> str:
    """The text with resident, card, telephone and account numbers and e-mail addresses masked. Dates stay.

    >>> mask("010-1234-5678로 전화 주세요")
    '010-****-5678로 전화 주세요'
    """
    if "@" in text:
        text = _EMAIL.sub(r"\1***@\2", text)
    text = _SPOKEN.sub(_hide_spoken, text)
    if sum(char.isdecimal() for char in text) < 7:
        return text
    text = _western(text)
    text = _RRN.sub(r"\1-*******", text)
    text = _CARD.sub(r"\1-****-****-\2", text)
    text = _ABROAD.sub(r"+82-\1-****-\2", text)
    text = _PHONE.sub(r"\1-****-\2", text)
    text = _ACCOUNT.sub(_keep_ends, text)
    return _LONG_NUMBER.sub(_keep_ends, text)


def holds_secret(text: str) -> bool:
    """Whether a resident or card number stands in the text: what nobody should write into a form.

    >>> holds_secret("900101-1234567"), holds_secret("010-1234-5678")
    (True, False)
    """
    plain = _western(text)
    return _RRN.search(plain) is not None or _CARD.search(plain) is not None


def _western(text: str) -> str:
    """Digits of any script, full-width ones above all, as 0 to 9."""
    if text.isascii():
        return text
    return "".join(str(int(char)) if char.isdecimal() else char for char in text)


def _keep_ends(match: re.Match[str]) -> str:
    found = match.group(0)
    if sum(char.isdigit() for char in found) < (_ACCOUNT_DIGITS if match.re is _ACCOUNT else 0):
        return found
    return found[:3] + re.sub(r"\d", "*", found[3:-3]) + found[-3:]


def _hide_spoken(match: re.Match[str]) -> str:
    """Digits said one by one: the first three stay, as they only say what kind of number it is."""
    found = match.group(0)
    body = found.rstrip(" -")
    kept, hidden = "", 0
    for char in body:
        is_digit = "가" <= char <= "힣"
        hidden += is_digit
        kept += "*" if is_digit and hidden > 3 else char
    return kept + found[len(body) :]
