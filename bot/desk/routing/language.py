"""`language`: agents who speak the customer's language."""

from __future__ import annotations

from pydantic import Field

from bot.conversation.store import Case
from bot.desk.routing.policy import RoutingPolicy, Worker, waited


class Language(RoutingPolicy):
    """Only those who speak it; after `relax_after` seconds the others too, who are better than nobody."""

    relax_after: float = Field(default=300, gt=0, le=86_400)
    """Seconds."""

    def score(self, case: Case, worker: Worker, now: float) -> float | None:
        """1 for those who speak it."""
        if case.language in worker.agent.profile.languages:
            return 1.0
        return 0.0 if waited(case, now) >= self.relax_after else None
