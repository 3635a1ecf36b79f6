"""Passwords: argon2id, in a thread, a few at a time."""

from __future__ import annotations

import asyncio
import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bot.desk.accounts.errors import WeakPassword

SHORTEST = 8
LONGEST = 256
AT_ONCE = 2
"""Each takes 64 MiB and a processor for some 50 ms: a flood of sign-ins must not take the machine."""


class Passwords:
    """Hash and verify. The parameters are argon2-cffi's, which follow RFC 9106, unless others are given."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._nobody = ""

    async def hash(self, password: str) -> str:
        """The hash of a new password. Raises `WeakPassword`."""
        if not SHORTEST <= len(password) <= LONGEST:
            raise WeakPassword(SHORTEST, LONGEST)
        async with self._gate:
            return await asyncio.to_thread(self._hasher.hash, _bytes(password))

    async def verify(self, password_hash: str | None, password: str) -> bool:
        """Whether the password is right; without a hash it takes as long and says no."""
        async with self._gate:
            return await asyncio.to_thread(self._verify, password_hash, password[: LONGEST + 1])

    def outdated(self, password_hash: str) -> bool:
        """Whether the hash was made with weaker parameters than today's."""
        return self._hasher.check_needs_rehash(password_hash)

    def _verify(self, password_hash: str | None, password: str) -> bool:
        if not self._nobody:
            # Made by whoever is first, so that later an unknown user costs what a known one costs.
            self._nobody = self._hasher.hash(secrets.token_bytes(16))
        try:
            right = self._hasher.verify(password_hash or self._nobody, _bytes(password))
        except (VerificationError, InvalidHashError):
            return False
        return right and password_hash is not None


def _bytes(password: str) -> bytes:
    # The same password typed on another keyboard may come as decomposed Hangul or full-width letters.
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
