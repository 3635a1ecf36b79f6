"""Every store against the same kit."""

from __future__ import annotations

import pytest

from bot.conversation.store import Store
from bot.storage.memory import MemoryStore
from bot.storage.sql import SqlStore
from bot.storage.testing import StoreKit


class TestMemoryStore(StoreKit):
    @pytest.fixture
    def store(self) -> Store:
        return MemoryStore()


class TestSqliteStore(StoreKit):
    @pytest.fixture
    def store(self, sqlite_store: SqlStore) -> Store:
        return sqlite_store


@pytest.mark.postgres
class TestPostgresStore(StoreKit):
    @pytest.fixture
    def store(self, postgres_store: SqlStore) -> Store:
        return postgres_store
