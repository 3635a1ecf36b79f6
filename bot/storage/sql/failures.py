"""What a database error means: busy and worth another attempt, or unavailable."""

from __future__ import annotations

import sqlite3

import structlog
from sqlalchemy.exc import DBAPIError, TimeoutError

from bot.conversation.errors import StoreUnavailable

log = structlog.get_logger(__name__)

UNREACHABLE = (DBAPIError, TimeoutError, OSError, sqlite3.Error)
"""What an engine raises when the database is gone, full, locked or overrun. `IntegrityError` is one of them
too, but says something of the data: catch it first."""


def is_busy(error: DBAPIError) -> bool:
    """Whether another process holds SQLite's write lock; a new attempt may succeed."""
    original = error.orig
    if not isinstance(original, sqlite3.OperationalError):
        return False
    code = getattr(original, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def unavailable(error: Exception) -> StoreUnavailable:
    """The error for callers. It names the kind of failure only: a driver's text may quote customers'
    words."""
    original = error.orig if isinstance(error, DBAPIError) else error
    kind = getattr(original, "sqlite_errorname", "") or type(original).__name__
    log.error("store_unavailable", failure=kind)
    return StoreUnavailable(kind)
