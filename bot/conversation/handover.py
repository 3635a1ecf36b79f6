"""What agents and customers do to the ownership of a conversation: accept, write, note, transfer, return, close, leave.

Each is one change under the conversation's lock and a compare-and-set in the store; who comes second is told so.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from bot.conversation.case_changes import (
    TARGET_SECONDS,
    Agent,
    AlreadyTaken,
    CaseChanged,
    NotOffered,
    passed,
)
from bot.conversation.draft import Draft
from bot.conversation.engine import leave_queue
from bot.conversation.errors import DuplicateMessage, MessageIdReused
from bot.conversation.events import AgentUttered, Event, HandoffOutcome, NoteAdded
from bot.conversation.intake import clean_text
from bot.conversation.offers import OfferActs
from bot.conversation.store import Case, Person
from bot.conversation.supervision import SupervisorActs


class Handover(OfferActs, SupervisorActs):
    """All acts on a case. Case ids are checked against the conversation's open case."""

    async def say(
        self,
        case: Case,
        agent: Agent,
        text: str,
        message_id: str | None = None,
        *,
        data: dict[str, Any] | None = None,
        original: str = "",
        language: str = "",
    ) -> Event:
        """A message to the customer, and what is in it besides text. The same `message_id` again gives the first one.

        `original` is what the agent wrote, where `text` is its translation into `language`.
        Raises `NotOwner`, `BadMessage`, `MessageIdReused`.
        """
        cleaned = clean_text(text)
        written = clean_text(original) if original.strip() else ""

        async def decide(draft: Draft) -> Event:
            self._own(draft, case, agent)
            await self._refuse_repetition(case, message_id)
            event = draft.emit(
                AgentUttered(
                    text=cleaned,
                    message_id=message_id or uuid.uuid4().hex,
                    agent_id=agent.id,
                    agent_name=agent.name,
                    data=data or {},
                    original=written,
                    language=language if written else "",
                )
            )
            self._changed(
                draft,
                last_speaker="agent",
                last_text=(written or cleaned)[:200],
                last_at=event.timestamp,
                unread=0,
            )
            return event

        return await self._once(case, decide, AgentUttered, cleaned)

    async def note(self, case: Case, agent: Agent, text: str, message_id: str | None = None) -> Event:
        """A note that the customer never sees. Any agent may write one."""
        cleaned = clean_text(text)

        async def decide(draft: Draft) -> Event:
            await self._refuse_repetition(case, message_id)
            return draft.emit(
                NoteAdded(
                    text=cleaned,
                    message_id=message_id or uuid.uuid4().hex,
                    agent_id=agent.id,
                    agent_name=agent.name,
                )
            )

        return await self._once(case, decide, NoteAdded, cleaned)

    async def seen(self, case: Case, agent: Agent) -> None:
        """The agent has looked: nothing is unread any more."""

        async def decide(draft: Draft) -> None:
            current = draft.tracker.case
            if (
                current is not None
                and current.id == case.id
                and current.agent_id == agent.id
                and current.unread
            ):
                draft.update_case(unread=0)

        await self.conversations.change(case.conversation_id, decide)

    async def transfer(
        self,
        case: Case,
        agent: Agent,
        note: str,
        *,
        version: int | None = None,
        to: Person | None = None,
        queue: str | None = None,
        skills: Sequence[str] | None = None,
    ) -> Case:
        """Back into the queue with a note: for a colleague, another queue, people with certain skills, or just others."""

        async def decide(draft: Draft) -> Case:
            current = self._own(draft, case, agent, version)
            self._note_of(draft, agent, note)
            draft.emit(
                HandoffOutcome(
                    case_id=case.id,
                    resolution="transferred",
                    code=to.name if to else queue or "",
                    note=note,
                    agent_id=agent.id,
                    agent_name=agent.name,
                )
            )
            draft.change_owner("queued", "transferred", case_id=case.id)
            whom = f"{to.name} 상담원에게" if to and to.name else "다른 상담원에게"
            draft.notice("transferred", f"{whom} 전해 드렸어요. 잠시만 기다려 주세요")
            now = self.clock()
            return self._changed(
                draft,
                state="queued",
                agent_id=None,
                agent_name=None,
                accepted_at=None,
                target=to,
                target_until=now + TARGET_SECONDS if to else 0.0,
                handed_by=Person(id=agent.id, name=agent.name),
                queue=current.queue if queue is None else queue,
                skills=current.skills if skills is None else tuple(skills),
                # It isn't given back at once to who just gave it away.
                passed=passed(current, agent.id, now + TARGET_SECONDS),
                last_agent=None,
            )

        return await self.conversations.change(case.conversation_id, decide)

    async def give_back(
        self,
        case: Case,
        agent: Agent,
        code: str,
        note: str,
        slots: dict[str, Any] | None = None,
        *,
        version: int | None = None,
    ) -> Case:
        """Return the conversation to the bot, which knows the outcome and goes on where it was."""

        async def decide(draft: Draft) -> Case:
            self._own(draft, case, agent, version)
            known = self.engine.assistant.domain.slots
            given = {name: value for name, value in (slots or {}).items() if name in known}
            self._outcome(draft, case, agent, "returned", code, note, given)
            for name, value in given.items():
                draft.set_slot(name, value, "agent")
            changed = self._changed(
                draft,
                state="returned",
                closed_at=self.clock(),
                outcome_code=code,
                outcome_note=note,
                unread=0,
            )
            draft.change_owner("bot", "returned")
            await self.engine.resume(
                draft,
                "utter_returned_to_bot",
                {"agent_name": agent.name, "outcome_note": note, "outcome_code": code},
            )
            return changed

        return await self.conversations.change(case.conversation_id, decide)

    async def close(
        self, case: Case, agent: Agent, code: str, note: str, *, version: int | None = None
    ) -> Case:
        """End the matter."""

        async def decide(draft: Draft) -> Case:
            self._own(draft, case, agent, version)
            self._outcome(draft, case, agent, "closed", code, note, {})
            changed = self._changed(
                draft, state="closed", closed_at=self.clock(), outcome_code=code, outcome_note=note, unread=0
            )
            draft.change_owner("wrapup", "closing", agent_id=agent.id, agent_name=agent.name, case_id=case.id)
            draft.change_owner("closed", "closed")
            self.engine.dialogue.leave(draft)
            draft.notice("closed", "상담이 끝났어요. 새로 문의하실 수 있어요")
            self.engine.surveys.after_agent(draft)
            return changed

        return await self.conversations.change(case.conversation_id, decide)

    async def leave_queue(self, conversation_id: str) -> bool:
        """The customer no longer waits. False if nothing was waited for."""

        async def decide(draft: Draft) -> bool:
            if draft.tracker.owner not in ("queued", "offered"):
                return False
            leave_queue(draft)
            return True

        return await self.conversations.change(conversation_id, decide)

    async def set_slots(self, case: Case, agent: Agent, values: dict[str, Any]) -> Case:
        """Values that the agent found out; the bot knows them when it goes on. Raises `NotOwner`."""

        async def decide(draft: Draft) -> Case:
            current = self._own(draft, case, agent)
            for name, value in values.items():
                draft.set_slot(name, value, "agent")
            return current

        return await self.conversations.change(case.conversation_id, decide)

    # -- parts --------------------------------------------------------------------------------------------------

    async def _refuse_repetition(self, case: Case, message_id: str | None) -> None:
        if message_id is None:
            return
        seen = await self.conversations.store.find_message(case.conversation_id, message_id)
        if seen is not None:
            raise DuplicateMessage(message_id, seen)

    async def _once(self, case: Case, decide: Any, kind: type[AgentUttered | NoteAdded], text: str) -> Event:
        """What was decided, or what was taken under the same id before. Raises `MessageIdReused` if that was another one."""
        try:
            event: Event = await self.conversations.change(case.conversation_id, decide)
        except DuplicateMessage as duplicate:
            events = await self.conversations.store.events(
                case.conversation_id, after=duplicate.seq - 1, limit=1
            )
            first = events[0]
            if not isinstance(first, kind) or first.text != text:
                raise MessageIdReused() from None
            return first
        return event


__all__ = ["Agent", "AlreadyTaken", "CaseChanged", "Handover", "NotOffered"]
