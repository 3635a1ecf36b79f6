"""The queue as a waiting customer sees it: position, an honest range of minutes or none, choices, and opening hours."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any

from bot.conversation.ownership import person_is_asked
from bot.conversation.store import Case, CaseStore
from bot.conversation.tracker import Tracker
from bot.desk.queues import QueueBook
from bot.desk.waiting import ServiceTimes, wait_range

RECENT_CASES = 60
REMEMBERED = 30.0
"""Seconds for which what was measured is kept."""
WIDEST = 1.6
KEPT_TARGET = 0.8
"""Share of promises that must hold; when fewer do, the ranges grow."""

Staff = Callable[[str], Awaitable[tuple[int, int]]]
"""Queue -> how many contacts its people who are there can hold, and how many more they could take now."""

CHOICES = (
    {"code": "bot", "title": "도우미와 계속하기", "payload": "/leave_queue"},
    {"code": "message", "title": "메모 남기기", "payload": "/leave_message"},
    {"code": "stop", "title": "그만 기다리기", "payload": "/stop_waiting"},
)


class QueueView:
    """Composes the `State` of docs/reference/web-chat.md."""

    def __init__(
        self,
        cases: CaseStore,
        queues: QueueBook,
        *,
        minutes_per_case: float,
        staff: Staff,
        callback_flow: str = "",
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._cases = cases
        self._queues = queues
        self._assumed = minutes_per_case
        self._staff = staff
        self._clock = clock
        callback = {
            "code": "callback",
            "title": "전화 상담 예약",
            "payload": f"/leave_queue_for_{callback_flow}",
        }
        self.choices = (*CHOICES[:2], callback, *CHOICES[2:]) if callback_flow else CHOICES
        self._measured: dict[str, tuple[float, ServiceTimes]] = {}
        self._widen: tuple[float, float] = (0.0, 1.0)

    async def __call__(self, tracker: Tracker, position: int | None = None) -> dict[str, Any]:
        """Owner, agent and, while waiting, the place in the queue; `position` where it is known already."""
        state = tracker.state
        owner = {"queued": "queue", "offered": "queue", "wrapup": "agent"}.get(state.owner, state.owner)
        waiting = person_is_asked(state.owner) and owner == "queue"
        queue = self._queues.of(tracker.case.queue if tracker.case else "")
        now = self._clock()
        return {
            "owner": owner,
            "agent": {"name": state.agent_name} if owner == "agent" and state.agent_name else None,
            "queue": await self.place(tracker.case, position) if waiting and tracker.case else None,
            "hours": {"open": queue.spec.hours.is_open(now), "text": queue.spec.hours.text(now)},
        }

    async def place(self, case: Case, position: int | None = None) -> dict[str, Any]:
        """`{position, wait: {min, max} | null, choices}`; minutes are whole, nobody on duty gives no estimate."""
        if position is None:
            position = await self._cases.position(case.id)
        wait = await self.estimate(case.queue, position) if position is not None else None
        return {
            "position": position,
            "wait": {"min": wait[0], "max": wait[1]} if wait else None,
            "choices": list(self.choices),
        }

    async def estimate(self, queue: str, position: int) -> tuple[int, int] | None:
        """Minutes from and to for somebody at that position."""
        places, free = await self._staff(queue)
        return wait_range(position, places, free, await self._times(queue), widen=await self._widening())

    async def _times(self, queue: str) -> ServiceTimes:
        """Length of a contact in recent cases of the queue."""
        read_at, times = self._measured.get(queue, (0.0, ServiceTimes(self._assumed)))
        if read_at and self._clock() - read_at < REMEMBERED:
            return times
        done = await self._cases.cases(("closed", "returned"), limit=RECENT_CASES)
        minutes = [
            (case.closed_at - case.accepted_at) / 60
            for case in done
            if case.closed_at and case.accepted_at and case.queue == queue
        ]
        times = ServiceTimes.of(minutes, self._assumed)
        self._measured[queue] = (self._clock(), times)
        return times

    async def _widening(self) -> float:
        """1, or more where fewer of the promises made lately held than should."""
        read_at, widen = self._widen
        if read_at and self._clock() - read_at < REMEMBERED:
            return widen
        done = await self._cases.cases(("agent", "closed", "returned"), limit=RECENT_CASES)
        kept = [held(case) for case in done if case.promised and case.accepted_at]
        too_few = len(kept) >= 20 and sum(kept) / len(kept) < KEPT_TARGET
        widen = min(WIDEST, widen + 0.15) if too_few else max(1.0, widen - 0.05)
        self._widen = (self._clock(), widen)
        return widen


def held(case: Case) -> bool:
    """Whether the customer was met within the promised minutes."""
    if case.promised is None or case.accepted_at is None:
        return False
    waited = (case.accepted_at - case.waiting_since) / 60
    return case.promised[0] <= waited <= case.promised[1]
