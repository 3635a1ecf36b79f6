"""What a turn of flow logic costs, understanding left out, and whether it costs more late in a conversation.

    python benchmarks/flow_turn.py [--flows 50] [--intents 300] [--turns 1000] [--conversations 20] [--database URL]

Makes an assistant of that many flows (each with three questions, a rejection, a branch and actions) and intents, whose
messages are understood by a table. Customers start flows, answer, correct, ask in between, stop, and come back. The store
is in memory unless --database names one. Prints milliseconds a turn, for a small assistant beside the large one, and the last
fifty turns of a conversation against its first fifty.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.conversation.actions_port import ActionResult
from bot.conversation.assistant import Assistant, load_assistant
from bot.conversation.conversations import Conversations
from bot.conversation.engine import Engine
from bot.conversation.messages import UserMessage
from bot.conversation.store import Store
from bot.conversation.testing import FunctionRunner, TableUnderstander, understood
from bot.conversation.tracker import Tracker
from bot.storage.memory import MemoryStore
from bot.storage.sql import open_store

OUT = Path(__file__).parent / "out" / "flow_turn.json"
TALK = [
    "start {0}", "이름은 가", "5만원", "아니 7만원", "question", "네", "start {1}", "이름은 나", "그만", "네",
]  # fmt: skip
"""One matter and an interruption: the same messages again and again, on ever other flows."""

ROUNDS = 5
"""Of the talk, at the beginning and at the end, that are held against each other."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Milliseconds of each turn of each conversation."""

    turns: list[list[float]]

    def all(self) -> list[float]:
        """Of every turn, sorted."""
        return sorted(value for one in self.turns for value in one)


def assistant_files(folder: Path, flows: int, intents: int) -> None:
    """An assistant whose flows all have the same shape."""
    names = [f"flow_{number}" for number in range(flows)]
    slots: dict[str, Any] = {"pause": {"type": "text"}}
    responses: dict[str, Any] = {"utter_low": [{"text": "너무 적어요."}], "utter_done": [{"text": "됐어요."}]}
    made: dict[str, Any] = {}
    for name in names:
        made[name] = _flow(name)
        slots |= {
            f"{name}_who": {"type": "text", "mappings": [{"type": "from_entity", "entity": "name"}]},
            f"{name}_sum": {"type": "float", "mappings": [{"type": "from_entity", "entity": "amount"}]},
            f"{name}_sure": {"type": "bool"},
        }
        responses |= {f"utter_ask_{name}_{what}": [{"text": f"{what}?"}] for what in ("who", "sum", "sure")}
    domain = {
        "intents": [
            *names,
            *(f"topic_{n}" for n in range(intents - flows - 4)),
            "affirm",
            "deny",
            "cancel",
            "question",
        ],
        "entities": ["name", "amount"],
        "slots": slots,
        "responses": responses,
        "actions": ["action_work"],
    }
    (folder / "data" / "flows").mkdir(parents=True)
    (folder / "domain.yml").write_text(json.dumps(domain, ensure_ascii=False), encoding="utf-8")
    (folder / "data" / "flows" / "flows.yml").write_text(
        json.dumps({"flows": made}, ensure_ascii=False), encoding="utf-8"
    )


def _flow(name: str) -> dict[str, Any]:
    total, sure = f"slots.{name}_sum", f"slots.{name}_sure"
    done = {"action": "utter_done", "next": "END"}
    return {
        "name": f"{name} 업무",
        "description": f"Does {name}.",
        "nlu_trigger": [{"intent": name}],
        "steps": [
            {"collect": f"{name}_who"},
            {"collect": f"{name}_sum", "rejections": [{"if": f"{total} < 1000", "utter": "utter_low"}]},
            {"action": "action_work"},
            {
                "collect": f"{name}_sure",
                "ask_before_filling": True,
                "next": [
                    {"if": f"{sure} and {total} > 60000", "then": [{"action": "action_work"}, done]},
                    {"else": [done]},
                ],
            },
        ],
    }  # fmt: skip


