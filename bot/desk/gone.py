"""Cases whose agent won't come back to them: they return to the queue, where they stand as if they had never left it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal

import structlog

from bot.conversation.errors import NotOwner, OwnershipError, UnknownCase
from bot.conversation.handover import Handover
from bot.conversation.store import Case, Store
from bot.conversation.workforce import AgentRow, AuditRow
from bot.desk.accounts import AccountService, User
from bot.desk.queues import QueueBook

Why = Literal["deleted", "disabled", "away"]
AWAY = ("away", "offline")
"""States in which nobody is at work; a meal or a training ends."""

log = structlog.get_logger(__name__)


class GoneAgents:
    """Who is gone: without an account, with one that may not sign in, or away for longer than `away_seconds` (0: never)."""

    def __init__(
        self,
        store: Store,
        accounts: AccountService,
        handover: Handover,
        queues: QueueBook,
        *,
        away_seconds: float,
        others: Collection[str] = (),
    ) -> None:
        self._store = store
        self._accounts = accounts
        self._handover = handover
        self._queues = queues
        self._away_seconds = away_seconds
        self._others = frozenset(others)
        """Holders of cases that are no agents of this desk: another company's desk, which looks after its own."""

    async def requeue(self, cases: Sequence[Case], now: float) -> int:
        """Put back what such agents hold, in the hours of its queue, so that the word to the customer is true; how many."""
        held = [case for case in cases if case.agent_id and case.agent_id not in self._others]
        if not held:
            return 0
        users = {user.id: user for user in await self._accounts.users()}
        agents = {agent.user_id: agent for agent in await self._store.agents()}
        done = 0
        for case in held:
            agent_id = case.agent_id or ""
            why = self._why(users.get(agent_id), agents.get(agent_id), case.accepted_at or 0.0, now)
            if why is not None and self._queues.of(case.queue).spec.hours.is_open(now):
                done += await self._put_back(case, why, now)
        return done

    def _why(self, user: User | None, agent: AgentRow | None, taken_at: float, now: float) -> Why | None:
        if user is None:
            return "deleted"
        if user.disabled:
            return "disabled"
        if agent is None or not self._away_seconds:
            return None
        since = agent.state_since if agent.state in AWAY else now
        # A browser that died says nothing: the lease does.
        since = min(since, agent.present_until) if agent.present_until else since
        # Whoever took the case without a browser, over the API, was there then.
        since = max(since, taken_at)
        return "away" if now - since >= self._away_seconds else None

    async def _put_back(self, case: Case, why: Why, now: float) -> bool:
        try:
            await self._handover.requeue(case, f"agent_{why}")
        except (NotOwner, OwnershipError, UnknownCase):
            # Ended or given away in the meantime.
            return False
        detail = {"agent_id": case.agent_id, "reason": why}
        await self._store.record(
            AuditRow(
                at=now, actor_id="system", actor_name="", action="requeue", case_id=case.id, detail=detail
            )
        )
        log.info("case_requeued", reason=why)
        return True
