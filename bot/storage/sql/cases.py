"""Cases in SQL: written with a conversation's commit, listed for the desk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, bindparam, func, insert, select, tuple_, update

from bot.conversation.errors import UnknownCase
from bot.conversation.store import Case, CaseState
from bot.storage.records import URGENCY_RANK, storable_id
from bot.storage.sql.engine import Database
from bot.storage.sql.tables import cases

WAITING = ("queued", "offered")

_ONE = select(cases.c.body).where(cases.c.id == bindparam("key"))
_OF_CONVERSATION = (
    select(cases.c.body)
    .where(cases.c.conversation_id == bindparam("key"))
    .order_by(cases.c.created_at, cases.c.id)
)
_REPLACE = (
    update(cases)
    .where(cases.c.id == bindparam("key"))
    .values(
        {
            name: bindparam(f"new_{name}")
            for name in ("state", "urgency_rank", "waiting_since", "created_at", "agent_id", "body")
        }
    )
)
_ORDER = (cases.c.urgency_rank, cases.c.waiting_since, cases.c.id)
_PLACE = select(*_ORDER).where(cases.c.id == bindparam("key"), cases.c.state.in_(WAITING))


class SqlCases:
    """Implements `bot.conversation.store.CaseStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def case(self, case_id: str) -> Case:
        """See `CaseStore.case`."""
        if not storable_id(case_id):
            raise UnknownCase()
        body = await self._database.read(
            lambda connection: connection.execute(_ONE, {"key": case_id}).scalar()
        )
        if body is None:
            raise UnknownCase()
        return Case.model_validate_json(body)

    async def cases(
        self,
        states: Sequence[CaseState] = (),
        *,
        agent_id: str | None = None,
        limit: int = 200,
        before: float | None = None,
    ) -> list[Case]:
        """See `CaseStore.cases`."""
        query = select(cases.c.body).order_by(cases.c.created_at.desc(), cases.c.id.desc()).limit(limit)
        if states:
            query = query.where(cases.c.state.in_(states))
        if agent_id is not None:
            query = query.where(cases.c.agent_id == agent_id)
        if before is not None:
            query = query.where(cases.c.created_at < before)
        return await self._database.read(lambda connection: _cases(connection.execute(query).scalars()))

    async def position(self, case_id: str) -> int | None:
        """See `CaseStore.position`."""
        if not storable_id(case_id):
            return None
        return await self._database.read(lambda connection: _position(connection, case_id))

    async def past_cases(self, conversation_id: str) -> list[Case]:
        """See `CaseStore.past_cases`."""
        if not storable_id(conversation_id):
            return []
        return await self._database.read(
            lambda connection: _cases(
                connection.execute(_OF_CONVERSATION, {"key": conversation_id}).scalars()
            )
        )


def put_case(connection: Connection, case: Case) -> None:
    """Insert or replace a case, within a conversation's commit."""
    values = {
        "state": case.state,
        "urgency_rank": URGENCY_RANK[case.urgency],
        "waiting_since": case.waiting_since,
        "created_at": case.created_at,
        "agent_id": case.agent_id,
        "body": case.model_dump_json(),
    }
    renamed = {f"new_{name}": value for name, value in values.items()}
    if not connection.execute(_REPLACE, {"key": case.id, **renamed}).rowcount:
        connection.execute(insert(cases), {"id": case.id, "conversation_id": case.conversation_id, **values})


def _position(connection: Connection, case_id: str) -> int | None:
    mine = connection.execute(_PLACE, {"key": case_id}).one_or_none()
    if mine is None:
        return None
    served_first = select(func.count()).where(cases.c.state.in_(WAITING), tuple_(*_ORDER) < tuple_(*mine))
    return int(connection.execute(served_first).scalar_one()) + 1


def _cases(bodies: Iterable[str]) -> list[Case]:
    return [Case.model_validate_json(body) for body in bodies]
