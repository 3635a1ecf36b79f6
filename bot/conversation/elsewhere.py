"""Where else a customer talks: what they began on one channel goes on in another."""

from __future__ import annotations

from collections.abc import Iterable

from bot.conversation.customers import Profile
from bot.conversation.events import FlowSetAside
from bot.conversation.flows.machine import FlowMachine
from bot.conversation.flows.set_aside import what_goes_on
from bot.conversation.ownership import bot_may_speak
from bot.conversation.store import Store
from bot.conversation.tracker import Tracker

MOST = 20
"""Conversations of a customer that are looked at."""


class Elsewhere:
    """Looks through the other conversations of the customer behind one."""

    def __init__(self, store: Store, machine: FlowMachine) -> None:
        self._store = store
        self._machine = machine

    async def going_on(self, conversation_id: str, *, since: float) -> FlowSetAside | None:
        """The flows that the customer was busy with last, since a time, in another conversation."""
        found: list[tuple[float, FlowSetAside]] = []
        for other in (await self._others(conversation_id))[:MOST]:
            # Read as it is stored: another conversation is never waited for while this one is held.
            tracker = Tracker.restore(await self._store.load(other))
            at = tracker.state.latest_user_at
            kept = self._of(tracker) if at is not None and at >= since else None
            if kept is not None and at is not None:
                origin = {"origin": other, "channel": tracker.state.channel}
                found.append((at, kept.model_copy(update=origin)))
        return max(found, key=lambda one: one[0])[1] if found else None

    def _of(self, tracker: Tracker) -> FlowSetAside | None:
        # What was done and can't be undone can't be gone through again: such a flow ends where it began.
        if not bot_may_speak(tracker.owner) or any(frame.done for frame in tracker.stack):
            return None
        return what_goes_on(self._machine, list(tracker.stack), tracker.state.slots)

    async def _others(self, conversation_id: str) -> list[str]:
        """Conversations of the same customer, and for a caller those of whoever has proven that number."""
        customer_id = await self._store.customer_of(conversation_id)
        if customer_id is None:
            return []
        profile = await self._store.profile(customer_id)
        found = list(profile.conversations)
        for number in _called_from(profile):
            for other in await self._store.find_customers([number.replace("-", "")]):
                known = await self._store.profile(other)
                proven = any(
                    one.kind == "phone" and one.value == number and one.verified for one in known.identities
                )
                found += known.conversations if proven else ()
        return [one for one in dict.fromkeys(found) if one != conversation_id]


def _called_from(profile: Profile) -> Iterable[str]:
    return (one.value for one in profile.identities if one.kind == "phone" and one.source == "call")
