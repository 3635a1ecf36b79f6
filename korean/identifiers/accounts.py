"""Bank account numbers: in groups, or bare where a bank or an account is named before them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from korean.identifiers.found import Identifier

_BANKS = (
    "국민|신한|우리|하나|농협|기업|수협|새마을금고|새마을|신협|우체국|카카오뱅크|카뱅|토스뱅크|토스|케이뱅크|케뱅|산업|"
    "씨티|시티|제일|SC제일|부산|대구|경남|광주|전북|제주|이음|KB|NH|IBK|iM뱅크"
)
_GROUPED = re.compile(r"(?<![\d-])\d{2,6}\s?-\s?\d{2,6}\s?-\s?\d{2,8}(?:\s?-\s?\d{1,3})?(?![\d-])")
_TWO_GROUPS = r"\d{3,6}-\d{6,9}"
_CALLED = re.compile(
    rf"(?:계좌\s?(?:번호)?(?:는|은|가|이|로)?\s?:?\s*(?:(?:{_BANKS})(?:은행)?\s?)?|(?:{_BANKS})(?:은행)?\s?(?:계좌)?\s?(?:번호)?(?:는|은)?\s?:?\s*)"
    rf"(\d{{10,14}}|{_TWO_GROUPS}|\d{{2,6}}(?: \d{{2,8}}){{1,3}})(?![\d-])"
)
_MOBILE = re.compile(r"01[016789]-\d{3,4}-\d{4}")
_LEAST, _MOST = 10, 16
"""Digits of an account number."""


def accounts(text: str) -> Iterator[Identifier]:
    """As written, spaces around hyphens left out. `info.called` says that a bank or account was named before it."""
    for match in _GROUPED.finditer(text):
        value = re.sub(r"\s", "", match.group(0))
        if _LEAST <= sum(map(str.isdecimal, value)) <= _MOST and not _MOBILE.fullmatch(value):
            yield Identifier(match.start(), match.end(), value)
    for match in _CALLED.finditer(text):
        value = match.group(1)
        if _LEAST <= sum(map(str.isdecimal, value)) <= _MOST:
            written = "-".join(value.split()) if " " in value else value
            yield Identifier(match.start(1), match.end(1), written, {"called": True})
