"""Who is at work: states that agents choose, and leases that their open pages renew."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import get_args

from bot.conversation.store import Store
from bot.conversation.workforce import AgentProfile, AgentRow, AgentState

TTL = 30.0
"""Seconds for which an agent counts as present after the last sign of life."""
RENEW = 10.0
"""Seconds between two signs."""
GRACE = 8.0
"""Seconds after the last page was closed: a reload isn't a departure."""
STATES: tuple[AgentState, ...] = get_args(AgentState)
STATE_LABELS: dict[AgentState, str] = {
    "available": "상담 가능",
    "call": "통화 중",
    "wrapup": "마무리 중",
    "meal": "식사",
    "break": "휴식",
    "training": "교육",
    "away": "자리 비움",
    "offline": "오프라인",
}

Changed = Callable[[AgentRow], Awaitable[None]]


class Presence:
    """The only way in which agents' rows are changed. `on_change` is told of every change of state."""

    def __init__(
        self, store: Store, *, clock: Callable[[], float] = time.time, missed_offers: int = 2
    ) -> None:
        self._store = store
        self._clock = clock
        self._missed_offers = missed_offers
        self._seen: dict[str, float] = {}
        self.on_change: list[Changed] = []

    async def set_state(self, user_id: str, name: str, state: AgentState) -> AgentRow:
        """The agent says so. Whoever becomes available starts with a clean sheet and is present at once."""
        now = self._clock()
        changes = {"name": name, "state": state, "state_since": now, "missed": 0, "present_until": now + TTL}
        before = await self._store.agent(user_id)
        if before is None or before.idle_since == 0.0 or before.present_until <= now:
            changes["idle_since"] = now
        if state == "offline":
            changes["present_until"] = now
        row = await self._store.change_agent(user_id, changes)
        assert row is not None
        self._seen[user_id] = now
        await self._tell(row)
        return row

    async def seen(self, user_id: str) -> None:
        """A sign of life: the lease is renewed, at most every few seconds."""
        now = self._clock()
        if now - self._seen.get(user_id, 0.0) < RENEW:
            return
        before = await self._store.agent(user_id)
        if before is None:
            return
        self._seen[user_id] = now
        changes = {"present_until": now + TTL}
        if before.present_until <= now:
            changes["idle_since"] = now
        row = await self._store.change_agent(user_id, changes)
        if row is not None and before.present_until <= now:
            await self._tell(row)

    async def left(self, user_id: str) -> None:
        """The last page was closed: the lease ends soon, unless another one opens."""
        now = self._clock()
        row = await self._store.agent(user_id)
        self._seen.pop(user_id, None)
        if row is not None and row.present_until > now + GRACE:
            await self._store.change_agent(user_id, {"present_until": now + GRACE})

    async def missed(self, user_id: str) -> AgentRow | None:
        """An offer ran out. After so many in a row the agent is taken to be away."""
        row = await self._store.agent(user_id)
        if row is None:
            return None
        missed = row.missed + 1
        if missed < self._missed_offers:
            return await self._store.change_agent(user_id, {"missed": missed})
        gone = await self._store.change_agent(
            user_id, {"missed": 0, "state": "away", "state_since": self._clock()}, if_state="available"
        )
        if gone is not None:
            await self._tell(gone)
        return gone

    async def worked(self, user_id: str) -> None:
        """A contact began or ended: idleness is counted from here, and missed offers are forgiven."""
        await self._store.change_agent(user_id, {"idle_since": self._clock(), "missed": 0})

    async def set_profile(self, user_id: str, name: str, profile: AgentProfile) -> AgentRow:
        """What routing knows of the agent."""
        row = await self._store.change_agent(user_id, {"name": name, "profile": profile})
        assert row is not None
        await self._tell(row)
        return row

    async def present(self) -> list[AgentRow]:
        """Everybody whose lease runs."""
        return await self._store.agents(present_at=self._clock())

    async def _tell(self, row: AgentRow) -> None:
        for listener in self.on_change:
            await listener(row)
