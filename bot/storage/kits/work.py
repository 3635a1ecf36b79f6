"""The desk's work: room for one more contact, leases, seats of call-backs, audit, repeated requests."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.conversation.errors import AgentBusy
from bot.conversation.events import Event, OwnershipChanged
from bot.conversation.store import Claim, Head, Person, Store
from bot.conversation.workforce import AgentProfile, AuditRow, Callback
from bot.storage.kits.samples import AT, case_of, commit_of, said

HOUR = 3_600.0


class WorkKit:
    """For implementations of `WorkStore`, and of what a commit claims."""

    async def test_an_agent_is_added_and_changed_in_part(self, store: Store) -> None:
        profile = AgentProfile(team="대출", skills={"loan": 4}, languages=("ko", "en"), chat=5)
        await store.change_agent("u1", {"name": "김서연", "state": "available", "profile": profile})
        await store.change_agent("u1", {"present_until": AT})
        found = await store.agent("u1")
        assert found is not None
        assert (found.name, found.state, found.present_until) == ("김서연", "available", AT)
        assert found.profile == profile
        assert await store.agent("u9") is None
        assert await store.agent("a\0b") is None

    async def test_a_state_is_changed_only_from_the_one_that_was_seen(self, store: Store) -> None:
        await store.change_agent("u1", {"state": "available"})
        assert await store.change_agent("u1", {"state": "away"}, if_state="meal") is None
        assert await store.change_agent("u2", {"state": "away"}, if_state="available") is None
        changed = await store.change_agent("u1", {"state": "away"}, if_state="available")
        assert changed is not None
        assert changed.state == "away"

    async def test_only_agents_whose_lease_runs_are_present(self, store: Store) -> None:
        for number in (1, 2, 3):
            await store.change_agent(f"u{number}", {"present_until": AT + number})
        assert [a.user_id for a in await store.agents(present_at=AT + 1)] == ["u2", "u3"]
        assert len(await store.agents()) == 3

    async def test_room_is_taken_once_however_many_want_it(self, store: Store) -> None:
        await present(store, "u1")
        results = await asyncio.gather(
            *(offer(store, f"h{n}", "u1", chat=3) for n in range(8)), return_exceptions=True
        )
        assert sum(result is None for result in results) == 3
        assert all(result is None or isinstance(result, AgentBusy) for result in results)
        assert await store.loads() == {"u1": {"chat": 3}}

    async def test_a_call_takes_the_whole_of_an_agent(self, store: Store) -> None:
        await present(store, "u1")
        await offer(store, "h1", "u1", channel="voice")
        for channel in ("voice", "web"):
            with pytest.raises(AgentBusy):
                await offer(store, f"h-{channel}", "u1", channel=channel)

    async def test_nobody_is_offered_anything_who_is_away_or_gone(self, store: Store) -> None:
        with pytest.raises(AgentBusy):
            await offer(store, "h1", "nobody")
        await present(store, "u1", state="meal")
        with pytest.raises(AgentBusy):
            await offer(store, "h1", "u1")
        await present(store, "u1", present_until=AT)
        with pytest.raises(AgentBusy):
            await offer(store, "h1", "u1")
        assert await store.events("c-h1") == []

    async def test_who_picks_needs_room_but_no_state(self, store: Store) -> None:
        await present(store, "u1", state="away", present_until=0.0)
        results = await asyncio.gather(
            *(offer(store, f"h{n}", "u1", picked=True) for n in range(6)), return_exceptions=True
        )
        assert results.count(None) == 3
        assert sum(isinstance(result, AgentBusy) for result in results) == 3
        assert await store.loads() == {"u1": {"chat": 3}}

    async def test_places_are_counted_within_a_queue(self, store: Store) -> None:
        for case_id, queue, waiting in (("h1", "", 1), ("h2", "loan", 2), ("h3", "loan", 3)):
            case = case_of(case_id, f"c-{case_id}", queue=queue, waiting_since=AT + waiting)
            await store.commit(commit_of(case.conversation_id, [said()], case=case))
        assert [await store.position(case_id) for case_id in ("h1", "h2", "h3")] == [1, 1, 2]
        assert [case.id for case in await store.waiting_cases()] == ["h1", "h2", "h3"]

    async def test_a_head_start_is_finite(self, store: Store) -> None:
        for case_id, waiting, start in (("old", 0, None), ("vip", 200, 300.0), ("late", 400, 300.0)):
            case = case_of(case_id, f"c-{case_id}", waiting_since=AT + waiting, head_start=start)
            await store.commit(commit_of(case.conversation_id, [said()], case=case))
        assert [case.id for case in await store.waiting_cases()] == ["vip", "old", "late"]

    async def test_a_lease_has_one_holder_until_it_runs_out(self, store: Store) -> None:
        assert await store.hold("dispatch", "a", now=AT, seconds=2)
        assert not await store.hold("dispatch", "b", now=AT + 1, seconds=2)
        assert await store.hold("dispatch", "a", now=AT + 1, seconds=2)
        assert await store.hold("dispatch", "b", now=AT + 3, seconds=2)
        await store.let_go("dispatch", "a")
        assert not await store.hold("dispatch", "a", now=AT + 4, seconds=2)
        await store.let_go("dispatch", "b")
        assert await store.hold("dispatch", "a", now=AT + 4, seconds=2)

    async def test_a_new_lease_is_given_to_one(self, store: Store) -> None:
        held = await asyncio.gather(*(store.hold("x", f"w{n}", now=AT, seconds=5) for n in range(6)))
        assert sum(held) == 1

    async def test_a_slot_has_so_many_seats_and_an_ended_one_is_free_again(self, store: Store) -> None:
        booked = await asyncio.gather(*(store.book(callback_of(f"k{n}"), 3) for n in range(6)))
        kept = [callback for callback in booked if callback is not None]
        assert sorted(callback.seat for callback in kept) == [0, 1, 2]
        assert await store.seats_taken("", AT, AT + HOUR) == {AT: 3}
        await store.change_callback(kept[0].id, {"state": "cancelled"})
        assert await store.seats_taken("", AT, AT + HOUR) == {AT: 2}
        assert await store.book(callback_of("again"), 3) is not None

    async def test_a_moved_call_back_frees_its_seat_and_takes_another(self, store: Store) -> None:
        await store.book(callback_of("k1"), 1)
        assert await store.book(callback_of("k1", slot_at=AT + 1800), 1) is not None
        assert await store.seats_taken("", AT, AT + HOUR) == {AT + 1800: 1}
        assert await store.book(callback_of("k2"), 1) is not None
        assert await store.book(callback_of("k2", slot_at=AT + 1800), 1) is None
        assert await store.seats_taken("", AT, AT + HOUR) == {AT: 1, AT + 1800: 1}

    async def test_a_call_back_without_a_slot_takes_no_seat(self, store: Store) -> None:
        for number in range(3):
            assert await store.book(callback_of(f"k{number}", seat=-1), 1) is not None
        assert await store.seats_taken("", AT, AT + HOUR) == {}

    async def test_a_due_call_back_is_claimed_by_one_worker(self, store: Store) -> None:
        for number in range(4):
            await store.book(callback_of(f"k{number}", due_at=AT + number), 10)
        claimed = await asyncio.gather(*(store.claim_callbacks(now=AT + 2, lease=60) for _ in range(4)))
        assert sorted(found.id for some in claimed for found in some) == ["k0", "k1", "k2"]
        assert await store.claim_callbacks(now=AT + 2, lease=60) == []
        assert len(await store.claim_callbacks(now=AT + 63, lease=60)) == 4

    async def test_call_backs_are_listed_and_changed(self, store: Store) -> None:
        await store.book(callback_of("k2", due_at=AT + 2, conversation_id="d"), 9)
        await store.book(callback_of("k1", due_at=AT + 1), 9)
        assert [c.id for c in await store.callbacks()] == ["k1", "k2"]
        assert [c.id for c in await store.callbacks(("booked",), conversation_id="d")] == ["k2"]
        changed = await store.change_callback("k1", {"state": "due", "attempts": 1, "notes": ("부재중 😢",)})
        assert changed == await store.callback("k1")
        assert changed is not None
        assert changed.notes == ("부재중 😢",)
        assert await store.change_callback("k9", {"attempts": 1}) is None
        assert await store.callback("a\0b") is None

    async def test_the_audit_history_is_read_newest_first(self, store: Store) -> None:
        for number in range(4):
            await store.record(
                AuditRow(
                    at=AT + number,
                    actor_id=f"u{number % 2}",
                    actor_name="김서연",
                    action="accept",
                    case_id=f"h{number}",
                    detail={"n": number, "이유": ["전화", None]},
                )
            )
        rows = await store.audit()
        assert [row.detail["n"] for row in rows] == [3, 2, 1, 0]
        assert [row.detail["n"] for row in await store.audit(actor_id="u1")] == [3, 1]
        assert [row.detail["n"] for row in await store.audit(case_id="h2")] == [2]
        assert [row.detail["n"] for row in await store.audit(before=rows[1].id, limit=1)] == [1]
        assert await store.audit(case_id="a\0b") == []

    async def test_a_repeated_request_gets_the_first_answer(self, store: Store) -> None:
        assert await store.begin_request("u1", "k", "f", now=AT, keep=60) is None
        running = await store.begin_request("u1", "k", "f", now=AT, keep=60)
        assert running is not None
        assert running.status == 0
        await store.finish_request("u1", "k", 200, '{"글":"네"}')
        kept = await store.begin_request("u1", "k", "f", now=AT + 1, keep=60)
        assert kept is not None
        assert (kept.status, kept.body) == (200, '{"글":"네"}')
        assert await store.begin_request("u2", "k", "f", now=AT, keep=60) is None
        assert await store.begin_request("u1", "k", "f", now=AT + 61, keep=60) is None
        await store.finish_request("u1", "k", 0, "")
        assert await store.begin_request("u1", "k", "f", now=AT + 61, keep=60) is None

    async def test_of_requests_at_once_one_is_the_first(self, store: Store) -> None:
        found = await asyncio.gather(
            *(store.begin_request("u1", "k", "f", now=AT, keep=60) for _ in range(6))
        )
        assert sum(answer is None for answer in found) == 1


def callback_of(callback_id: str, **changes: Any) -> Callback:
    """A call-back in a slot at `AT`."""
    fields: dict[str, Any] = {
        "case_id": f"case-{callback_id}",
        "conversation_id": "c",
        "slot_at": AT,
        "slot_end": AT + 1800,
        "due_at": AT,
        "created_at": AT - HOUR,
    }
    return Callback(id=callback_id, **{**fields, **changes})


async def present(store: Store, user_id: str, **changes: Any) -> None:
    """An agent who is there and free."""
    row = {"name": "김서연", "state": "available", "present_until": AT + HOUR, **changes}
    await store.change_agent(user_id, row)


async def offer(
    store: Store,
    case_id: str,
    agent_id: str,
    *,
    channel: str = "web",
    voice: int = 1,
    chat: int = 3,
    picked: bool = False,
) -> None:
    """Offer a new case to an agent, or let them pick it. Raises `AgentBusy`."""
    case = case_of(case_id, f"c-{case_id}", channel=channel, state="offered", offered_to=Person(id=agent_id))
    events: list[Event] = [said(), OwnershipChanged(before="bot", after="queued", timestamp=AT)]
    claim = Claim(
        agent_id=agent_id, case_id=case_id, medium=case.medium, voice=voice, chat=chat, now=AT, picked=picked
    )
    commit = commit_of(
        case.conversation_id,
        events,
        owner=Head(conversation_id=case.conversation_id, owner="offered"),
        case=case,
    )
    await store.commit(commit.model_copy(update={"claim": claim}))
