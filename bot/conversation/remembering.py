"""Facts about customers that outlive a conversation: kept only where they agreed, for a time, and deleted when they say so."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.conversation import clock
from bot.conversation.customers import Customer, CustomerStore, Fact

REMEMBER_DAYS = 365
"""How long a fact is kept unless its slot says otherwise."""
DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Remembered:
    """What is decided and known about one customer, expired values left out."""

    facts: Mapping[str, Fact]
    """By slot, those with a value."""
    decisions: Mapping[str, bool]
    """Slot -> whether its values may be remembered; slots that were never asked about are missing."""


NOTHING = Remembered({}, {})


class FactMemory:
    """Reads and writes facts of whoever stands behind a conversation. All methods may raise `StoreUnavailable`.

    What it writes it writes at once and as often as it is asked, with the same result.
    """

    def __init__(self, store: CustomerStore, days: int = REMEMBER_DAYS) -> None:
        self._store = store
        self.days = days

    async def recall(self, conversation_id: str) -> Remembered:
        """What is known of the customer; nothing where nobody was met yet."""
        customer_id = await self._store.customer_of(conversation_id)
        if customer_id is None:
            return NOTHING
        facts = await self._store.facts(customer_id)
        now = clock.now()
        return Remembered(
            {fact.name: fact for fact in facts if fact.known(now)},
            {fact.name: fact.consent for fact in facts},
        )

    async def keep(
        self, conversation_id: str, values: Mapping[str, Any], days: int, channel: str = ""
    ) -> float:
        """Remember values that the customer agreed to; until when. `channel`: where they were given."""
        customer_id, now = await self._customer(conversation_id), clock.now()
        until = now + days * DAY
        for name, value in values.items():
            await self._store.put_fact(
                customer_id,
                Fact(
                    name=name,
                    consent=True,
                    decided_at=now,
                    value=value,
                    remembered_at=now,
                    expires_at=until,
                    channel=channel,
                ),
            )
        return until

    async def keep_agreed(
        self, conversation_id: str, values: Mapping[str, Any], days: Mapping[str, int], channel: str = ""
    ) -> tuple[dict[str, float], list[str]]:
        """Of the values only those that the customer agreed to, each for its days.

        Slot -> until when; and the slots about which the customer was never asked.
        """
        decisions = (await self.recall(conversation_id)).decisions
        kept = {
            name: await self.keep(conversation_id, {name: value}, days[name], channel)
            for name, value in values.items()
            if decisions.get(name)
        }
        return kept, [name for name in values if name not in decisions]

    async def decline(self, conversation_id: str, names: Iterable[str]) -> None:
        """The customer doesn't want these to be remembered; nobody is asked again."""
        customer_id = await self._customer(conversation_id)
        for name in names:
            await self._store.put_fact(customer_id, Fact(name=name, consent=False, decided_at=clock.now()))

    async def forget(self, conversation_id: str, names: Iterable[str]) -> list[str]:
        """Delete all that is remembered, and remember none of `names` from now on. What there was, by name."""
        customer_id = await self._customer(conversation_id)
        gone = await self._store.forget_facts(customer_id, at=clock.now())
        await self.decline(conversation_id, names)
        return gone

    async def _customer(self, conversation_id: str) -> str:
        found = await self._store.customer_of(conversation_id)
        if found is not None:
            return found
        new = Customer(id=uuid.uuid4().hex, created_at=clock.now())
        return await self._store.meet(conversation_id, new)
