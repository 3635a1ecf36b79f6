"""Bytes to text: UTF-8, or the Korean encodings that old files come in."""

from __future__ import annotations

import unicodedata

from knowledge_base.errors import DocumentProblem
from knowledge_base.loaders.reading import Reading
from knowledge_base.types import Section

TITLE_LENGTH = 60


def decode(data: bytes) -> str:
    """The text, composed (NFC). Raises `DocumentProblem` for binary data."""
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    if b"\x00" in data[:4096] and not marked:
        raise DocumentProblem("not_text", "The file is binary.", "Give it the suffix of its real type.")
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp949"):
        try:
            return unicodedata.normalize("NFC", data.decode(encoding))
        except UnicodeDecodeError:
            continue
    raise DocumentProblem("not_text", "The text is neither UTF-8 nor a Korean encoding.", "Save it as UTF-8.")


def read_text(data: bytes) -> Reading:
    """Plain text: the first line is the title if it is short and something follows."""
    lines = decode(data).strip().splitlines()
    head = lines[0].strip() if lines else ""
    title = head if 0 < len(head) <= TITLE_LENGTH and len(lines) > 1 else ""
    body = "\n".join(lines[1:] if title else lines).strip()
    return Reading(title, [Section(text=body)] if body else [])
