"""Telephone numbers and mail addresses in the one form in which they are compared."""

from __future__ import annotations

import re

from bot.conversation.store import squeezed
from bot.desk.bodies import BadRequest
from korean.identifiers.phones import phones

_EMAIL = re.compile(r"[^@\s\x00-\x1f]{1,64}@[^@\s\x00-\x1f]{1,189}\.[^@\s\x00-\x1f.]{2,}")
_ABROAD = re.compile(r"\+[1-9]\d{7,14}")


def plain_contact(kind: str, text: str) -> str | None:
    """`010-1234-5678`, `+14155550100`, `seoyeon@example.com`; None for what is none."""
    text = text.strip()
    if kind == "email":
        lowered = text.lower()
        return lowered if _EMAIL.fullmatch(lowered) else None
    if kind != "phone":
        return None
    digits = re.sub(r"[\s().-]", "", text)
    if digits.startswith("+82"):
        digits = "0" + digits.removeprefix("+82").removeprefix("0")
    found = next((one for one in phones(digits) if (one.start, one.end) == (0, len(digits))), None)
    if found is not None:
        return str(found.value)
    return digits if _ABROAD.fullmatch(digits) else None


def checked_contact(kind: str, text: str) -> str:
    """`plain_contact`. Raises `BadRequest`."""
    found = plain_contact(kind, text)
    if found is None:
        raise BadRequest(f"value: no {'telephone number' if kind == 'phone' else 'mail address'}")
    return found


def one_line(text: str) -> str:
    """Without characters that can't be seen, and with single spaces."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


def search_terms(query: str) -> list[str]:
    """Terms of a search for customers: the words without spaces, and numbers without hyphens."""
    found = squeezed(one_line(query)).replace("-", "")
    return [found] if found else []
