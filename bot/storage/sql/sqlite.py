"""SQLite: one thread that writes, a few that read, each transaction a single hop; brief reads take none.

The standard library's driver rather than aiosqlite, which hops for every call of the driver: the turns of
benchmarks/storage_speed.py go at 930 a second against 340 with the same statements, on two shared cores.

Write-ahead log, so that readers never wait for the writer. `synchronous` is NORMAL: a commit is handed to
the operating system before it is acknowledged, so a process killed with -9 loses nothing; a power cut may
take the last moments' commits (never the file's integrity), which a laptop accepts and FULL, at one disk
flush a turn, prevents.
"""

from __future__ import annotations

import asyncio
import os
import random
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import structlog
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, IntegrityError

from bot.storage.errors import BadStoreUrl
from bot.storage.sql.failures import UNREACHABLE, is_busy, unavailable

Result = TypeVar("Result")
log = structlog.get_logger(__name__)

READERS = 3
BUSY_SECONDS = 2.0
"""How long SQLite itself waits for another process's lock."""
ATTEMPTS = 3
"""How often a locked transaction is tried in all."""
SYNCHRONOUS = ("normal", "full", "extra")


class SqliteDatabase:
    """Implements `Database` over one file. Other processes may use the same file at the same time."""

    def __init__(
        self, path: Path, *, synchronous: str = "normal", busy_seconds: float = BUSY_SECONDS
    ) -> None:
        pragmas = [
            "PRAGMA journal_mode=WAL",
            f"PRAGMA synchronous={synchronous}",
            "PRAGMA foreign_keys=ON",
            "PRAGMA cache_size=-16000",
            "PRAGMA temp_store=MEMORY",
        ]
        self._writing = _engine(path, "BEGIN IMMEDIATE", pragmas, busy_seconds, connections=1)
        self._reading = _engine(
            path, "BEGIN", [*pragmas, "PRAGMA query_only=ON"], busy_seconds, connections=READERS
        )
        # Never waits: it is used on the event loop. What finds the file locked goes to a reader's thread.
        self._at_hand = _engine(path, "", [*pragmas, "PRAGMA query_only=ON"], 0.0, connections=1)
        self._hand: Connection | None = None
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="sqlite-writer")
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="sqlite-reader")

    @classmethod
    def at(cls, url: URL) -> SqliteDatabase:
        """From `sqlite:///PATH`; makes the folder and the file, readable by its owner only."""
        synchronous = str(url.query.get("synchronous", "normal")).lower()
        if not url.database or url.database == ":memory:" or synchronous not in SYNCHRONOUS:
            raise BadStoreUrl(url.render_as_string(), "sqlite:///var/sangdam.db (in memory: memory://)")
        path = Path(url.database)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # Journal files take over the mode of the file that they belong to.
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        except OSError as error:
            raise unavailable(error) from error
        return cls(path, synchronous=synchronous)

    async def read(self, work: Callable[[Connection], Result], *, brief: bool = False) -> Result:
        """See `Database.read`."""
        if brief:
            try:
                # Kept open: taking it from the pool and giving it back would cost as much as the statement.
                self._hand = self._hand or self._at_hand.connect()
                return work(self._hand)
            except UNREACHABLE as error:
                log.info("sqlite_brief_read_failed", error=type(error).__name__)
                self._let_go()
        return await self._run(self._readers, self._reading, work)

    async def write(self, work: Callable[[Connection], Result]) -> Result:
        """See `Database.write`."""
        return await self._run(self._writer, self._writing, work)

    async def close(self) -> None:
        """See `Database.close`."""
        for threads, engine in ((self._readers, self._reading), (self._writer, self._writing)):
            await asyncio.to_thread(threads.shutdown)
            engine.dispose()
        self._let_go()
        self._at_hand.dispose()

    def _let_go(self) -> None:
        hand, self._hand = self._hand, None
        if hand is not None:
            with suppress(*UNREACHABLE):
                hand.close()

    async def _run(
        self, threads: ThreadPoolExecutor, engine: Engine, work: Callable[[Connection], Result]
    ) -> Result:
        try:
            return await asyncio.get_running_loop().run_in_executor(threads, _transaction, engine, work)
        except IntegrityError:
            raise
        except UNREACHABLE as error:
            raise unavailable(error) from error


def _transaction(engine: Engine, work: Callable[[Connection], Result]) -> Result:
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with engine.begin() as connection:
                return work(connection)
        except (DBAPIError, sqlite3.OperationalError) as error:
            if attempt == ATTEMPTS or not is_busy(error):
                raise
            # Two processes that collided shouldn't do so again.
            time.sleep(random.uniform(0.005, 0.05))
    raise AssertionError("unreachable")


def _engine(path: Path, begin: str, pragmas: list[str], busy_seconds: float, *, connections: int) -> Engine:
    engine = create_engine(
        URL.create("sqlite+pysqlite", database=str(path)),
        connect_args={"timeout": busy_seconds, "check_same_thread": False, "cached_statements": 256},
        pool_size=connections,
        max_overflow=0,
        # An error's text would otherwise hold the parameters: what customers wrote.
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        # The driver would begin transactions by its own rules; here each begins where it is said.
        connection.isolation_level = None
        for pragma in pragmas:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        # Straight to the driver: SQLAlchemy's way there would cost a tenth of a turn.
        driver: Any = connection.connection.driver_connection
        if begin:
            driver.execute(begin)

    return engine
