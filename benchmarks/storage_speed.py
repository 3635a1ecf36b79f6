"""Turns a second that a store takes, and what loading a long conversation costs.

    python benchmarks/storage_speed.py [--turns 2000] [--json FILE] [--postgres URL]

A turn is what the engine commits: a customer's message with its understanding, commands, slots, stack, actions and an
answer (8 events), and the compare-and-set on the conversation's row; every 50 events a snapshot. Made in an event
loop, one after the other, then by 32 customers at once. A URL's database must be an empty one: it is written to.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import tempfile
import time
import uuid
from pathlib import Path
from typing import Any

from bot.conversation.events import (
    ActionExecuted,
    BotUttered,
    CommandsIssued,
    Event,
    FlowStarted,
    SlotSet,
    StackChanged,
    UserUttered,
)
from bot.conversation.store import Commit, Head, Store
from bot.storage.memory import MemoryStore
from bot.storage.sql import open_store

EVENTS = 8
CONVERSATIONS = 50
CUSTOMERS = 32
INTENTS = (
    "card_loss",
    "transfer_limit",
    "callback",
    "fees",
    "greet",
    "goodbye",
    "affirm",
    "deny",
    "agent",
    "hours",
)
PARSE = {
    "intent": {"name": "card_loss", "confidence": 0.9731},
    "intent_ranking": [{"name": name, "confidence": 0.9731 / n} for n, name in enumerate(INTENTS, 1)],
    "entities": [{"entity": "card", "value": "신용카드", "start": 0, "end": 4, "text": "신용카드"}],
    "sentiment": {
        "label": "negative",
        "score": -0.41,
        "scores": {"positive": 0.1, "neutral": 0.3, "negative": 0.6},
    },
}
SNAPSHOT = {
    "state": {"slots": {f"slot_{n}": {"value": "값", "said_at": n} for n in range(20)}},
    "recent": [{}] * 40,
}


def turn(conversation_id: str, number: int) -> Commit:
    """The commit of a conversation's turn `number`, 0 first."""
    after = number * EVENTS
    version = after + EVENTS
    events: list[Event] = [
        UserUttered(
            text="신용카드를 잃어버린 것 같아요 ㅠㅠ",
            message_id=f"c{number}",
            input_channel="web",
            parse_data=PARSE,
        ),
        CommandsIssued(commands=[{"command": "start flow", "flow": "card_loss"}]),
        FlowStarted(flow_id="card_loss"),
        SlotSet(name="card_type", value="신용카드", source="user", said_at=after + 1),
        StackChanged(
            frames=[{"flow_id": "card_loss", "step_id": "ask_phone", "context": {"turn_id": f"c{number}"}}]
        ),
        ActionExecuted(name="utter_ask_phone"),
        BotUttered(
            text="등록된 휴대폰 번호를 알려 주세요.", message_id=f"b{number}", response="utter_ask_phone"
        ),
        ActionExecuted(name="action_listen"),
    ]
    return Commit(
        conversation_id=conversation_id,
        expected_version=after,
        events=[event.model_copy(update={"seq": after + n}) for n, event in enumerate(events, 1)],
        head=Head(conversation_id=conversation_id, version=version),
        channel="web",
        snapshot=SNAPSHOT if version // 50 > after // 50 else None,
    )


async def in_a_row(store: Store, turns: int) -> dict[str, float]:
    """One commit after the other, over some conversations in rotation."""
    run = uuid.uuid4().hex[:8]
    commits = [turn(f"{run}-{n % CONVERSATIONS}", n // CONVERSATIONS) for n in range(turns)]
    times = []
    begun = time.perf_counter()
    for commit in commits:
        start = time.perf_counter()
        await store.commit(commit)
        times.append((time.perf_counter() - start) * 1000)
    return {"turns_per_s": turns / (time.perf_counter() - begun), **_quantiles(times)}


async def at_once(store: Store, turns: int) -> dict[str, float]:
    """The same by `CUSTOMERS` at once, each with a conversation of their own."""
    run = uuid.uuid4().hex[:8]
    times: list[float] = []

    async def customer(name: str) -> None:
        for number in range(turns // CUSTOMERS):
            commit = turn(f"{run}-{name}", number)
            start = time.perf_counter()
            await store.commit(commit)
            times.append((time.perf_counter() - start) * 1000)

    begun = time.perf_counter()
    await asyncio.gather(*(customer(str(n)) for n in range(CUSTOMERS)))
    return {"turns_per_s": len(times) / (time.perf_counter() - begun), **_quantiles(times)}


async def loading(store: Store, length: int) -> float:
    """Milliseconds (median of 50) to load a conversation of that many turns."""
    conversation_id = uuid.uuid4().hex
    for number in range(length):
        await store.commit(turn(conversation_id, number))
    times = []
    for _ in range(50):
        start = time.perf_counter()
        await store.load(conversation_id)
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


async def measure(store: Store, turns: int) -> dict[str, Any]:
    """All figures of a store."""
    await in_a_row(store, 100)
    return {
        "in_a_row": await in_a_row(store, turns),
        f"at_once_{CUSTOMERS}": await at_once(store, turns),
        "load_ms": {str(length): await loading(store, length) for length in (1, 100, 1_000)},
    }


async def run(turns: int, postgres: str | None) -> dict[str, Any]:
    """Each engine in turn."""
    figures: dict[str, Any] = {"memory": await measure(MemoryStore(), turns)}
    with tempfile.TemporaryDirectory() as folder:
        urls = {
            "sqlite": f"sqlite:///{folder}/normal.db",
            "sqlite, synchronous=full": f"sqlite:///{folder}/full.db?synchronous=full",
        }
        if postgres:
            urls["postgresql"] = postgres
        for name, url in urls.items():
            store = await open_store(url)
            figures[name] = await measure(store, turns)
            await store.close()
    return figures


def table(figures: dict[str, Any]) -> str:
    """The figures for people."""
    lines = [
        f"{'':26}{'turns/s':>9}{'p50 ms':>8}{'p95 ms':>8}{'32 at once':>12}{'p95 ms':>8}{'load 1':>8}{'100':>7}{'1000':>7}"
    ]
    for name, of in figures.items():
        row, crowd, load = of["in_a_row"], of[f"at_once_{CUSTOMERS}"], of["load_ms"]
        lines.append(
            f"{name:26}{row['turns_per_s']:9.0f}{row['p50_ms']:8.2f}{row['p95_ms']:8.2f}"
            f"{crowd['turns_per_s']:12.0f}{crowd['p95_ms']:8.1f}"
            f"{load['1']:8.2f}{load['100']:7.2f}{load['1000']:7.2f}"
        )
    return "\n".join(lines)


def _quantiles(times: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(times, n=100)
    return {"p50_ms": cuts[49], "p95_ms": cuts[94], "p99_ms": cuts[98]}


def main() -> None:
    """Print the table; write the JSON if asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--turns", type=int, default=2_000)
    parser.add_argument("--postgres", metavar="URL", help="also measure this PostgreSQL database")
    parser.add_argument("--json", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    figures = asyncio.run(run(arguments.turns, arguments.postgres))
    print(table(figures))
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
