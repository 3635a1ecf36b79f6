"""The account store in memory against its kit; tests/storage holds the databases to the same."""

from __future__ import annotations

import pytest

from bot.desk.accounts.store import AccountStore, MemoryAccounts
from bot.desk.accounts.testing import AccountStoreKit


class TestMemoryAccounts(AccountStoreKit):
    @pytest.fixture
    def accounts(self) -> AccountStore:
        return MemoryAccounts()
