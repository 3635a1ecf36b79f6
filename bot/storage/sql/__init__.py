"""The store over SQL: SQLite for one machine, PostgreSQL for many, through the same statements."""

from bot.storage.sql.engine import default_url
from bot.storage.sql.schema import upgrade
from bot.storage.sql.store import SqlStore, open_store

__all__ = ["SqlStore", "default_url", "open_store", "upgrade"]
