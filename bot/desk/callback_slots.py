"""Times in which agents can call back: within the hours of a queue, so many calls to each."""

from __future__ import annotations

import time
from collections.abc import Callable

from bot.conversation.store import Store
from bot.desk.queues import Queue, QueueBook


class CallbackSlots:
    """What is still free."""

    def __init__(self, store: Store, queues: QueueBook, *, clock: Callable[[], float] = time.time) -> None:
        self._store = store
        self._queues = queues
        self._clock = clock

    async def free(self, queue_name: str) -> list[dict[str, float | int]]:
        """`[{at, end, free}]`: slots of the coming days with at least one free seat."""
        queue, now = self._queues.of(queue_name), self._clock()
        rules = queue.spec.callbacks
        first, last = now + rules.lead_minutes * 60, now + (rules.days_ahead + 1) * 86_400
        taken = await self._store.seats_taken(queue.name, first, last)
        length = rules.slot_minutes * 60.0
        found: list[dict[str, float | int]] = []
        for begins, ends in queue.spec.hours.spans(now, rules.days_ahead):
            at = begins
            while at + length <= ends:
                free = rules.per_slot - taken.get(at, 0)
                if at >= first and free > 0:
                    found.append({"at": at, "end": at + length, "free": free})
                at += length
        return found


def slot_of(queue: Queue, at: float) -> tuple[float, float] | None:
    """The slot that a moment lies in."""
    length = queue.spec.callbacks.slot_minutes * 60.0
    for begins, ends in queue.spec.hours.spans(at, 1):
        if begins <= at < ends:
            start = begins + (at - begins) // length * length
            return (start, start + length) if start + length <= ends else None
    return None
