"""The statements of every turn, compiled once: on SQLite, SQLAlchemy's way to the driver takes longer than SQLite itself.

Elsewhere the database is a network away, and they run as any other statement.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Executable
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import IntegrityError

_DIALECT = sqlite.dialect(paramstyle="named")


class Compiled:
    """A statement of plain columns, text and numbers, whose values the driver takes and gives as they are.

    Runs in the transaction of the connection that it is given. Raises what SQLAlchemy raises, but for errors other than
    `IntegrityError`: on SQLite those are the driver's own.
    """

    def __init__(self, statement: Executable) -> None:
        self._statement = statement
        self._text = str(statement.compile(dialect=_DIALECT))  # type: ignore[attr-defined]

    def first(self, connection: Connection, values: Mapping[str, Any]) -> Sequence[Any] | None:
        """The columns of the first row; None without one."""
        if connection.dialect.name != "sqlite":
            return connection.execute(self._statement, values).first()
        found: Sequence[Any] | None = _driver(connection).execute(self._text, values).fetchone()
        return found

    def column(self, connection: Connection, values: Mapping[str, Any]) -> list[Any]:
        """The first column of all rows."""
        if connection.dialect.name != "sqlite":
            return list(connection.execute(self._statement, values).scalars())
        return [row[0] for row in _driver(connection).execute(self._text, values)]

    def change(self, connection: Connection, values: Mapping[str, Any]) -> int:
        """How many rows were changed."""
        if connection.dialect.name != "sqlite":
            return connection.execute(self._statement, values).rowcount
        try:
            return int(_driver(connection).execute(self._text, values).rowcount)
        except sqlite3.IntegrityError as error:
            raise _refused(error) from error

    def change_each(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Once for each of the rows."""
        if connection.dialect.name != "sqlite":
            connection.execute(self._statement, rows)
            return
        try:
            _driver(connection).executemany(self._text, rows)
        except sqlite3.IntegrityError as error:
            raise _refused(error) from error


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection


def _refused(error: sqlite3.IntegrityError) -> IntegrityError:
    """Without the parameters: they are what customers wrote."""
    return IntegrityError(None, None, error, hide_parameters=True)
