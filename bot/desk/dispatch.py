"""Offers waiting cases to fitting agents, the moment there is one; takes back what isn't answered.

One worker dispatches for all, under a lease in the store; any other takes over when it dies. Even two at once do no harm:
an offer is a compare-and-set on the conversation, and the agent's room is checked in the same transaction.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Literal

import structlog

from bot.conversation.errors import AgentBusy, StoreUnavailable
from bot.conversation.handover import Agent, Handover
from bot.conversation.store import Case, Claim, Medium, Store
from bot.conversation.workforce import AgentRow
from bot.desk.presence import Presence
from bot.desk.queues import QueueBook
from bot.desk.routing import Worker, scores, waited

LEASE = "dispatch"
LEASE_SECONDS = 0.6
POLL = 0.3
"""Seconds between looks while somebody waits, or while another worker may have news: below what nobody should wait for."""
TAKE_OVER = 0.15
"""Seconds between looks whether the worker that dispatches is still alive: with its lease less than a second in all."""
BREATH = 0.03
"""Seconds between two rounds at least: each reads the whole queue, and on a busy floor something changes all the time."""
AT_ONCE = 8
"""Offers under way at the same time; the database has about as many connections."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Rules:
    """Of `desk` in config.yml."""

    voice: int = 1
    chat: int = 3
    offer_seconds: float = 20.0
    again_after: float = 60.0
    """Seconds for which a case isn't offered again to who declined or missed it."""


