"""From a URL to a database that runs units of work.

A unit of work is a plain function of a SQLAlchemy `Connection`, run as one transaction: on SQLite in the
writer's or a reader's thread, on PostgreSQL in the greenlet of an async engine. The same statements serve
both, and a turn costs one hop between threads instead of one for each call of the driver.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

from sqlalchemy import Connection
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.storage.errors import BadStoreUrl

Result = TypeVar("Result")
EXPECTED = "sqlite:///var/sangdam.db or postgresql://user@host/database"


class Database(Protocol):
    """Runs units of work. Both ways raise `StoreUnavailable`, and what the work itself raises."""

    async def read(self, work: Callable[[Connection], Result], *, brief: bool = False) -> Result:
        """Run it in a transaction that changes nothing.

        `brief` work finds a few rows by their keys and needs no common view of several statements: it may run on the
        spot, without a transaction, where the database is a file at hand.
        """

    async def write(self, work: Callable[[Connection], Result]) -> Result:
        """Run it and commit; roll back if it raises. May run it again after a failure that left nothing
        behind.

        `IntegrityError` comes through as it is.
        """

    async def close(self) -> None:
        """Finish what runs and let go of all connections."""


def default_url(data_dir: Path) -> str:
    """SQLite's file in the data directory."""
    return f"sqlite:///{data_dir / 'sangdam.db'}"


def open_database(url: str) -> Database:
    """The engine that a URL names; nothing is connected yet. Raises `BadStoreUrl`, `StoreUnavailable`.

    `sqlite:///PATH` (relative) or `sqlite:////PATH`, with `?synchronous=full` for those who fear power cuts
    more than waiting; `postgresql://USER:PASSWORD@HOST:PORT/DATABASE`. A driver after a plus sign is taken
    and ignored.
    """
    parsed = _parse(url)
    backend = parsed.get_backend_name()
    if backend == "sqlite":
        from bot.storage.sql.sqlite import SqliteDatabase

        return SqliteDatabase.at(parsed)
    if backend in ("postgresql", "postgres"):
        from bot.storage.sql.postgres import PostgresDatabase

        return PostgresDatabase(parsed.set(drivername="postgresql+asyncpg"))
    raise BadStoreUrl(f"{backend}://…", EXPECTED)


def _parse(url: str) -> URL:
    try:
        return make_url(url)
    except ArgumentError as error:
        # Not quoted: it may hold a password.
        raise BadStoreUrl("it can't be read", EXPECTED) from error
