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


def is_busy(error: Exception) -> bool:
    """Whether another process holds SQLite's write lock; a new attempt may succeed."""
    code = getattr(_original(error), "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def unavailable(error: Exception) -> StoreUnavailable:
    """The error for callers. It names the kind of failure only: a driver's text may quote what customers
    wrote."""
    original = _original(error)
    kind = getattr(original, "sqlite_errorname", "") or type(original).__name__
    log.error("store_unavailable", failure=kind)
    return StoreUnavailable(kind)


def _original(error: BaseException) -> BaseException:
    """The driver's error. SQLAlchemy wraps asyncpg's in its own, whose names say nothing, and those once
    more."""
    while isinstance(error, DBAPIError) and error.orig is not None:
        error = error.orig
    if type(error).__module__.startswith("sqlalchemy.dialects") and error.__cause__ is not None:
        return error.__cause__
    return error
