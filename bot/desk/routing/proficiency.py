"""`proficiency`: the better somebody is at it, the more of it they get, without starving the others of work."""

from __future__ import annotations

from pydantic import Field

from bot.conversation.store import Case
from bot.desk.routing.policy import RoutingPolicy, Worker

BEST = 5.0
IDLE = 600.0
"""Seconds of idleness that weigh as much as they ever will."""


class Proficiency(RoutingPolicy):
    """Weighs how good an agent is at the case's skills against how long they have had nothing to do."""

    weight: float = Field(default=0.7, ge=0, le=1)
    """1: only skill counts, 0: only idleness."""

    def score(self, case: Case, worker: Worker, now: float) -> float:
        """0 to 1."""
        levels = [worker.agent.profile.skills.get(skill, 0) for skill in case.skills]
        skill = sum(levels) / (BEST * len(levels)) if levels else 0.0
        idle = min(1.0, max(0.0, now - worker.agent.idle_since) / IDLE)
        return self.weight * skill + (1.0 - self.weight) * idle
