"""Conformance kits: what every store and bus must do. A back end's tests are a subclass with one fixture.

    class TestMyStore(StoreKit):
        @pytest.fixture
        async def store(self): ...

Needs pytest and pytest-asyncio in auto mode, hence is imported by tests only.
"""

from __future__ import annotations

from bot.storage.kits.bus import BusKit
from bot.storage.kits.cases import CaseKit
from bot.storage.kits.conversations import ConversationKit
from bot.storage.kits.customers import CustomerKit
from bot.storage.kits.outbox import OutboxKit
from bot.storage.kits.work import WorkKit


class StoreKit(ConversationKit, CaseKit, OutboxKit, WorkKit, CustomerKit):
    """All of a store. The fixture `store` gives an empty one for each test."""


__all__ = ["BusKit", "StoreKit"]
