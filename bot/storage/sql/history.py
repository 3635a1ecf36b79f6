"""Audit history and idempotency keys in SQL."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.conversation.workforce import AuditRow, KeptAnswer
from bot.storage.records import decode, encode, storable_id
from bot.storage.sql.engine import Database
from bot.storage.sql.tables import audit, requests


class SqlHistory:
    """Implements the part of `bot.conversation.workforce.WorkStore` that is about audit and repeated requests."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def record(self, row: AuditRow) -> None:
        """See `WorkStore.record`."""
        values = {**row.model_dump(exclude={"id"}), "detail": encode(row.detail)}
        await self._database.write(lambda connection: connection.execute(insert(audit), values).rowcount)

    async def audit(
        self,
        *,
        case_id: str | None = None,
        actor_id: str | None = None,
        before: int | None = None,
        limit: int = 200,
    ) -> list[AuditRow]:
        """See `WorkStore.audit`."""
        if not all(storable_id(text) for text in (case_id or "", actor_id or "")):
            return []
        query = select(audit).order_by(audit.c.id.desc()).limit(limit)
        if case_id is not None:
            query = query.where(audit.c.case_id == case_id)
        if actor_id is not None:
            query = query.where(audit.c.actor_id == actor_id)
        if before is not None:
            query = query.where(audit.c.id < before)
        rows = await self._database.read(lambda connection: list(connection.execute(query)))
        return [AuditRow(**{**row._asdict(), "detail": decode(row.detail)}) for row in rows]

    async def begin_request(
        self, actor_id: str, key: str, fingerprint: str, *, now: float, keep: float
    ) -> KeptAnswer | None:
        """See `WorkStore.begin_request`."""

        def work(connection: Connection) -> KeptAnswer | None:
            connection.execute(delete(requests).where(requests.c.created_at <= now - keep))
            found = _kept(connection, actor_id, key)
            if found is None:
                row = {"actor_id": actor_id, "key": key, "fingerprint": fingerprint, "created_at": now}
                connection.execute(insert(requests), {**row, "status": 0, "body": ""})
            return found

        try:
            return await self._database.write(work)
        except IntegrityError:
            return await self._database.read(lambda connection: _kept(connection, actor_id, key))

    async def finish_request(self, actor_id: str, key: str, status: int, body: str) -> None:
        """See `WorkStore.finish_request`."""
        mine = (requests.c.actor_id == actor_id) & (requests.c.key == key)
        statement = (
            update(requests).where(mine).values(status=status, body=body)
            if status
            else delete(requests).where(mine)
        )
        await self._database.write(lambda connection: connection.execute(statement).rowcount)


def _kept(connection: Connection, actor_id: str, key: str) -> KeptAnswer | None:
    query = select(requests.c.fingerprint, requests.c.status, requests.c.body).where(
        requests.c.actor_id == actor_id, requests.c.key == key
    )
    row = connection.execute(query).one_or_none()
    return (
        KeptAnswer(fingerprint=row.fingerprint, status=row.status, body=row.body) if row is not None else None
    )
