"""The SQL store: everything that is kept, over one database."""

from __future__ import annotations

from bot.storage.sql.accounts import SqlAccounts
from bot.storage.sql.agents import SqlAgents
from bot.storage.sql.callbacks import SqlCallbacks
from bot.storage.sql.cases import SqlCases
from bot.storage.sql.conversations import SqlConversations
from bot.storage.sql.customer_facts import SqlCustomerFacts
from bot.storage.sql.customer_lines import SqlCustomerLines
from bot.storage.sql.customers import SqlCustomers
from bot.storage.sql.engine import Database, open_database
from bot.storage.sql.history import SqlHistory
from bot.storage.sql.outbox import SqlOutbox
from bot.storage.sql.schema import migrate as migrate_schema


class SqlStore(
    SqlConversations,
    SqlCases,
    SqlOutbox,
    SqlAgents,
    SqlCallbacks,
    SqlHistory,
    SqlCustomers,
    SqlCustomerLines,
    SqlCustomerFacts,
):
    """Implements `bot.conversation.store.Store`; `accounts` is the desk's account store."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.accounts = SqlAccounts(database)

    async def close(self) -> None:
        """Finish what runs and let go of the database."""
        await self._database.close()


async def open_store(url: str, *, migrate: bool = True) -> SqlStore:
    """The store that a URL names (see `open_database`), its tables brought up to date first.

    Raises `BadStoreUrl`, `StoreUnavailable`.
    """
    database = open_database(url)
    if migrate:
        try:
            await migrate_schema(database)
        except BaseException:
            await database.close()
            raise
    return SqlStore(database)
