"""What a file really is, by its first bytes and by what its archive holds; and archives that would burst are refused."""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePath

from knowledge_base.errors import DocumentProblem

MAX_BYTES = 50 * 1024 * 1024
"""Of a file."""
MAX_UNPACKED = 400 * 1024 * 1024
"""Bytes of everything inside an archive."""
MAX_RATIO = 200
"""Unpacked to packed, of one entry above `SMALL`."""
SMALL = 5 * 1024 * 1024
MAX_ENTRIES = 20_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_INSIDE = {
    "word/document.xml": ".docx",
    "ppt/presentation.xml": ".pptx",
    "xl/workbook.xml": ".xlsx",
    "Contents/content.hpf": ".hwpx",
}
_OLD = {"WordDocument": ".doc", "Workbook": ".xls", "Book": ".xls", "PowerPoint Document": ".ppt"}
_UNREAD = (".png", ".jpg", ".gif", ".gz", ".zip")
"""Known by their first bytes, and read by nothing here under any name."""
_TEXTS = (".md", ".markdown", ".txt", ".html", ".htm", ".csv", ".jsonl", ".eml", ".mbox")


def refuse_size(size: int) -> None:
    """Raises `DocumentProblem` for a file that is too large; asked before anything is read."""
    if size > MAX_BYTES:
        raise DocumentProblem(
            "too_large", f"It has {size // 2**20} MB.", f"At most {MAX_BYTES // 2**20} MB; split it."
        )
    if size == 0:
        raise _empty()


def check_type(data: bytes, suffix: str) -> None:
    """Raises `DocumentProblem` for an empty file, one of another type than its name says, or a bomb."""
    if not data.strip():
        raise _empty()
    real = _real_type(data)
    if real == ".zip":
        real = _inside_archive(data)
    elif real == ".ole":
        real = _inside_ole(data)
    if real == suffix or (real == "" and suffix in _TEXTS):
        return
    if real == "":
        raise DocumentProblem(
            "broken_file", f"It does not begin like a {suffix} file.", f"Save it anew as {suffix}."
        )
    remedy = "Leave it out, or save its text anew." if real in _UNREAD else f"Rename it to end in {real}."
    raise DocumentProblem("wrong_type", f"It is named {suffix}, but it is a {real} file.", remedy)


def _empty() -> DocumentProblem:
    return DocumentProblem("empty", "The file is empty.", "Remove it or fill it.")


def _real_type(data: bytes) -> str:
    """The type by its first bytes; nothing for text and for what isn't known."""
    if b"%PDF-" in data[:1024]:
        return ".pdf"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return ".zip"
    if data.startswith(_OLE):
        return ".ole"
    if data.startswith(b"HWP Document File V"):
        raise DocumentProblem("old_format", "It is of Hangul 3 or older.", "Save it as .hwpx.")
    for magic, name in (
        (b"\x89PNG", ".png"),
        (b"\xff\xd8\xff", ".jpg"),
        (b"GIF8", ".gif"),
        (b"\x1f\x8b", ".gz"),
    ):
        if data.startswith(magic):
            return name
    return ""


def _inside_archive(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise DocumentProblem(
            "broken_file", f"Its archive is damaged: {error}"[:160], "Save it anew."
        ) from None
    if any(entry.flag_bits & 1 for entry in entries):
        raise _encrypted()
    _refuse_bomb(entries)
    names = {entry.filename for entry in entries}
    return next((kind for name, kind in _INSIDE.items() if name in names), ".zip")


def _refuse_bomb(entries: list[zipfile.ZipInfo]) -> None:
    total = sum(entry.file_size for entry in entries)
    if total > MAX_UNPACKED or len(entries) > MAX_ENTRIES:
        raise _bomb(f"Unpacked it has {total // 2**20} MB in {len(entries)} parts.")
    for entry in entries:
        if entry.file_size > SMALL and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
            name = PurePath(entry.filename).name[:60]
            raise _bomb(f"{name} unpacks to {entry.file_size // max(entry.compress_size, 1)} times its size.")


def _bomb(what: str) -> DocumentProblem:
    return DocumentProblem("zip_bomb", what, "Save it anew, with smaller pictures, or split it.")


def _encrypted() -> DocumentProblem:
    return DocumentProblem("encrypted", "It has a password.", "Save it without a password.")


def _inside_ole(data: bytes) -> str:
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            names = {"/".join(path) for path in ole.listdir()}
    except Exception as error:
        raise DocumentProblem(
            "broken_file", f"It is damaged: {type(error).__name__}.", "Save it anew."
        ) from None
    if "FileHeader" in names:
        return ".hwp"
    if "EncryptedPackage" in names:
        raise _encrypted()
    old = next((kind for name, kind in _OLD.items() if name in names), None)
    if old:
        raise DocumentProblem("old_format", f"It is an old {old} file.", f"Save it as {old}x.")
    return ".ole"
