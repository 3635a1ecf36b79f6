"""Personal data made unreadable for logs and quotations: numbers that name a person or an account, e-mail addresses."""

from __future__ import annotations

import re

_RRN = re.compile(r"(?<!\d)(\d{6})[- ]?[1-8]\d{6}(?!\d)")
_CARD = re.compile(r"(?<![\d-])(\d{4})[- ]?\d{4}[- ]?\d{4}[- ]?(\d{4})(?!\d)")
_PHONE = re.compile(r"(?<![\d-])(01[016789]|0\d{1,2})[- .]?\d{3,4}[- .]?(\d{4})(?![\d-])")
_ACCOUNT = re.compile(r"(?<![\d-])\d{2,6}-\d{2,6}-\d{2,8}(?:-\d{1,3})?(?![\d-])")
_LONG_NUMBER = re.compile(r"(?<!\d)\d{9,14}(?!\d)")
_EMAIL = re.compile(r"([A-Za-z0-9._%+-])[A-Za-z0-9._%+-]*@([A-Za-z0-9.-]+\.[A-Za-z]{2,})")


def mask(text: str) -> str:
    """The text with resident, card, telephone and account numbers and e-mail addresses masked.

    >>> mask("010-1234-5678로 전화 주세요")
    '010-****-5678로 전화 주세요'
    """
    if "@" in text:
        text = _EMAIL.sub(r"\1***@\2", text)
    if sum(char.isdigit() for char in text) < 7:
        return text
    text = _RRN.sub(r"\1-*******", text)
    text = _CARD.sub(r"\1-****-****-\2", text)
    text = _PHONE.sub(r"\1-****-\2", text)
    text = _ACCOUNT.sub(_keep_ends, text)
    return _LONG_NUMBER.sub(_keep_ends, text)


def _keep_ends(match: re.Match[str]) -> str:
    found = match.group(0)
    if "*" in found:
        return found
    hidden = re.sub(r"\d", "*", found[3:-3])
    return found[:3] + hidden + found[-3:]
