"""Customers as they are met: whoever wants a person, calls, or comes with a login becomes one, with what they said of
themselves. Nobody is merged here; that is an agent's decision.
"""

from __future__ import annotations

import time
import uuid
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping

from bot.conversation.customers import Customer, Identity, Known
from bot.conversation.events import CallStarted, Event, HandoffRequested, SlotSet, UserUttered
from bot.conversation.store import Commit, Store
from bot.conversation.tracker import Tracker
from bot.desk.customers.contacts import one_line, plain_contact

LOOKED_BACK = 500
"""Events of a conversation that are read for what its customer said of themselves, once, when a person is asked for."""

REMEMBERED = 10_000
"""Conversations of which it is remembered what was kept."""


class CustomerBook:
    """Keeps conversations and customers together."""

    def __init__(
        self, store: Store, contact_slots: Mapping[str, str], *, clock: Callable[[], float] = time.time
    ) -> None:
        self._store = store
        self._contact_slots = contact_slots
        self._clock = clock
        self._kept: OrderedDict[str, set[tuple[str, str, bool]]] = OrderedDict()

    async def known(self, conversation_id: str) -> Known:
        """What other conversations tell of the customer. Implements `bot.conversation.draft.Recall`."""
        customer_id = await self._store.customer_of(conversation_id)
        if customer_id is None:
            return Known()
        profile = await self._store.profile(customer_id)
        others = [one for one in profile.conversations if one != conversation_id]
        talked = [
            (case.closed_at or self._clock(), case.agent_id, case.agent_name or "")
            for case in await self._store.cases_of(others)
            if case.agent_id and case.state in ("agent", "closed", "returned")
        ]
        at, agent_id, name = max(talked, default=(0.0, "", ""))
        return Known(
            name=profile.customer.name,
            segment=profile.customer.segment,
            last_agent_id=agent_id,
            last_agent_name=name,
            last_agent_at=at,
        )

    async def committed(self, commit: Commit, tracker: Tracker) -> None:
        """A listener of `Conversations`: a person was asked for, or something about the customer was said."""
        events: Iterable[Event] = commit.events
        if any(isinstance(event, HandoffRequested) for event in events):
            events = await self._recent(commit)
        elif tracker.case is None and not any(isinstance(event, CallStarted) for event in events):
            return
        found = [one for one in self._identities(events) if self._is_news(commit.conversation_id, one)]
        if found or any(isinstance(event, HandoffRequested | CallStarted) for event in events):
            await self.meet(commit.conversation_id, tracker)
            await self._keep(commit.conversation_id, found)

    async def _recent(self, commit: Commit) -> list[Event]:
        after = max(0, commit.head.version - LOOKED_BACK)
        return await self._store.events(commit.conversation_id, after=after, limit=LOOKED_BACK)

    async def meet(self, conversation_id: str, tracker: Tracker) -> str:
        """The customer of a conversation, who is added if need be; the root's id."""
        found = await self._store.customer_of(conversation_id)
        if found is not None:
            return found
        name, segment = tracker.state.customer_name, tracker.case.segment if tracker.case else ""
        return await self._store.meet(conversation_id, self._new(name, segment))

    async def vouched(
        self, conversation_id: str, login: str, name: str, contacts: Iterable[tuple[str, str, bool]]
    ) -> None:
        """The host's server says who a signed-in visitor is: the account is proven, a contact where it says so."""
        now = self._clock()
        found = [Identity(kind="login", value=login, verified=True, source="login", added_at=now)]
        for kind, text, verified in contacts:
            value = plain_contact(kind, text)
            if value is not None:
                identity = self._identity(kind, value, "login")
                found.append(identity.model_copy(update={"verified": verified}))
        known = await self._store.customer_of(conversation_id)
        if known is None:
            await self._store.meet(conversation_id, self._new(name, ""))
        await self._keep(conversation_id, [one for one in found if self._is_news(conversation_id, one)])
        if known and name and not (await self._store.profile(known)).customer.name:
            await self._store.change_customer(known, {"name": one_line(name)}, version=None)

    async def _keep(self, conversation_id: str, identities: Iterable[Identity]) -> None:
        """With the node that the conversation belongs to, so that what is learned after a merge leaves with it."""
        for identity in identities:
            customer_id = await self._store.customer_of(conversation_id)
            if customer_id is not None:
                home = (await self._store.profile(customer_id)).homes[conversation_id]
                await self._store.put_identity(home, identity)
                self._remember(conversation_id, identity)

    def _is_news(self, conversation_id: str, identity: Identity) -> bool:
        """Sessions are opened and numbers said again and again: only what is new is looked up and written."""
        return (identity.kind, identity.value, identity.verified) not in self._kept.get(conversation_id, ())

    def _remember(self, conversation_id: str, identity: Identity) -> None:
        self._kept.setdefault(conversation_id, set()).add((identity.kind, identity.value, identity.verified))
        self._kept.move_to_end(conversation_id)
        while len(self._kept) > REMEMBERED:
            self._kept.popitem(last=False)

    def forget(self, conversation_id: str) -> None:
        """It was erased."""
        self._kept.pop(conversation_id, None)

    def _new(self, name: str, segment: str) -> Customer:
        known = {"name": one_line(name), "segment": one_line(segment)}
        return Customer(id=uuid.uuid4().hex, created_at=self._clock(), **known)

    def _identities(self, events: Iterable[Event]) -> Iterator[Identity]:
        for event in events:
            if isinstance(event, SlotSet):
                yield from self._said(self._contact_slots.get(event.name, ""), event.value, "said")
            elif isinstance(event, CallStarted):
                yield from self._said("phone", event.caller, "call")
            elif isinstance(event, UserUttered):
                for kind, value in (event.metadata.get("identities") or {}).items():
                    yield self._identity(str(kind), one_line(str(value)), "channel")

    def _said(self, kind: str, value: object, source: str) -> Iterator[Identity]:
        """What is said or sent by the telephone network is kept, and proves nothing."""
        found = plain_contact(kind, str(value or ""))
        if found is not None:
            yield self._identity(kind, found, source)

    def _identity(self, kind: str, value: str, source: str) -> Identity:
        return Identity(kind=kind, value=value, source=source, added_at=self._clock())
