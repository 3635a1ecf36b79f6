"""A day of the floor in fast motion, in random order, to be checked: the race test of tests and benchmarks/desk_race.py.

Agents accept, decline, miss, write, transfer, return and close, vanish and come back; customers arrive, write and leave;
workers are restarted. Time is logical: nothing sleeps. What must hold is checked after every round of dispatching and at the
end, against what the store says.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

from bot.conversation.actions_port import ActionResult
from bot.conversation.assistant import Assistant
from bot.conversation.conversations import Conversations
from bot.conversation.engine import Engine
from bot.conversation.events import AgentUttered, Event, HandoffRequested, OwnershipChanged, UserUttered
from bot.conversation.handover import Agent, Handover
from bot.conversation.messages import UserMessage
from bot.conversation.store import Case, Person, Store
from bot.conversation.testing import FunctionRunner, TableUnderstander
from bot.conversation.tracker import Tracker
from bot.conversation.workforce import AgentProfile
from bot.desk.floor import Floor
from bot.desk.queues import Queue, QueueBook, QueueSpec, routing_policy
from bot.desk.routing import Worker
from bot.desk.settings import DeskSettings
from formats import SangdamError

SKILLS = ("card", "loan", "deposit")
ROUND = 0.5
"""Logical seconds between rounds of dispatching, at most."""


@dataclass
class Report:
    """What happened, and what should not have."""

    violations: list[str] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    offers: int = 0
    rounds: int = 0
    longest_wait: float = 0.0


def race_queues() -> QueueBook:
    """Two queues with every kind of policy."""
    everything = ["priority", "language", "last_agent", "skills", "longest_idle"]
    emergency = QueueSpec.model_validate({"name": "emergency", "when": {"reasons": ["accident"]}})
    general = QueueSpec.model_validate({"name": "general", "overflow": [{"after": 20, "to": "emergency"}]})
    return QueueBook(
        [Queue(spec, [routing_policy(name) for name in everything]) for spec in (emergency, general)]
    )


async def nothing(tracker: Tracker, context: dict[str, Any]) -> ActionResult:
    """An action that does nothing: the bot's own answers aren't what is raced here."""
    return ActionResult()


class Process:
    """One server process as far as the desk goes: its own caches over the shared store."""

    def __init__(self, store: Store, assistant: Assistant, race: Race, *, exclusive: bool) -> None:
        conversations = Conversations(store, assistant.responses, exclusive=exclusive)
        runner = FunctionRunner(
            {"action_request_handoff": race.request, "action_answer_from_knowledge": nothing}
        )
        engine = Engine(conversations, assistant, TableUnderstander({}), runner)
        self.engine = engine
        self.handover = Handover(engine, clock=race.clock)
        settings = DeskSettings(offer_seconds=8, again_after=15)
        self.floor = Floor(store, self.handover, race.queues, settings, exclusive=exclusive, clock=race.clock)
        conversations.triage = race.triage


class Race:
    """The whole of it. `make_store` gives one store a worker, all over the same data."""

    def __init__(
        self,
        stores: list[Store],
        assistant: Assistant,
        *,
        agents: int,
        customers: int,
        seed: int,
        exclusive: bool = False,
    ) -> None:
        self.random = random.Random(seed)
        self.stores = stores
        self.assistant = assistant
        self.queues = race_queues()
        self.now = 1_795_000_000.0
        self.report = Report()
        self.exclusive = exclusive
        self.agents = [f"u{n:03}" for n in range(agents)]
        self.to_come = [f"c{n:04}" for n in range(customers)]
        self.here: list[str] = []
        self.sent: dict[str, list[str]] = {}
        """Conversation -> ids of messages that were acknowledged."""
        self.workers = [Process(store, assistant, self, exclusive=exclusive) for store in stores]
        self._to_restart: set[int] = set()

    def clock(self) -> float:
        """Logical time."""
        return self.now

    async def request(self, tracker: Tracker, context: dict[str, Any]) -> ActionResult:
        """`action_request_handoff`."""
        reason = self.random.choice(("asked_for_person", "accident", "repeated_failure"))
        urgency = self.random.choice(("normal", "normal", "high", "urgent"))
        case_id = f"h-{tracker.conversation_id}-{tracker.seq}"
        event = HandoffRequested(case_id=case_id, reason_code=reason, reason_text=reason, urgency=urgency)
        return ActionResult(events=(event,))

    def triage(self, case: Case, tracker: Tracker, event: HandoffRequested) -> tuple[Case, dict[str, str]]:
        """The product's own, on logical time, with random needs."""
        here = case.model_copy(update={"created_at": self.now, "waiting_since": self.now})
        placed, words = self.queues.triage(here, tracker, event)
        skills = (self.random.choice(SKILLS),) if self.random.random() < 0.5 else ()
        language = "en" if self.random.random() < 0.1 else "ko"
        return placed.model_copy(update={"skills": skills, "language": language}), words

    # -- running ------------------------------------------------------------------------------------------------

    async def run(self, acts_at_once: int = 6) -> Report:
        """Until everybody who came has gone."""
        for number, agent in enumerate(self.agents):
            await self._arrive(agent, number)
        rounds_left = 60 * (len(self.to_come) // max(1, len(self.agents)) + 4) + 200
        while (self.to_come or self.here) and rounds_left:
            rounds_left -= 1
            self.now += self.random.uniform(0.1, ROUND)
            acts = [self._random_act() for _ in range(self.random.randint(1, acts_at_once))]
            await asyncio.gather(*(self._guarded(name, act) for name, act in acts))
            for place in self._to_restart:
                self._begin_anew(place)
            self._to_restart.clear()
            await self._dispatch()
        if self.here or self.to_come:
            self.report.violations.append(f"{len(self.here)} customers were never served")
        for conversation_id in sorted(self.sent):
            await self._check_log(conversation_id)
        return self.report

    async def _arrive(self, agent: str, number: int) -> None:
        floor = self._worker().floor
        skills = {skill: self.random.randint(1, 5) for skill in SKILLS if self.random.random() < 0.7}
        languages = ("ko", "en") if number % 4 == 0 else ("ko",)
        queues = (("general",), ("emergency",), ())[number % 3]
        await floor.presence.set_profile(
            agent, f"상담원 {number}", AgentProfile(skills=skills, languages=languages, queues=queues)
        )
        await floor.presence.set_state(agent, f"상담원 {number}", "available")

    def _worker(self) -> Process:
        return self.random.choice(self.workers)

    def _random_act(self) -> tuple[str, Callable[[], Awaitable[None]]]:
        acts: list[tuple[float, str, Callable[[], Awaitable[None]]]] = [
            (5 if self.to_come else 0, "come", self._come),
            (6, "accept", self._accept),
            (2, "decline", self._decline),
            (4, "say", self._say),
            (4, "write", self._write),
            (1, "transfer", self._transfer),
            (1, "return", self._give_back),
            (5, "close", self._close),
            (0.7, "leave", self._leave),
            (0.5, "vanish", self._vanish),
            (3, "back", self._back),
            (0.2, "restart", self._restart),
        ]
        _, name, act = self.random.choices(acts, weights=[weight for weight, _, _ in acts])[0]
        return name, act

    async def _guarded(self, name: str, act: Callable[[], Awaitable[None]]) -> None:
        try:
            await act()
            self.report.done[name] += 1
        except SangdamError as error:
            self.report.refused[error.code] += 1

    # -- customers ----------------------------------------------------------------------------------------------

    async def _come(self) -> None:
        if not self.to_come:
            return
        conversation_id = self.to_come.pop()
        self.here.append(conversation_id)
        await self._send(conversation_id, "상담원 바꿔 주세요", payload="/request_human")

    async def _write(self) -> None:
        if self.here:
            await self._send(self.random.choice(self.here), "아직인가요?")

    async def _send(self, conversation_id: str, text: str, payload: str | None = None) -> None:
        sent = self.sent.setdefault(conversation_id, [])
        message_id = f"m{len(sent)}-{self.random.random()}"
        channel = "voice" if crc32(conversation_id.encode()) % 7 == 0 else "webchat"
        message = UserMessage(
            conversation_id=conversation_id,
            text=text,
            channel=channel,
            message_id=message_id,
            client_supplied_id=True,
            payload=payload,
        )
        # Sent twice at once, by way of two workers, as a client does that lost its connection.
        twice = [self._worker().engine.handle(message) for _ in range(self.random.choice((1, 1, 2)))]
        await asyncio.gather(*twice)
        sent.append(message_id)

    async def _leave(self) -> None:
        if self.here:
            conversation_id = self.random.choice(self.here)
            if await self._worker().handover.leave_queue(conversation_id):
                self.here.remove(conversation_id)

    # -- agents -------------------------------------------------------------------------------------------------

    async def _case(self, *states: Any, agent: str | None = None) -> Case | None:
        found = await self._worker().floor.store.cases(states, agent_id=agent)
        return self.random.choice(found) if found else None

    async def _accept(self) -> None:
        case = (
            await self._case("offered", "queued")
            if self.random.random() < 0.3
            else await self._case("offered")
        )
        if case is not None:
            # Two tabs, or two agents, at once.
            first = case.offered_to.id if case.offered_to else self.random.choice(self.agents)
            second = self.random.choice((first, first, self.random.choice(self.agents)))
            results = await asyncio.gather(
                *(self._worker().floor.take(case, _agent(a)) for a in {first, second}),
                return_exceptions=True,
            )
            self._expect_refusals(results)

    async def _decline(self) -> None:
        case = await self._case("offered")
        if case is not None and case.offered_to is not None:
            again = self.now + 15
            await self._worker().handover.decline(
                case, _agent(case.offered_to.id), "바빠요", pass_until=again
            )

    async def _say(self) -> None:
        case = await self._case("agent")
        if case is None or case.agent_id is None:
            return
        sent = self.sent.setdefault(case.conversation_id, [])
        message_id = f"a{self.random.random()}"
        await self._worker().handover.say(case, _agent(case.agent_id), "확인해 볼게요", message_id)
        sent.append(message_id)

    async def _transfer(self) -> None:
        case = await self._case("agent")
        if case is None or case.agent_id is None:
            return
        to = self.random.choice((None, Person(id=self.random.choice(self.agents), name="동료")))
        queue = self.random.choice((None, "general", "emergency"))
        await self._worker().handover.transfer(case, _agent(case.agent_id), "부탁해요", to=to, queue=queue)

    async def _give_back(self) -> None:
        await self._end(lambda worker, case, agent: worker.handover.give_back(case, agent, "resolved", ""))

    async def _close(self) -> None:
        await self._end(lambda worker, case, agent: worker.handover.close(case, agent, "resolved", "끝"))

    async def _end(self, act: Callable[[Process, Case, Agent], Awaitable[Case]]) -> None:
        case = await self._case("agent")
        if case is None or case.agent_id is None:
            return
        agent = _agent(case.agent_id)
        results = await asyncio.gather(
            *(act(self._worker(), case, agent) for _ in range(2)), return_exceptions=True
        )
        self._expect_refusals(results)
        if any(isinstance(result, Case) for result in results) and case.conversation_id in self.here:
            self.here.remove(case.conversation_id)

    def _expect_refusals(self, results: list[Any]) -> None:
        for result in results:
            if isinstance(result, SangdamError):
                self.report.refused[result.code] += 1
            elif isinstance(result, BaseException):
                raise result

    async def _vanish(self) -> None:
        agent = self.random.choice(self.agents)
        await self._worker().floor.store.change_agent(agent, {"present_until": self.now})

    async def _back(self) -> None:
        agent = self.random.choice(self.agents)
        await self._worker().floor.presence.set_state(agent, f"상담원 {agent}", "available")

    async def _restart(self) -> None:
        place = self.random.randrange(len(self.workers))
        if self.exclusive:
            # The only process has died before the next one begins; what both of them did would be two at work.
            self._to_restart.add(place)
        else:
            self._begin_anew(place)

    def _begin_anew(self, place: int) -> None:
        self.workers[place] = Process(self.stores[place], self.assistant, self, exclusive=self.exclusive)

    # -- dispatching, and what must hold ------------------------------------------------------------------------

    async def _dispatch(self) -> None:
        """A round of every worker, as in life; then nobody who fits may be free while somebody waits."""
        store = self.workers[0].floor.store
        for agent in self.agents:
            row = await store.agent(agent)
            # Open pages renew their leases.
            if row is not None and row.present_until > self.now:
                await store.change_agent(agent, {"present_until": self.now + 30})
        before = {case.id: case for case in await store.waiting_cases()}
        # The holder of the lease may have been restarted: another worker takes over when it runs out.
        self.now += 1.0 if self.report.done["restart"] and not self.exclusive else 0.0
        await asyncio.gather(*(worker.floor.dispatcher.run_once() for worker in self.workers))
        self.report.rounds += 1
        await self._check_round(before)

    async def _check_round(self, before: dict[str, Case]) -> None:
        floor = self.workers[0].floor
        waiting = await floor.store.waiting_cases()
        present = await floor.dispatcher.workers()
        for worker in present.values():
            if worker.voice / worker.most_voice + worker.chat / worker.most_chat > 1.0 + 1e-9:
                self.report.violations.append(f"{worker.agent.user_id} holds {worker.voice} + {worker.chat}")
        free = {key: worker for key, worker in present.items() if worker.agent.state == "available"}
        queued = [case for case in waiting if case.state == "queued"]
        for case in queued:
            self.report.longest_wait = max(self.report.longest_wait, self.now - case.waiting_since)
            suits = [w for w in free.values() if self._suits(case, w) and w.has_room(case.medium)]
            for worker in suits:
                self.report.violations.append(f"{case.id} waits while {worker.agent.user_id} is free")
            if not suits and (kept := self._kept_for(case, free)):
                # Whoever suits an earlier case but for room is kept for it.
                del free[kept]
        for case in waiting:
            if case.state == "offered":
                self._check_offer(case, before.get(case.id), queued, present)

    def _suits(self, case: Case, worker: Worker) -> bool:
        return suits(self.queues, case, worker, self.now)

    def _kept_for(self, case: Case, free: dict[str, Worker]) -> str | None:
        fit = [worker for worker in free.values() if self._suits(case, worker)]
        fit.sort(key=lambda worker: (worker.voice + worker.chat, worker.agent.user_id))
        return fit[0].agent.user_id if fit else None

    def _check_offer(
        self, case: Case, known: Case | None, queued: list[Case], present: dict[str, Worker]
    ) -> None:
        assert case.offered_to is not None
        worker = present.get(case.offered_to.id)
        if worker is None or worker.agent.state != "available":
            self.report.violations.append(f"{case.id} is offered to {case.offered_to.id}, who isn't there")
            return
        if case.offer_expires_at is None or case.offer_expires_at <= self.now - 1.5:
            self.report.violations.append(f"{case.id} is offered beyond its time")
        if known is not None and known.offers == case.offers:
            return
        self.report.offers += 1
        # Whoever got this one could have had an earlier one instead.
        voice, chat = worker.voice - (case.medium == "voice"), worker.chat - (case.medium == "chat")
        instead = Worker(worker.agent, voice, chat, worker.most_voice, worker.most_chat)
        for earlier in queued:
            if (
                earlier.serve_at < case.serve_at
                and self._suits(earlier, instead)
                and instead.has_room(earlier.medium)
            ):
                self.report.violations.append(f"{case.id} was served before {earlier.id}")

    async def _check_log(self, conversation_id: str) -> None:
        """One owner at a time, who alone speaks; every acknowledged message once."""
        events: list[Event] = []
        while page := await self.stores[0].events(conversation_id, after=events[-1].seq if events else 0):
            events += page
        self.report.violations += wrong_in_log(conversation_id, events, self.sent[conversation_id])


def suits(queues: QueueBook, case: Case, worker: Worker, now: float) -> bool:
    """Whether the rules let the agent have the case, room aside; written anew, to check the dispatcher by."""
    agent = worker.agent
    if case.passed.get(agent.user_id, 0.0) > now:
        return False
    if case.target is not None and case.target_until > now:
        return agent.user_id == case.target.id
    queue, since = queues.of(case.queue), now - case.waiting_since
    served = not agent.profile.queues or queue.name in agent.profile.queues
    served |= any(o.to in agent.profile.queues and since >= o.after for o in queue.spec.overflow)
    return served and all(policy.score(case, worker, now) is not None for policy in queue.policies)


def wrong_in_log(conversation_id: str, events: Sequence[Event], sent: Sequence[str]) -> list[str]:
    """What an event log must not hold: two owners, a word of who isn't the owner, a message lost or doubled.

    `sent` are the ids of the messages that were acknowledged.
    """
    found: list[str] = []
    owner, agent = "bot", None
    for event in events:
        if isinstance(event, OwnershipChanged):
            if event.before != owner:
                found.append(f"{conversation_id}#{event.seq}: {event.before} was {owner}")
            owner, agent = event.after, event.agent_id
        elif isinstance(event, AgentUttered) and (owner != "agent" or agent != event.agent_id):
            found.append(f"{conversation_id}#{event.seq}: {event.agent_id} isn't the owner")
    said = Counter(event.message_id for event in events if isinstance(event, UserUttered | AgentUttered))
    found += [
        f"{conversation_id}: {message_id} is there {said[message_id]} times"
        for message_id in sent
        if said[message_id] != 1
    ]
    return found


def _agent(agent_id: str) -> Agent:
    return Agent(id=agent_id, name=f"상담원 {agent_id}")
