"""`team`: one team's work first for that team; others help out when it takes too long."""

from __future__ import annotations

from pydantic import Field

from bot.conversation.store import Case
from bot.desk.routing.policy import RoutingPolicy, Worker, waited


class Team(RoutingPolicy):
    """Agents of `teams`; after `overflow_after` seconds everybody who serves the queue."""

    teams: tuple[str, ...] = Field(min_length=1)
    overflow_after: float = Field(default=60, ge=0, le=86_400)
    """Seconds."""

    def score(self, case: Case, worker: Worker, now: float) -> float | None:
        """1 for the queue's own team."""
        if worker.agent.profile.team in self.teams:
            return 1.0
        return 0.0 if waited(case, now) >= self.overflow_after else None
