"""What customers let be remembered, in SQL."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select, update

from bot.conversation.customers import Fact
from bot.storage.customer_trees import decided
from bot.storage.records import decode, encode
from bot.storage.sql.customers import members_of, require_customer
from bot.storage.sql.engine import Database
from bot.storage.sql.tables import customer_facts

_EMPTY = {"value": None, "remembered_at": None, "expires_at": None}


class SqlCustomerFacts:
    """Implements the part of `bot.conversation.customers.CustomerStore` that is about facts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def facts(self, customer_id: str) -> list[Fact]:
        """See `CustomerStore.facts`."""
        return decided(await self._database.read(lambda connection: _facts(connection, customer_id)))

    async def put_fact(self, customer_id: str, fact: Fact) -> None:
        """See `CustomerStore.put_fact`."""
        value = None if fact.value is None else encode(fact.value)
        row = {"customer_id": customer_id, **fact.model_dump(exclude={"value"}), "value": value}

        def work(connection: Connection) -> None:
            require_customer(connection, customer_id)
            same = (customer_facts.c.customer_id == customer_id, customer_facts.c.name == fact.name)
            connection.execute(delete(customer_facts).where(*same))
            connection.execute(insert(customer_facts), row)

        await self._database.write(work)

    async def forget_facts(
        self, customer_id: str, *, at: float, names: Sequence[str] | None = None
    ) -> list[str]:
        """See `CustomerStore.forget_facts`."""

        def work(connection: Connection) -> list[str]:
            found = [fact for fact in _facts(connection, customer_id) if names is None or fact.name in names]
            connection.execute(
                update(customer_facts)
                .where(
                    customer_facts.c.customer_id.in_(members_of(connection, customer_id)),
                    customer_facts.c.name.in_([fact.name for fact in found]),
                )
                .values(consent=False, decided_at=at, **_EMPTY)
            )
            return sorted({fact.name for fact in found if fact.known(at)})

        return await self._database.write(work)

    async def drop_expired_facts(self, now: float) -> int:
        """See `CustomerStore.drop_expired_facts`."""
        over = update(customer_facts).where(customer_facts.c.expires_at <= now).values(**_EMPTY)
        return await self._database.write(lambda connection: connection.execute(over).rowcount)


def _facts(connection: Connection, customer_id: str) -> list[Fact]:
    members = members_of(connection, customer_id)
    query = select(customer_facts).where(customer_facts.c.customer_id.in_(members))
    return [
        Fact(
            name=row.name,
            consent=row.consent,
            decided_at=row.decided_at,
            value=None if row.value is None else decode(row.value),
            remembered_at=row.remembered_at,
            expires_at=row.expires_at,
            channel=row.channel,
        )
        for row in connection.execute(query)
    ]
