"""The race itself: everybody at once, one server killed in the middle, and what must hold at the end."""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass, field
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from typing import Any

import aiohttp

from bot.bench.desk_race.people import Agent, Customer, Sent
from bot.bench.desk_race.servers import Servers, Way
from bot.bench.desk_race.watch import Watch
from bot.conversation.events import Event
from bot.conversation.workforce import AgentProfile
from bot.desk.accounts import AccountService
from bot.desk.accounts.passwords import Passwords
from bot.desk.dispatch import Dispatcher, Rules
from bot.desk.presence import Presence
from bot.desk.race import wrong_in_log
from bot.server.settings import Settings
from bot.storage.sql import SqlStore, open_store

DOWN = 3.0
"""Seconds between a server's death and its next start."""
PASSWORD = "바다 위의 등대 둘 2026"


@dataclass
class Result:
    """What happened, and what should not have."""

    sent: Sent
    violations: list[str] = field(default_factory=list)
    seconds: float = 0.0
    longest_idle: float = 0.0
    most_waiting: int = 0
    looks: int = 0
    kills: list[float] = field(default_factory=list)
    """When a server was killed, in seconds since the epoch."""
    processor: dict[str, float] = field(default_factory=dict)
    """Seconds of processor time: of the clients, and of the servers from their start on. The rest is the database's."""


async def race(
    settings: Settings,
    folder: Path,
    database: str,
    bus: str,
    *,
    agents: int,
    customers: int,
    seed: int = 1,
    seconds: float = 60.0,
    kills: int = 1,
    patience: float = 240.0,
    idle: float = 1.0,
) -> Result:
    """Customers come over `seconds`; all must have been served `patience` seconds later, and nobody may wait for `idle`
    seconds while an agent who fits is free. The database must be empty."""
    chance, sent = random.Random(seed), Sent()
    result, began = Result(sent), time.monotonic()
    clients_before, servers_before = _used(RUSAGE_SELF), _used(RUSAGE_CHILDREN)
    store = await open_store(database)
    servers = Servers(settings.assistant_dir, settings.data_dir, folder, database, bus)
    try:
        await asyncio.gather(*(servers.start(number) for number in range(len(servers.urls))))
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=20)) as session:
            way = Way(session, servers.urls, chance)
            staff = [Agent(f"agent{n:02}", PASSWORD, way, chance, sent) for n in range(agents)]
            await _hire(store, staff, chance)
            for agent in staff:  # one after the other, as passwords are slow on purpose
                await agent.sign_in()
            watch = Watch(store, _dispatcher(store, settings), settings.queues, idle)
            looking = asyncio.create_task(watch.run())
            working = [asyncio.create_task(agent.work()) for agent in staff]
            killing = asyncio.create_task(_kill(servers, kills, seconds, result))
            clients = [Customer(way, chance, sent) for _ in range(customers)]
            await asyncio.gather(*(_come(client, chance.uniform(0, seconds)) for client in clients))
            await killing
            left = await _served(store, patience)
            looking.cancel()
            for task in working:
                task.cancel()
            await asyncio.gather(looking, *working, return_exceptions=True)
            for agent in staff:
                await agent.go_home()
        result.violations += [*watch.violations, *left]
        result.violations += [line for number in (0, 1) for line in _crashes(servers.log(number))]
        for client in clients:
            events = await _log(store, client.conversation_id)
            result.violations += wrong_in_log(
                client.conversation_id, events, sent.messages.get(client.conversation_id, [])
            )
        result.longest_idle, result.most_waiting, result.looks = (
            watch.longest,
            watch.most_waiting,
            watch.looks,
        )
    finally:
        servers.stop()
        await store.close()
    result.seconds = time.monotonic() - began
    result.processor = {
        "clients": _used(RUSAGE_SELF) - clients_before,
        "servers": _used(RUSAGE_CHILDREN) - servers_before,
    }
    return result


def _used(whose: int) -> float:
    usage = getrusage(whose)
    return usage.ru_utime + usage.ru_stime


async def _hire(store: SqlStore, staff: list[Agent], chance: random.Random) -> None:
    accounts = AccountService(store.accounts, Passwords())
    presence = Presence(store)
    for number, agent in enumerate(staff):
        user = await accounts.add_user(agent.username, f"상담원 {number}", "agent", PASSWORD)
        skills = {"card": chance.randint(1, 5)} if chance.random() < 0.8 else {}
        queues = (("general",), ("emergency",), ())[number % 3]
        await presence.set_profile(user.id, user.name, AgentProfile(skills=skills, queues=queues))


def _dispatcher(store: SqlStore, settings: Settings) -> Dispatcher:
    desk = settings.config.desk
    rules = Rules(voice=desk.capacity.voice, chat=desk.capacity.chat)
    handover: Any = None  # it only tells who works
    return Dispatcher(store, handover, settings.queues, Presence(store), rules)


async def _come(client: Customer, after: float) -> None:
    await asyncio.sleep(after)
    await client.come()


async def _kill(servers: Servers, times: int, seconds: float, result: Result) -> None:
    for turn in range(times):
        await asyncio.sleep(seconds / (times + 1))
        servers.kill(turn % 2)
        result.kills.append(time.time())
        await asyncio.sleep(DOWN)
        await servers.start(turn % 2)


async def _served(store: SqlStore, patience: float) -> list[str]:
    """Empty once nobody waits or talks any more."""
    until = time.monotonic() + patience
    while True:
        left = await store.cases(("queued", "offered", "agent", "wrapup"))
        if not left or time.monotonic() > until:
            return [f"{case.id} was never served: {case.state}" for case in left]
        await asyncio.sleep(0.5)


async def _log(store: SqlStore, conversation_id: str) -> list[Event]:
    events: list[Event] = []
    while page := await store.events(conversation_id, after=events[-1].seq if events else 0):
        events += page
    return events


def _crashes(log: str) -> list[str]:
    """What a server noted as unforeseen; a database that is slow for a moment is foreseen."""
    return [line[:2_000] for line in log.splitlines() if '"exception": ' in line or "Traceback" in line]
