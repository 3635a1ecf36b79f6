"""The key that signs customers' tokens: given by the environment, or made once and kept in the data
directory."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from bot.desk.accounts.errors import BadSecretKey

VARIABLE = "SANGDAM_SECRET_KEY"
FILE = "secret.key"
SHORTEST = 32
"""Bytes: what HS256 asks for (RFC 7518, 3.2)."""


def secret_key(data_dir: Path, environment: Mapping[str, str] = os.environ) -> bytes:
    """The same key at every start. Workers on several machines need the environment's. Raises
    `BadSecretKey`."""
    if VARIABLE in environment:
        return _checked(environment[VARIABLE].encode(), f"{VARIABLE} is too short")
    path = data_dir / FILE
    try:
        if not path.exists():
            _make(path)
        return _checked(path.read_bytes().strip(), f"{FILE} is damaged")
    except OSError as error:
        raise BadSecretKey(f"{FILE}: {error.strerror}") from error


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Written whole under another name first: of two processes that start together both read the first one's.
    draft = path.with_name(f"{FILE}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_urlsafe(48).encode())
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()


def _checked(key: bytes, problem: str) -> bytes:
    if len(key) < SHORTEST:
        raise BadSecretKey(problem)
    return key