class Dispatcher:
    """`run_once` is one round and what it brought about; `run` goes on for as long as the server does, woken by `kick`.

    A round only plans: offers are made beside it, each of them a commit that takes a while, and the next round reckons with
    those that are still under way. Nobody waits for somebody else's offer.
    """

    def __init__(
        self,
        store: Store,
        handover: Handover,
        queues: QueueBook,
        presence: Presence,
        rules: Rules,
        *,
        exclusive: bool = True,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._handover = handover
        self._queues = queues
        self._presence = presence
        self._rules = rules
        self._exclusive = exclusive
        self._clock = clock
        self._id = uuid.uuid4().hex
        self._held_until = 0.0
        """The lease, as far as this worker knows."""
        self._kicked = asyncio.Event()
        self._at_once = asyncio.Semaphore(AT_ONCE)
        self._under_way: dict[str, _UnderWay] = {}
        """By case."""
        self._refused: dict[str, float] = {}
        """Agents who turned out to have no room after all, and until when they aren't asked again."""
        self._failed: dict[str, float] = {}
        """Cases with which something went wrong, and until when they are left alone."""

    def kick(self) -> None:
        """Something changed: look again at once."""
        self._kicked.set()

    async def run(self) -> None:
        """Rounds until cancelled; a failure of the store is waited out."""
        try:
            while True:
                self._kicked.clear()
                try:
                    pause = await self._round()
                except StoreUnavailable:
                    pause = POLL
                except Exception as error:
                    log.exception("dispatch_failed", error=type(error).__name__)
                    pause = POLL
                await asyncio.sleep(BREATH if self._mine() else TAKE_OVER)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._kicked.wait(), pause)
        finally:
            tasks = [under_way.task for under_way in self._under_way.values()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            if not self._exclusive:
                await self._store.let_go(LEASE, self._id)

    async def run_once(self) -> None:
        """Rounds until there is nothing left to offer or take back."""
        self._refused.clear()
        self._failed.clear()
        again = True
        while again:
            await self._round()
            tasks = [under_way.task for under_way in self._under_way.values()]
            again = any(await asyncio.gather(*tasks))

    async def _round(self) -> float | None:
        """Begin what there is to do; seconds until the next round is due, None for not before something changes."""
        now = self._clock()
        if not await self._hold(now):
            return 0.0
        # Before the store is read: an offer that is stored in between counts twice then, and not never.
        under_way = dict(self._under_way)
        self._failed = {case_id: until for case_id, until in self._failed.items() if until > now}
        aside = under_way.keys() | self._failed.keys()
        waiting = [case for case in await self._store.waiting_cases() if case.id not in aside]
        if not waiting and not aside:
            return None if self._exclusive else POLL
        workers = await self.workers()
        for case in waiting:
            if case.state == "offered" and (why := self._over(case, workers, now)):
                self._begin(case, None, partial(self._withdraw, case, why, now))
        if any(under_way.agent_id is None for under_way in self._under_way.values()):
            # What comes back has its old place in the queue: whoever came later isn't served before it.
            return POLL
        free = {key: worker for key, worker in workers.items() if self._asked(worker, now)}
        for offer in under_way.values():
            if offer.agent_id in free:
                free[offer.agent_id] = free[offer.agent_id].with_one_more(offer.medium)
        for case, worker in self.plan([case for case in waiting if case.state == "queued"], free, now):
            self._begin(case, worker, partial(self._offer, case, worker, now))
        return POLL

    def _mine(self) -> bool:
        return self._exclusive or self._clock() < self._held_until

    async def _hold(self, now: float) -> bool:
        """Whether this worker dispatches. The lease is renewed in good time, not at each look."""
        if self._exclusive or now < self._held_until - LEASE_SECONDS / 2:
            return True
        held = await self._store.hold(LEASE, self._id, now=now, seconds=LEASE_SECONDS)
        self._held_until = now + LEASE_SECONDS if held else 0.0
        return held

    def _asked(self, worker: Worker, now: float) -> bool:
        agent = worker.agent
        return agent.state == "available" and self._refused.get(agent.user_id, 0.0) <= now

    def _begin(self, case: Case, worker: Worker | None, act: Callable[[], Awaitable[bool]]) -> None:
        """Do it beside the rounds. A failure is told, and the case left alone for a moment: it keeps no other waiting."""

        async def guarded() -> bool:
            try:
                async with self._at_once:
                    return await act()
            except Exception as error:
                log.exception("case_not_moved", case=case.id, error=type(error).__name__)
                self._failed[case.id] = self._clock() + POLL
                return True
            finally:
                del self._under_way[case.id]
                self.kick()

        agent_id = worker.agent.user_id if worker else None
        self._under_way[case.id] = _UnderWay(asyncio.create_task(guarded()), agent_id, case.medium)

    async def workers(self) -> dict[str, Worker]:
        """Everybody who is present, with what they hold now."""
        loads = await self._store.loads()
        return {
            agent.user_id: self._worker(agent, loads.get(agent.user_id, {}))
            for agent in await self._presence.present()
        }

    def _worker(self, agent: AgentRow, load: Mapping[Medium, int]) -> Worker:
        most_voice, most_chat = agent.profile.capacity(self._rules.voice, self._rules.chat)
        return Worker(agent, load.get("voice", 0), load.get("chat", 0), most_voice, most_chat)

    def _over(
        self, case: Case, workers: Mapping[str, Worker], now: float
    ) -> Literal["left", "missed"] | None:
        """Why an offer stands no longer: its agent has gone or does something else now, or it ran out."""
        assert case.offered_to is not None
        worker = workers.get(case.offered_to.id)
        if worker is None or worker.agent.state != "available":
            return "left"
        return "missed" if case.offer_expires_at is not None and case.offer_expires_at <= now else None

    async def _withdraw(self, case: Case, why: Literal["left", "missed"], now: float) -> bool:
        """True: whoever missed one too many is away, and loses the others as well, and nothing was planned meanwhile."""
        until = now + self._rules.again_after if why == "missed" else None
        if not await self._handover.withdraw(case, why, pass_until=until):
            self._failed[case.id] = now + POLL
        elif why == "missed" and case.offered_to is not None:
            await self._presence.missed(case.offered_to.id)
        return True

    def plan(
        self, queued: Sequence[Case], workers: dict[str, Worker], now: float
    ) -> list[tuple[Case, Worker]]:
        """Who is offered what; `workers` are left as they will be then. Pure but for that."""
        planned = []
        for case in queued:
            worker = self.best(case, list(workers.values()), now)
            if worker is not None:
                planned.append((case, worker))
                workers[worker.agent.user_id] = worker.with_one_more(case.medium)
                continue
            # Somebody who fits but for room is kept for it: else a call would never find an agent without chats.
            kept = self.blocked_by_room(case, list(workers.values()), now)
            if kept is not None:
                del workers[kept.agent.user_id]
        return planned

    def blocked_by_room(self, case: Case, workers: list[Worker], now: float) -> Worker | None:
        """Who would suit the case if the other contacts were done, the least busy of them; None for nobody. Pure."""
        empty = {
            worker.agent.user_id: Worker(worker.agent, 0, 0, worker.most_voice, worker.most_chat)
            for worker in workers
        }
        fit = [
            worker for worker in workers if self.best(case, [empty[worker.agent.user_id]], now) is not None
        ]
        return min(fit, key=lambda worker: (worker.voice + worker.chat, worker.agent.user_id), default=None)

    def best(self, case: Case, workers: list[Worker], now: float) -> Worker | None:
        """Who suits the case best among those with room; None if nobody suits it now. Pure."""
        queue = self._queues.of(case.queue)
        since = waited(case, now)
        best: tuple[tuple[float, ...], Worker] | None = None
        for worker in workers:
            agent = worker.agent
            if not worker.has_room(case.medium) or case.passed.get(agent.user_id, 0.0) > now:
                continue
            if case.target is not None and case.target_until > now:
                if agent.user_id != case.target.id:
                    continue
                return worker
            if not queue.serves(agent.profile.queues, since):
                continue
            found = scores(queue.policies, case, worker, now)
            if found is not None and (best is None or found > best[0]):
                best = (found, worker)
        return best[1] if best else None

    async def _offer(self, case: Case, worker: Worker, now: float) -> bool:
        """Whether the agent can't have it after all, so that the case needs another. One that has changed needs nobody."""
        agent = worker.agent
        claim = Claim(
            agent_id=agent.user_id,
            case_id=case.id,
            medium=case.medium,
            voice=worker.most_voice,
            chat=worker.most_chat,
            now=now,
        )
        try:
            await self._handover.offer(
                case,
                Agent(id=agent.user_id, name=agent.name),
                seconds=self._rules.offer_seconds,
                claim=claim,
            )
        except AgentBusy:
            # Gone, or filled by hand, since it was read: the case chooses again among the others.
            self._refused[agent.user_id] = now + POLL
            return True
        return False


@dataclass(frozen=True, slots=True)
class _UnderWay:
    """Something that is being done to a case; with an agent, an offer that takes the agent's room."""

    task: asyncio.Task[bool]
    agent_id: str | None
    medium: Medium
