"""The desk's work in memory: agents, leases, call-backs, audit, idempotency keys."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from bot.conversation.workforce import (
    AgentRow,
    AgentState,
    AuditRow,
    Callback,
    CallbackState,
    KeptAnswer,
    Place,
)
from bot.storage.records import decode, encode


class MemoryWork:
    """Implements `bot.conversation.workforce.WorkStore`."""

    def __init__(self) -> None:
        self._agents: dict[str, AgentRow] = {}
        self._leases: dict[str, tuple[str, float]] = {}
        self._callbacks: dict[str, Callback] = {}
        self._audit: list[AuditRow] = []
        self._requests: dict[tuple[str, str], tuple[float, KeptAnswer]] = {}

    # -- agents and leases -------------------------------------------------------------------------------

    async def agents(self, *, present_at: float | None = None) -> list[AgentRow]:
        """See `WorkStore.agents`."""
        found = [a for a in self._agents.values() if present_at is None or a.present_until > present_at]
        return sorted(found, key=lambda agent: agent.user_id)

    async def agent(self, user_id: str) -> AgentRow | None:
        """See `WorkStore.agent`."""
        return self._agents.get(user_id)

    async def change_agent(
        self, user_id: str, changes: Mapping[str, Any], *, if_state: AgentState | None = None
    ) -> AgentRow | None:
        """See `WorkStore.change_agent`."""
        current = self._agents.get(user_id)
        if if_state is not None and (current is None or current.state != if_state):
            return None
        changed = (current or AgentRow(user_id=user_id)).model_copy(update=dict(changes))
        self._agents[user_id] = changed
        return changed

    async def hold(self, name: str, holder: str, *, now: float, seconds: float) -> bool:
        """See `WorkStore.hold`."""
        held_by, until = self._leases.get(name, ("", 0.0))
        if held_by not in ("", holder) and until > now:
            return False
        self._leases[name] = (holder, now + seconds)
        return True

    async def let_go(self, name: str, holder: str) -> None:
        """See `WorkStore.let_go`."""
        if self._leases.get(name, ("", 0.0))[0] == holder:
            del self._leases[name]

    # -- call-backs --------------------------------------------------------------------------------------

    async def book(self, callback: Callback, seats: int) -> Callback | None:
        """See `WorkStore.book`."""
        if callback.seat >= 0:
            taken = {
                c.seat
                for c in self._callbacks.values()
                if (c.queue, c.slot_at) == (callback.queue, callback.slot_at) and c.id != callback.id
            }
            free = next((seat for seat in range(seats) if seat not in taken), None)
            if free is None:
                return None
            callback = callback.model_copy(update={"seat": free})
        self._callbacks[callback.id] = callback
        return callback

    async def callback(self, callback_id: str) -> Callback | None:
        """See `WorkStore.callback`."""
        return self._callbacks.get(callback_id)

    async def callbacks(
        self,
        states: Sequence[CallbackState] = (),
        *,
        conversation_id: str | None = None,
        limit: int = 500,
        after: Place | None = None,
    ) -> list[Callback]:
        """See `WorkStore.callbacks`."""
        found = [
            c
            for c in self._callbacks.values()
            if (not states or c.state in states)
            and (conversation_id is None or c.conversation_id == conversation_id)
            and (after is None or (c.due_at, c.id) > after)
        ]
        return sorted(found, key=lambda c: (c.due_at, c.id))[:limit]

    async def change_callback(self, callback_id: str, changes: Mapping[str, Any]) -> Callback | None:
        """See `WorkStore.change_callback`."""
        found = self._callbacks.get(callback_id)
        if found is None:
            return None
        ended = {"seat": -1} if changes.get("state") in ("cancelled", "failed", "done") else {}
        changed = found.model_copy(update={**changes, **ended})
        self._callbacks[callback_id] = changed
        return changed

    async def claim_callbacks(self, *, now: float, lease: float, limit: int = 20) -> list[Callback]:
        """See `WorkStore.claim_callbacks`."""
        due = [c for c in await self.callbacks(("booked",)) if c.due_at <= now][:limit]
        claimed = [c.model_copy(update={"due_at": now + lease}) for c in due]
        self._callbacks.update({c.id: c for c in claimed})
        return sorted(claimed, key=lambda c: (c.slot_at, c.id))

    async def seats_taken(self, queue: str, since: float, until: float) -> dict[float, int]:
        """See `WorkStore.seats_taken`."""
        return dict(
            Counter(
                c.slot_at
                for c in self._callbacks.values()
                if c.queue == queue and c.seat >= 0 and since <= c.slot_at < until
            )
        )

    def _forget_callbacks(self, conversation_ids: Sequence[str]) -> None:
        nothing = {"phone": "", "topic": "", "notes": ()}
        for found in list(self._callbacks.values()):
            if found.conversation_id in conversation_ids:
                open_one = found.state in ("booked", "due")
                ended = {"state": "cancelled", "seat": -1} if open_one else {}
                self._callbacks[found.id] = found.model_copy(update={**nothing, **ended})

    # -- history -----------------------------------------------------------------------------------------

    async def record(self, row: AuditRow) -> None:
        """See `WorkStore.record`."""
        detail = decode(encode(row.detail))
        self._audit.append(row.model_copy(update={"id": len(self._audit) + 1, "detail": detail}))

    async def audit(
        self,
        *,
        case_id: str | None = None,
        actor_id: str | None = None,
        before: int | None = None,
        limit: int = 200,
    ) -> list[AuditRow]:
        """See `WorkStore.audit`."""
        found = [
            row
            for row in reversed(self._audit)
            if (case_id is None or row.case_id == case_id)
            and (actor_id is None or row.actor_id == actor_id)
            and (before is None or row.id < before)
        ]
        return found[:limit]

    async def begin_request(
        self, actor_id: str, key: str, fingerprint: str, *, now: float, keep: float
    ) -> KeptAnswer | None:
        """See `WorkStore.begin_request`."""
        self._requests = {k: v for k, v in self._requests.items() if v[0] > now - keep}
        found = self._requests.get((actor_id, key))
        if found is None:
            self._requests[actor_id, key] = (now, KeptAnswer(fingerprint=fingerprint, status=0, body=""))
            return None
        return found[1]

    async def finish_request(self, actor_id: str, key: str, status: int, body: str) -> None:
        """See `WorkStore.finish_request`."""
        found = self._requests.pop((actor_id, key), None)
        if found is not None and status:
            kept = found[1].model_copy(update={"status": status, "body": body})
            self._requests[actor_id, key] = (found[0], kept)
