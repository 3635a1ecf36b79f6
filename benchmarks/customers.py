"""Two hundred scripted customers of the reference bank, each in three ways of saying it that the model hasn't learned.

`python benchmarks/customers.py [-k NAME] [--json]` talks to the real assistant and a fresh back office for each customer,
prints the share that reaches the right end, and explains each that doesn't.

A customer (benchmarks/customers/*.yml) says `open`, then answers what is asked for by `says` and `say` (slot -> words),
but once something else where `twist` has the slot: a correction, a question, a change of mind. `after` is said when nothing
is asked any more. Three ways each; `yes` and `no` stand for plain answers. `end` is what must have come of it:
`completed`, `cancelled` and `failed`, actions that `ran` or `never` did, `values` that slots had last, `said` (a response),
`answered` from the documents, `owner`, and the `reason` of a handoff.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog
from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from bot.conversation.engine import Engine
from bot.conversation.events import Event
from bot.conversation.flows.stack import awaited_slot
from bot.conversation.messages import UserMessage
from bot.server.serve import open_server, prepare
from bot.server.settings import load_settings
from examples.core_banking.data import customers as bank_customers
from examples.core_banking.server import CoreBanking
from examples.core_banking.state import korean_today
from formats import load_yaml
from korean.normalise import compact
from nlu.training_data import load_training_data

ROOT = Path(__file__).parents[1]
WAYS = 3
TURNS = 25
PATIENCE = 3
"""Times that a customer answers one and the same question."""
YES = ["네 그렇게 해 주세요", "네 부탁해요", "응 그렇게 해줘"]
NO = ["아니요 괜찮아요", "아뇨 안 할게요", "아니 됐어"]

Words = list[str] | str


class _Spec(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class End(_Spec):
    """What must have come of it; empty is not looked at."""

    completed: str = ""
    cancelled: str = ""
    failed: str = ""
    ran: list[str] = Field(default_factory=list)
    never: list[str] = Field(default_factory=list)
    values: dict[str, Any] = Field(default_factory=dict)
    said: str = ""
    answered: bool = False
    owner: str = ""
    reason: str = ""


class Customer(_Spec):
    """One customer; `who` is a customer of the back office, whose number and PIN they know."""

    name: str
    who: str = "c-1001"
    open: list[str] = Field(min_length=WAYS, max_length=WAYS)
    say: dict[str, Words] = Field(default_factory=dict)
    twist: dict[str, Words] = Field(default_factory=dict)
    after: Words = Field(default_factory=list)
    end: dict[str, Any] = Field(default_factory=dict)


class _File(_Spec):
    flow: str = ""
    says: dict[str, Words] = Field(default_factory=dict)
    end: dict[str, Any] = Field(default_factory=dict)
    customers: list[Customer]


@dataclass(frozen=True, slots=True)
class Script:
    """A customer in one of the ways."""

    name: str
    subject: str
    opening: str
    answers: dict[str, str]
    twists: dict[str, str]
    after: str
    end: End

    def words(self) -> Iterator[str]:
        """What is said beside bare answers."""
        yield self.opening
        yield from self.twists.values()


@dataclass(slots=True)
class Outcome:
    """How it went."""

    script: Script
    lines: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def scripts(folder: Path) -> list[Script]:
    """All customers in all ways."""
    known = {customer["id"]: customer for customer in bank_customers(korean_today())}
    found: list[Script] = []
    for path in sorted(folder.glob("*.yml")):
        file = load_yaml(path).validate(_File)
        for customer in file.customers:
            phone, pin = known[customer.who]["phone"], known[customer.who]["pin"]
            numbers = [phone, f"{phone.replace('-', '')}이요", f"제 번호는 {phone.replace('-', ' ')}입니다"]
            says: dict[str, Words] = {"phone": numbers, "pin": [pin, f"{pin}이요", f"비밀번호는 {pin}입니다"]}
            says |= file.says | customer.say
            end = End.model_validate(file.end | customer.end)
            found += [_script(customer, path.stem, says, end, way) for way in range(WAYS)]
    return found


def _script(customer: Customer, subject: str, says: dict[str, Words], end: End, way: int) -> Script:
    return Script(
        name=f"{customer.name} ({way + 1}/{WAYS})",
        subject=subject,
        opening=customer.open[way],
        answers={slot: _way(words, way) for slot, words in says.items()},
        twists={slot: _way(words, way) for slot, words in customer.twist.items()},
        after=_way(customer.after, way) if customer.after else "",
        end=end,
    )


def _way(words: Words, way: int) -> str:
    if words in ("yes", "no"):
        return (YES if words == "yes" else NO)[way]
    return words if isinstance(words, str) else words[way % len(words)]


class Talk:
    """One customer in front of the assistant."""

    def __init__(self, engine: Engine, script: Script, number: int) -> None:
        self._engine, self._script = engine, script
        self._id = f"customer-{number}"
        self._asked: Counter[str] = Counter()
        self._twisted: set[str] = set()
        self._after = bool(script.after)

    async def run(self) -> Outcome:
        """Until the customer has nothing to say any more."""
        outcome, says = Outcome(self._script), self._script.opening
        for _ in range(TURNS):
            outcome.lines += await self._turn(says)
            answer = await self._next()
            if answer is None:
                break
            says = answer
        tracker = await self._engine.conversations.tracker(self._id)
        events = await self._engine.conversations.store.events(self._id, limit=2_000)
        outcome.wrong = list(judge(self._script.end, events, tracker.owner))
        return outcome

    async def _turn(self, text: str) -> list[str]:
        seq = (await self._engine.conversations.tracker(self._id)).seq
        await self._engine.handle(UserMessage(conversation_id=self._id, text=text, channel="rest"))
        lines = []
        for event in await self._engine.conversations.store.events(self._id, after=seq, limit=500):
            if event.event == "user":
                intent = event.parse_data.get("intent") or {}
                understood = (
                    f"{intent.get('name')} {intent.get('confidence') or 0:.2f}" if intent else "button"
                )
                lines.append(f"고객  {event.text}  [{understood}]")
            elif event.event in ("bot", "notice"):
                lines.append(f"  봇  {event.text}")
        return lines

    async def _next(self) -> str | None:
        tracker = await self._engine.conversations.tracker(self._id)
        slot = awaited_slot(tracker.stack) if tracker.owner == "bot" else None
        if slot is None:
            say, self._after = self._after, False
            return self._script.after if say else None
        if slot in self._script.twists and slot not in self._twisted:
            self._twisted.add(slot)
            return self._script.twists[slot]
        self._asked[slot] += 1
        return self._script.answers.get(slot) if self._asked[slot] <= PATIENCE else None


def judge(end: End, events: list[Event], owner: str) -> Iterator[str]:
    """What is not as it must be."""
    seen: dict[str, set[str]] = {}
    values: dict[str, Any] = {}
    for event in events:
        match event.event:
            case "flow_completed" | "flow_cancelled":
                seen.setdefault(event.event, set()).add(event.flow_id)
            case "action" | "action_failed":
                seen.setdefault(event.event, set()).add(event.name)
            case "handoff_requested":
                seen.setdefault("reason", set()).add(event.reason_code)
            case "bot":
                seen.setdefault("said", set()).add(event.response)
            case "knowledge_answered" if event.outcome != "none":
                seen.setdefault("answered", set()).add("yes")
            case "slot" if event.value is not None:
                values[event.name] = event.value
            case _:
                pass
    wanted = [
        *(
            ("flow_completed", end.completed),
            ("flow_cancelled", end.cancelled),
            ("action_failed", end.failed),
        ),
        *(("said", end.said), ("reason", end.reason), ("answered", "yes" if end.answered else "")),
        *(("action", name) for name in end.ran),
    ]
    for kind, name in wanted:
        if name and name not in seen.get(kind, set()):
            yield f"{kind} {name} is missing"
    for name in end.never:
        if name in seen.get("action", set()):
            yield f"{name} ran"
    for name, value in end.values.items():
        if values.get(name) != value:
            yield f"{name} is {values.get(name)!r}, not {value!r}"
    if end.owner and owner != end.owner:
        yield f"the owner is {owner}, not {end.owner}"


async def serve(bank: CoreBanking) -> web.AppRunner:
    """The back office on a free port, which the actions find in the environment."""
    os.environ["CORE_BANKING_KEY"] = "benchmark"
    runner = web.AppRunner(bank.application("benchmark"))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    os.environ["SANGDAM_CORE_BANKING_URL"] = f"http://{host}:{port}"
    return runner


def learned() -> set[str]:
    """What the model was trained on, without spaces."""
    return {compact(example.text) for example in load_training_data(ROOT / "data" / "nlu").examples}


async def talk_to_all(wanted: list[Script]) -> list[Outcome]:
    """Each with a back office as at the start."""
    settings = load_settings(ROOT)
    pipeline = prepare(settings, lambda _what, _share: None)
    bank = CoreBanking()
    runner = await serve(bank)
    with tempfile.TemporaryDirectory() as folder:
        apart = settings.model_copy(
            update={"database_url": f"sqlite:///{folder}/customers.db", "bus_url": ""}
        )
        server = await open_server(apart, pipeline)
        try:
            outcomes = []
            for number, script in enumerate(wanted):
                bank.state.reset()
                outcomes.append(await Talk(server.service.engine, script, number).run())
            return outcomes
        finally:
            await server.service.close()
            await runner.cleanup()


def report(outcomes: list[Outcome], seconds: float) -> None:
    """Failures in full, then the shares."""
    for outcome in outcomes:
        if outcome.wrong:
            print(f"\n{outcome.script.subject}: {outcome.script.name}: {'; '.join(outcome.wrong)}")
            print("\n".join(f"    {line}" for line in outcome.lines))
    print()
    subjects = Counter(outcome.script.subject for outcome in outcomes)
    right = Counter(outcome.script.subject for outcome in outcomes if not outcome.wrong)
    for subject, count in subjects.items():
        print(f"{subject:<22}{right[subject]:>4} / {count}")
    total = sum(right.values())
    print(f"{'all':<22}{total:>4} / {len(outcomes)} = {total / max(1, len(outcomes)):.1%} in {seconds:.0f} s")


def main() -> int:
    """1 if fewer than 95 % reach the right end."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("-k", default="", help="only customers whose name or subject contains this")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    logging.disable(logging.CRITICAL)
    wanted = [s for s in scripts(ROOT / "benchmarks" / "customers") if options.k in f"{s.subject} {s.name}"]
    known = learned()
    seen = sorted({text for script in wanted for text in script.words() if compact(text) in known})
    began = time.perf_counter()
    outcomes = asyncio.run(talk_to_all(wanted))
    share = sum(not outcome.wrong for outcome in outcomes) / max(1, len(outcomes))
    if options.json:
        failures = [{"name": o.script.name, "wrong": o.wrong, "lines": o.lines} for o in outcomes if o.wrong]
        print(json.dumps({"customers": len(outcomes), "share": share, "failures": failures, "learned": seen}))
    else:
        report(outcomes, time.perf_counter() - began)
        print(f"{len(seen)} openings or twists stand in the training data: {', '.join(seen)}")
    return 0 if share >= 0.95 else 1


if __name__ == "__main__":
    sys.exit(main())
