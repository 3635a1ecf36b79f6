"""What was said to a customer over all conversations, and forgetting it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select, tuple_, update

from bot.conversation.customers import Line, OpenCase, Profile
from bot.conversation.events import load_event_json
from bot.conversation.store import Case, Head
from bot.storage.erasure import emptied, wordless
from bot.storage.records import LINES, encode, event_rows, storable_id
from bot.storage.sql.cases import put_case
from bot.storage.sql.customers import read_profile
from bot.storage.sql.engine import Database
from bot.storage.sql.tables import (
    callbacks,
    cases,
    conversations,
    customer_conversations,
    customer_facts,
    customer_identities,
    customer_merges,
    customer_notes,
    customers,
    events,
    outbox,
    snapshots,
)

_PLACE = (events.c.timestamp, events.c.conversation_id, events.c.seq)
OVER = ("returned", "closed", "callback")
"""States of cases that nobody works on."""


class SqlCustomerLines:
    """Implements the part of `bot.conversation.customers.CustomerStore` that is about what was said."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def lines_before(
        self,
        conversation_ids: Sequence[str],
        before: tuple[float, str, int] | None,
        *,
        since: float = 0.0,
        limit: int = 50,
    ) -> list[Line]:
        """See `CustomerStore.lines_before`."""
        query = (
            select(events.c.conversation_id, events.c.body)
            .where(events.c.conversation_id.in_(conversation_ids), events.c.kind.in_(LINES))
            .order_by(*(column.desc() for column in _PLACE))
            .limit(limit)
        )
        if before is not None:
            query = query.where(tuple_(*_PLACE) < tuple_(*before))
        if since:
            query = query.where(events.c.timestamp >= since)
        rows = await self._database.read(lambda connection: list(connection.execute(query)))
        return [Line(conversation_id=key, event=load_event_json(body)) for key, body in reversed(rows)]

    async def line(self, conversation_id: str, seq: int) -> Line | None:
        """See `CustomerStore.line`."""
        if not storable_id(conversation_id):
            return None
        query = select(events.c.body).where(
            events.c.conversation_id == conversation_id, events.c.seq == seq, events.c.kind.in_(LINES)
        )
        body = await self._database.read(lambda connection: connection.execute(query).scalar())
        return Line(conversation_id=conversation_id, event=load_event_json(body)) if body else None

    async def cases_of(self, conversation_ids: Sequence[str]) -> list[Case]:
        """See `CustomerStore.cases_of`."""
        return await self._database.read(lambda connection: _cases_of(connection, conversation_ids))

    async def erase_customer(self, customer_id: str, *, at: float) -> Profile:
        """See `CustomerStore.erase_customer`."""
        return await self._database.write(lambda connection: _erase(connection, customer_id, at))


def _cases_of(connection: Connection, conversation_ids: Sequence[str]) -> list[Case]:
    query = (
        select(cases.c.body)
        .where(cases.c.conversation_id.in_(conversation_ids))
        .order_by(cases.c.created_at, cases.c.id)
    )
    return [Case.model_validate_json(body) for body in connection.execute(query).scalars()]


def _erase(connection: Connection, customer_id: str, at: float) -> Profile:
    if connection.dialect.name == "sqlite":
        # Else deleted rows stand in the file's free pages until something else is written there.
        connection.exec_driver_sql("PRAGMA secure_delete=ON")
    profile = read_profile(connection, customer_id)
    # Commits on the same conversations wait for these rows, and are refused by the version when this is done.
    rows = connection.execute(
        select(conversations)
        .where(conversations.c.id.in_(profile.conversations))
        .order_by(conversations.c.id)
        .with_for_update()
    ).all()
    found = _cases_of(connection, profile.conversations)
    if any(case.state not in OVER for case in found):
        raise OpenCase()
    for case in found:
        put_case(connection, wordless(_over(case, at)))
    connection.execute(
        update(callbacks)
        .where(callbacks.c.conversation_id.in_(profile.conversations))
        .values(phone="", topic="", notes=encode([]))
    )
    connection.execute(
        update(callbacks)
        .where(
            callbacks.c.conversation_id.in_(profile.conversations), callbacks.c.state.in_(("booked", "due"))
        )
        .values(state="cancelled", seat=-1)
    )
    for table in (events, snapshots, outbox):
        connection.execute(delete(table).where(table.c.conversation_id.in_(profile.conversations)))
    for row in rows:
        _empty(connection, Head(conversation_id=row.id, version=row.version), row.channel, at)
    _forget(connection, profile)
    return profile


def _over(case: Case, at: float) -> Case:
    """Nobody can be called back any more."""
    if case.state != "callback":
        return case
    return case.model_copy(update={"state": "closed", "closed_at": at, "due_at": None})


def _empty(connection: Connection, head: Head, channel: str, at: float) -> None:
    commit = emptied(head, channel, at)
    connection.execute(insert(events), event_rows(commit))
    connection.execute(
        insert(snapshots),
        {
            "conversation_id": head.conversation_id,
            "version": commit.head.version,
            "body": encode(commit.snapshot),
        },
    )
    connection.execute(
        update(conversations)
        .where(conversations.c.id == head.conversation_id)
        .values(version=commit.head.version, owner="bot", agent_id=None, case_id=None, updated_at=at)
    )


def _forget(connection: Connection, profile: Profile) -> None:
    for table in (customer_conversations, customer_identities, customer_notes, customer_facts):
        connection.execute(delete(table).where(table.c.customer_id.in_(profile.members)))
    connection.execute(
        delete(customer_merges).where(
            customer_merges.c.kept_id.in_(profile.members) | customer_merges.c.gone_id.in_(profile.members)
        )
    )
    connection.execute(delete(customers).where(customers.c.id.in_(profile.members)))
