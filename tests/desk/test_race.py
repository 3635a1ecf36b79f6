"""Many agents, many customers, everything at once: one owner at a time, nothing lost, nobody forgotten, fair order.

benchmarks/desk_race.py runs the same at full size.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.conversation.assistant import Assistant
from bot.desk.race import Race
from bot.storage.memory import MemoryStore
from bot.storage.sql import open_store


async def run(
    stores: list[Any], bank: Assistant, *, seed: int, agents: int, customers: int, exclusive: bool
) -> None:
    race = Race(stores, bank, agents=agents, customers=customers, seed=seed, exclusive=exclusive)
    report = await race.run()
    assert report.violations == []
    assert report.offers >= customers // 2
    assert min(report.done[act] for act in ("come", "accept", "close", "back")) > 0


@pytest.mark.parametrize("seed", range(3))
async def test_in_memory(bank: Assistant, seed: int) -> None:
    await run([MemoryStore()], bank, seed=seed, agents=8, customers=50, exclusive=True)


async def test_on_sqlite(bank: Assistant, tmp_path: Path) -> None:
    store = await open_store(f"sqlite:///{tmp_path / 'race.db'}")
    try:
        await run([store], bank, seed=11, agents=5, customers=20, exclusive=True)
    finally:
        await store.close()


@pytest.mark.postgres
async def test_two_workers_on_postgresql(bank: Assistant, postgres_database: str) -> None:
    stores = [await open_store(postgres_database) for _ in range(2)]
    await empty(stores[0])
    try:
        await run(stores, bank, seed=12, agents=4, customers=10, exclusive=False)
    finally:
        for store in stores:
            await store.close()


async def empty(store: Any) -> None:
    from sqlalchemy import text

    from bot.storage.sql.tables import metadata

    tables = ", ".join(table.name for table in metadata.sorted_tables)
    await store._database.write(lambda connection: connection.execute(text(f"TRUNCATE {tables}")).rowcount)
