"""Agents at work and leases in SQL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.conversation.workforce import AgentProfile, AgentRow, AgentState
from bot.storage.records import storable_id
from bot.storage.sql.engine import Database
from bot.storage.sql.tables import agents, leases

_TAKE = (
    update(leases)
    .where(
        leases.c.name == bindparam("key"),
        (leases.c.holder == bindparam("who")) | (leases.c.expires_at <= bindparam("now")),
    )
    .values(holder=bindparam("who"), expires_at=bindparam("until"))
)


class SqlAgents:
    """Implements the part of `bot.conversation.workforce.WorkStore` that is about agents and leases."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def agents(self, *, present_at: float | None = None) -> list[AgentRow]:
        """See `WorkStore.agents`."""
        query = select(agents).order_by(agents.c.user_id)
        if present_at is not None:
            query = query.where(agents.c.present_until > present_at)
        return await self._database.read(
            lambda connection: [_agent(row) for row in connection.execute(query)]
        )

    async def agent(self, user_id: str) -> AgentRow | None:
        """See `WorkStore.agent`."""
        if not storable_id(user_id):
            return None
        query = select(agents).where(agents.c.user_id == user_id)
        row = await self._database.read(lambda connection: connection.execute(query).one_or_none())
        return _agent(row) if row is not None else None

    async def change_agent(
        self, user_id: str, changes: Mapping[str, Any], *, if_state: AgentState | None = None
    ) -> AgentRow | None:
        """See `WorkStore.change_agent`."""

        def work(connection: Connection) -> AgentRow | None:
            return _change(connection, user_id, changes, if_state)

        try:
            return await self._database.write(work)
        except IntegrityError:
            # Another worker added the same agent first.
            return await self._database.write(work)

    async def hold(self, name: str, holder: str, *, now: float, seconds: float) -> bool:
        """See `WorkStore.hold`."""
        values = {"key": name, "who": holder, "now": now, "until": now + seconds}

        def work(connection: Connection) -> bool:
            if connection.execute(_TAKE, values).rowcount:
                return True
            if connection.execute(select(leases.c.name).where(leases.c.name == name)).first() is not None:
                return False
            row = {"name": name, "holder": holder, "expires_at": now + seconds}
            return bool(connection.execute(insert(leases), row).rowcount)

        try:
            return await self._database.write(work)
        except IntegrityError:
            return False

    async def let_go(self, name: str, holder: str) -> None:
        """See `WorkStore.let_go`."""
        gone = delete(leases).where(leases.c.name == name, leases.c.holder == holder)
        await self._database.write(lambda connection: connection.execute(gone).rowcount)


def _change(
    connection: Connection, user_id: str, changes: Mapping[str, Any], if_state: AgentState | None
) -> AgentRow | None:
    values = _values(changes)
    change = update(agents).where(agents.c.user_id == user_id)
    if if_state is not None:
        change = change.where(agents.c.state == if_state)
    row = connection.execute(change.values(values).returning(*agents.c)).one_or_none()
    if row is not None:
        return _agent(row)
    if if_state is not None:
        return None
    fresh = AgentRow(user_id=user_id)
    whole = {**fresh.model_dump(exclude={"profile"}), "profile": fresh.profile.model_dump_json(), **values}
    return _agent(connection.execute(insert(agents).values(whole).returning(*agents.c)).one())


def _values(changes: Mapping[str, Any]) -> dict[str, Any]:
    values = dict(changes)
    if isinstance(profile := values.get("profile"), AgentProfile):
        values["profile"] = profile.model_dump_json()
    return values


def _agent(row: Row[Any]) -> AgentRow:
    fields = row._asdict()
    return AgentRow(**{**fields, "profile": AgentProfile.model_validate_json(fields["profile"])})
