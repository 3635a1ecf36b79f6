"""Two PostgreSQL workers that insert the same row in the same moment: the second finds it there and goes on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from typing import TypeVar

import asyncpg
import pytest
from sqlalchemy.engine import make_url

from bot.conversation.errors import VersionConflict
from bot.storage.kits.samples import AT, commit_of, letter, said
from bot.storage.sql import SqlStore

pytestmark = pytest.mark.postgres
Result = TypeVar("Result")


@pytest.fixture
async def other(postgres_url: str) -> AsyncIterator[asyncpg.Connection]:
    """Another worker's connection, in the middle of a transaction."""
    url = make_url(postgres_url).set(drivername="postgresql")
    connection = await asyncpg.connect(url.render_as_string(hide_password=False))
    await connection.execute("BEGIN")
    yield connection
    await connection.close()


async def collide(other: asyncpg.Connection, work: Awaitable[Result]) -> Result:
    """Let the work run into the other's lock, then commit the other."""
    running = asyncio.ensure_future(work)
    blocked = (
        "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
    )
    while not await other.fetchval(blocked):
        assert not running.done(), "it should wait for the other transaction"
        await asyncio.sleep(0.01)
    await other.execute("COMMIT")
    return await running


async def test_an_outgoing_message(postgres_store: SqlStore, other: asyncpg.Connection) -> None:
    await other.execute(
        "INSERT INTO outbox (id, conversation_id, channel, created_at, attempts, next_attempt_at, state, payload) "
        "VALUES ('o1', 'c', 'kakao', 0, 0, 0, 'pending', '{}')"
    )
    await collide(other, postgres_store.enqueue([letter("o1", "c"), letter("o2", "c")]))
    assert [message.id for message in await postgres_store.pending("c")] == ["o1", "o2"]


async def test_a_first_attempt_at_a_password(postgres_store: SqlStore, other: asyncpg.Connection) -> None:
    await other.execute("INSERT INTO sign_in_attempts VALUES ('kim', '10.0.0.1', 1, $1::float8)", AT)
    attempt = postgres_store.accounts.count_attempt("kim", "10.0.0.1", now=AT, since=AT - 300)
    assert await collide(other, attempt) == (2, AT)


async def test_a_conversation_s_first_commit(postgres_store: SqlStore, other: asyncpg.Connection) -> None:
    await other.execute("INSERT INTO conversations VALUES ('c', 1, 'bot', NULL, NULL, 'web', 0, 0)")
    with pytest.raises(VersionConflict):
        await collide(other, postgres_store.commit(commit_of("c", [said()])))
    assert await postgres_store.events("c") == []