def table(assistant: Assistant) -> TableUnderstander:
    """What the customers' messages mean."""
    known = {f"start {name}": understood(f"start {name}", name) for name in assistant.business_flows}
    for text, intent, entities in [
        ("이름은 가", "topic_0", {"name": "가"}),
        ("이름은 나", "topic_0", {"name": "나"}),
        ("5만원", "topic_1", {"amount": 50_000}),
        ("아니 7만원", "deny", {"amount": 70_000}),
    ]:
        known[text] = understood(text, intent, **entities)
    known |= {
        text: understood(text, intent)
        for text, intent in [("네", "affirm"), ("그만", "cancel"), ("question", "question")]
    }
    return TableUnderstander(known)


async def _work(tracker: Tracker, context: dict[str, Any]) -> ActionResult:
    return ActionResult()


async def measure(assistant: Assistant, store: Store, conversations: int, turns: int) -> Measured:
    """Each conversation's turns, one after the other."""
    runner = FunctionRunner({"action_work": _work, "action_answer_from_knowledge": _work})
    engine = Engine(Conversations(store, assistant.responses), assistant, table(assistant), runner)
    flows = list(assistant.business_flows)
    measured = []
    for number in range(conversations + 1):
        said = []
        for turn in range(turns if number else len(TALK) * 2):
            round_ = turn // len(TALK)
            text = TALK[turn % len(TALK)].format(flows[round_ % len(flows)], flows[(round_ + 1) % len(flows)])
            started = time.perf_counter()
            await engine.handle(UserMessage(conversation_id=f"c{number}", text=text, channel="rest"))
            said.append((time.perf_counter() - started) * 1000)
        # The first one only warms up.
        if number:
            measured.append(said)
    return Measured(measured)


def figures(measured: Measured) -> dict[str, float]:
    """p50, p95, p99, and the same messages at the end against the beginning."""
    values = measured.all()
    # Long enough that both ends write as many snapshots.
    size = len(TALK) * ROUNDS
    last = len(measured.turns[0]) // size * size
    early, late = _typical(measured.turns, 0, size), _typical(measured.turns, last - size, last)
    return {
        "p50": values[len(values) // 2],
        "p95": values[int(len(values) * 0.95)],
        "p99": values[int(len(values) * 0.99)],
        "early": early,
        "late": late,
        "late_against_early": late / early,
    }


def _typical(turns: list[list[float]], start: int, end: int) -> float:
    """Mean over these turns of what each took in the middle conversation: what else the machine does counts little."""
    return statistics.fmean(statistics.median(one[at] for one in turns) for at in range(start, end))


async def run(flows: int, intents: int, conversations: int, turns: int, database: str) -> dict[str, float]:
    """The figures of one assistant."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        assistant_files(folder, flows, intents)
        started = time.perf_counter()
        assistant = load_assistant(folder)
        loading = time.perf_counter() - started
        store: Any = (
            await open_store(database or f"sqlite:///{folder}/turns.db") if database else MemoryStore()
        )
        gc.collect()
        found = figures(await measure(assistant, store, conversations, turns))
        if database:
            await store.close()
        return {**found, "load_seconds": loading}


def main() -> None:
    """Measure a small assistant and the large one."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--flows", type=int, default=50)
    parser.add_argument("--intents", type=int, default=300)
    parser.add_argument("--turns", type=int, default=1_000)
    parser.add_argument("--conversations", type=int, default=20)
    parser.add_argument("--database", default="", help="such as sqlite:///turns.db; in memory unless given")
    given = parser.parse_args()
    found = {}
    print("flows  intents  p50 ms  p95 ms  p99 ms  first turns  last turns  last/first  load s")
    for flows, intents in [(2, 10), (given.flows, given.intents)]:
        one = asyncio.run(run(flows, intents, given.conversations, given.turns, given.database))
        found[f"{flows} flows, {intents} intents"] = one
        print(
            f"{flows:>5}  {intents:>7}  {one['p50']:>6.2f}  {one['p95']:>6.2f}  {one['p99']:>6.2f}  {one['early']:>11.2f}"
            f"  {one['late']:>10.2f}  {one['late_against_early']:>10.2f}  {one['load_seconds']:>6.2f}"
        )
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(found, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
