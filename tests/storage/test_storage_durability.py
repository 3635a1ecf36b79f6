"""What was acknowledged is there, whatever happens to the process, its neighbours or the server."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.conversation.errors import DuplicateMessage, StoreUnavailable, VersionConflict
from bot.conversation.store import Store
from bot.storage.kits.samples import AT, case_of, commit_of, letter, one_of_each, said
from bot.storage.sql import SqlStore, open_store
from bot.storage.sql.postgres import PostgresDatabase
from bot.storage.sql.sqlite import SqliteDatabase

WRITER = """
import asyncio, sys
from bot.storage.kits.samples import case_of, commit_of, letter, said
from bot.storage.sql import open_store

async def main(url):
    store = await open_store(url)
    for n in range(100_000):
        await store.commit(commit_of("대화", [said(f"{n}번째 말", f"m{n}"), said("네", f"b{n}")], after=2 * n,
            case=case_of("h1", "대화", unread=n), outbox=[letter(f"o{n}", "대화")], snapshot={"n": n}))
        print(n, flush=True)

asyncio.run(main(sys.argv[1]))
"""


async def test_a_killed_process_loses_nothing_that_it_acknowledged(sql_url: str) -> None:
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", WRITER, sql_url, stdout=-1)
    assert process.stdout is not None
    acknowledged = -1
    while acknowledged < 40:
        acknowledged = int(await process.stdout.readline())
    process.send_signal(signal.SIGKILL)
    for line in (await process.communicate())[0].splitlines():
        acknowledged = int(line)
    store = await open_store(sql_url)
    await _is_whole(store, acknowledged)
    await store.close()


async def _is_whole(store: Store, acknowledged: int) -> None:
    """Everything acknowledged is there once; at most one commit more, and that one whole."""
    events = await store.events("대화", limit=1_000_000)
    commits = len(events) // 2
    assert commits - 1 in (acknowledged, acknowledged + 1)
    assert [event.seq for event in events] == list(range(1, 2 * commits + 1))
    said_ = [event.message_id for event in events if event.event == "user"]
    assert said_ == [f"{kind}{n}" for n in range(commits) for kind in "mb"]
    loaded = await store.load("대화")
    assert (loaded.head.version, loaded.snapshot) == (2 * commits, {"n": commits - 1})
    assert (await store.case("h1")).unread == commits - 1
    assert len(await store.pending("대화")) == commits
    with pytest.raises(DuplicateMessage):
        await store.commit(commit_of("대화", [said("다시", f"m{acknowledged}")], after=2 * commits))


async def test_a_store_opened_again_has_it_all(sql_url: str) -> None:
    first = await open_store(sql_url)
    commit = commit_of("c", one_of_each(), outbox=[letter("o1", "c")], case=case_of("h1", "c"))
    await first.commit(commit)
    await first.claim("kakao", now=AT, lease=30)
    await first.close()
    second = await open_store(sql_url)
    assert await second.events("c") == commit.events
    assert (await second.case("h1")) == commit.case
    assert [message.attempts for message in await second.pending("c")] == [1]
    assert await second.claim("kakao", now=AT + 29, lease=30) == []
    await second.close()


async def test_two_workers_on_one_database_never_both_win(sql_url: str) -> None:
    one, two = await open_store(sql_url), await open_store(sql_url)
    outcomes = await asyncio.gather(
        *(
            store.commit(commit_of("c", [said(f"{n}", f"{worker}-{n}")], after=0))
            for n in range(10)
            for worker, store in (("하나", one), ("둘", two))
        ),
        return_exceptions=True,
    )
    assert outcomes.count(None) == 1
    assert sum(isinstance(outcome, VersionConflict) for outcome in outcomes) == 19
    assert await one.load("c") == await two.load("c")
    await one.close()
    await two.close()


# -- SQLite ---------------------------------------------------------------------------------------


async def test_another_process_that_writes_is_waited_for(sqlite_store: SqlStore, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "data" / "sangdam.db", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        waiting = asyncio.ensure_future(sqlite_store.commit(commit_of("c", [said()])))
        assert await sqlite_store.head("c") is None, "readers don't wait"
        assert not waiting.done()
        other.execute("COMMIT")
        await asyncio.wait_for(waiting, 10)
    other.close()
    assert await sqlite_store.find_message("c", "m1") == 1


async def test_a_lock_that_stays_is_told_after_some_attempts(sqlite_store: SqlStore, tmp_path: Path) -> None:
    path = tmp_path / "data" / "sangdam.db"
    impatient = SqlStore(SqliteDatabase(path, busy_seconds=0.01))
    with sqlite3.connect(path, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable, match="SQLITE_BUSY"):
            await impatient.commit(commit_of("c", [said()]))
        other.execute("ROLLBACK")
    other.close()
    await impatient.commit(commit_of("c", [said()]))
    await impatient.close()


async def test_a_full_disk_takes_nothing_and_quotes_nothing(sqlite_store: SqlStore) -> None:
    await sqlite_store.commit(commit_of("c", [said("처음", "m1")]))
    pages = await sqlite_store._database.write(
        lambda connection: connection.execute(text("PRAGMA max_page_count = 1")).scalar()
    )
    with pytest.raises(StoreUnavailable) as full:
        await sqlite_store.commit(commit_of("c", [said("비밀 이야기" * 20_000, "m2")], after=1))
    assert (full.value.status, "SQLITE_FULL" in full.value.en) == (503, True)
    assert "비밀" not in f"{full.value} {full.value.__cause__}"
    await sqlite_store._database.write(
        lambda connection: connection.execute(text(f"PRAGMA max_page_count = {pages + 1_000}")).scalar()
    )
    assert await sqlite_store.find_message("c", "m2") is None
    await sqlite_store.commit(commit_of("c", [said("비밀 이야기" * 20_000, "m2")], after=1))
    assert await sqlite_store.find_message("c", "m2") == 2


async def test_a_file_that_is_no_database_is_told_as_such(tmp_path: Path) -> None:
    (tmp_path / "sangdam.db").write_text("이건 데이터베이스가 아니에요" * 100)
    with pytest.raises(StoreUnavailable, match="SQLITE_NOTADB"):
        await open_store(f"sqlite:///{tmp_path}/sangdam.db")


async def test_readers_cannot_write(sqlite_store: SqlStore) -> None:
    with pytest.raises(StoreUnavailable, match="SQLITE_READONLY"):
        await sqlite_store._database.read(lambda c: c.execute(text("DELETE FROM events")).rowcount)


async def test_a_cancelled_commit_leaves_the_store_working(sqlite_store: SqlStore) -> None:
    commits = [asyncio.ensure_future(sqlite_store.commit(commit_of(f"c{n}", [said()]))) for n in range(20)]
    await asyncio.sleep(0)
    for commit in commits[::2]:
        commit.cancel()
    outcomes = await asyncio.gather(*commits, return_exceptions=True)
    assert all(outcome is None for outcome in outcomes[1::2])
    for n in range(20):
        # Cancelled or not: there whole, or not there at all.
        loaded = await sqlite_store.load(f"c{n}")
        assert loaded.head.version == len(loaded.events)
    assert (await sqlite_store.head("c1")) is not None


# -- PostgreSQL -----------------------------------------------------------------------------------


@pytest.mark.postgres
async def test_connections_that_died_idle_are_replaced_unnoticed(
    postgres_store: SqlStore, postgres_url: str
) -> None:
    await asyncio.gather(*(postgres_store.head("c") for _ in range(4)))
    other = await open_store(postgres_url)
    killed = await other._database.write(
        lambda connection: connection.execute(
            text(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        ).scalar_one()
    )
    assert killed >= 1
    await postgres_store.commit(commit_of("c", [said()]))
    assert await postgres_store.find_message("c", "m1") == 1
    await other.close()


async def test_a_server_that_is_not_there_is_told_without_its_password() -> None:
    with pytest.raises(StoreUnavailable) as refused:
        await open_store("postgresql://sangdam:secret@127.0.0.1:1/sangdam")
    assert "ConnectionRefusedError" in refused.value.en
    assert "secret" not in refused.value.en


@pytest.mark.postgres
async def test_a_wrong_database_name_is_told_as_unavailable(postgres_url: str) -> None:
    with pytest.raises(StoreUnavailable, match="InvalidCatalogName"):
        await open_store(postgres_url.replace("sangdam_test_", "no_such_"))


@pytest.mark.postgres
async def test_a_reader_sees_no_half_of_a_commit(postgres_store: SqlStore) -> None:
    """Row, case and events of a load belong together while another worker commits."""
    assert isinstance(postgres_store._database, PostgresDatabase)

    async def write() -> None:
        for n in range(60):
            await postgres_store.commit(
                commit_of("c", [said(f"{n}", f"m{n}")], after=n, case=case_of("h1", "c", unread=n + 1))
            )

    writing = asyncio.ensure_future(write())
    while not writing.done():
        loaded = await postgres_store.load("c")
        assert loaded.head.version == len(loaded.events)
    await writing
