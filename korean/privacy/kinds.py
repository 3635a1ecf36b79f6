"""Kinds of personal data, and one finding in a text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a piece of personal data is. The order is that of `detect`: an earlier kind wins where two overlap."""

    EMAIL = "email"
    RESIDENT = "rrn"
    LICENCE = "driver_license"
    CARD = "card"
    PHONE = "phone"
    PASSPORT = "passport"
    ADDRESS = "address"
    ACCOUNT = "account"
    SECRET = "secret"
    NAME = "person"


LABELS = {
    Kind.EMAIL: "이메일",
    Kind.RESIDENT: "주민등록번호",
    Kind.LICENCE: "운전면허번호",
    Kind.CARD: "카드번호",
    Kind.PHONE: "전화번호",
    Kind.PASSPORT: "여권번호",
    Kind.ADDRESS: "주소",
    Kind.ACCOUNT: "계좌번호",
    Kind.SECRET: "비밀번호",
    Kind.NAME: "이름",
}
"""What a placeholder says: <전화번호_1>."""


NUMBERS = frozenset(Kind) - {Kind.NAME, Kind.ADDRESS}
"""What stays hidden from a person who talks with the customer, and needs to know whom and where."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A span that is personal data. `text` is what stands there."""

    kind: Kind
    start: int
    end: int
    text: str
