"""Customers in SQL: nodes that point to each other. Merging and undoing are compare-and-sets on both ends' versions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from bot.conversation.customers import (
    PROVABLE,
    Customer,
    CustomerChanged,
    CustomerNote,
    Identity,
    Merge,
    Profile,
    UnknownCustomer,
)
from bot.conversation.store import squeezed
from bot.storage.customer_trees import assembled
from bot.storage.records import storable_id
from bot.storage.sql.compiled import Compiled
from bot.storage.sql.engine import Database
from bot.storage.sql.tables import (
    customer_conversations,
    customer_identities,
    customer_merges,
    customer_notes,
    customers,
)

_OF_CONVERSATION = Compiled(
    select(customer_conversations.c.customer_id).where(
        customer_conversations.c.conversation_id == bindparam("key")
    )
)
_PARENT = select(customers.c.merged_into).where(customers.c.id == bindparam("key"))
_NODES = select(customers).where(customers.c.id.in_(bindparam("ids", expanding=True)))
_CHILDREN = select(customers.c.id).where(customers.c.merged_into.in_(bindparam("ids", expanding=True)))
_RETIRE = (
    update(customers)
    .where(
        customers.c.id == bindparam("key"),
        customers.c.version == bindparam("seen"),
        customers.c.merged_into.is_(None),
    )
    .values(version=customers.c.version + 1, merged_into=bindparam("into"))
)
_RELEASE = (
    update(customers)
    .where(customers.c.id == bindparam("key"), customers.c.merged_into == bindparam("out_of"))
    .values(version=customers.c.version + 1, merged_into=None)
)


class SqlCustomers:
    """Implements the part of `bot.conversation.customers.CustomerStore` that is about who is who."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def customer_of(self, conversation_id: str) -> str | None:
        """See `CustomerStore.customer_of`."""
        if not storable_id(conversation_id):
            return None
        return await self._database.read(lambda connection: _root_of(connection, conversation_id), brief=True)

    async def meet(self, conversation_id: str, customer: Customer) -> str:
        """See `CustomerStore.meet`."""

        def work(connection: Connection) -> str:
            found = _root_of(connection, conversation_id)
            if found is not None:
                return found
            row = {**customer.model_dump(), "name_key": squeezed(customer.name)}
            connection.execute(insert(customers), row)
            pair = {"conversation_id": conversation_id, "customer_id": customer.id}
            connection.execute(insert(customer_conversations), pair)
            return customer.id

        try:
            return await self._database.write(work)
        except IntegrityError:
            # Another worker met the same conversation first.
            return await self._database.write(work)

    async def profile(self, customer_id: str) -> Profile:
        """See `CustomerStore.profile`."""
        if not storable_id(customer_id):
            raise UnknownCustomer()
        return await self._database.read(lambda connection: read_profile(connection, customer_id))

    async def find_customers(self, terms: Sequence[str], *, limit: int = 20) -> list[str]:
        """See `CustomerStore.find_customers`."""

        def work(connection: Connection) -> list[str]:
            query = select(customers.c.id).order_by(customers.c.created_at.desc(), customers.c.id)
            if terms:
                plain = func.replace(func.lower(customer_identities.c.value), "-", "")
                holds = [plain.contains(term, autoescape=True) for term in terms]
                named = [customers.c.name_key.contains(term, autoescape=True) for term in terms]
                known = select(customer_identities.c.customer_id).where(or_(*holds))
                query = query.where(or_(*named, customers.c.id.in_(known)))
            else:
                query = query.where(customers.c.merged_into.is_(None))
            # Several hits may lie in one tree.
            found = connection.execute(query.limit(limit * 4)).scalars().all()
            return list(dict.fromkeys(_root(connection, one) for one in found))[:limit]

        return await self._database.read(work)

    async def same_proof(self, customer_id: str) -> list[str]:
        """See `CustomerStore.same_proof`."""
        return await self._database.read(lambda connection: _same_proof(connection, customer_id))

    async def change_customer(
        self, customer_id: str, changes: Mapping[str, Any], *, version: int | None
    ) -> Customer:
        """See `CustomerStore.change_customer`."""
        values: dict[str, Any] = dict(changes)
        if "name" in values:
            values["name_key"] = squeezed(values["name"])

        def work(connection: Connection) -> Customer:
            change = (
                update(customers)
                .where(customers.c.id == customer_id, customers.c.merged_into.is_(None))
                .values(version=customers.c.version + 1, **values)
                .returning(*customers.c)
            )
            if version is not None:
                change = change.where(customers.c.version == version)
            row = connection.execute(change).one_or_none()
            if row is None:
                _known(connection, customer_id)
                raise CustomerChanged()
            return customer_of_row(row)

        return await self._database.write(work)

    async def put_identity(self, customer_id: str, identity: Identity) -> bool:
        """See `CustomerStore.put_identity`."""

        def work(connection: Connection) -> bool:
            found = connection.execute(_mine(customer_id, identity)).one_or_none()
            if found is None:
                _known(connection, customer_id)
                connection.execute(
                    insert(customer_identities), {"customer_id": customer_id, **identity.model_dump()}
                )
                return True
            if found.verified == identity.verified or (found.verified and identity.source != "agent"):
                return False
            values = identity.model_dump(exclude={"kind", "value"})
            connection.execute(
                update(customer_identities).where(*_same(customer_id, identity)).values(values)
            )
            return True

        try:
            return await self._database.write(work)
        except IntegrityError:
            return await self._database.write(work)

    async def remove_identity(self, customer_id: str, kind: str, value: str) -> bool:
        """See `CustomerStore.remove_identity`."""

        def work(connection: Connection) -> bool:
            members = _members(connection, _root(connection, customer_id))
            gone = delete(customer_identities).where(
                customer_identities.c.customer_id.in_(members),
                customer_identities.c.kind == kind,
                customer_identities.c.value == value,
            )
            return bool(connection.execute(gone).rowcount)

        return await self._database.write(work)

    async def add_note(self, note: CustomerNote) -> CustomerNote:
        """See `CustomerStore.add_note`."""
        row = note.model_dump(exclude={"id"})
        added = insert(customer_notes).returning(customer_notes.c.id)
        number = await self._database.write(lambda connection: connection.execute(added, row).scalar_one())
        return note.model_copy(update={"id": int(number)})

    async def merge(self, merge: Merge, *, kept_version: int, gone_version: int) -> Merge:
        """See `CustomerStore.merge`."""

        def work(connection: Connection) -> Merge:
            ends = [
                (merge.kept_id, kept_version, None),
                (merge.gone_id, gone_version, merge.kept_id if merge.state == "merged" else None),
            ]
            # In one order, so that two who merge the same pair the other way round don't wait for each other for ever.
            for key, seen, into in sorted(ends, key=lambda end: end[0]):
                values = {"key": key, "seen": seen, "into": into}
                if merge.kept_id == merge.gone_id or not connection.execute(_RETIRE, values).rowcount:
                    _known(connection, key)
                    raise CustomerChanged()
            row = merge.model_dump(exclude={"id"})
            added = insert(customer_merges).returning(customer_merges.c.id)
            return merge.model_copy(update={"id": int(connection.execute(added, row).scalar_one())})

        return await self._database.write(work)

    async def merge_of(self, merge_id: int) -> Merge | None:
        """See `CustomerStore.merge_of`."""
        return await self._database.read(lambda connection: _merge_of(connection, merge_id))

    async def undo_merge(self, merge_id: int, *, version: int, at: float, by: str) -> Merge:
        """See `CustomerStore.undo_merge`."""

        def work(connection: Connection) -> Merge:
            merge = _merge_of(connection, merge_id)
            if merge is None:
                raise UnknownCustomer()
            if merge.state != "merged":
                raise CustomerChanged()
            root = _root(connection, merge.kept_id)
            for key in sorted((root, merge.gone_id)):
                statement, values = (
                    (_RETIRE, {"key": root, "seen": version, "into": None})
                    if key == root
                    else (_RELEASE, {"key": key, "out_of": merge.kept_id})
                )
                if not connection.execute(statement, values).rowcount:
                    raise CustomerChanged()
            ended = {"state": "undone", "ended_at": at, "ended_by": by}
            connection.execute(update(customer_merges).where(customer_merges.c.id == merge_id).values(ended))
            return merge.model_copy(update=ended)

        return await self._database.write(work)


