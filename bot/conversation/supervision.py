"""What is done to a case that is somebody else's: taken over, given to a colleague, put back as its agent is gone."""

from __future__ import annotations

from bot.conversation.case_changes import TARGET_SECONDS, Agent, CaseChanges, passed
from bot.conversation.draft import Draft
from bot.conversation.errors import NotOwner, OwnershipError
from bot.conversation.store import Case, Person


class SupervisorActs(CaseChanges):
    """All go through the queue's state, so that who had the case has it no longer before the next one does."""

    async def take_over(self, case: Case, agent: Agent, note: str = "") -> Case:
        """From the colleague who has it; one's own, again, changes nothing. Raises `OwnershipError` if nobody has it."""

        async def decide(draft: Draft) -> Case:
            current = self._open(draft, case)
            if draft.tracker.owner != "agent":
                raise OwnershipError(draft.tracker.owner, "agent")
            if current.agent_id == agent.id:
                return current
            self._note_of(draft, agent, note)
            before = Person(id=current.agent_id or "", name=current.agent_name or "")
            draft.change_owner("queued", "taken_over", case_id=current.id)
            draft.change_owner(
                "agent", "taken_over", agent_id=agent.id, agent_name=agent.name, case_id=current.id
            )
            draft.notice("agent_joined", f"{agent.name} 상담원이 이어서 도와드려요")
            return self._changed(
                draft,
                agent_id=agent.id,
                agent_name=agent.name,
                handed_by=before,
                target=None,
                last_agent=None,
            )

        return await self.conversations.change(case.conversation_id, decide)

    async def reassign(self, case: Case, by: Agent, to: Person, note: str = "") -> Case:
        """For a colleague, from whoever has it or from the queue: offered to them alone for a while.

        Raises `OwnershipError` for a case that neither waits nor is held.
        """

        async def decide(draft: Draft) -> Case:
            current, owner = self._open(draft, case), draft.tracker.owner
            if owner not in ("queued", "offered", "agent"):
                raise OwnershipError(owner, "queued")
            self._note_of(draft, by, note)
            if owner != "queued":
                draft.change_owner("queued", "reassigned", case_id=current.id)
            if owner == "agent":
                draft.notice("transferred", f"{to.name} 상담원에게 전해 드렸어요. 잠시만 기다려 주세요")
            return self._changed(
                draft,
                state="queued",
                agent_id=None,
                agent_name=None,
                accepted_at=None,
                offered_to=None,
                offer_expires_at=None,
                target=to,
                target_until=self.clock() + TARGET_SECONDS,
                handed_by=Person(id=by.id, name=by.name),
                passed={key: until for key, until in current.passed.items() if key != to.id},
                last_agent=None,
            )

        return await self.conversations.change(case.conversation_id, decide)

    async def requeue(self, case: Case, reason: str) -> Case:
        """Back into the queue as its agent is gone, at the place that its waiting since then gives it.

        Raises `NotOwner` where somebody else has it by now, `OwnershipError` where nobody has.
        """

        async def decide(draft: Draft) -> Case:
            current = self._open(draft, case)
            if draft.tracker.owner != "agent":
                raise OwnershipError(draft.tracker.owner, "agent")
            if current.agent_id != case.agent_id:
                raise NotOwner(current.agent_name or "")
            gone = Person(id=current.agent_id or "", name=current.agent_name or "")
            draft.change_owner("queued", reason, case_id=current.id)
            draft.notice(
                "transferred",
                "담당 상담원이 자리를 비웠어요. 다른 상담원이 이어서 도와드릴게요. 잠시만 기다려 주세요",
            )
            return self._changed(
                draft,
                state="queued",
                agent_id=None,
                agent_name=None,
                accepted_at=None,
                target=None,
                handed_by=gone,
                passed=passed(current, gone.id, self.clock() + TARGET_SECONDS),
                last_agent=None,
                # A promise that was kept once isn't measured again.
                promised=None,
                told_at=None,
            )

        return await self.conversations.change(case.conversation_id, decide)
