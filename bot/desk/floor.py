"""The floor: people, queues and the dispatcher, kept in step with what is committed."""

from __future__ import annotations

import time
from collections.abc import Callable

from bot.conversation.events import OwnershipChanged
from bot.conversation.handover import Handover
from bot.conversation.store import Commit, Store
from bot.conversation.tracker import Tracker
from bot.conversation.workforce import AgentRow
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

    async def run(self) -> None:
        """Dispatch until cancelled."""
        await self.dispatcher.run()


def _left_by(commit: Commit) -> str | None:
    """The agent who ended or gave away a contact in this commit."""
    for event in commit.events:
        if event.event == "handoff_outcome" and event.agent_id:
            return event.agent_id
    return None
