"""Call-backs in SQL: seats of slots, claimed with a lease when they are due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, tuple_, update
from sqlalchemy.exc import IntegrityError

from bot.conversation.workforce import Callback, CallbackState, Place
from bot.storage.records import decode, encode, storable_id
from bot.storage.sql.engine import Database
from bot.storage.sql.tables import callbacks

ATTEMPTS = 5
"""How often a seat is looked for when others book the same slot at once."""
_ENDED = ("cancelled", "failed", "done")
_DUE = (
    select(callbacks.c.id)
    .where(callbacks.c.state == "booked", callbacks.c.due_at <= bindparam("now"))
    .order_by(callbacks.c.due_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
    .cte("due")
)
_CLAIM = (
    update(callbacks)
    .where(callbacks.c.id.in_(select(_DUE.c.id)))
    .values(due_at=bindparam("until"))
    .returning(*callbacks.c)
)


class SqlCallbacks:
    """Implements the part of `bot.conversation.workforce.WorkStore` that is about call-backs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def book(self, callback: Callback, seats: int) -> Callback | None:
        """See `WorkStore.book`."""
        for _ in range(ATTEMPTS):
            try:
                return await self._database.write(lambda connection: _book(connection, callback, seats))
            except IntegrityError:
                # Somebody else took that seat in the same moment.
                continue
        return None

    async def callback(self, callback_id: str) -> Callback | None:
        """See `WorkStore.callback`."""
        if not storable_id(callback_id):
            return None
        query = select(callbacks).where(callbacks.c.id == callback_id)
        row = await self._database.read(lambda connection: connection.execute(query).one_or_none())
        return _callback(row) if row is not None else None

    async def callbacks(
        self,
        states: Sequence[CallbackState] = (),
        *,
        conversation_id: str | None = None,
        limit: int = 500,
        after: Place | None = None,
    ) -> list[Callback]:
        """See `WorkStore.callbacks`."""
        query = select(callbacks).order_by(callbacks.c.due_at, callbacks.c.id).limit(limit)
        if states:
            query = query.where(callbacks.c.state.in_(states))
        if conversation_id is not None:
            query = query.where(callbacks.c.conversation_id == conversation_id)
        if after is not None:
            query = query.where(tuple_(callbacks.c.due_at, callbacks.c.id) > tuple_(*after))
        return await self._database.read(
            lambda connection: [_callback(row) for row in connection.execute(query)]
        )

    async def change_callback(self, callback_id: str, changes: Mapping[str, Any]) -> Callback | None:
        """See `WorkStore.change_callback`."""
        if not storable_id(callback_id):
            return None
        values = _values(changes)
        if values.get("state") in _ENDED:
            # An ended one frees its seat.
            values["seat"] = -1
        change = update(callbacks).where(callbacks.c.id == callback_id).values(values).returning(*callbacks.c)
        row = await self._database.write(lambda connection: connection.execute(change).one_or_none())
        return _callback(row) if row is not None else None

    async def claim_callbacks(self, *, now: float, lease: float, limit: int = 20) -> list[Callback]:
        """See `WorkStore.claim_callbacks`."""
        values = {"now": now, "until": now + lease, "most": limit}
        rows = await self._database.write(lambda connection: list(connection.execute(_CLAIM, values)))
        return sorted((_callback(row) for row in rows), key=lambda found: (found.slot_at, found.id))

    async def seats_taken(self, queue: str, since: float, until: float) -> dict[float, int]:
        """See `WorkStore.seats_taken`."""
        query = (
            select(callbacks.c.slot_at, func.count())
            .where(
                callbacks.c.queue == queue,
                callbacks.c.seat >= 0,
                callbacks.c.slot_at >= since,
                callbacks.c.slot_at < until,
            )
            .group_by(callbacks.c.slot_at)
        )
        rows = await self._database.read(lambda connection: list(connection.execute(query)))
        return {float(slot_at): int(count) for slot_at, count in rows}


def _book(connection: Connection, callback: Callback, seats: int) -> Callback | None:
    mine = delete(callbacks).where(callbacks.c.id == callback.id)
    if callback.seat < 0:
        connection.execute(mine)
        connection.execute(insert(callbacks), _row(callback))
        return callback
    query = select(callbacks.c.seat).where(
        callbacks.c.queue == callback.queue,
        callbacks.c.slot_at == callback.slot_at,
        callbacks.c.seat >= 0,
        callbacks.c.id != callback.id,
    )
    taken = set(connection.execute(query).scalars())
    free = next((seat for seat in range(seats) if seat not in taken), None)
    if free is None:
        return None
    booked = callback.model_copy(update={"seat": free})
    connection.execute(mine)
    connection.execute(insert(callbacks), _row(booked))
    return booked


def _row(callback: Callback) -> dict[str, Any]:
    return _values(callback.model_dump())


def _values(changes: Mapping[str, Any]) -> dict[str, Any]:
    values = dict(changes)
    if "notes" in values:
        values["notes"] = encode(list(values["notes"]))
    return values


def _callback(row: Row[Any]) -> Callback:
    fields = row._asdict()
    return Callback(**{**fields, "notes": tuple(decode(fields["notes"]))})
