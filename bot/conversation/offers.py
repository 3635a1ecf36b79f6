"""From the queue to an agent: offered for a while, accepted, declined, taken back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.conversation.case_changes import Agent, AlreadyTaken, NotOffered, passed
from bot.conversation.draft import Draft
from bot.conversation.errors import OwnershipError
from bot.conversation.filed import FiledActs
from bot.conversation.messages import Button
from bot.conversation.store import Case, Claim, Person

RETURN_SECONDS = 60.0
"""How long a refused case waits for who handed it over."""


class OfferActs(FiledActs):
    """Acts on cases that wait."""

    async def offer(self, case: Case, agent: Agent, *, seconds: float, claim: Claim) -> Case | None:
        """Offer a queued case to an agent for so long; None if it no longer waits for one. Raises `AgentBusy`."""

        async def decide(draft: Draft) -> Case | None:
            current = draft.tracker.case
            if current is None or current.id != case.id or draft.tracker.owner != "queued":
                return None
            draft.claim = claim
            draft.change_owner(
                "offered", "offered", agent_id=agent.id, agent_name=agent.name, case_id=current.id
            )
            return self._changed(
                draft,
                state="offered",
                offered_to=Person(id=agent.id, name=agent.name),
                offer_expires_at=self.clock() + seconds,
                offers=current.offers + 1,
            )

        return await self.conversations.change(case.conversation_id, decide)

    async def withdraw(self, case: Case, reason: str, *, pass_until: float | None = None) -> bool:
        """Take an offer back: it ran out (`missed`), or its agent has gone (`left`). False if it stands no longer.

        Until `pass_until` it isn't offered to the same agent again.
        """

        async def decide(draft: Draft) -> bool:
            current = draft.tracker.case
            if (
                current is None
                or current.id != case.id
                or current.state != "offered"
                or (current.offered_to, current.offers) != (case.offered_to, case.offers)
            ):
                return False
            self._back_to_queue(draft, current, reason, pass_until)
            return True

        return await self.conversations.change(case.conversation_id, decide)

    async def accept(
        self, case: Case, agent: Agent, *, offered_only: bool = False, claim: Claim | None = None
    ) -> Case:
        """Take a waiting case, or one that is filed for later. Taking one's own again changes nothing.

        With `offered_only` nobody takes what wasn't offered to them, with a `claim` nobody takes more than they can hold.
        Raises `AlreadyTaken`, `NotOffered`, `AgentBusy`, `UnknownCase`.
        """

        async def decide(draft: Draft) -> Case:
            current = await self._waiting_or_filed(draft, case)
            if current.state == "agent":
                if current.agent_id == agent.id:
                    return current
                raise AlreadyTaken(current.agent_name or "")
            if offered_only and (current.offered_to is None or current.offered_to.id != agent.id):
                raise NotOffered()
            draft.claim = claim
            draft.change_owner(
                "agent", "accepted", agent_id=agent.id, agent_name=agent.name, case_id=current.id
            )
            draft.notice("agent_joined", f"{agent.name} 상담원이 연결됐어요")
            return self._changed(
                draft,
                state="agent",
                agent_id=agent.id,
                agent_name=agent.name,
                accepted_at=self.clock(),
                unread=0,
                offered_to=None,
                offer_expires_at=None,
                target=None,
                due_at=None,
            )

        return await self.conversations.change(case.conversation_id, decide)

    async def decline(
        self, case: Case, agent: Agent, reason: str = "", *, pass_until: float | None = None
    ) -> Case:
        """Leave a case to others. One that was handed over by name goes back to who did so, with the reason."""

        async def decide(draft: Draft) -> Case:
            current = self._open(draft, case)
            if draft.tracker.owner not in ("queued", "offered"):
                raise OwnershipError(draft.tracker.owner, "queued")
            mine = current.offered_to is not None and current.offered_to.id == agent.id
            handed = current.target is not None and current.target.id == agent.id
            if handed and current.handed_by is not None:
                why = reason.strip() or "이유를 적지 않았어요"
                self._note_of(draft, agent, f"전달을 받지 않았어요: {why}")
                giver = current.handed_by
                current = self._changed(
                    draft,
                    target=giver,
                    target_until=self.clock() + RETURN_SECONDS,
                    handed_by=None,
                    passed={key: until for key, until in current.passed.items() if key != giver.id},
                )
            if mine:
                return self._back_to_queue(draft, current, "declined", pass_until)
            return self._changed(draft, passed=passed(current, agent.id, pass_until))

        return await self.conversations.change(case.conversation_id, decide)

    async def tell(
        self, case: Case, code: str, text: str, buttons: Sequence[Button] = (), **changes: Any
    ) -> bool:
        """A line for a waiting customer, with changes of the case. False if nobody waits there any more."""

        async def decide(draft: Draft) -> bool:
            current = draft.tracker.case
            if current is None or current.id != case.id or draft.tracker.owner not in ("queued", "offered"):
                return False
            if text:
                draft.notice(code, text, buttons)
            if changes:
                self._changed(draft, **changes)
            return True

        return await self.conversations.change(case.conversation_id, decide)

    async def mark(self, case: Case, **changes: Any) -> bool:
        """Change fields of an open case that concern the desk alone, such as missed targets."""

        async def decide(draft: Draft) -> bool:
            if draft.tracker.case is None or draft.tracker.case.id != case.id:
                return False
            self._changed(draft, **changes)
            return True

        return await self.conversations.change(case.conversation_id, decide)

    def _back_to_queue(self, draft: Draft, current: Case, reason: str, pass_until: float | None) -> Case:
        offered_to = current.offered_to
        draft.change_owner("queued", reason, case_id=current.id)
        return self._changed(
            draft,
            state="queued",
            offered_to=None,
            offer_expires_at=None,
            passed=passed(current, offered_to.id, pass_until) if offered_to else current.passed,
        )
