"""Brings a database's tables up to date, at every start and by `sangdam db upgrade`."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from bot.storage import migrations
from bot.storage.errors import NewerSchema
from bot.storage.sql.engine import Database, open_database

HEAD = "0006"
"""The newest revision. Known here so that a start with nothing to migrate doesn't load Alembic."""

LOCK = 0x5A4_6DA3
"""Key of PostgreSQL's advisory lock: of workers that start together one migrates, and the others wait."""


async def upgrade(url: str) -> tuple[str | None, str]:
    """Migrate the database that a URL names; the revisions before (None if it was empty) and after.

    Raises `BadStoreUrl`, `StoreUnavailable`, `NewerSchema`.
    """
    database = open_database(url)
    try:
        return await migrate(database), HEAD
    finally:
        await database.close()


async def migrate(database: Database) -> str | None:
    """Migrate to `HEAD`; the revision before. Raises `StoreUnavailable`, `NewerSchema`."""
    before = await database.read(_revision)
    if before == HEAD:
        return before
    return await database.write(_migrate)


def _migrate(connection: Connection) -> str | None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
    before = _revision(connection)
    if before != HEAD:
        _run(connection, before)
    return before


def _run(connection: Connection, before: str | None) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if before is not None and before not in known:
        raise NewerSchema(before)
    command.upgrade(config, HEAD)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return str(found) if found is not None else None
