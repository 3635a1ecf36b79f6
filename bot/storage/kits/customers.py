"""Customers: who stands behind conversations, merging, undoing and forgetting."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.conversation.customers import (
    Customer,
    CustomerChanged,
    CustomerNote,
    Fact,
    Identity,
    Merge,
    OpenCase,
    UnknownCustomer,
)
from bot.conversation.errors import VersionConflict
from bot.conversation.events import AgentUttered, BotUttered, Event, SlotSet, UserUttered
from bot.conversation.store import Case, Store
from bot.conversation.tracker import Tracker
from bot.storage.kits.samples import AGENT, AT, case_of, commit_of, letter, said

PHONE = Identity(kind="phone", value="010-1234-5678", verified=True, source="agent", added_at=AT)


class CustomerKit:
    """Subclasses give the fixture `store`."""

    async def test_a_conversation_has_one_customer_however_many_meet_it(self, store: Store) -> None:
        assert await store.customer_of("c") is None
        met = await asyncio.gather(*(store.meet("c", Customer(id=f"k{n}")) for n in range(6)))
        assert len(set(met)) == 1
        assert await store.customer_of("c") == met[0]
        assert (await store.profile(met[0])).conversations == ("c",)
        assert await store.customer_of("a\0b") is None
        with pytest.raises(UnknownCustomer):
            await store.profile("nobody")
        with pytest.raises(UnknownCustomer):
            await store.profile("a\0b")

    async def test_fields_are_changed_by_compare_and_set(self, store: Store) -> None:
        await met(store, "A")
        changed = await store.change_customer("A", {"name": "김서연", "segment": "vip"}, version=1)
        assert (changed.version, changed.name, changed.segment) == (2, "김서연", "vip")
        with pytest.raises(CustomerChanged):
            await store.change_customer("A", {"name": "이도윤"}, version=1)
        with pytest.raises(UnknownCustomer):
            await store.change_customer("nobody", {"name": "이도윤"}, version=None)
        assert (await store.profile("A")).customer == changed

    async def test_facts_are_seen_with_all_members_and_forgotten_everywhere(self, store: Store) -> None:
        await met(store, "A")
        await met(store, "B")
        fact = Fact(
            name="branch", consent=True, decided_at=AT, value="판교점", remembered_at=AT, expires_at=AT + 100
        )
        await store.put_fact("A", fact)
        await store.put_fact("A", fact.model_copy(update={"value": ["강남역점", 1]}))
        await store.put_fact("B", Fact(name="phone", consent=False, decided_at=AT))
        assert [one.value for one in await store.facts("A")] == [["강남역점", 1]]
        merge = Merge(kept_id="A", gone_id="B", at=AT, actor_id="a1", actor_name="김서연")
        await store.merge(merge, kept_version=1, gone_version=1)
        later = fact.model_copy(update={"value": "판교점", "decided_at": AT + 5})
        await store.put_fact("B", later)
        assert [one.name for one in await store.facts("B")] == ["branch", "phone"]
        assert (await store.facts("A"))[0] == later and later.known(AT + 99) and not later.known(AT + 100)
        assert await store.forget_facts("A", at=AT + 6) == ["branch"]
        assert all(not one.consent and one.value is None for one in await store.facts("B"))
        assert await store.forget_facts("A", at=AT + 7) == [] == await store.facts("nobody")
        with pytest.raises(UnknownCustomer):
            await store.put_fact("nobody", fact)

    async def test_facts_end_with_their_time_and_their_customer(self, store: Store) -> None:
        await met(store, "A")
        await store.put_fact(
            "A",
            Fact(name="a", consent=True, decided_at=AT, value=1, remembered_at=AT, expires_at=AT + 100),
        )
        await store.put_fact(
            "A",
            Fact(name="b", consent=True, decided_at=AT, value=2, remembered_at=AT, expires_at=AT + 200),
        )
        assert await store.drop_expired_facts(AT + 100) == 1
        assert [(one.name, one.consent, one.value) for one in await store.facts("A")] == [
            ("a", True, None),
            ("b", True, 2),
        ]
        await store.erase_customer("A", at=AT)
        assert await store.facts("A") == []

    async def test_identities_are_added_once_and_only_agents_take_proof_away(self, store: Store) -> None:
        await met(store, "A")
        heard = PHONE.model_copy(update={"verified": False, "source": "said"})
        assert await store.put_identity("A", heard)
        assert not await store.put_identity("A", heard)
        assert await store.put_identity("A", PHONE)
        assert not await store.put_identity("A", heard)
        assert (await store.profile("A")).identities == (PHONE,)
        assert await store.put_identity("A", PHONE.model_copy(update={"verified": False}))
        assert not (await store.profile("A")).identities[0].verified
        assert await store.remove_identity("A", "phone", PHONE.value)
        assert not await store.remove_identity("A", "phone", PHONE.value)
        with pytest.raises(UnknownCustomer):
            await store.put_identity("nobody", PHONE)

    async def test_merged_customers_are_one_and_undone_ones_two_again(self, store: Store) -> None:
        await met(store, "A", name="김서연")
        await met(store, "B", segment="vip")
        await store.put_identity("B", PHONE)
        note = await store.add_note(note_of("B", "조용한 시간에 전화"))
        done = await merge(store, "A", "B")
        for member in ("A", "B"):
            one = await store.profile(member)
            assert (one.customer.id, one.customer.name, one.customer.segment) == ("A", "김서연", "vip")
            assert (one.members, one.conversations) == (("A", "B"), ("c-A", "c-B"))
            assert (one.identities, one.notes, one.merges) == ((PHONE,), (note,), (done,))
        assert await store.customer_of("c-B") == "A"
        later = await store.add_note(note_of("A", "합친 뒤 메모"))
        await undo(store, done)
        first, second = await store.profile("A"), await store.profile("B")
        assert (first.conversations, first.customer.segment, first.notes) == (("c-A",), "", (later,))
        assert (second.conversations, second.customer.name, second.notes) == (("c-B",), "", (note,))
        assert [one.state for one in (*first.merges, *second.merges)] == ["undone", "undone"]
        assert first.merges[0].ended_by == "한지수"
        assert await store.merge_of(done.id) == first.merges[0]
        assert await store.merge_of(99_999) is None

    async def test_an_undo_gives_back_what_its_merge_brought_in_whatever_came_after(
        self, store: Store
    ) -> None:
        for name in "ABCD":
            await met(store, name)
        first = await merge(store, "A", "B")
        second = await merge(store, "C", "A")
        assert (await store.profile("B")).members == ("C", "A", "B")
        await undo(store, first)
        assert (await store.profile("B")).members == ("B",)
        assert (await store.profile("A")).members == ("C", "A")
        # What was merged below comes along.
        third = await merge(store, "B", "D")
        fourth = await merge(store, "C", "B")
        assert set((await store.profile("A")).conversations) == {"c-A", "c-B", "c-C", "c-D"}
        await undo(store, fourth)
        assert (await store.profile("D")).members == ("B", "D")
        await undo(store, second)
        await undo(store, third)
        assert [(await store.profile(name)).members for name in "ABCD"] == [("A",), ("B",), ("C",), ("D",)]

    async def test_an_undone_merge_is_undone_once_and_may_be_done_again(self, store: Store) -> None:
        await met(store, "A")
        await met(store, "B")
        done = await merge(store, "A", "B")
        with pytest.raises(CustomerChanged):
            await store.undo_merge(done.id, version=1, at=AT, by="한지수")
        await undo(store, done)
        with pytest.raises(CustomerChanged):
            await undo(store, done)
        with pytest.raises(UnknownCustomer):
            await store.undo_merge(99_999, version=1, at=AT, by="한지수")
        again = await merge(store, "B", "A")
        assert (await store.profile("A")).customer.id == "B"
        assert [one.id for one in (await store.profile("A")).merges] == [again.id, done.id]

    async def test_nobody_is_merged_with_themselves_or_below_a_root(self, store: Store) -> None:
        for name in "ABC":
            await met(store, name)
        with pytest.raises(CustomerChanged):
            await merge(store, "A", "A")
        with pytest.raises(UnknownCustomer):
            await store.merge(merge_of("A", "nobody"), kept_version=1, gone_version=1)
        await merge(store, "A", "B")
        with pytest.raises(CustomerChanged):
            await store.merge(merge_of("C", "B"), kept_version=1, gone_version=2)
        assert (await store.profile("C")).members == ("C",)
        with pytest.raises(CustomerChanged):
            await store.change_customer("B", {"name": "x"}, version=None)

    async def test_of_those_who_merge_at_once_one_does(self, store: Store) -> None:
        for name in "ABC":
            await met(store, name)
        pairs = [("A", "B"), ("B", "A"), ("A", "C"), ("C", "A"), ("B", "C"), ("C", "B")]
        results = await asyncio.gather(
            *(store.merge(merge_of(*pair), kept_version=1, gone_version=1) for pair in pairs),
            return_exceptions=True,
        )
        done = [result for result in results if isinstance(result, Merge)]
        assert len(done) == 1
        assert all(isinstance(result, Merge | CustomerChanged) for result in results)
        merged = await store.profile(done[0].gone_id)
        assert merged.members == (done[0].kept_id, done[0].gone_id)
        assert await store.find_customers([]) == sorted({"A", "B", "C"} - {done[0].gone_id})
        seen = merged.customer.version
        undone = await asyncio.gather(
            *(store.undo_merge(done[0].id, version=seen, at=AT, by="x") for _ in range(4)),
            return_exceptions=True,
        )
        assert sum(isinstance(result, Merge) for result in undone) == 1

    async def test_customers_are_found_by_name_and_identity(self, store: Store) -> None:
        await met(store, "A", name="김 서연", created_at=AT)
        await met(store, "B", created_at=AT + 1)
        await store.put_identity("B", PHONE)
        assert await store.find_customers(["김서연"]) == ["A"]
        assert await store.find_customers(["1234567"]) == ["B"]
        assert await store.find_customers(["서연", "1234567"]) == ["B", "A"]
        assert await store.find_customers(["50%_"]) == []
        assert await store.find_customers([], limit=1) == ["B"]
        await merge(store, "A", "B")
        assert await store.find_customers(["1234567"]) == ["A"]

    async def test_equal_proof_is_told_unless_somebody_said_that_they_differ(self, store: Store) -> None:
        for number, name in enumerate("ABCD"):
            await met(store, name, created_at=AT + number)
        for name in "ABC":
            await store.put_identity(name, PHONE)
        await store.put_identity("D", PHONE.model_copy(update={"verified": False}))
        assert await store.same_proof("A") == ["B", "C"]
        assert await store.same_proof("D") == []
        await merge(store, "A", "B", state="refused")
        assert (await store.profile("A")).members == ("A",)
        assert await store.same_proof("A") == ["C"]
        await undo(store, await merge(store, "A", "C"))
        assert await store.same_proof("A") == []
        assert await store.same_proof("C") == ["B"]

    async def test_an_account_is_no_proof_that_two_are_one(self, store: Store) -> None:
        login = Identity(kind="login", value="main:42", verified=True)
        for name in "AB":
            await met(store, name)
            await store.put_identity(name, login)
        assert await store.same_proof("A") == []

    async def test_lines_of_several_conversations_stand_in_one_line(self, store: Store) -> None:
        await store.commit(commit_of("c1", talk("웹", 0.0, 10.0, 20.0)))
        await store.commit(commit_of("c2", talk("카톡", 5.0, 10.0, 30.0)))
        await store.commit(commit_of("c3", talk("남", 1.0)))
        newest = await store.lines_before(["c1", "c2"], None, limit=3)
        assert [(line.conversation_id, line.event.seq) for line in newest] == [
            ("c2", 2),
            ("c1", 3),
            ("c2", 3),
        ]
        older = await store.lines_before(["c1", "c2"], newest[0].place, limit=9)
        assert [(line.conversation_id, line.event.seq) for line in older] == [("c1", 1), ("c2", 1), ("c1", 2)]
        assert await store.lines_before(["c1", "c2"], older[0].place) == []
        since = await store.lines_before(["c1", "c2"], newest[0].place, since=AT + 5.0)
        assert since == older[1:]
        assert await store.line("c1", 2) == older[2]
        assert await store.line("c1", 9) is None
        assert await store.lines_before([], None) == []

    async def test_what_is_no_line_is_left_out(self, store: Store) -> None:
        await store.commit(commit_of("c1", [said(), SlotSet(name="phone", value="010")]))
        assert [line.event.event for line in await store.lines_before(["c1"], None)] == ["user"]
        assert await store.line("c1", 2) is None

    async def test_cases_of_several_conversations_come_oldest_first(self, store: Store) -> None:
        for number in (2, 1):
            case = case_of(f"h{number}", f"c{number}", created_at=AT + number)
            await store.commit(commit_of(f"c{number}", [said()], case=case))
        assert [case.id for case in await store.cases_of(["c1", "c2", "c9"])] == ["h1", "h2"]

    async def test_who_is_forgotten_leaves_times_and_codes_and_no_words(self, store: Store) -> None:
        kept = await with_past(store, "A")
        await with_past(store, "B")
        await merge(store, "A", "B")
        erased = await store.erase_customer("B", at=AT + 99)
        assert erased.members == ("A", "B")
        for name in "AB":
            case = await store.case(f"h-{name}")
            assert case.model_dump_json().count("홍길동") == case.model_dump_json().count("사람 바꿔") == 0
            assert (case.outcome_code, case.agent_name, case.closed_at) == ("solved", "김서연", AT + 9)
            assert [event.event for event in await store.events(f"c-{name}")] == ["restart"]
            assert await store.pending(f"c-{name}") == []
            assert await store.customer_of(f"c-{name}") is None
        with pytest.raises(UnknownCustomer):
            await store.profile("A")
        with pytest.raises(VersionConflict):
            await store.commit(commit_of("c-A", [said(message_id="m9")], after=kept.head.version))

    async def test_an_erased_conversation_goes_on_where_it_was(self, store: Store) -> None:
        await with_past(store, "A")
        await store.erase_customer("A", at=AT + 99)
        stored = await store.load("c-A")
        tracker = Tracker.restore(stored)
        assert (tracker.seq, tracker.owner, tracker.slot("phone")) == (stored.head.version, "bot", None)
        assert tracker.state.latest_message == {}
        await store.commit(commit_of("c-A", [said(message_id="m1")], after=tracker.seq))
        assert [event.event for event in await store.events("c-A", after=tracker.seq)] == ["user"]
        assert Tracker.restore(await store.load("c-A")).seq == tracker.seq + 1
        assert await store.meet("c-A", Customer(id="new")) == "new"

    async def test_nobody_is_forgotten_in_the_middle_of_a_case(self, store: Store) -> None:
        await met(store, "A")
        await store.commit(commit_of("c-A", [said()], case=case_of("h", "c-A", state="agent")))
        with pytest.raises(OpenCase):
            await store.erase_customer("A", at=AT)
        assert len(await store.events("c-A")) == 1
        with pytest.raises(UnknownCustomer):
            await store.erase_customer("nobody", at=AT)


async def met(store: Store, key: str, **fields: Any) -> None:
    """A customer in a conversation of its own."""
    await store.meet(f"c-{key}", Customer(id=key, **{"created_at": AT, **fields}))


def merge_of(kept: str, gone: str, **fields: Any) -> Merge:
    """A merge to be done."""
    return Merge(kept_id=kept, gone_id=gone, at=AT, actor_id="u1", actor_name="김민지", **fields)


async def merge(store: Store, kept: str, gone: str, **fields: Any) -> Merge:
    """Merge two customers as they are now."""
    versions = [(await store.profile(one)).customer.version for one in (kept, gone)]
    return await store.merge(
        merge_of(kept, gone, **fields), kept_version=versions[0], gone_version=versions[1]
    )


async def undo(store: Store, done: Merge) -> None:
    """Undo a merge as things are now."""
    version = (await store.profile(done.kept_id)).customer.version
    await store.undo_merge(done.id, version=version, at=AT + 1, by="한지수")


def note_of(customer_id: str, text: str) -> CustomerNote:
    """A note to be kept."""
    return CustomerNote(customer_id=customer_id, at=AT, actor_id="u1", actor_name="김민지", text=text)


def talk(text: str, *after: float) -> list[Event]:
    """Lines at these seconds."""
    return [
        UserUttered(text=text, message_id=f"m{number}", timestamp=AT + seconds)
        for number, seconds in enumerate(after)
    ]


async def with_past(store: Store, name: str) -> Any:
    """A customer who had a case; the loaded conversation."""
    await met(store, name, name="홍길동")
    case: Case = case_of(
        f"h-{name}",
        f"c-{name}",
        state="closed",
        closed_at=AT + 9,
        outcome_code="solved",
        outcome_note="홍길동 님 카드",
        agent_id="u1",
        agent_name="김서연",
    )
    events: list[Event] = [
        said("홍길동이에요"),
        SlotSet(name="phone", value="010-1234-5678", source="user", said_at=1),
        BotUttered(text="네, 홍길동 님", message_id="b1"),
        AgentUttered(text="확인했어요", message_id="a1", **AGENT),
    ]
    tracker = Tracker(f"c-{name}")
    for number, event in enumerate(events, 1):
        tracker.apply(event.model_copy(update={"seq": number}))
    await store.commit(
        commit_of(
            f"c-{name}",
            events,
            case=case,
            outbox=[letter(f"o-{name}", f"c-{name}")],
            snapshot=tracker.snapshot(),
        )
    )
    return await store.load(f"c-{name}")
