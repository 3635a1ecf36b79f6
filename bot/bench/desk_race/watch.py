"""Looks at the store while the race runs: whether anybody waits for a free agent, and whether the order of service is kept."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

from bot.conversation.store import Case, Store
from bot.desk.dispatch import Dispatcher
from bot.desk.queues import QueueBook
from bot.desk.race import suits
from bot.desk.routing import Worker

EVERY = 0.1
"""Seconds between looks."""


@dataclass
class Watch:
    """What was seen, from outside: nothing is read in one transaction, hence only what stays counts."""

    store: Store
    dispatcher: Dispatcher
    """Asked who works, never run."""
    queues: QueueBook
    allowed: float = 1.0
    """Seconds for which somebody may wait while an agent who fits is free."""
    out_of_turn: list[str] = field(default_factory=list)
    longest: float = 0.0
    """Seconds for which somebody waited while a fitting agent was free, at most."""
    looks: int = 0
    most_waiting: int = 0
    _idle: dict[str, str] = field(default_factory=dict)
    _since: dict[tuple[str, str], float] = field(default_factory=dict)
    _passed: dict[tuple[str, str], tuple[float, Case]] = field(default_factory=dict)
    _before: dict[str, Case] = field(default_factory=dict)
    _before_at: float = 0.0

    @property
    def violations(self) -> list[str]:
        """Each case once that waited too long, and each offer that wasn't its case's turn."""
        return [*self._idle.values(), *self.out_of_turn]

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            began = time.monotonic()
            await self.look()
            await asyncio.sleep(max(0.0, EVERY - (time.monotonic() - began)))

    async def look(self) -> None:
        """Once."""
        now = time.time()
        waiting = {case.id: case for case in await self.store.waiting_cases()}
        present = await self.dispatcher.workers()
        free = [w for w in present.values() if w.agent.state == "available" and w.has_room("chat")]
        self.looks += 1
        self.most_waiting = max(self.most_waiting, len(waiting))
        self._look_for_idle(waiting, free, now)
        self._look_at_order(waiting, present, now)
        self._before, self._before_at = waiting, now

    def _look_for_idle(self, waiting: dict[str, Case], free: list[Worker], now: float) -> None:
        pairs = {
            (f"{case.id}#{case.offers}", worker.agent.user_id)
            for case in waiting.values()
            if case.state == "queued"
            for worker in free
            if suits(self.queues, case, worker, now)
        }
        self._since = {pair: self._since.get(pair, now) for pair in pairs}
        for (case, agent), since in self._since.items():
            self.longest = max(self.longest, now - since)
            if now - since > self.allowed:
                self._idle[case] = f"{case} waits, {agent} is free: {now - since:.2f} s from {since:.1f} on"

    def _look_at_order(self, waiting: dict[str, Case], present: dict[str, Worker], now: float) -> None:
        """Of those who waited before an offer and long after it, none whom the agent suits may have been the earlier one."""
        self._passed = {
            pair: known
            for pair, known in self._passed.items()
            if pair[1] in waiting and _same(waiting[pair[1]], known[1])
        }
        # Offers of one round are stored side by side, in no order: whoever is still passed over later was.
        for pair in [pair for pair, (since, _) in self._passed.items() if now - since > self.allowed / 2]:
            self.out_of_turn.append(f"{pair[0]} was offered before {pair[1]}")
            del self._passed[pair]
        still = [
            case
            for case in waiting.values()
            if case.state == "queued" and case.id in self._before and _same(case, self._before[case.id])
        ]
        for case in waiting.values():
            before = self._before.get(case.id)
            if case.state != "offered" or case.offered_to is None or before is None:
                continue
            worker = present.get(case.offered_to.id)
            if worker is None or before.offers == case.offers or case.target is not None:
                continue
            for earlier in still:
                if earlier.serve_at < case.serve_at and all(
                    suits(self.queues, earlier, worker, at) for at in (self._before_at, now)
                ):
                    self._passed[case.id, earlier.id] = (now, earlier)


def _same(one: Case, other: Case) -> bool:
    return (one.state, one.offers, one.passed) == (other.state, other.offers, other.passed)
