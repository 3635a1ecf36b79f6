"""Several workers over one database: each tells the others of its commits, and hears of theirs.

Sockets need none of it, as Socket.IO's own manager carries what is emitted. What it can't carry is work that another
worker has to do itself: speak an agent's words into a call that it holds, count the queue anew for those who wait there,
stop an answer that it is writing.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import structlog

from bot.conversation.store import Commit
from bot.conversation.tracker import Tracker
from bot.storage.bus import GAP, Bus
from bot.storage.errors import BusUnavailable

TOPIC = "commits"
Stop = Callable[[str, str], object]
"""(conversation, message): the customer has read enough of an answer."""
Heard = Callable[[str | None, bool], None]
"""(conversation, whether its owner changed); None for the conversation: something was missed, so look at everything."""

log = structlog.get_logger(__name__)


class Workers:
    """One worker's side of the bus."""

    def __init__(self, bus: Bus, heard: Heard, stop: Stop) -> None:
        self._bus = bus
        self._heard = heard
        self._stop = stop
        self._id = uuid.uuid4().hex

    async def committed(self, commit: Commit, tracker: Tracker) -> None:
        """A listener of `Conversations`. A bus that is away costs others a delay, never the commit."""
        moved = any(event.event == "ownership" for event in commit.events)
        await self._tell({"conversation_id": commit.conversation_id, "moved": moved})

    async def stop_answer(self, conversation_id: str, message_id: str) -> bool:
        """Whichever worker writes it stops; whether one does isn't known."""
        return await self._tell({"conversation_id": conversation_id, "stop": message_id})

    async def _tell(self, news: dict[str, Any]) -> bool:
        try:
            await self._bus.publish(TOPIC, {"worker": self._id, **news})
        except BusUnavailable:
            log.warning("workers_not_told")
            return False
        return True

    async def follow(self) -> None:
        """Hear of the others' commits until cancelled."""
        async with self._bus.subscribe(TOPIC) as news:
            async for item in news:
                if item == GAP:
                    self._heard(None, True)
                elif item.get("worker") == self._id:
                    continue
                elif item.get("stop"):
                    self._stop(str(item.get("conversation_id")), str(item["stop"]))
                else:
                    self._heard(str(item.get("conversation_id")), bool(item.get("moved")))
