"""Cases that are filed for later: put into the queue when their time comes, put off, ended without a conversation."""

from __future__ import annotations

from bot.conversation.case_changes import Agent, CaseChanges
from bot.conversation.draft import Draft
from bot.conversation.errors import OwnershipError
from bot.conversation.ownership import bot_may_speak
from bot.conversation.store import Case


class FiledActs(CaseChanges):
    """Acts on filed cases; the bot has their conversations."""

    async def enqueue_filed(self, case: Case, reason: str) -> bool:
        """Put a filed case into the queue: its time has come. False if the customer talks to somebody already."""

        async def decide(draft: Draft) -> bool:
            if not bot_may_speak(draft.tracker.owner) or draft.tracker.case is not None:
                return False
            current = await self.conversations.store.case(case.id)
            if current.state != "callback":
                return False
            self._reopen(draft, current, reason)
            return True

        return await self.conversations.change(case.conversation_id, decide)

    async def refile(self, case: Case, due_at: float) -> bool:
        """Put off a case that waits in the queue or is filed: nobody was reached, or another time was chosen."""

        async def decide(draft: Draft) -> bool:
            current = await self.conversations.store.case(case.id)
            if current.state == "callback":
                draft.put_case(current.model_copy(update={"due_at": due_at, "version": current.version + 1}))
                return True
            if draft.tracker.case is None or draft.tracker.case.id != case.id:
                return False
            draft.change_owner("bot", "callback_later", case_id=None)
            self._changed(
                draft,
                state="callback",
                due_at=due_at,
                agent_id=None,
                agent_name=None,
                accepted_at=None,
                offered_to=None,
                offer_expires_at=None,
            )
            return True

        return await self.conversations.change(case.conversation_id, decide)

    async def end_filed(self, case: Case, agent: Agent, code: str, note: str) -> Case:
        """End a filed case without a conversation: done by telephone, given up, not needed any more."""

        async def decide(draft: Draft) -> Case:
            current = await self.conversations.store.case(case.id)
            if current.state != "callback":
                raise OwnershipError(current.state, "closed")
            self._outcome(draft, case, agent, "closed", code, note, {})
            return draft.put_case(
                current.model_copy(
                    update={
                        "state": "closed",
                        "closed_at": self.clock(),
                        "outcome_code": code,
                        "outcome_note": note,
                        "version": current.version + 1,
                    }
                )
            )

        return await self.conversations.change(case.conversation_id, decide)

    async def _waiting_or_filed(self, draft: Draft, case: Case) -> Case:
        """The open case, or a filed one that is put into the queue here and now."""
        if draft.tracker.case is None and bot_may_speak(draft.tracker.owner) and draft.tracker.seq:
            current = await self.conversations.store.case(case.id)
            if current.state == "callback":
                return self._reopen(draft, current, "taken")
        return self._open(draft, case)

    def _reopen(self, draft: Draft, filed: Case, reason: str) -> Case:
        draft.change_owner("queued", reason, case_id=filed.id)
        now = self.clock()
        return draft.put_case(
            filed.model_copy(
                update={"state": "queued", "waiting_since": now, "due_at": None, "version": filed.version + 1}
            )
        )