def _merge_of(connection: Connection, merge_id: int) -> Merge | None:
    query = select(customer_merges).where(customer_merges.c.id == merge_id)
    row = connection.execute(query).one_or_none()
    return Merge(**row._asdict()) if row is not None else None


def read_profile(connection: Connection, customer_id: str) -> Profile:
    """All of a customer, seen from any of the members. Raises `UnknownCustomer`."""
    root = _root(connection, customer_id)
    members = _members(connection, root)
    nodes = [customer_of_row(row) for row in connection.execute(_NODES, {"ids": members})]
    if not nodes:
        raise UnknownCustomer()
    return assembled(
        root,
        nodes,
        [
            (row.customer_id, Identity(**{k: v for k, v in row._asdict().items() if k != "customer_id"}))
            for row in _of(connection, customer_identities, customer_identities.c.customer_id, members)
        ],
        [
            (row.customer_id, row.conversation_id)
            for row in _of(connection, customer_conversations, customer_conversations.c.customer_id, members)
        ],
        [
            CustomerNote(**row._asdict())
            for row in _of(connection, customer_notes, customer_notes.c.customer_id, members)
        ],
        [
            Merge(**row._asdict())
            for row in connection.execute(
                select(customer_merges).where(
                    customer_merges.c.kept_id.in_(members) | customer_merges.c.gone_id.in_(members)
                )
            )
        ],
    )


