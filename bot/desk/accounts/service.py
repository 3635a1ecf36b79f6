"""Accounts: users, sign-in with a throttle, tokens that can be revoked."""

from __future__ import annotations

import hashlib
import math
import secrets
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.desk.accounts.errors import (
    BadCredentials,
    BadUser,
    NotSignedIn,
    TooManyAttempts,
    UnknownUser,
    UserExists,
)
from bot.desk.accounts.passwords import Passwords
from bot.desk.accounts.store import AccountStore, Record
from bot.desk.accounts.users import Role, User, UserState, name_of, role_of, state_of, username_of

SESSION_SECONDS = 12 * 3600.0
"""A long shift; after it one signs in again."""
ATTEMPTS = 5
WINDOW_SECONDS = 300.0
"""After `ATTEMPTS` wrong passwords for one user from one address, no more until so long after the first of
them."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """What a successful sign-in gives. The token is shown once and kept nowhere."""

    token: str
    user: User
    expires_at: float


class AccountService:
    """All about accounts that the server and the command line need."""

    def __init__(
        self,
        store: AccountStore,
        passwords: Passwords | None = None,
        *,
        session_seconds: float = SESSION_SECONDS,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._passwords = passwords or Passwords()
        self._session_seconds = session_seconds
        self._clock = clock

    # -- users ------------------------------------------------------------------------------------

    async def add_user(self, username: str, name: str, role: Role | str, password: str) -> User:
        """Raises `BadUser`, `WeakPassword`, `UserExists`."""
        record: dict[str, Any] = {
            "id": uuid.uuid4().hex,
            "username": username_of(username),
            "name": name_of(name),
            "role": role_of(role),
            "password_hash": await self._passwords.hash(password),
            "state": "offline",
            "disabled": False,
            "created_at": self._clock(),
        }
        if not await self._store.add_user(record):
            raise UserExists(record["username"])
        return _user(record)

    async def users(self) -> list[User]:
        """All, by user name."""
        return [_user(record) for record in await self._store.users()]

    async def find(self, username: str) -> User | None:
        """By user name; None for one that doesn't exist or can't be."""
        record = await self._record(username)
        return _user(record) if record is not None else None

    async def set_password(self, username: str, password: str, *, end_sessions: bool = True) -> User:
        """A new password ends all sessions under the old one. Raises `UnknownUser`, `WeakPassword`.

        `end_sessions` is False only for the demo's password, which is new at every start: nobody lost it.
        """
        user = await self._known(username)
        password_hash = await self._passwords.hash(password)
        return await self._change(user.id, {"password_hash": password_hash}, end_sessions=end_sessions)

    async def set_role(self, username: str, role: Role | str) -> User:
        """Holds from the next request on. Raises `UnknownUser`, `BadUser`."""
        return await self._change((await self._known(username)).id, {"role": role_of(role)})

    async def disable(self, username: str, disabled: bool = True) -> User:
        """A disabled user can't sign in, and is signed out at once. Raises `UnknownUser`."""
        user = await self._known(username)
        changes = {"disabled": disabled, "state": "offline"}
        return await self._change(user.id, changes, end_sessions=disabled)

    async def set_state(self, user_id: str, state: UserState | str) -> User:
        """Raises `UnknownUser`, `BadUser`."""
        return await self._change(user_id, {"state": state_of(state)})

    # -- sign-in ----------------------------------------------------------------------------------

    async def authenticate(self, username: str, password: str, ip: str) -> SignIn:
        """Raises `TooManyAttempts`, else `BadCredentials` unless all is right; both tell nothing of the
        user."""
        known_as = _throttled_name(username)
        await self._throttle(known_as, ip)
        record = await self._record(username)
        right = await self._passwords.verify(record["password_hash"] if record else None, password)
        if record is None or not right or record["disabled"]:
            raise BadCredentials()
        await self._store.forget_attempts(known_as, ip)
        if self._passwords.outdated(record["password_hash"]):
            await self._store.update_user(
                record["id"], {"password_hash": await self._passwords.hash(password)}
            )
        return await self._sign_in(_user(record))

    async def user_of(self, token: str) -> User:
        """Who holds this token. Raises `NotSignedIn`."""
        record = await self._store.token_user(_token_hash(token), now=self._clock())
        if record is None or record["disabled"]:
            raise NotSignedIn()
        return _user(record)

    async def revoke(self, token: str) -> None:
        """Sign out. An unknown token is passed over."""
        await self._store.remove_token(_token_hash(token))

    async def _sign_in(self, user: User) -> SignIn:
        token, now = secrets.token_urlsafe(32), self._clock()
        expires_at = now + self._session_seconds
        await self._store.add_token(_token_hash(token), user.id, created_at=now, expires_at=expires_at)
        return SignIn(token, user, expires_at)

    async def _throttle(self, known_as: str, ip: str) -> None:
        # Counted before the password is looked at, so that attempts at once can't slip through together.
        now = self._clock()
        count, started_at = await self._store.count_attempt(
            known_as, ip[:64], now=now, since=now - WINDOW_SECONDS
        )
        if count > ATTEMPTS:
            raise TooManyAttempts(max(1, math.ceil(started_at + WINDOW_SECONDS - now)))

    async def _record(self, username: str) -> Record | None:
        try:
            return await self._store.user(username_of(username))
        except BadUser:
            return None

    async def _known(self, username: str) -> User:
        user = await self.find(username)
        if user is None:
            raise UnknownUser()
        return user

    async def _change(self, user_id: str, changes: dict[str, Any], *, end_sessions: bool = False) -> User:
        record = await self._store.update_user(user_id, changes, end_sessions=end_sessions)
        if record is None:
            raise UnknownUser()
        return _user(record)


def _user(record: Record) -> User:
    return User.model_validate(dict(record))


def _token_hash(token: str) -> str:
    # The token has 256 random bits: a fast hash is enough, nothing can be guessed.
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _throttled_name(username: str) -> str:
    """What attempts are counted under: the user name, or one name for all that can't be one."""
    try:
        return username_of(username)
    except BadUser:
        return "?"
