"""The account store port, and its twin in memory.

It speaks records, mappings with the names of the columns, so that storage needn't know the desk's types:
`id, username, name, role, password_hash, state, disabled, created_at`. Times are seconds since the epoch.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

Record = Mapping[str, Any]


class AccountStore(Protocol):
    """Users, sign-in tokens (as hashes) and attempts at passwords. All may raise `StoreUnavailable`."""

    async def add_user(self, user: Record) -> bool:
        """False, and nothing changed, if the user name is taken."""

    async def user(self, username: str) -> Record | None:
        """By user name, exactly."""

    async def users(self) -> list[Record]:
        """All, by user name."""

    async def update_user(
        self, user_id: str, changes: Record, *, end_sessions: bool = False
    ) -> Record | None:
        """The changed user, None if there is none; in the same transaction all their tokens may be
        removed."""

    async def add_token(self, token_hash: str, user_id: str, *, created_at: float, expires_at: float) -> None:
        """Also forgets tokens that have expired by `created_at`."""

    async def token_user(self, token_hash: str, *, now: float) -> Record | None:
        """The user of a token that is known and hasn't expired."""

    async def remove_token(self, token_hash: str) -> None:
        """Unknown tokens are passed over."""

    async def count_attempt(self, username: str, ip: str, *, now: float, since: float) -> tuple[int, float]:
        """Add an attempt and say how many there are, and when the first of them was; those whose first was
        at or before `since` are forgotten first. Atomic: of attempts at once each gets a number of its
        own."""

    async def forget_attempts(self, username: str, ip: str) -> None:
        """Begin counting anew."""


class MemoryAccounts:
    """Implements `AccountStore` in memory."""

    def __init__(self) -> None:
        self._users: dict[str, dict[str, Any]] = {}
        self._tokens: dict[str, tuple[str, float]] = {}
        self._attempts: dict[tuple[str, str], tuple[int, float]] = {}

    async def add_user(self, user: Record) -> bool:
        """See `AccountStore.add_user`."""
        if any(known["username"] == user["username"] for known in self._users.values()):
            return False
        self._users[user["id"]] = dict(user)
        return True

    async def user(self, username: str) -> Record | None:
        """See `AccountStore.user`."""
        return next((dict(u) for u in self._users.values() if u["username"] == username), None)

    async def users(self) -> list[Record]:
        """See `AccountStore.users`."""
        return [dict(user) for user in sorted(self._users.values(), key=lambda user: str(user["username"]))]

    async def update_user(
        self, user_id: str, changes: Record, *, end_sessions: bool = False
    ) -> Record | None:
        """See `AccountStore.update_user`."""
        user = self._users.get(user_id)
        if user is None:
            return None
        user.update(changes)
        if end_sessions:
            self._tokens = {key: held for key, held in self._tokens.items() if held[0] != user_id}
        return dict(user)

    async def add_token(self, token_hash: str, user_id: str, *, created_at: float, expires_at: float) -> None:
        """See `AccountStore.add_token`."""
        self._tokens = {key: held for key, held in self._tokens.items() if held[1] > created_at}
        self._tokens[token_hash] = (user_id, expires_at)

    async def token_user(self, token_hash: str, *, now: float) -> Record | None:
        """See `AccountStore.token_user`."""
        user_id, expires_at = self._tokens.get(token_hash, ("", 0.0))
        user = self._users.get(user_id)
        return dict(user) if user is not None and expires_at > now else None

    async def remove_token(self, token_hash: str) -> None:
        """See `AccountStore.remove_token`."""
        self._tokens.pop(token_hash, None)

    async def count_attempt(self, username: str, ip: str, *, now: float, since: float) -> tuple[int, float]:
        """See `AccountStore.count_attempt`."""
        self._attempts = {key: held for key, held in self._attempts.items() if held[1] > since}
        count, started_at = self._attempts.get((username, ip), (0, now))
        self._attempts[username, ip] = (count + 1, started_at)
        return count + 1, started_at

    async def forget_attempts(self, username: str, ip: str) -> None:
        """See `AccountStore.forget_attempts`."""
        self._attempts.pop((username, ip), None)
