"""What time brings: promises that are made and not kept, targets that are missed, call-backs that are due, agents who left."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable

import structlog

from bot.conversation.errors import StoreUnavailable
from bot.conversation.handover import Handover
from bot.conversation.rich import Button
from bot.conversation.store import Case, Store
from bot.desk.callbacks import Callbacks
from bot.desk.gone import GoneAgents
from bot.desk.queue import QueueView
from bot.desk.queues import QueueBook

LEASE = "tending"
EVERY = 2.0
"""Seconds between rounds."""
PROMISE_AFTER = 3.0
"""Seconds of waiting after which the estimate counts as a promise: who is taken at once needs none."""

Warn = Callable[[Case, str, str], Awaitable[None]]
"""(case, `answer` or `resolve`, `warning` or `breach`)"""

log = structlog.get_logger(__name__)


class Tending:
    """One worker does it for all, under a lease."""

    def __init__(
        self,
        store: Store,
        handover: Handover,
        queues: QueueBook,
        view: QueueView,
        callbacks: Callbacks,
        warn: Warn,
        gone: GoneAgents,
        *,
        exclusive: bool = True,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._handover = handover
        self._queues = queues
        self._view = view
        self._callbacks = callbacks
        self._warn = warn
        self._gone = gone
        self._exclusive = exclusive
        self._clock = clock
        self._id = uuid.uuid4().hex
        self._warned: set[tuple[str, str]] = set()

    async def run(self) -> None:
        """Rounds until cancelled."""
        while True:
            try:
                await self.run_once()
            except StoreUnavailable:
                pass
            except Exception as error:
                log.exception("tending_failed", error=type(error).__name__)
            await asyncio.sleep(EVERY)

    async def run_once(self) -> None:
        """One round."""
        now = self._clock()
        if not self._exclusive and not await self._store.hold(LEASE, self._id, now=now, seconds=EVERY * 3):
            return
        for case in await self._store.waiting_cases():
            await self._promise(case, now)
            await self._measure(case, "answer", case.answer_by, now)
        held = await self._store.cases(("agent",), limit=1_000)
        await self._gone.requeue(held, now)
        for case in held:
            await self._measure(case, "resolve", case.resolve_by, now)
        await self._callbacks.file_forgotten()
        await self._callbacks.run_once()

    async def _promise(self, case: Case, now: float) -> None:
        """Remember what the customer is told at first, and say so once when it doesn't hold."""
        waited = now - case.waiting_since
        if case.promised is None and waited >= PROMISE_AFTER:
            position = await self._store.position(case.id)
            wait = await self._view.estimate(case.queue, position) if position is not None else None
            if wait is not None:
                await self._handover.tell(case, "", "", promised=wait)
        elif (
            case.promised
            and case.told_at is None
            and waited > case.promised[1] * 60
            and not case.message_left
        ):
            buttons = [Button(title=one["title"], payload=one["payload"]) for one in self._view.choices]
            text = "예상보다 오래 걸리고 있어요. 기다리게 해서 죄송해요. 계속 기다리셔도 되고, 다른 방법을 고르셔도 돼요."
            await self._handover.tell(case, "queue_slow", text, buttons, told_at=now)

    async def _measure(self, case: Case, target: str, until: float | None, now: float) -> None:
        """Warn before a target of the service level is missed, and mark it when it is."""
        if until is None or target in case.breached:
            return
        level = self._queues.of(case.queue).spec.service_level
        whole = level.answer_within if target == "answer" else level.resolve_within
        if now >= until:
            if await self._handover.mark(case, breached=(*case.breached, target)):
                await self._warn(case, target, "breach")
        elif now >= until - whole * (1 - level.warn_at) and (case.id, target) not in self._warned:
            self._warned.add((case.id, target))
            await self._warn(case, target, "warning")
