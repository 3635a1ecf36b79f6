"""The outbox in SQL: claimed with a lease, so that a worker that dies leaves nothing undelivered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from sqlalchemy import Connection, Row, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.conversation.store import OutboxMessage
from bot.storage.records import check_messages, decode, encode, storable_id
from bot.storage.sql.engine import Database
from bot.storage.sql.tables import outbox

_PENDING = (
    select(outbox)
    .where(outbox.c.conversation_id == bindparam("key"), outbox.c.state == "pending")
    .order_by(outbox.c.created_at, outbox.c.number)
)
_TAKE = (
    update(outbox)
    .where(outbox.c.conversation_id == bindparam("key"), outbox.c.state == "pending")
    .values(state="delivered")
    .returning(*outbox.c)
)
_WAITING = select(outbox.c.conversation_id).where(outbox.c.state == "pending").distinct()
# SKIP LOCKED lets several workers claim at once on PostgreSQL; SQLite has one writer and leaves it out. A CTE,
# because a subquery may be run more than once and then lock more rows than its limit.
_DUE = (
    select(outbox.c.number)
    .where(
        outbox.c.channel == bindparam("of_channel"),
        outbox.c.state == "pending",
        outbox.c.next_attempt_at <= bindparam("now"),
    )
    .order_by(outbox.c.created_at, outbox.c.number)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
    .cte("due")
)
_CLAIM = (
    update(outbox)
    .where(outbox.c.number.in_(select(_DUE.c.number)))
    .values(attempts=outbox.c.attempts + 1, next_attempt_at=bindparam("until"))
    .returning(*outbox.c)
)
_KNOWN = select(outbox.c.id).where(outbox.c.id.in_(bindparam("ids", expanding=True)))
_SETTLE = (
    update(outbox)
    .where(outbox.c.id == bindparam("key"), outbox.c.state != "delivered")
    .values(state=bindparam("result"), next_attempt_at=bindparam("again_at"))
)


class SqlOutbox:
    """Implements `bot.conversation.store.OutboxStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def pending(self, conversation_id: str) -> list[OutboxMessage]:
        """See `OutboxStore.pending`."""
        if not storable_id(conversation_id):
            return []
        return await self._database.read(
            lambda connection: [
                _message(row) for row in connection.execute(_PENDING, {"key": conversation_id})
            ]
        )

    async def take(self, conversation_id: str) -> list[OutboxMessage]:
        """See `OutboxStore.take`."""
        if not storable_id(conversation_id):
            return []
        rows = await self._database.write(
            lambda connection: list(connection.execute(_TAKE, {"key": conversation_id}))
        )
        # RETURNING promises no order.
        return [_message(row) for row in sorted(rows, key=lambda row: (row.created_at, row.number))]

    async def waiting(self) -> set[str]:
        """See `OutboxStore.waiting`."""
        return await self._database.read(lambda connection: set(connection.execute(_WAITING).scalars()))

    async def enqueue(self, messages: Sequence[OutboxMessage]) -> None:
        """See `OutboxStore.enqueue`."""
        check_messages(messages)
        rows: dict[str, dict[str, Any]] = {}
        for message in messages:
            rows.setdefault(message.id, outbox_row(message))
        if not rows:
            return
        try:
            await self._database.write(lambda connection: _add_new(connection, rows))
        except IntegrityError:
            # Somebody else added one of them in the same moment; it is there to be passed over now.
            await self._database.write(lambda connection: _add_new(connection, rows))

    async def claim(self, channel: str, *, now: float, lease: float, limit: int = 20) -> list[OutboxMessage]:
        """See `OutboxStore.claim`."""
        values = {"of_channel": channel, "now": now, "until": now + lease, "most": limit}

        def claim(connection: Connection) -> list[Row[Any]]:
            return list(connection.execute(_CLAIM, values))

        rows = await self._database.write(claim)
        # RETURNING promises no order.
        return [_message(row) for row in sorted(rows, key=lambda row: (row.created_at, row.number))]

    async def settle(
        self,
        message_id: str,
        state: Literal["pending", "delivered", "failed"],
        *,
        next_attempt_at: float = 0.0,
    ) -> None:
        """See `OutboxStore.settle`."""
        if not storable_id(message_id):
            return
        values = {"key": message_id, "result": state, "again_at": next_attempt_at}
        await self._database.write(lambda connection: connection.execute(_SETTLE, values).rowcount)


def _add_new(connection: Connection, rows: dict[str, dict[str, Any]]) -> None:
    known = set(connection.execute(_KNOWN, {"ids": list(rows)}).scalars())
    new = [row for message_id, row in rows.items() if message_id not in known]
    if new:
        connection.execute(insert(outbox), new)


def outbox_row(message: OutboxMessage) -> dict[str, Any]:
    """A message as its row. Raises `BadMessage` for a payload that can't be stored."""
    return {**message.model_dump(exclude={"payload"}), "payload": encode(message.payload)}


def _message(row: Row[Any]) -> OutboxMessage:
    return OutboxMessage(
        id=row.id,
        conversation_id=row.conversation_id,
        channel=row.channel,
        payload=decode(row.payload),
        created_at=row.created_at,
        attempts=row.attempts,
        next_attempt_at=row.next_attempt_at,
        state=row.state,
    )
