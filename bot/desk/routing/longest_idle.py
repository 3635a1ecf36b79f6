"""`longest_idle`: who has been given nothing for the longest time is next."""

from __future__ import annotations

from bot.conversation.store import Case
from bot.desk.routing.policy import RoutingPolicy, Worker


class LongestIdle(RoutingPolicy):
    """Fair among equals; usually the last of the list."""

    def score(self, case: Case, worker: Worker, now: float) -> float:
        """Seconds since the agent's last contact began or ended."""
        return max(0.0, now - worker.agent.idle_since)
