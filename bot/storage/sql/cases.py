"""Cases in SQL: written with a conversation's commit, listed for the desk."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, insert, select, text, tuple_, update

from bot.conversation.errors import AgentBusy, UnknownCase
from bot.conversation.events import Event, load_event_json
from bot.conversation.store import Case, CaseState, Claim, Medium
from bot.conversation.workforce import Place
from bot.storage.records import SEARCHED, holds, storable_id
from bot.storage.sql.engine import Database
from bot.storage.sql.tables import agents, cases, events

WAITING = ("queued", "offered")
ROUGH = 1_000
"""Rows of a search that are read at once."""

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
            for name in (
                "state",
                "queue",
                "medium",
                "waiting_since",
                "serve_at",
                "holder",
                "created_at",
                "agent_id",
                "body",
            )
        }
    )
)
_SAID_AT = (events.c.timestamp, events.c.conversation_id, events.c.seq)
_SQUEEZED = func.replace(func.lower(events.c.body), " ", "")
_ORDER = (cases.c.serve_at, cases.c.id)
_PLACE = select(cases.c.queue, *_ORDER).where(cases.c.id == bindparam("key"), cases.c.state.in_(WAITING))
_QUEUE = select(cases.c.body).where(cases.c.state.in_(WAITING)).order_by(*_ORDER).limit(bindparam("most"))
_LOADS = (
    select(cases.c.holder, cases.c.medium, func.count())
    .where(cases.c.holder.is_not(None))
    .group_by(cases.c.holder, cases.c.medium)
)
# The row of the agent is locked, hence two offers to one agent are granted one after the other.
_AGENT = (
    select(agents.c.state, agents.c.present_until)
    .where(agents.c.user_id == bindparam("agent"))
    .with_for_update()
)
_HELD = (
    select(cases.c.medium, func.count())
    .where(cases.c.holder == bindparam("agent"), cases.c.id != bindparam("but"))
    .group_by(cases.c.medium)
)


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
        before: Place | None = None,
    ) -> list[Case]:
        """See `CaseStore.cases`."""
        query = select(cases.c.body).order_by(cases.c.created_at.desc(), cases.c.id.desc()).limit(limit)
        if states:
            query = query.where(cases.c.state.in_(states))
        if agent_id is not None:
            query = query.where(cases.c.agent_id == agent_id)
        if before is not None:
            query = query.where(tuple_(cases.c.created_at, cases.c.id) < tuple_(*before))
        return await self._database.read(lambda connection: _cases(connection.execute(query).scalars()))

    async def position(self, case_id: str) -> int | None:
        """See `CaseStore.position`."""
        if not storable_id(case_id):
            return None
        return await self._database.read(lambda connection: _position(connection, case_id))

    async def waiting_cases(self, limit: int = 2_000, *, after: Place | None = None) -> list[Case]:
        """See `CaseStore.waiting_cases`."""
        if after is not None:
            rest = _QUEUE.where(tuple_(*_ORDER) > tuple_(*after))
            return await self._database.read(
                lambda connection: _cases(connection.execute(rest, {"most": limit}).scalars())
            )
        return await self._database.read(
            lambda connection: _cases(connection.execute(_QUEUE, {"most": limit}).scalars())
        )

    async def loads(self) -> dict[str, dict[Medium, int]]:
        """See `CaseStore.loads`."""
        rows = await self._database.read(lambda connection: list(connection.execute(_LOADS)))
        found: dict[str, dict[Medium, int]] = {}
        for holder, medium, count in rows:
            found.setdefault(holder, {})[medium] = count
        return found

    async def past_cases(self, conversation_id: str) -> list[Case]:
        """See `CaseStore.past_cases`."""
        if not storable_id(conversation_id):
            return []
        return await self._database.read(
            lambda connection: _cases(
                connection.execute(_OF_CONVERSATION, {"key": conversation_id}).scalars()
            )
        )

    async def find_lines(
        self, terms: Sequence[str], *, limit: int = 50, before: tuple[float, str, int] | None = None
    ) -> list[tuple[str, Event]]:
        """See `CaseStore.find_lines`. Looks at the rows themselves: an index would cost each message more than a search."""
        wanted = [term for term in terms if term]
        if not wanted:
            return []
        query = (
            select(events.c.conversation_id, events.c.body)
            .where(
                events.c.kind.in_(SEARCHED),
                events.c.conversation_id.in_(select(cases.c.conversation_id)),
                # The body is JSON, hence this is only the rough look; `holds` reads the words.
                *(_SQUEEZED.contains(_plain(term), autoescape=True) for term in wanted),
            )
            .order_by(*(column.desc() for column in _SAID_AT))
            .limit(ROUGH)
        )
        found: list[tuple[str, Event]] = []
        while len(found) < limit:
            behind = query if before is None else query.where(tuple_(*_SAID_AT) < tuple_(*before))
            rows = await self._rows(behind)
            hits = [(key, load_event_json(body)) for key, body in rows]
            found += [hit for hit in hits if holds(hit[1], wanted)]
            if len(rows) < ROUGH:
                break
            before = hits[-1][1].timestamp, hits[-1][0], hits[-1][1].seq
        return found[:limit]

    async def surveys(
        self, *, limit: int = 50, before: tuple[float, str, int] | None = None
    ) -> list[tuple[str, Event]]:
        """See `CaseStore.surveys`."""
        query = (
            select(events.c.conversation_id, events.c.body)
            # As the partial index says it, so that it is used.
            .where(text("kind = 'survey'"))
            .order_by(*(column.desc() for column in _SAID_AT))
            .limit(limit)
        )
        if before is not None:
            query = query.where(tuple_(*_SAID_AT) < tuple_(*before))
        return [(key, load_event_json(body)) for key, body in await self._rows(query)]

    async def _rows(self, query: Select[Any]) -> list[Any]:
        return await self._database.read(lambda connection: list(connection.execute(query)))


def _plain(term: str) -> str:
    """The part of a term that stands in JSON as it is."""
    return max(re.split(r'["\\\x00-\x1f]', term), key=len)


def put_case(connection: Connection, case: Case) -> None:
    """Insert or replace a case, within a conversation's commit."""
    values = {
        "state": case.state,
        "queue": case.queue,
        "medium": case.medium,
        "waiting_since": case.waiting_since,
        "serve_at": case.serve_at,
        "holder": case.holder,
        "created_at": case.created_at,
        "agent_id": case.agent_id,
        "body": case.model_dump_json(),
    }
    renamed = {f"new_{name}": value for name, value in values.items()}
    if not connection.execute(_REPLACE, {"key": case.id, **renamed}).rowcount:
        connection.execute(insert(cases), {"id": case.id, "conversation_id": case.conversation_id, **values})


def grant(connection: Connection, claim: Claim) -> None:
    """Whether the agent is there and has room, within a conversation's commit. Raises `AgentBusy`."""
    agent = connection.execute(_AGENT, {"agent": claim.agent_id}).one_or_none()
    if agent is None or not claim.reaches(agent.state, agent.present_until):
        raise AgentBusy(claim.agent_id)
    rows = connection.execute(_HELD, {"agent": claim.agent_id, "but": claim.case_id})
    held = {str(medium): int(count) for medium, count in rows}
    if not claim.fits(held.get("voice", 0), held.get("chat", 0)):
        raise AgentBusy(claim.agent_id)


def _position(connection: Connection, case_id: str) -> int | None:
    mine = connection.execute(_PLACE, {"key": case_id}).one_or_none()
    if mine is None:
        return None
    queue, *place = mine
    served_first = select(func.count()).where(
        cases.c.state.in_(WAITING), cases.c.queue == queue, tuple_(*_ORDER) < tuple_(*place)
    )
    return int(connection.execute(served_first).scalar_one()) + 1


def _cases(bodies: Iterable[str]) -> list[Case]:
    return [Case.model_validate_json(body) for body in bodies]
