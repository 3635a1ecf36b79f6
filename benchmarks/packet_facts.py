"""Does the next person know everything? A hundred scripted customers ask for a person in the middle of their business.

`python benchmarks/packet_facts.py [--customers 100]` talks to the real assistant with customers of benchmarks/customers.
After their second answer they want a person; an agent takes the case, and gives it back to the bot.

Counted, and explained where it is missing: values that the customer gave and the packet's slots don't show; words that its
transcript lacks; a business or an open question that it doesn't name; a summary without the customer's wish; and, after the
way back, questions of the bot for what it knows already. PINs are the exception: they must stand nowhere.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import tempfile
from collections.abc import Iterator

import structlog
from customers import ROOT, Script, Talk, scripts, serve

from bot.conversation.flows.stack import awaited_slot, root_frame
from bot.conversation.handover import Agent
from bot.conversation.tracker import Tracker
from bot.desk.packet import Packet
from bot.server.app import Server
from bot.server.serve import open_server, prepare
from bot.server.settings import load_settings
from examples.core_banking.server import CoreBanking

ANSWERS = 2
"""Answers after which the customer has had enough of the bot."""
WISH = "상담원 연결해 주세요"
TURNS = 25
MINJI = Agent(id="benchmark", name="김민지")


class Interrupted(Talk):
    """A customer who asks for a person on the way."""

    said: list[str]
    """But for what was said to a question for a secret."""

    @property
    def pin(self) -> str:
        """Digits that must stand nowhere; empty where none are asked for."""
        return self._script.answers.get("pin", "")[:4]

    async def until_person(self) -> bool:
        """Whether somebody is asked while a business is open."""
        self.said, says = [], self._script.opening
        for _ in range(ANSWERS + 1):
            slot = awaited_slot((await self.tracker()).stack)
            if slot not in self._engine.assistant.responses.secret_slots:
                self.said.append(says)
            await self._turn(says)
            answer = await self._next()
            if answer is None:
                return False
            says = answer
        self.said.append(WISH)
        await self._turn(WISH)
        return (await self.tracker()).owner in ("queued", "offered")

    async def tracker(self) -> Tracker:
        """The conversation as it stands."""
        return await self._engine.conversations.tracker(self._id)

    async def to_the_end(self) -> Iterator[str]:
        """Go on with the bot; gives the slots that it asked for although it knew them."""
        asked_again = []
        for _ in range(TURNS):
            tracker = await self.tracker()
            slot = awaited_slot(tracker.stack) if tracker.owner == "bot" else None
            if slot is not None and tracker.slot(slot) is not None:
                asked_again.append(slot)
            says = await self._next()
            if says is None:
                break
            await self._turn(says)
        return iter(asked_again)


def missing(server: Server, talk: Interrupted, before: Tracker, packet: Packet) -> Iterator[str]:
    """What the packet doesn't tell."""
    domain = server.service.assistant.domain
    secrets = server.service.assistant.responses.secret_slots
    shown = {line.name: line.value for line in packet.slots}
    for name, slot in before.state.slots.items():
        spec = domain.slots.get(name)
        hidden = spec is None or spec.metadata.get("internal") or name in secrets
        if (
            slot.value is not None
            and slot.source in ("user", "button")
            and not hidden
            and not shown.get(name)
        ):
            yield f"slot {name}"
    lines = [line["text"] for line in packet.transcript if line["speaker"]["kind"] == "customer"]
    for text in talk.said:
        if text not in lines:
            yield f"words {text!r}"
    root = root_frame(before.stack)
    if root is not None and (packet.goal is None or packet.goal.flow != root.flow_id):
        yield f"business {root.flow_id}"
    if packet.goal is not None and awaited_slot(before.stack) and not packet.goal.next:
        yield "open question"
    if not any(line["text"] for line in packet.summary[:1]):
        yield "wish"


async def one(server: Server, script: Script, number: int) -> tuple[int, list[str]] | None:
    """(facts, what is wrong) of one customer; None where the business was over before a person was wanted."""
    talk = Interrupted(server.service.engine, script, number)
    if not await talk.until_person():
        return None
    before = await talk.tracker()
    if before.case is None:
        return None
    case = await server.service.handover.accept(before.case, MINJI)
    packet = await server.desk_service.packet(case.id)
    wrong = list(missing(server, talk, before, packet))
    facts = len(packet.slots) + len(talk.said) + 3
    if talk.pin and any(talk.pin in line["text"] for line in packet.transcript):
        wrong.append("a PIN is shown")
    await server.service.handover.give_back(case, MINJI, "returned", "확인했어요")
    wrong += [f"asked again for {slot}" for slot in await talk.to_the_end()]
    return facts, wrong


async def measure(count: int) -> int:
    """Print what was found; 1 if anything is missing."""
    settings = load_settings(ROOT)
    pipeline = prepare(settings, lambda _what, _share: None)
    bank = CoreBanking()
    runner = await serve(bank)
    wanted = [s for s in scripts(ROOT / "benchmarks" / "customers") if s.name.endswith("(1/3)")]
    found: list[tuple[str, int, list[str]]] = []
    with tempfile.TemporaryDirectory() as folder:
        apart = settings.model_copy(update={"database_url": f"sqlite:///{folder}/packets.db", "bus_url": ""})
        server = await open_server(apart, pipeline)
        try:
            for number, script in enumerate(wanted):
                if len(found) == count:
                    break
                bank.state.reset()
                result = await one(server, script, number)
                if result is not None:
                    found.append((script.name, *result))
        finally:
            await server.service.close()
            await runner.cleanup()
    for name, _, wrong in found:
        if wrong:
            print(f"{name}: {', '.join(wrong)}")
    lost = [w for _, _, wrong in found for w in wrong]
    again = sum(w.startswith("asked again") for w in lost)
    facts = sum(facts for _, facts, _ in found)
    print(f"{len(found)} conversations, {facts} facts, {len(lost) - again} missing, {again} asked again")
    return 1 if lost else 0


def main() -> int:
    """1 if anything is missing."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--customers", type=int, default=100)
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    logging.disable(logging.CRITICAL)
    return asyncio.run(measure(options.customers))


if __name__ == "__main__":
    sys.exit(main())
