"""`last_agent`: the person who knows the customer already, for half an hour after the last talk."""

from __future__ import annotations

from pydantic import Field

from bot.conversation.store import Case
from bot.desk.routing.policy import RoutingPolicy, Worker, waited


class LastAgent(RoutingPolicy):
    """Prefers who talked to the customer last within `minutes`, and keeps the case for them for `hold` seconds even while
    somebody else is free."""

    minutes: float = Field(default=30, gt=0, le=10_080)
    hold: float = Field(default=0, ge=0, le=600)
    """Seconds; 0 gives the case to whoever suits next when the last agent isn't free."""

    def score(self, case: Case, worker: Worker, now: float) -> float | None:
        """1 for the last agent."""
        last = case.last_agent
        if last is None or (case.last_agent_at or 0.0) < case.waiting_since - self.minutes * 60:
            return 0.0
        if worker.agent.user_id == last.id:
            return 1.0
        return None if waited(case, now) < self.hold else 0.0
