"""Databases for the storage tests. A back end whose server isn't there is skipped, and says so."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.storage.sql import SqlStore, open_store
from bot.storage.sql.engine import Database, open_database
from bot.storage.sql.tables import metadata


@pytest.fixture
async def postgres_url(postgres_database: str) -> str:
    """URL of a migrated database without rows."""
    store = await open_store(postgres_database)
    await _empty(store._database)
    await store.close()
    return postgres_database


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """URL of a file that doesn't exist yet."""
    return f"sqlite:///{tmp_path / 'data' / 'sangdam.db'}"


@pytest.fixture
async def sqlite_store(sqlite_url: str) -> AsyncIterator[SqlStore]:
    """A new store in a file."""
    store = await open_store(sqlite_url)
    yield store
    await store.close()


@pytest.fixture
async def postgres_store(postgres_url: str) -> AsyncIterator[SqlStore]:
    """An empty store in PostgreSQL."""
    store = await open_store(postgres_url)
    yield store
    await store.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def sql_url(request: pytest.FixtureRequest) -> str:
    """URL of each engine in turn: a new file, an empty database."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
async def sql_store(sql_url: str) -> AsyncIterator[SqlStore]:
    """A store on each engine in turn."""
    store = await open_store(sql_url)
    yield store
    await store.close()


async def _empty(database: Database) -> None:
    tables = ", ".join(table.name for table in metadata.sorted_tables)
    await database.write(lambda connection: connection.execute(text(f"TRUNCATE {tables}")).rowcount)


__all__ = ["open_database"]
