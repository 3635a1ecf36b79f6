"""Several workers over one database: each tells the others of its commits, and hears of theirs.

Sockets need none of it, as Socket.IO's own manager carries what is emitted. What it can't carry is work that another
worker has to do itself: speak an agent's words into a call that it holds, count the queue anew for those who wait there.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable

import structlog

from bot.conversation.store import Commit
from bot.conversation.tracker import Tracker
from bot.storage.bus import GAP, Bus
from bot.storage.errors import BusUnavailable

TOPIC = "commits"
Heard = Callable[[str | None, bool], None]
"""(conversation, whether its owner changed); None for the conversation: something was missed, so look at everything."""

log = structlog.get_logger(__name__)


class Workers:
    """One worker's side of the bus."""

    def __init__(self, bus: Bus, heard: Heard) -> None:
        self._bus = bus
        self._heard = heard
        self._id = uuid.uuid4().hex

    async def committed(self, commit: Commit, tracker: Tracker) -> None:
        """A listener of `Conversations`. A bus that is away costs others a delay, never the commit."""
        moved = any(event.event == "ownership" for event in commit.events)
        news = {"worker": self._id, "conversation_id": commit.conversation_id, "moved": moved}
        try:
            await self._bus.publish(TOPIC, news)
        except BusUnavailable:
            log.warning("workers_not_told")

    async def follow(self) -> None:
        """Hear of the others' commits until cancelled."""
        async with self._bus.subscribe(TOPIC) as news:
            async for item in news:
                if item == GAP:
                    self._heard(None, True)
                elif item.get("worker") != self._id:
                    self._heard(str(item.get("conversation_id")), bool(item.get("moved")))
