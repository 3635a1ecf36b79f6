"""Bytes to text: UTF-8, or the Korean encodings that old files come in."""

from __future__ import annotations

from knowledge_base.errors import DocumentProblem
from knowledge_base.types import Section


def decode(data: bytes) -> str:
    """The text. Raises `DocumentProblem` for binary data."""
    if b"\x00" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise DocumentProblem("not_text", "The file is binary.", "Give it the suffix of its real type.")
    for encoding in ("utf-8-sig", "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "cp949", "cp949"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DocumentProblem("not_text", "The text is neither UTF-8 nor a Korean encoding.", "Save it as UTF-8.")


def read_text(data: bytes) -> tuple[str, list[Section], dict[str, str]]:
    """Plain text: the first line is the title if it is short."""
    lines = decode(data).strip().splitlines()
    head = lines[0].strip() if lines else ""
    title = head if 0 < len(head) <= 60 else ""
    body = "\n".join(lines[1:] if title else lines).strip()
    return title, [Section(text=body)] if body else [], {}