def customer_of_row(row: Row[Any]) -> Customer:
    """A node from its row."""
    return Customer(**{key: value for key, value in row._asdict().items() if key != "name_key"})


def _of(connection: Connection, table: Any, column: Any, members: Sequence[str]) -> Iterable[Row[Any]]:
    return connection.execute(select(table).where(column.in_(members)))


def _root_of(connection: Connection, conversation_id: str) -> str | None:
    found = _OF_CONVERSATION.column(connection, {"key": conversation_id})
    return _root(connection, found[0]) if found else None


def _root(connection: Connection, customer_id: str) -> str:
    """The end of the pointers; there are no circles, as only roots are ever pointed elsewhere."""
    while (above := connection.execute(_PARENT, {"key": customer_id}).scalar()) is not None:
        customer_id = above
    return customer_id


def _members(connection: Connection, root: str) -> list[str]:
    members, last = [root], [root]
    while last:
        last = list(connection.execute(_CHILDREN, {"ids": last}).scalars())
        members += last
    return members


def members_of(connection: Connection, customer_id: str) -> list[str]:
    """Ids of all nodes of the tree in which a customer stands, the root first."""
    return _members(connection, _root(connection, customer_id))


def require_customer(connection: Connection, customer_id: str) -> None:
    """Raises `UnknownCustomer`."""
    _known(connection, customer_id)


def _known(connection: Connection, customer_id: str) -> None:
    if connection.execute(select(customers.c.id).where(customers.c.id == customer_id)).first() is None:
        raise UnknownCustomer()


def _same(customer_id: str, identity: Identity) -> tuple[Any, ...]:
    table = customer_identities.c
    return table.customer_id == customer_id, table.kind == identity.kind, table.value == identity.value


def _mine(customer_id: str, identity: Identity) -> Any:
    return select(customer_identities.c.verified).where(*_same(customer_id, identity))


def _same_proof(connection: Connection, customer_id: str) -> list[str]:
    members = _members(connection, _root(connection, customer_id))
    mine, other = customer_identities.alias(), customer_identities.alias()
    query = (
        select(other.c.customer_id)
        .select_from(mine.join(other, (mine.c.kind == other.c.kind) & (mine.c.value == other.c.value)))
        .where(
            mine.c.customer_id.in_(members),
            mine.c.verified,
            mine.c.kind.in_(PROVABLE),
            other.c.verified,
            other.c.customer_id.not_in(members),
        )
    )
    found = dict.fromkeys(_root(connection, one) for one in connection.execute(query).scalars())
    parted = [
        other for other in found if not _said_to_differ(connection, members, _members(connection, other))
    ]
    rows = connection.execute(_NODES, {"ids": parted}).all() if parted else []
    return [row.id for row in sorted(rows, key=lambda row: (row.created_at, row.id))]


def _said_to_differ(connection: Connection, one: Sequence[str], other: Sequence[str]) -> bool:
    table = customer_merges.c
    across = (table.kept_id.in_(one) & table.gone_id.in_(other)) | (
        table.kept_id.in_(other) & table.gone_id.in_(one)
    )
    return connection.execute(select(table.id).where(across, table.state != "merged")).first() is not None
