"""`skills`: agents who can do what the case needs; less is asked for the longer the customer waits."""

from __future__ import annotations

from pydantic import Field

from bot.conversation.store import Case
from bot.desk.routing.policy import RoutingPolicy, Worker, waited


class SkillMatch(RoutingPolicy):
    """Every skill of the case at `level` or above; each `relax_after` seconds of waiting lower the level by one, and when it
    has come to nothing anybody in the queue will do."""

    level: int = Field(default=3, ge=1, le=5)
    relax_after: float = Field(default=30, gt=0, le=86_400)
    """Seconds."""

    def score(self, case: Case, worker: Worker, now: float) -> float | None:
        """How many of the skills the agent has."""
        needed = self.level - int(waited(case, now) // self.relax_after)
        levels = [worker.agent.profile.skills.get(skill, 0) for skill in case.skills]
        if needed > 0 and any(level < needed for level in levels):
            return None
        return float(sum(level > 0 for level in levels))
