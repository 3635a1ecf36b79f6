"""Conversations in SQL: a turn is one transaction of a few statements, whatever the conversation's length."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.conversation.errors import DuplicateMessage, VersionConflict
from bot.conversation.events import Event, Owner, load_event_json
from bot.conversation.store import Case, Commit, Head, StoredConversation
from bot.storage.records import EventRow, decode, encode, event_rows, storable_id
from bot.storage.sql.cases import grant, put_case
from bot.storage.sql.compiled import Compiled
from bot.storage.sql.engine import Database
from bot.storage.sql.outbox import outbox_row
from bot.storage.sql.tables import cases, conversations, events, outbox, snapshots

_ADVANCE = Compiled(
    update(conversations)
    .where(conversations.c.id == bindparam("key"), conversations.c.version == bindparam("expected"))
    .values(
        version=bindparam("version"),
        owner=bindparam("owner"),
        agent_id=bindparam("agent_id"),
        case_id=bindparam("case_id"),
        channel=bindparam("channel"),
        updated_at=bindparam("updated_at"),
    )
)
_OPEN = Compiled(insert(conversations))
_ADD_EVENTS = Compiled(insert(events))
_REPLACE_SNAPSHOT = (
    update(snapshots)
    .where(snapshots.c.conversation_id == bindparam("key"))
    .values(version=bindparam("version"), body=bindparam("body"))
)
_HEAD_COLUMNS = (
    conversations.c.version,
    conversations.c.owner,
    conversations.c.agent_id,
    conversations.c.case_id,
)
_HEAD = Compiled(select(*_HEAD_COLUMNS).where(conversations.c.id == bindparam("key")))
_LOAD = Compiled(
    select(
        *_HEAD_COLUMNS,
        cases.c.body.label("case_body"),
        snapshots.c.version.label("snapshot_version"),
        snapshots.c.body.label("snapshot_body"),
    )
    .select_from(
        conversations.outerjoin(cases, cases.c.id == conversations.c.case_id).outerjoin(
            snapshots, snapshots.c.conversation_id == conversations.c.id
        )
    )
    .where(conversations.c.id == bindparam("key"))
)
# Up to the version of the row that was read: a commit in between doesn't show half.
_EVENTS = Compiled(
    select(events.c.body)
    .where(
        events.c.conversation_id == bindparam("key"),
        events.c.seq > bindparam("after"),
        events.c.seq <= bindparam("until"),
    )
    .order_by(events.c.seq)
)
_FIND = Compiled(
    select(events.c.seq).where(
        events.c.conversation_id == bindparam("key"), events.c.message_id == bindparam("message_id")
    )
)
_CHANGED = (
    select(conversations.c.id)
    .where(conversations.c.updated_at > bindparam("after"))
    .order_by(conversations.c.updated_at.desc(), conversations.c.id.desc())
    .limit(bindparam("most"))
)
_FIRST_OF = (
    select(events.c.message_id, events.c.seq)
    .where(
        events.c.conversation_id == bindparam("key"),
        events.c.message_id.in_(bindparam("ids", expanding=True)),
    )
    .order_by(events.c.seq)
    .limit(1)
)
_SENT = select(outbox.c.id).where(outbox.c.id.in_(bindparam("ids", expanding=True))).limit(1)


class SqlConversations:
    """Implements `bot.conversation.store.ConversationStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def load(self, conversation_id: str) -> StoredConversation:
        """See `ConversationStore.load`."""
        if not storable_id(conversation_id):
            return StoredConversation(head=Head(conversation_id=conversation_id))
        return await self._database.read(lambda connection: _load(connection, conversation_id), brief=True)

    async def head(self, conversation_id: str) -> Head | None:
        """See `ConversationStore.head`."""
        if not storable_id(conversation_id):
            return None
        row = await self._database.read(
            lambda connection: _HEAD.first(connection, {"key": conversation_id}), brief=True
        )
        return _head(conversation_id, *row) if row is not None else None

    async def commit(self, commit: Commit) -> None:
        """See `ConversationStore.commit`."""
        prepared = _Prepared.of(commit)
        try:
            await self._database.write(prepared.store)
        except (VersionConflict, IntegrityError) as error:
            raise await self._reason(prepared) from error

    async def events(self, conversation_id: str, *, after: int = 0, limit: int = 500) -> list[Event]:
        """See `ConversationStore.events`."""
        if not storable_id(conversation_id):
            return []
        bounds = {"key": conversation_id, "after": max(after, 0), "until": max(after, 0) + limit}
        return await self._database.read(lambda connection: _read_events(connection, bounds))

    async def changed_since(self, after: float, *, limit: int = 1000) -> list[str]:
        """See `ConversationStore.changed_since`."""
        bounds = {"after": after, "most": max(limit, 0)}
        return await self._database.read(
            lambda connection: list(connection.execute(_CHANGED, bounds).scalars())
        )

    async def find_message(self, conversation_id: str, message_id: str) -> int | None:
        """See `ConversationStore.find_message`."""
        if not (storable_id(conversation_id) and storable_id(message_id)):
            return None
        names = {"key": conversation_id, "message_id": message_id}
        row = await self._database.read(lambda connection: _FIND.first(connection, names), brief=True)
        return None if row is None else int(row[0])

    async def _reason(self, prepared: _Prepared) -> VersionConflict | DuplicateMessage:
        """Why a commit was refused. A repeated message is told as such even to one who is late."""
        commit = prepared.commit
        ids = [row["message_id"] for row in prepared.events if row["message_id"]]
        sent = [message.id for message in commit.outbox]

        def ask(connection: Connection) -> VersionConflict | DuplicateMessage:
            found = connection.execute(_FIRST_OF, {"key": commit.conversation_id, "ids": ids}).first()
            if found is not None:
                return DuplicateMessage(found.message_id, found.seq)
            again = connection.execute(_SENT, {"ids": sent}).scalar() if sent else None
            if again is not None and _version(connection, commit.conversation_id) == commit.expected_version:
                return DuplicateMessage(again, 0)
            return VersionConflict(commit.conversation_id, commit.expected_version)

        return await self._database.read(ask)


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A commit with everything encoded that can be refused, before a transaction is begun."""

    commit: Commit
    events: list[EventRow]
    snapshot: str | None
    outbox: list[dict[str, Any]]

    @classmethod
    def of(cls, commit: Commit) -> _Prepared:
        return cls(
            commit=commit,
            events=event_rows(commit),
            snapshot=encode(commit.snapshot) if commit.snapshot is not None else None,
            outbox=[outbox_row(message) for message in commit.outbox],
        )

    def store(self, connection: Connection) -> None:
        """The transaction. Raises `VersionConflict`, IntegrityError."""
        if self.commit.claim is not None:
            grant(connection, self.commit.claim)
        self._advance(connection)
        if self.events:
            _ADD_EVENTS.change_each(connection, self.events)
        if self.commit.case is not None:
            put_case(connection, self.commit.case)
        if self.outbox:
            connection.execute(insert(outbox), self.outbox)
        if self.snapshot is not None:
            self._put_snapshot(connection, self.snapshot)

    def _advance(self, connection: Connection) -> None:
        commit, head = self.commit, self.commit.head
        row = {
            "version": head.version,
            "owner": head.owner,
            "agent_id": head.agent_id,
            "case_id": head.case_id,
            "channel": commit.channel,
            "updated_at": time.time(),
        }
        names = {"key": commit.conversation_id, "expected": commit.expected_version}
        if _ADVANCE.change(connection, {**row, **names}):
            return
        if commit.expected_version:
            raise VersionConflict(commit.conversation_id, commit.expected_version)
        # The first commit. If somebody else was first, the primary key refuses this one.
        _OPEN.change(connection, {"id": commit.conversation_id, "created_at": row["updated_at"], **row})

    def _put_snapshot(self, connection: Connection, body: str) -> None:
        values = {"version": self.commit.head.version, "body": body}
        if not connection.execute(_REPLACE_SNAPSHOT, {"key": self.commit.conversation_id, **values}).rowcount:
            connection.execute(insert(snapshots), {"conversation_id": self.commit.conversation_id, **values})


def _load(connection: Connection, conversation_id: str) -> StoredConversation:
    row = _LOAD.first(connection, {"key": conversation_id})
    if row is None:
        return StoredConversation(head=Head(conversation_id=conversation_id))
    *columns, case, snapshot_version, snapshot = row
    head = _head(conversation_id, *columns)
    after = snapshot_version or 0
    bounds = {"key": conversation_id, "after": after, "until": head.version}
    return StoredConversation(
        head=head,
        case=Case.model_validate_json(case) if case else None,
        snapshot=decode(snapshot) if snapshot else None,
        snapshot_version=after,
        events=_read_events(connection, bounds),
    )


def _read_events(connection: Connection, bounds: dict[str, Any]) -> list[Event]:
    return [load_event_json(body) for body in _EVENTS.column(connection, bounds)]


def _version(connection: Connection, conversation_id: str) -> int:
    row = _HEAD.first(connection, {"key": conversation_id})
    return int(row[0]) if row is not None else 0


def _head(
    conversation_id: str, version: int, owner: Owner, agent_id: str | None, case_id: str | None
) -> Head:
    return Head(
        conversation_id=conversation_id, version=version, owner=owner, agent_id=agent_id, case_id=case_id
    )
