"""Offers waiting cases to fitting agents, the moment there is one; takes back what isn't answered.

One worker dispatches for all, under a lease in the store; any other takes over when it dies. Even two at once do no harm:
an offer is a compare-and-set on the conversation, and the agent's room is checked in the same transaction.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

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
    """`run_once` is one round; `run` goes on for as long as the server does, woken by `kick`."""

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
        self._kicked = asyncio.Event()
        self._at_once = asyncio.Semaphore(AT_ONCE)

    def kick(self) -> None:
        """Something changed: look again at once."""
        self._kicked.set()

    async def run(self) -> None:
        """Rounds until cancelled; a failure of the store is waited out."""
        try:
            while True:
                self._kicked.clear()
                try:
                    pause = await self.run_once()
                except StoreUnavailable:
                    pause = POLL
                except Exception as error:
                    log.exception("dispatch_failed", error=type(error).__name__)
                    pause = POLL
                try:
                    await asyncio.wait_for(self._kicked.wait(), pause)
                except TimeoutError:
                    continue
        finally:
            if not self._exclusive:
                await self._store.let_go(LEASE, self._id)

    async def run_once(self) -> float | None:
        """One round; seconds until the next one is due, None for not before something changes."""
        now = self._clock()
        if not self._exclusive and not await self._store.hold(
            LEASE, self._id, now=now, seconds=LEASE_SECONDS
        ):
            return TAKE_OVER
        waiting = await self._store.waiting_cases()
        if not waiting:
            return None if self._exclusive else POLL
        workers = await self.workers()
        # Twice: who missed one offer too many is away now, and loses the others as well.
        for _ in range(2):
            offered = [case for case in waiting if case.state == "offered"]
            if not any([await self._looked_after(case, workers, now) for case in offered]):
                break
            waiting, workers = await self._store.waiting_cases(), await self.workers()
        await self._offer_all([case for case in waiting if case.state == "queued"], workers, now)
        return POLL

    async def workers(self) -> dict[str, Worker]:
        """Everybody who is present, with what they hold now."""
        loads = await self._store.loads()
        return {
            agent.user_id: self._worker(agent, loads.get(agent.user_id, {}))
            for agent in await self._presence.present()
        }

    def _worker(self, agent: AgentRow, load: Mapping[Medium, int]) -> Worker:
        profile, rules = agent.profile, self._rules
        return Worker(
            agent,
            voice=load.get("voice", 0),
            chat=load.get("chat", 0),
            most_voice=rules.voice if profile.voice is None else profile.voice,
            most_chat=rules.chat if profile.chat is None else profile.chat,
        )

    async def _looked_after(self, case: Case, workers: dict[str, Worker], now: float) -> bool:
        """`_look_after`, of which a failure is told: one case must not keep all others from being offered."""
        try:
            return await self._look_after(case, workers, now)
        except Exception as error:
            log.exception("offer_not_taken_back", case=case.id, error=type(error).__name__)
            return False

    async def _look_after(self, case: Case, workers: dict[str, Worker], now: float) -> bool:
        """Take back an offer that ran out, or whose agent has gone or does something else now. Whether it was."""
        assert case.offered_to is not None
        worker = workers.get(case.offered_to.id)
        if worker is None or worker.agent.state != "available":
            return await self._handover.withdraw(case, "left")
        if case.offer_expires_at is None or case.offer_expires_at > now:
            return False
        missed = await self._handover.withdraw(case, "missed", pass_until=now + self._rules.again_after)
        if missed:
            await self._presence.missed(case.offered_to.id)
        return missed

    async def _offer_all(self, queued: list[Case], present: dict[str, Worker], now: float) -> None:
        """In the order of service: the case that is next chooses first. All are offered at once, as one offer takes a while."""
        workers = {key: worker for key, worker in present.items() if worker.agent.state == "available"}
        while queued and (planned := self.plan(queued, workers, now)):
            results = await asyncio.gather(*(self._try(case, worker, now) for case, worker in planned))
            # Gone, or filled by hand, since it was read: the case chooses again among the others.
            again = {case.id for (case, _), fits in zip(planned, results, strict=True) if not fits}
            queued = [case for case in queued if case.id in again]
            for (_, worker), fits in zip(planned, results, strict=True):
                if not fits:
                    workers.pop(worker.agent.user_id, None)

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

    async def _try(self, case: Case, worker: Worker, now: float) -> bool:
        """False if the agent can't have it after all. A case that has changed needs nobody any more."""
        async with self._at_once:
            try:
                await self._offer(case, worker, now)
            except AgentBusy:
                return False
            except Exception as error:
                log.exception("case_not_offered", case=case.id, error=type(error).__name__)
        return True

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

    async def _offer(self, case: Case, worker: Worker, now: float) -> None:
        agent = worker.agent
        claim = Claim(
            agent_id=agent.user_id,
            case_id=case.id,
            medium=case.medium,
            voice=worker.most_voice,
            chat=worker.most_chat,
            now=now,
        )
        await self._handover.offer(
            case,
            Agent(id=agent.user_id, name=agent.name),
            seconds=self._rules.offer_seconds,
            claim=claim,
        )
