"""Migrations lead from nothing to the tables that the code expects, and are run once."""

from __future__ import annotations

import asyncio
import re
import stat
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.command import downgrade
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from bot.conversation.errors import StoreUnavailable
from bot.storage import migrations
from bot.storage.errors import BadStoreUrl, NewerSchema
from bot.storage.kits.samples import commit_of, said
from bot.storage.sql import default_url, open_store, upgrade
from bot.storage.sql.engine import open_database
from bot.storage.sql.schema import HEAD
from bot.storage.sql.tables import metadata


def config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.set_main_option("path_separator", "os")
    return config


def differences(connection: Connection) -> list[Any]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, metadata))


def indexes(connection: Connection) -> dict[str, tuple[Any, ...]]:
    """What autogenerate doesn't compare: an index's columns in order, uniqueness and condition."""
    found = {}
    for table in metadata.sorted_tables:
        for index in inspect(connection).get_indexes(table.name):
            options = index.get("dialect_options", {})
            where = str(options.get("sqlite_where", options.get("postgresql_where", "")))
            plain = re.sub(r"::text|[()]", "", where)
            found[str(index["name"])] = (tuple(index["column_names"]), bool(index["unique"]), plain)
    return found


def expected_indexes() -> dict[str, tuple[Any, ...]]:
    found = {}
    for table in metadata.sorted_tables:
        for index in table.indexes:
            where = index.dialect_options["sqlite"]["where"]
            columns = tuple(column.name for column in index.columns)
            found[str(index.name)] = (columns, bool(index.unique), "" if where is None else str(where))
    return found


async def test_migrations_make_the_tables_that_the_code_expects(sql_url: str) -> None:
    await upgrade(sql_url)
    database = open_database(sql_url)
    assert await database.read(differences) == []
    assert await database.read(indexes) == expected_indexes()
    await database.close()


async def test_an_upgrade_says_what_it_did_and_then_does_nothing(sqlite_url: str) -> None:
    assert await upgrade(sqlite_url) == (None, HEAD)
    assert await upgrade(sqlite_url) == (HEAD, HEAD)


def test_the_newest_revision_is_the_one_that_the_code_names() -> None:
    assert ScriptDirectory.from_config(config()).get_heads() == [HEAD]


async def test_the_way_back_leaves_nothing(sqlite_url: str) -> None:
    await upgrade(sqlite_url)
    database = open_database(sqlite_url)

    def go_back(connection: Connection) -> None:
        back = config()
        back.attributes["connection"] = connection
        downgrade(back, "base")

    await database.write(go_back)
    assert await database.read(lambda connection: inspect(connection).get_table_names()) == [
        "alembic_version"
    ]
    await database.close()
    assert await upgrade(sqlite_url) == (None, HEAD)


async def test_workers_that_start_together_migrate_once(postgres_database: str) -> None:
    database = open_database(postgres_database)
    await database.write(lambda c: c.execute(text("DROP SCHEMA public CASCADE")).rowcount)
    await database.write(lambda c: c.execute(text("CREATE SCHEMA public")).rowcount)
    await database.close()
    befores = await asyncio.gather(*(upgrade(postgres_database) for _ in range(4)))
    assert sorted(before is None for before, _ in befores) == [False, False, False, True]


async def test_processes_that_start_together_migrate_once(sqlite_url: str) -> None:
    program = (
        f"import asyncio; from bot.storage.sql import upgrade; print(asyncio.run(upgrade({sqlite_url!r})))"
    )
    processes = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", program, stdout=-1) for _ in range(3)
    ]
    outputs = [(await process.communicate())[0].decode().strip() for process in processes]
    assert sorted(outputs) == [f"('{HEAD}', '{HEAD}')"] * 2 + [f"(None, '{HEAD}')"]


async def test_a_database_of_a_newer_version_is_left_alone(sqlite_url: str) -> None:
    store = await open_store(sqlite_url)
    await store.commit(commit_of("c", [said()]))
    await store._database.write(
        lambda connection: (
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'")).rowcount
        )
    )
    await store.close()
    with pytest.raises(NewerSchema, match="9999"):
        await open_store(sqlite_url)
    unchanged = await open_store(sqlite_url, migrate=False)
    assert await unchanged.find_message("c", "m1") == 1
    await unchanged.close()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "nonsense",
        "mysql://root:secret@localhost/x",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///x?synchronous=off",
    ],
)
async def test_a_url_of_no_store_is_refused_without_quoting_its_password(url: str) -> None:
    with pytest.raises(BadStoreUrl) as refused:
        await open_store(url)
    assert "secret" not in str(refused.value)
    assert "sqlite:///" in refused.value.remedy


async def test_the_file_is_made_for_its_owner_only(tmp_path: Path) -> None:
    data_dir = tmp_path / "새 폴더"
    store = await open_store(default_url(data_dir))
    await store.commit(commit_of("c", [said()]))
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in data_dir.iterdir()}
    assert modes == dict.fromkeys(["sangdam.db", "sangdam.db-wal", "sangdam.db-shm"], 0o600)
    await store.close()
    assert [path.name for path in data_dir.iterdir()] == ["sangdam.db"]


async def test_a_folder_that_cannot_be_made_is_told_as_such(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnavailable):
        await open_store(f"sqlite:///{tmp_path}/file/sangdam.db")
