"""E-mail addresses and web addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from korean.identifiers.found import Identifier

_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")
_URL = re.compile(
    r"(?:https?://[A-Za-z0-9.-]+(?::\d{1,5})?(?:/[A-Za-z0-9\-._~:/?#@!$&'()*+,;=%\[\]]*)?"
    r"|(?<![A-Za-z0-9@._-])(?:[A-Za-z0-9-]+\.)+(?:com|net|org|kr|io|me|shop|info|biz|app|xyz|dev|ly|gl)"
    r"(?![A-Za-z0-9@])(?:/[A-Za-z0-9\-._~/?#&=%]*)?)",
    re.IGNORECASE,
)


def emails(text: str) -> Iterator[Identifier]:
    """Addresses in lower case."""
    if "@" in text:
        for match in _EMAIL.finditer(text):
            yield Identifier(match.start(), match.end(), match.group(0).lower())


def urls(text: str) -> Iterator[Identifier]:
    """Web addresses as written, without the full stop of the sentence."""
    if "." in text:
        for match in _URL.finditer(text):
            found = match.group(0).rstrip(".,;:!?)'")
            yield Identifier(match.start(), match.start() + len(found), found)
