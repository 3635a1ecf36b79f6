"""Accounts in SQL, on each engine, against the desk's kit."""

from __future__ import annotations

import pytest

from bot.desk.accounts import AccountService
from bot.desk.accounts.store import AccountStore
from bot.desk.accounts.testing import AccountStoreKit
from bot.storage.sql import SqlStore, open_store


class TestSqlAccounts(AccountStoreKit):
    @pytest.fixture
    def accounts(self, sql_store: SqlStore) -> AccountStore:
        return sql_store.accounts


async def test_a_session_outlives_the_process(sqlite_url: str) -> None:
    first = await open_store(sqlite_url)
    service = AccountService(first.accounts)
    await service.add_user("서연", "김서연", "supervisor", "정말 아주 긴 비밀번호")
    signed_in = await service.authenticate("서연", "정말 아주 긴 비밀번호", "127.0.0.1")
    await first.close()
    second = await open_store(sqlite_url)
    assert await AccountService(second.accounts).user_of(signed_in.token) == signed_in.user
    await second.close()
