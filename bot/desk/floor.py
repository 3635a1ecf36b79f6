"""The floor: people, queues and the dispatcher, kept in step with what is committed."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable

from bot.conversation.case_changes import NoRoom
from bot.conversation.errors import AgentBusy
from bot.conversation.events import OwnershipChanged
from bot.conversation.handover import Agent, Handover
from bot.conversation.store import Case, Claim, Commit, Store
from bot.conversation.tracker import Tracker
from bot.conversation.workforce import AgentProfile, AgentRow
from bot.desk.callbacks import Callbacks
from bot.desk.customers.book import CustomerBook
from bot.desk.dispatch import Dispatcher, Rules
from bot.desk.presence import Presence
from bot.desk.queues import QueueBook
from bot.desk.routing import Worker
from bot.desk.settings import DeskSettings

REMEMBERED = 1.0
"""Seconds for which the staffing that customers' estimates go by is kept."""


class Floor:
    """Composes what routing needs; the server runs it."""

    def __init__(
        self,
        store: Store,
        handover: Handover,
        queues: QueueBook,
        settings: DeskSettings,
        *,
        exclusive: bool = True,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.store = store
        self.handover = handover
        self.queues = queues
        self.settings = settings
        self.clock = clock
        self.presence = Presence(store, clock=clock, missed_offers=settings.missed_offers)
        self.dispatcher = Dispatcher(
            store,
            handover,
            queues,
            self.presence,
            Rules(
                voice=settings.capacity.voice,
                chat=settings.capacity.chat,
                offer_seconds=settings.offer_seconds,
                again_after=settings.again_after,
            ),
            exclusive=exclusive,
            clock=clock,
        )
        self.presence.on_change.append(self._agent_changed)
        handover.conversations.triage = queues.triage
        self.callbacks = Callbacks(store, handover, queues, clock=clock)
        self.book = CustomerBook(store, settings.contact_slots, clock=clock)
        handover.conversations.recall = self.book.known
        handover.conversations.listeners += [
            self.committed,
            self.callbacks.committed,
            self.book.committed,
        ]
        self._staff: tuple[float, list[Worker]] = (0.0, [])

    async def committed(self, commit: Commit, tracker: Tracker) -> None:
        """A listener of `Conversations`: somebody waits, or somebody has room again."""
        case = commit.case
        if case is None:
            return
        moves = [event for event in commit.events if isinstance(event, OwnershipChanged)]
        for event in moves:
            if event.after == "agent" and event.agent_id:
                await self.presence.worked(event.agent_id)
            elif event.before == "agent" and (agent := _left_by(commit)):
                await self.presence.worked(agent)
        if moves or case.state in ("queued", "offered"):
            self.dispatcher.kick()

    async def _agent_changed(self, row: AgentRow) -> None:
        self.dispatcher.kick()

    async def staff(self, queue: str) -> tuple[int, int]:
        """How many contacts the people of a queue who are there hold at most, and how many more they could take now."""
        read_at, workers = self._staff
        if not read_at or self.clock() - read_at > REMEMBERED:
            workers = list((await self.dispatcher.workers()).values())
            self._staff = (self.clock(), workers)
        served = self.queues.of(queue)
        there = [
            worker
            for worker in workers
            if worker.agent.state in ("available", "call", "wrapup")
            and served.serves(worker.agent.profile.queues, 0.0)
        ]
        places = sum(worker.most_chat for worker in there)
        free = sum(
            max(0, worker.most_chat - worker.chat - worker.most_chat * worker.voice) for worker in there
        )
        return places, free

    async def take(self, case: Case, agent: Agent, *, offered_only: bool = False) -> Case:
        """Give an agent the case that they pick. Whoever has no room for it beside what is offered gives up the offer.

        Raises `NoRoom`, and what `Handover.accept` does.
        """
        claim = await self._claim(case, agent)
        offers: list[Case] | None = None
        while True:
            try:
                return await self.handover.accept(case, agent, offered_only=offered_only, claim=claim)
            except AgentBusy:
                if offers is None:
                    offers = await self._in_the_way(claim)
                if not offers:
                    raise NoRoom() from None
                until = self.clock() + self.settings.again_after
                await self.handover.withdraw(offers.pop(), "another_picked", pass_until=until)

    async def _claim(self, case: Case, agent: Agent) -> Claim:
        """What somebody who picks a case asks for. Their row is there from now on: picks are counted under its lock."""
        row = await self.store.agent(agent.id)
        if row is None:
            row = await self.presence.set_profile(agent.id, agent.name, AgentProfile())
        voice, chat = row.profile.capacity(self.settings.capacity.voice, self.settings.capacity.chat)
        return Claim(
            agent_id=agent.id,
            case_id=case.id,
            medium=case.medium,
            voice=voice,
            chat=chat,
            now=self.clock(),
            picked=True,
        )

    async def _in_the_way(self, claim: Claim) -> list[Case]:
        """Offers that an agent has to give up to hold what is claimed, the newest last; none if that wouldn't help."""
        held = await self.store.cases(("agent", "wrapup"), agent_id=claim.agent_id)
        media = Counter(case.medium for case in held if case.id != claim.case_id)
        if not claim.fits(media["voice"], media["chat"]):
            return []
        waiting = [case for case in await self.store.waiting_cases() if case.id != claim.case_id]
        mine = [case for case in waiting if case.offered_to and case.offered_to.id == claim.agent_id]
        return sorted(mine, key=lambda case: case.offer_expires_at or 0.0)

    async def run(self) -> None:
        """Dispatch until cancelled."""
        await self.dispatcher.run()


def _left_by(commit: Commit) -> str | None:
    """The agent who ended or gave away a contact in this commit."""
    for event in commit.events:
        if event.event == "handoff_outcome" and event.agent_id:
            return event.agent_id
    return None
