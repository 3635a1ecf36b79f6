"""`least_busy`: who holds the fewest contacts is next."""

from __future__ import annotations

from bot.conversation.store import Case
from bot.desk.routing.policy import RoutingPolicy, Worker


class LeastBusy(RoutingPolicy):
    """Spreads chats, so that nobody holds three while a colleague holds none."""

    def score(self, case: Case, worker: Worker, now: float) -> float:
        """The share of the agent's capacity that is free, 0 to 1."""
        used = worker.chat / worker.most_chat if worker.most_chat else 0.0
        return 1.0 - used - (worker.voice / worker.most_voice if worker.most_voice else 0.0)
