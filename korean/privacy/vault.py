"""Placeholders for personal data, and the way back: what leaves the conversation says <전화번호_1>.

A vault is a fold over the conversation's texts, in order: the same texts make the same placeholders. So it lives as long as
somebody works on the conversation, in memory, and is never stored, logged or sent beside the text that it protects.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Self

from korean.privacy.detect import detect
from korean.privacy.kinds import LABELS, Finding, Kind
from korean.privacy.numbers import western

_PLACEHOLDER = re.compile(r"<([가-힣]+)_(\d+)>")
_PHONE_ABROAD = re.compile(r"^(?:82)0?(?=1)")


class Vault:
    """What stands behind each placeholder of one conversation. `repr` shows no values."""

    def __init__(self) -> None:
        self._placeholders: dict[tuple[Kind, str], str] = {}
        self._values: dict[str, str] = {}
        self._counts: dict[Kind, int] = {}

    @classmethod
    def of(cls, texts: Iterable[str]) -> Self:
        """The vault of a conversation so far."""
        vault = cls()
        for text in texts:
            vault.conceal(text)
        return vault

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Vault({len(self)} values)"

    def conceal(self, text: str) -> str:
        """The text with placeholders; a value that came before keeps its placeholder, however it is written."""
        pieces, at = [], 0
        for item in detect(text):
            pieces += [text[at : item.start], self._placeholder(item)]
            at = item.end
        return "".join([*pieces, text[at:]])

    def reveal(self, text: str) -> str:
        """The text with values as they were first written. A placeholder of no value is left: somebody made it up."""
        return _PLACEHOLDER.sub(lambda match: self._values.get(match.group(0), match.group(0)), text)

    def _placeholder(self, item: Finding) -> str:
        key = (item.kind, same_value(item))
        known = self._placeholders.get(key)
        if known is None:
            count = self._counts[item.kind] = self._counts.get(item.kind, 0) + 1
            known = self._placeholders[key] = f"<{LABELS[item.kind]}_{count}>"
            self._values[known] = item.text
        return known


def same_value(item: Finding) -> str:
    """Equal for two ways of writing one value: 010-1234-5678 and 01012345678."""
    if item.kind in (Kind.NAME, Kind.ADDRESS):
        return re.sub(r"\s", "", item.text)
    if item.kind is Kind.EMAIL:
        return item.text.lower()
    kept = re.sub(r"[^0-9A-Za-z가-힣]", "", western(item.text))
    return _PHONE_ABROAD.sub("0", kept) if item.kind is Kind.PHONE else kept
