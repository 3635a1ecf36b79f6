"""What a waiting customer is told: the place in the queue, and minutes only where they mean something."""

from __future__ import annotations

import time
from typing import Any

from bot.conversation.store import Case, Commit, Head
from bot.desk.queue import QueueView
from bot.desk.queues import default_book
from bot.storage.memory import MemoryStore


def view(store: Any, agents: int, free: int = 0) -> QueueView:
    """`agents` people who hold one contact each, of whom `free` have nothing to do."""

    async def staff(queue: str) -> tuple[int, int]:
        return agents, free

    return QueueView(store, default_book(), minutes_per_case=6, staff=staff)


async def place(found: QueueView, store: MemoryStore, case_id: str) -> dict[str, Any]:
    told = await found.place(await store.case(case_id))
    return {"position": told["position"], "wait": told["wait"]}


async def put(store: MemoryStore, case_id: str, **rest: Any) -> None:
    now = time.time()
    defaults: dict[str, Any] = {"reason_code": "x", "created_at": now, "waiting_since": now}
    case = Case(id=case_id, conversation_id=case_id, **{**defaults, **rest})
    head = Head(conversation_id=case_id)
    await store.commit(Commit(conversation_id=case_id, expected_version=0, events=[], head=head, case=case))


async def test_nobody_on_duty_gives_no_estimate() -> None:
    store = MemoryStore()
    await put(store, "a")
    assert await place(view(store, 0), store, "a") == {"position": 1, "wait": None}


async def test_estimate_grows_with_the_place_and_shrinks_with_agents() -> None:
    store = MemoryStore()
    for number in range(3):
        await put(store, f"c{number}", waiting_since=100.0 + number)
    first = await place(view(store, 1), store, "c0")
    third = await place(view(store, 1), store, "c2")
    helped = await place(view(store, 3), store, "c2")
    assert (first["position"], third["position"]) == (1, 3)
    assert first["wait"]["min"] < 6 < first["wait"]["max"]
    assert third["wait"]["min"] < 18 < third["wait"]["max"]
    assert helped["wait"]["max"] < third["wait"]["max"]


async def test_whoever_can_be_taken_at_once_is_told_so() -> None:
    store = MemoryStore()
    await put(store, "a", waiting_since=100.0)
    await put(store, "b", waiting_since=200.0)
    assert (await place(view(store, 3, free=1), store, "a"))["wait"] == {"min": 0, "max": 2}
    assert (await place(view(store, 3, free=1), store, "b"))["wait"]["max"] > 2


async def test_urgent_cases_are_served_first() -> None:
    store = MemoryStore()
    await put(store, "first", waiting_since=100.0)
    await put(store, "urgent", waiting_since=200.0, urgency="urgent")
    assert (await place(view(store, 1), store, "first"))["position"] == 2
    assert (await place(view(store, 1), store, "urgent"))["position"] == 1


async def test_measured_length_replaces_the_guess_after_five_contacts() -> None:
    store = MemoryStore()
    await put(store, "waiting")
    guessed = await place(view(store, 1), store, "waiting")
    for number in range(5):
        await put(store, f"done{number}", state="closed", accepted_at=1_000.0, closed_at=1_000.0 + 1_200)
    measured = await place(view(store, 1), store, "waiting")
    assert measured["wait"]["min"] < 20 < measured["wait"]["max"]
    assert measured["wait"]["min"] > guessed["wait"]["min"]


async def test_ranges_grow_where_promises_did_not_hold() -> None:
    store = MemoryStore()
    await put(store, "waiting")
    for number in range(20):
        lasted = {"accepted_at": 10_000.0, "closed_at": 10_360.0 + number * 10, "waiting_since": 1_000.0}
        await put(store, f"kept{number}", state="closed", promised=(100, 200), **lasted)
    honest = await place(view(store, 1), store, "waiting")
    for number in range(20):
        lasted = {"accepted_at": 10_000.0, "closed_at": 10_360.0 + number * 10, "waiting_since": 1_000.0}
        await put(store, f"kept{number}", state="closed", promised=(1, 5), **lasted)
    widened = await place(view(store, 1), store, "waiting")
    assert widened["wait"]["max"] > honest["wait"]["max"]


async def test_a_waiting_customer_has_choices(desk: Any) -> None:
    await desk.customer_says("상담원 바꿔 주세요")
    tracker = await desk.server.service.conversations.tracker("c1")
    codes = [choice["code"] for choice in (await desk.server.queue(tracker))["queue"]["choices"]]
    assert codes == ["bot", "message", "callback", "stop"]


async def test_customer_is_told_when_an_agent_comes_on_duty(desk: Any) -> None:
    await desk.customer_says("상담원 바꿔 주세요")
    tracker = await desk.server.service.conversations.tracker("c1")
    assert (await desk.server.queue(tracker))["queue"]["wait"] is None
    issued, _ = desk.server.tokens.issue("c1")
    customer = await desk.socket("/", issued)
    await desk.sign_in()
    states: list[Any] = []
    for _ in range(60):
        states = [data for event, data in customer.heard if event == "state"]
        if states and states[-1]["queue"] and states[-1]["queue"]["wait"]:
            break
        await customer.sleep(0.05)
    assert states[-1]["queue"]["position"] == 1
    assert states[-1]["hours"]["open"] is True
