"""What a file really is, by its first bytes: neither its name nor what the sender calls it is believed."""

from __future__ import annotations

from typing import Literal, get_args

MediaType = Literal["image/png", "image/jpeg", "image/gif", "image/webp", "image/heic", "application/pdf"]
KNOWN: tuple[MediaType, ...] = get_args(MediaType)
EXTENSIONS: dict[str, tuple[str, ...]] = {
    "image/png": ("png",),
    "image/jpeg": ("jpg", "jpeg"),
    "image/gif": ("gif",),
    "image/webp": ("webp",),
    "image/heic": ("heic", "heif"),
    "application/pdf": ("pdf",),
}
"""The first is given to a file whose name has another one."""
HEAD = 32
"""Bytes that `media_type` looks at."""

_SIGNATURES: tuple[tuple[bytes, MediaType], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
)
_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")


def media_type(head: bytes) -> MediaType | None:
    """The type that the first `HEAD` bytes show; None for any that isn't taken."""
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        return "image/heic"
    return None
