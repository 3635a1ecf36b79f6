"""What agents do with customers: look, correct, note, merge, undo, unmask. Who holds none of a customer's cases may look only."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from typing import Any

from bot.conversation.customers import CustomerNote, Identity, Merge, Profile, UnknownCustomer
from bot.conversation.draft import Draft
from bot.conversation.errors import NotOwner
from bot.conversation.events import ConsentChanged, FactsForgotten
from bot.conversation.handover import Handover
from bot.conversation.intake import clean_text
from bot.conversation.store import Case
from bot.conversation.tracker import Tracker
from bot.desk.accounts import User
from bot.desk.bodies import BadRequest
from bot.desk.case_json import case_json
from bot.desk.customers.book import CustomerBook
from bot.desk.customers.contacts import checked_contact, one_line, search_terms
from bot.desk.customers.profile_json import customer_json, facts_json, node_names, ref_of, summary_json

FOUND = 20
"""Customers that a search shows."""


class CustomerService:
    """Profiles, and the acts on them."""

    def __init__(
        self,
        handover: Handover,
        book: CustomerBook,
        *,
        forget_files: Callable[[str], None] = lambda conversation_id: None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._forget_files = forget_files
        self._handover = handover
        self._conversations = handover.conversations
        self.store = handover.conversations.store
        self.book = book
        self._clock = clock

    # -- reading ------------------------------------------------------------------------------------------------

    async def of_case(self, case: Case) -> str:
        """The customer of a case; one is made where nobody was met yet."""
        return await self.book.meet(
            case.conversation_id, await self._conversations.tracker(case.conversation_id)
        )

    async def show(self, customer_id: str) -> dict[str, Any]:
        """The whole profile. Raises `UnknownCustomer`."""
        profile = await self.store.profile(customer_id)
        facts = await self.store.facts(profile.customer.id)
        return {
            **customer_json(profile, await self._names(profile)),
            "facts": facts_json(facts, self._handover.engine.assistant.domain.label, self._clock()),
            "contacts": await self.contacts(profile),
            "suggestions": [
                summary_json(await self.store.profile(one))
                for one in await self.store.same_proof(profile.customer.id)
            ],
        }

    async def contacts(self, profile: Profile) -> list[dict[str, Any]]:
        """All cases over all conversations, newest first, with what the customer said of them."""
        judged = {}
        cases = await self.store.cases_of(profile.conversations)
        for conversation_id in {case.conversation_id for case in cases if case.closed_at}:
            tracker = await self._conversations.tracker(conversation_id)
            judged.update({survey.case_id: survey for survey in tracker.state.surveys})
        contacts = []
        for case in reversed(cases):
            survey = judged.get(case.id)
            said = {"score": survey.score if survey else None, "comment": survey.comment if survey else ""}
            contacts.append({"case": case_json(case), **said})
        return contacts

    async def find(self, query: str) -> list[dict[str, Any]]:
        """Customers by name, number, address or account; the newest for an empty query."""
        found = await self.store.find_customers(search_terms(query), limit=FOUND)
        return [await self._found(one) for one in found]

    async def _found(self, customer_id: str) -> dict[str, Any]:
        profile = await self.store.profile(customer_id)
        cases = await self.store.cases_of(profile.conversations)
        last = case_json(cases[-1]) if cases else None
        return {**summary_json(profile), "last_case": last, "cases": len(cases)}

    async def _names(self, profile: Profile) -> dict[str, str]:
        names = node_names(profile)
        for merge in profile.merges:
            for other in (merge.kept_id, merge.gone_id):
                if other not in names:
                    names.update(node_names(await self.store.profile(other)))
        return names

    # -- acting -------------------------------------------------------------------------------------------------

    async def change(self, customer_id: str, user: User, changes: dict[str, Any], version: int) -> None:
        """Name or segment. Raises `CustomerChanged`, `NotOwner`."""
        profile = await self._mine(user, customer_id)
        kept = {key: one_line(str(value)) for key, value in changes.items()}
        await self.store.change_customer(profile.customer.id, kept, version=version)

    async def note(self, customer_id: str, user: User, text: str) -> None:
        """Something to know of the customer. Raises `NotOwner`, `BadMessage`."""
        profile = await self._mine(user, customer_id)
        await self.store.add_note(
            CustomerNote(
                customer_id=profile.customer.id,
                at=self._clock(),
                actor_id=user.id,
                actor_name=user.name,
                text=clean_text(text),
            )
        )

    async def add_identity(self, customer_id: str, user: User, kind: str, value: str, verified: bool) -> str:
        """A number or address; its `ref`. Raises `NotOwner`, `BadRequest`."""
        profile = await self._mine(user, customer_id)
        identity = Identity(
            kind=kind,
            value=checked_contact(kind, value),
            verified=verified,
            source="agent",
            added_at=self._clock(),
            added_by=user.name,
        )
        await self.store.put_identity(profile.customer.id, identity)
        return ref_of(identity)

    async def verify(self, customer_id: str, user: User, ref: str, verified: bool) -> None:
        """An agent has checked it, or takes that back. Raises `NotOwner`, `BadRequest` for an unknown `ref`."""
        profile = await self._mine(user, customer_id)
        found = _identity(profile, ref)
        changed = {"verified": verified, "source": "agent", "added_at": self._clock(), "added_by": user.name}
        for member in profile.members if not verified else (profile.customer.id,):
            # Proof is taken back wherever it was given.
            await self.store.put_identity(member, found.model_copy(update=changed))

    async def remove_identity(self, customer_id: str, user: User, ref: str) -> None:
        """It isn't theirs. Raises `NotOwner`, `BadRequest` for an unknown `ref`."""
        profile = await self._mine(user, customer_id)
        found = _identity(profile, ref)
        await self.store.remove_identity(profile.customer.id, found.kind, found.value)

    async def reveal(self, customer_id: str, user: User, ref: str) -> str:
        """An identity without its mask. Raises `NotOwner`, `BadRequest` for an unknown `ref`."""
        return _identity(await self._mine(user, customer_id), ref).value

    async def merge(
        self, kept_id: str, gone_id: str, user: User, versions: tuple[int, int], reason: str, *, refuse: bool
    ) -> Merge:
        """Take two customers for one, or say that they are not. Raises `CustomerChanged`, `NotOwner`, `UnknownCustomer`."""
        kept, gone = await self.store.profile(kept_id), await self.store.profile(gone_id)
        await self._may(user, (*kept.conversations, *gone.conversations))
        return await self.store.merge(
            Merge(
                kept_id=kept_id,
                gone_id=gone_id,
                at=self._clock(),
                actor_id=user.id,
                actor_name=user.name,
                reason=one_line(reason),
                state="refused" if refuse else "merged",
            ),
            kept_version=versions[0],
            gone_version=versions[1],
        )

    async def undo(self, customer_id: str, merge_id: int, user: User, version: int) -> Merge:
        """Part what a merge put together. Raises `CustomerChanged`, `NotOwner`, `UnknownCustomer`."""
        profile = await self._mine(user, customer_id)
        if all(merge.id != merge_id for merge in profile.merges):
            raise UnknownCustomer()
        return await self.store.undo_merge(merge_id, version=version, at=self._clock(), by=user.name)

    async def erase(self, customer_id: str) -> Profile:
        """Forget the customer. Raises `UnknownCustomer`, `OpenCase`."""
        erased = await self.store.erase_customer(customer_id, at=self._clock())
        for conversation_id in erased.conversations:
            self._conversations.forget(conversation_id)
            self.book.forget(conversation_id)
            await asyncio.to_thread(self._forget_files, conversation_id)
        return erased

    async def forget_facts(self, customer_id: str) -> list[str]:
        """Delete what the bot remembers, also where a conversation goes on with it; the customer isn't asked again. What
        there was, by slot. Raises `UnknownCustomer`."""
        profile = await self.store.profile(customer_id)
        gone = await self.store.forget_facts(profile.customer.id, at=self._clock())
        if not gone:
            return []

        async def decide(draft: Draft) -> None:
            draft.emit(ConsentChanged(slots=gone, given=False))
            draft.emit(FactsForgotten(slots=gone))
            for name in used(draft.tracker):
                draft.set_slot(name, None, "agent")

        def used(tracker: Tracker) -> list[str]:
            return [name for name, slot in tracker.state.slots.items() if slot.source == "memory"]

        for conversation_id in profile.conversations:
            if used(await self._conversations.tracker(conversation_id)):
                await self._conversations.change(conversation_id, decide)
        return gone

    async def follow(self, customer_id: str, *, parted: bool = False) -> list[str]:
        """Call open cases as their customer is called now; their ids, for those who look at them.

        `parted`: the name that a case has may be somebody else's, and goes even where there is none to take its place.
        """
        profile = await self.store.profile(customer_id)
        cases = await self.store.cases_of(profile.conversations)
        found = [case for case in cases if case.state in ("queued", "offered", "agent", "wrapup")]
        name = profile.customer.name
        for case in found:
            if case.customer_name != name and (name or parted):
                await self._handover.mark(case, customer_name=name)
        return [case.id for case in found]

    async def _mine(self, user: User, customer_id: str) -> Profile:
        profile = await self.store.profile(customer_id)
        await self._may(user, profile.conversations)
        return profile

    async def _may(self, user: User, conversation_ids: Iterable[str]) -> None:
        """For supervisors, and for whoever has one of the customer's cases now. Raises `NotOwner`."""
        if user.may("supervisor"):
            return
        cases = await self.store.cases_of(list(conversation_ids))
        if all(case.agent_id != user.id or case.state not in ("agent", "wrapup") for case in cases):
            raise NotOwner()


def _identity(profile: Profile, ref: str) -> Identity:
    found = next((one for one in profile.identities if ref_of(one) == ref), None)
    if found is None:
        raise BadRequest("ref: no such identity")
    return found
