"""PostgreSQL through asyncpg. Any number of workers may share the database."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.storage.sql.failures import UNREACHABLE, unavailable

Result = TypeVar("Result")

CONNECTIONS = 10
CONNECT_SECONDS = 5.0
WAIT_SECONDS = 10.0
"""How long a unit of work waits for a free connection."""


class PostgresDatabase:
    """Implements `Database`. A connection that died while it was idle is replaced without anybody
    noticing."""

    def __init__(self, url: URL) -> None:
        self._engine = create_async_engine(
            url,
            pool_size=CONNECTIONS,
            max_overflow=CONNECTIONS,
            pool_timeout=WAIT_SECONDS,
            connect_args={"timeout": CONNECT_SECONDS},
            hide_parameters=True,
        )
        # Each statement of a READ COMMITTED transaction sees what is committed by then, as it does without one: for work
        # that only reads, BEGIN and COMMIT would be two more trips to the database and nothing else.
        self._reading = self._engine.execution_options(isolation_level="AUTOCOMMIT")

    async def read(self, work: Callable[[Connection], Result], *, brief: bool = False) -> Result:
        """See `Database.read`."""
        return await self._run(self._reading, work)

    async def write(self, work: Callable[[Connection], Result]) -> Result:
        """See `Database.write`."""
        return await self._run(self._engine, work)

    async def close(self) -> None:
        """See `Database.close`."""
        await self._engine.dispose()

    async def _run(self, engine: AsyncEngine, work: Callable[[Connection], Result]) -> Result:
        try:
            try:
                return await self._unit(engine, work)
            except _BeforeCommit:
                return await self._unit(engine, work)
        except _BeforeCommit as lost:
            raise unavailable(lost.error) from lost.error
        except IntegrityError:
            raise
        except UNREACHABLE as error:
            raise unavailable(error) from error

    async def _unit(self, engine: AsyncEngine, work: Callable[[Connection], Result]) -> Result:
        async with engine.connect() as connection:
            try:
                result = await connection.run_sync(work)
            except DBAPIError as error:
                if error.connection_invalidated:
                    raise _BeforeCommit(error) from error
                raise
            await connection.commit()
            return result


class _BeforeCommit(Exception):
    """The connection was lost while nothing could have been committed: the work may run again."""

    def __init__(self, error: DBAPIError) -> None:
        super().__init__()
        self.error = error
