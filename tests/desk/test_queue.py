"""What a waiting customer is told: the place in the queue, and minutes only where they mean something."""

from __future__ import annotations

import time
from typing import Any

from bot.conversation.store import Case, Commit, Head
from bot.desk.queue import QueueView
from bot.storage.memory import MemoryStore


def view(store: Any, agents: int) -> QueueView:
    return QueueView(store, minutes_per_case=6, agents=lambda: agents)


async def put(store: MemoryStore, case_id: str, **rest: Any) -> None:
    now = time.time()
    defaults: dict[str, Any] = {"reason_code": "x", "created_at": now, "waiting_since": now}
    case = Case(id=case_id, conversation_id=case_id, **{**defaults, **rest})
    head = Head(conversation_id=case_id)
    await store.commit(Commit(conversation_id=case_id, expected_version=0, events=[], head=head, case=case))


async def test_nobody_on_duty_gives_no_estimate() -> None:
    store = MemoryStore()
    await put(store, "a")
    assert await view(store, 0).place("a") == {"position": 1, "wait": None}


async def test_estimate_grows_with_the_place_and_shrinks_with_agents() -> None:
    store = MemoryStore()
    for number in range(3):
        await put(store, f"c{number}", waiting_since=100.0 + number)
    alone, three = view(store, 1), view(store, 3)
    assert await alone.place("c0") == {"position": 1, "wait": {"min": 3, "max": 10}}
    assert await alone.place("c2") == {"position": 3, "wait": {"min": 10, "max": 29}}
    assert await three.place("c2") == {"position": 3, "wait": {"min": 3, "max": 10}}


async def test_urgent_cases_are_served_first() -> None:
    store = MemoryStore()
    await put(store, "first", waiting_since=100.0)
    await put(store, "urgent", waiting_since=200.0, urgency="urgent")
    assert (await view(store, 1).place("first"))["position"] == 2
    assert (await view(store, 1).place("urgent"))["position"] == 1


async def test_measured_length_replaces_the_guess_after_five_contacts() -> None:
    store = MemoryStore()
    for number in range(5):
        await put(store, f"done{number}", state="closed", accepted_at=1_000.0, closed_at=1_000.0 + 1_200)
    await put(store, "waiting")
    assert (await view(store, 1).place("waiting"))["wait"] == {"min": 12, "max": 32}


async def test_customer_is_told_when_an_agent_comes_on_duty(desk: Any) -> None:
    await desk.customer_says("상담원 바꿔 주세요")
    tracker = await desk.server.service.conversations.tracker("c1")
    assert (await desk.server.queue(tracker))["queue"] == {"position": 1, "wait": None}
    issued, _ = desk.server.tokens.issue("c1")
    customer = await desk.socket("/", issued)
    token = await desk.sign_in()
    await desk.socket("/desk", token)
    for _ in range(40):
        states = [data for event, data in customer.heard if event == "state"]
        if states and states[-1]["queue"]["wait"]:
            break
        await customer.sleep(0.05)
    assert states[-1]["queue"] == {"position": 1, "wait": {"min": 3, "max": 10}}
