"""Accounts in SQL. Speaks rows, not the desk's types: storage and desk don't know each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Executable, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.storage.records import storable_id
from bot.storage.sql.engine import Database
from bot.storage.sql.tables import sign_in_attempts, sign_in_tokens, users

Record = Mapping[str, Any]


class SqlAccounts:
    """Implements `bot.desk.accounts.store.AccountStore`, whose docstrings say what each call means."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_user(self, user: Record) -> bool:
        """False if the user name is taken."""
        try:
            await self._database.write(
                lambda connection: connection.execute(insert(users), dict(user)).rowcount
            )
        except IntegrityError:
            return False
        return True

    async def user(self, username: str) -> Record | None:
        """By user name."""
        if not storable_id(username):
            return None
        query = select(users).where(users.c.username == username)
        return await self._database.read(lambda connection: _record(connection, query))

    async def users(self) -> list[Record]:
        """All, by user name."""
        query = select(users).order_by(users.c.username)
        return await self._database.read(
            lambda connection: [_as_record(row) for row in connection.execute(query)]
        )

    async def update_user(
        self, user_id: str, changes: Record, *, end_sessions: bool = False
    ) -> Record | None:
        """The changed user; None if there is none with that id."""
        change = update(users).where(users.c.id == user_id).values(dict(changes)).returning(*users.c)

        def work(connection: Connection) -> Record | None:
            if end_sessions:
                connection.execute(delete(sign_in_tokens).where(sign_in_tokens.c.user_id == user_id))
            return _record(connection, change)

        return await self._database.write(work)

    async def add_token(self, token_hash: str, user_id: str, *, created_at: float, expires_at: float) -> None:
        """Also forgets tokens that have expired."""
        row = {
            "token_hash": token_hash,
            "user_id": user_id,
            "created_at": created_at,
            "expires_at": expires_at,
        }

        def work(connection: Connection) -> None:
            connection.execute(delete(sign_in_tokens).where(sign_in_tokens.c.expires_at <= created_at))
            connection.execute(insert(sign_in_tokens), row)

        await self._database.write(work)

    async def token_user(self, token_hash: str, *, now: float) -> Record | None:
        """The user whom a token that hasn't expired belongs to."""
        query = (
            select(users)
            .join(sign_in_tokens, sign_in_tokens.c.user_id == users.c.id)
            .where(sign_in_tokens.c.token_hash == token_hash, sign_in_tokens.c.expires_at > now)
        )
        return await self._database.read(lambda connection: _record(connection, query))

    async def remove_token(self, token_hash: str) -> None:
        """Unknown tokens are passed over."""
        gone = delete(sign_in_tokens).where(sign_in_tokens.c.token_hash == token_hash)
        await self._database.write(lambda connection: connection.execute(gone).rowcount)

    async def count_attempt(self, username: str, ip: str, *, now: float, since: float) -> tuple[int, float]:
        """Add an attempt: how many there are now, and when the first of them was."""

        def work(connection: Connection) -> tuple[int, float]:
            return _count_attempt(connection, username, ip, now, since)

        try:
            return await self._database.write(work)
        except IntegrityError:
            # Another worker inserted the same row first; it is there to be counted up now.
            return await self._database.write(work)

    async def forget_attempts(self, username: str, ip: str) -> None:
        """After the right password."""
        gone = delete(sign_in_attempts).where(
            sign_in_attempts.c.username == username, sign_in_attempts.c.ip == ip
        )
        await self._database.write(lambda connection: connection.execute(gone).rowcount)


def _record(connection: Connection, statement: Executable) -> Record | None:
    row = connection.execute(statement).one_or_none()
    return _as_record(row) if row is not None else None


def _as_record(row: Row[Any]) -> Record:
    return row._asdict()


def _count_attempt(
    connection: Connection, username: str, ip: str, now: float, since: float
) -> tuple[int, float]:
    table = sign_in_attempts
    connection.execute(delete(table).where(table.c.started_at <= since))
    counted = (
        update(table)
        .where(table.c.username == username, table.c.ip == ip)
        .values(count=table.c.count + 1)
        .returning(table.c.count, table.c.started_at)
    )
    row = connection.execute(counted).one_or_none()
    if row is not None:
        return row[0], row[1]
    connection.execute(insert(table), {"username": username, "ip": ip, "count": 1, "started_at": now})
    return 1, now
