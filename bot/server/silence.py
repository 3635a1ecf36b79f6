"""Looks after customers who have left a question open; one worker does it for all, under a lease."""

from __future__ import annotations

import asyncio
import uuid

import structlog

from bot.conversation import clock
from bot.conversation.engine import Engine
from bot.conversation.errors import StoreUnavailable

LEASE = "silence"
EVERY = 5.0
"""Seconds between rounds."""
MOST = 5_000
"""Conversations that are looked at in a round, the newest first."""

log = structlog.get_logger(__name__)


class SilenceWatch:
    """Rounds over the conversations in which something happened lately."""

    def __init__(self, engine: Engine, *, exclusive: bool = True) -> None:
        self._engine = engine
        self._exclusive = exclusive
        self._id = uuid.uuid4().hex

    async def run(self) -> None:
        """Rounds until cancelled."""
        while True:
            await asyncio.sleep(EVERY)
            try:
                await self.run_once()
            except StoreUnavailable:
                pass
            except Exception as error:
                log.exception("silence_watch_failed", error=type(error).__name__)

    async def run_once(self) -> int:
        """One round: the number of conversations in which the bot spoke."""
        settings, store, now = self._engine.silence, self._engine.conversations.store, clock.now()
        if settings is None:
            return 0
        if not self._exclusive and not await store.hold(LEASE, self._id, now=now, seconds=EVERY * 3):
            return 0
        # Twice the time until the end: a server that was down in between still closes politely.
        lately = await store.changed_since(now - 2 * settings.close_after, limit=MOST)
        return sum(
            [await self._engine.tend_silence(conversation_id) is not None for conversation_id in lately]
        )
