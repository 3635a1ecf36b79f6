"""Files that customers and agents send: one folder a conversation, random names, what they are called kept beside them."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import re
import secrets
import shutil
import unicodedata
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

from bot.channels.media_types import EXTENSIONS, HEAD, media_type
from formats import SangdamError

MOST_FILES = 50
"""Files of one conversation."""
LONGEST_NAME = 120
_ID = re.compile(r"[0-9a-f]{32}")
_NAMELESS = "파일"


@dataclass(frozen=True, slots=True)
class SentFile:
    """A kept file. `name` is what its sender calls it, with the extension that fits what it is."""

    id: str
    name: str
    media_type: str
    size: int
    """Bytes."""

    @property
    def is_image(self) -> bool:
        """Whether it can be looked at."""
        return self.media_type.startswith("image/")


class FileRefused(SangdamError):
    """Raised for a file that is too big, of a type that isn't taken, empty, or one too many."""


class UnknownFile(SangdamError):
    """Raised for an id that is no file of this conversation."""

    status = 404

    def __init__(self) -> None:
        super().__init__("unknown_file", ko="파일을 찾을 수 없어요.", en="No such file in this conversation.")


class SentFiles:
    """Keeps and hands out files below `folder`. `types` are media types that are taken."""

    def __init__(self, folder: Path, *, max_bytes: int, types: tuple[str, ...]) -> None:
        self.folder = folder
        self.max_bytes = max_bytes
        self.types = types

    async def save(self, conversation_id: str, name: str, chunks: AsyncIterator[bytes]) -> SentFile:
        """Keep what comes. Raises `FileRefused`; nothing of a refused or broken-off file stays."""
        folder = self._folder(conversation_id)
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
        if await asyncio.to_thread(_count, folder) >= MOST_FILES:
            raise FileRefused(
                "too_many_files",
                ko="이 대화에서는 더 보낼 수 없어요.",
                en=f"A conversation holds {MOST_FILES} files.",
                status=429,
            )
        file_id = secrets.token_hex(16)
        draft = folder / f"{file_id}.part"
        try:
            head, size = await self._write(draft, chunks)
            kind = media_type(head)
            if not size:
                raise empty()
            if kind is None or kind not in self.types:
                raise FileRefused(
                    "file_type",
                    ko="이 형식은 보낼 수 없어요. 이미지나 PDF로 보내 주세요",
                    en="The content is of none of the types that are taken.",
                    remedy=f"Send one of {', '.join(self.types)}.",
                    status=415,
                )
            kept = SentFile(file_id, clean_name(name, kind), kind, size)
            await asyncio.to_thread(_keep, draft, folder, kept)
        except BaseException:
            with suppress(OSError):
                draft.unlink()
            raise
        return kept

    async def find(self, conversation_id: str, file_id: str) -> tuple[SentFile, Path]:
        """A file of the conversation and where its bytes are. Raises `UnknownFile`."""
        path = self._folder(conversation_id) / file_id
        if not _ID.fullmatch(file_id):
            raise UnknownFile()
        try:
            about = await asyncio.to_thread(path.with_suffix(".json").read_text, encoding="utf-8")
            return SentFile(**json.loads(about)), path
        except (OSError, ValueError, TypeError):
            raise UnknownFile() from None

    async def discard(self, conversation_id: str, file_id: str) -> None:
        """Keep a file no longer, as its message was refused."""
        path = self._folder(conversation_id) / file_id
        await asyncio.to_thread(_remove, path)

    async def _write(self, path: Path, chunks: AsyncIterator[bytes]) -> tuple[bytes, int]:
        """Its first bytes and its size."""
        head, size = b"", 0
        with await asyncio.to_thread(_create, path) as file:
            async for chunk in chunks:
                size += len(chunk)
                if size > self.max_bytes:
                    raise too_big(self.max_bytes)
                head += chunk[: HEAD - len(head)] if len(head) < HEAD else b""
                await asyncio.to_thread(file.write, chunk)
        return head, size

    def _folder(self, conversation_id: str) -> Path:
        return folder_of(self.folder, conversation_id)


def folder_of(folder: Path, conversation_id: str) -> Path:
    """Of a conversation; its id may hold anything and is nobody's business on the disk."""
    return folder / hashlib.sha256(conversation_id.encode()).hexdigest()[:32]


def forget_files(folder: Path, conversation_id: str) -> None:
    """Remove all that was sent in a conversation that was erased."""
    shutil.rmtree(folder_of(folder, conversation_id), ignore_errors=True)


def too_big(max_bytes: int) -> FileRefused:
    """The refusal of a file over the limit."""
    return FileRefused(
        "file_too_big",
        ko=f"{max_bytes // (1024 * 1024)}MB까지 보낼 수 있어요",
        en=f"The file is over {max_bytes} bytes.",
        status=413,
    )


def empty() -> FileRefused:
    """The refusal of a file without content."""
    return FileRefused("empty_file", ko="빈 파일은 보낼 수 없어요.", en="The file is empty.", status=422)


def clean_name(name: str, kind: str) -> str:
    """What a file may be called: no folders, nothing invisible, no other extension than its type's."""
    name = re.split(r"[\\/]", name)[-1]
    name = "".join(c for c in unicodedata.normalize("NFC", name) if unicodedata.category(c)[0] != "C")
    stem, _, extension = name.strip(". ").rpartition(".")
    if extension.lower() not in EXTENSIONS[kind]:
        stem, extension = name.strip(". "), EXTENSIONS[kind][0]
    return f"{(stem.strip() or _NAMELESS)[: LONGEST_NAME - len(extension) - 1]}.{extension.lower()}"


def _create(path: Path) -> BinaryIO:
    """A new file that only this user may read."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _count(folder: Path) -> int:
    return sum(path.suffix == ".json" for path in folder.iterdir())


def _remove(path: Path) -> None:
    for one in (path.with_suffix(".json"), path):
        with suppress(OSError):
            one.unlink()


def _keep(draft: Path, folder: Path, kept: SentFile) -> None:
    (folder / f"{kept.id}.json").write_text(json.dumps(asdict(kept), ensure_ascii=False), encoding="utf-8")
    draft.rename(folder / kept.id)
