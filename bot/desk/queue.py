"""The queue as a waiting customer sees it: position, and an honest range of minutes or none."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any

from bot.conversation.ownership import person_is_asked
from bot.conversation.store import CaseStore
from bot.conversation.tracker import Tracker

RECENT_CASES = 20
REMEMBERED = 30.0
"""Seconds for which the measured length of contacts is kept."""
LOW, HIGH = 0.6, 1.6
"""The range around the expected waiting time."""


class QueueView:
    """Composes the `State` of docs/reference/web-chat.md."""

    def __init__(self, cases: CaseStore, *, minutes_per_case: float, agents: Callable[[], int]) -> None:
        self._cases = cases
        self._assumed = minutes_per_case
        self._agents = agents
        self._measured: tuple[float, float] = (0.0, minutes_per_case)

    async def __call__(self, tracker: Tracker, position: int | None = None) -> dict[str, Any]:
        """Owner, agent and, while waiting, the place in the queue; `position` where it is known already."""
        state = tracker.state
        owner = {"queued": "queue", "offered": "queue", "wrapup": "agent"}.get(state.owner, state.owner)
        waiting = person_is_asked(state.owner) and owner == "queue"
        return {
            "owner": owner,
            "agent": {"name": state.agent_name} if owner == "agent" and state.agent_name else None,
            "queue": await self.place(state.case_id, position) if waiting and state.case_id else None,
            "hours": None,
        }

    async def place(self, case_id: str, position: int | None = None) -> dict[str, Any]:
        """`{position, wait: {min, max} | null}`; minutes are whole, no agent on duty gives no estimate."""
        if position is None:
            position = await self._cases.position(case_id)
        agents = self._agents()
        if position is None or agents == 0:
            return {"position": position, "wait": None}
        expected = position * await self._minutes() / agents
        return {
            "position": position,
            "wait": {"min": max(1, math.floor(expected * LOW)), "max": max(2, math.ceil(expected * HIGH))},
        }

    async def _minutes(self) -> float:
        """Length of a contact: the median of recent ones once there are five, else the configured guess."""
        read_at, minutes = self._measured
        if time.monotonic() - read_at < REMEMBERED and read_at:
            return minutes
        done = await self._cases.cases(("closed", "returned"), limit=RECENT_CASES)
        lengths = sorted((c.closed_at - c.accepted_at) / 60 for c in done if c.closed_at and c.accepted_at)
        minutes = max(0.5, lengths[len(lengths) // 2]) if len(lengths) >= 5 else self._assumed
        self._measured = (time.monotonic(), minutes)
        return minutes
