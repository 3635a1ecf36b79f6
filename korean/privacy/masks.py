"""Personal data made unreadable the way Korean companies do: 010-****-5678, 900101-1******, 홍*동."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from korean.privacy.detect import detect
from korean.privacy.kinds import NUMBERS, Finding, Kind
from korean.privacy.numbers import western


def mask(text: str, kinds: Collection[Kind] | None = None) -> str:
    """The text with personal data masked; dates and amounts stay. `kinds` limits what is masked.

    >>> mask("홍길동입니다. 010-1234-5678로 전화 주세요")
    '홍*동입니다. 010-****-5678로 전화 주세요'
    """
    found = detect(text, kinds)
    if not found:
        return text
    pieces, at = [], 0
    for item in found:
        pieces += [text[at : item.start], masked(item)]
        at = item.end
    return "".join([*pieces, text[at:]])


def mask_for_agent(text: str) -> str:
    """Numbers masked, names and addresses left: who serves a customer says their name, and reads the address back."""
    return mask(text, NUMBERS)


def masked(item: Finding) -> str:
    """What is shown in its place."""
    return _MASKS[item.kind](western(item.text))


def _resident(found: str) -> str:
    digits = re.sub(r"\D", "", found)
    return f"{digits[:6]}-{digits[6]}******"


def _card(found: str) -> str:
    digits = re.sub(r"\D", "", found)
    if len(digits) == 15:
        return f"{digits[:4]}-******-*{digits[-4:]}"
    return f"{digits[:4]}-****-****-{digits[-4:]}"


def _phone(found: str) -> str:
    digits = re.sub(r"\D", "", found)
    if not digits or any("가" <= char <= "힣" for char in found):
        return _spoken(found)
    if digits.startswith("82"):
        return f"+82-{digits[2:].lstrip('0')[:-8]}-****-{digits[-4:]}"
    head = "02" if digits.startswith("02") else digits[:3]
    return f"{head}-****-{digits[-4:]}"


def _spoken(found: str) -> str:
    """Digits said one by one: the first three stay, as they only say what kind of number it is."""
    kept, seen = "", 0
    for char in found:
        is_digit = char in "공영일이삼사오육륙칠팔구" or char.isdecimal()
        seen += is_digit
        kept += "*" if is_digit and seen > 3 else char
    return kept


def _account(found: str) -> str:
    return found[:3] + re.sub(r"\d", "*", found[3:-3]) + found[-3:]


def _email(found: str) -> str:
    name, _, host = found.partition("@")
    return f"{name[:1]}***@{host}"


def _licence(found: str) -> str:
    digits = re.sub(r"\D", "", found)
    head = found[:2]
    return f"{head}-{digits[-10:-8]}-******-**"


def _passport(found: str) -> str:
    return found[:2] + re.sub(r"[0-9A-Za-z]", "*", found[2:])


def _name(found: str) -> str:
    if len(found) <= 2:
        return found[:1] + "*"
    return found[0] + "*" * (len(found) - 2) + found[-1]


def _address(found: str) -> str:
    """The area stays, down to the road or quarter; house and unit go."""
    shown = re.search(
        r"\d.*", re.sub(r"(?<=[가-힣])\d+(?=번?길|가\s|동\s)", lambda m: "#" * len(m.group(0)), found)
    )
    return f"{found[: shown.start()].rstrip()} ***".lstrip() if shown else f"{found} ***"


_MASKS: dict[Kind, Callable[[str], str]] = {
    Kind.RESIDENT: _resident,
    Kind.CARD: _card,
    Kind.PHONE: _phone,
    Kind.ACCOUNT: _account,
    Kind.EMAIL: _email,
    Kind.LICENCE: _licence,
    Kind.PASSPORT: _passport,
    Kind.NAME: _name,
    Kind.ADDRESS: _address,
    Kind.SECRET: lambda _found: "****",
}
