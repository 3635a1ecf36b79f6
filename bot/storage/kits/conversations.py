"""Conversations: what is committed comes back as it was, once, in order, or not at all."""

from __future__ import annotations

import asyncio
from typing import get_args

import pytest

from bot.conversation.errors import BadMessage, DuplicateMessage, VersionConflict
from bot.conversation.events import Event
from bot.conversation.store import Head, Store
from bot.storage.kits.samples import case_of, commit_of, letter, one_of_each, said
from bot.storage.records import MAX_ID


class ConversationKit:
    """For implementations of `ConversationStore`."""

    async def test_every_kind_of_event_comes_back_as_it_was(self, store: Store) -> None:
        commit = commit_of("대화-1", one_of_each())
        assert {type(event) for event in commit.events} == set(get_args(get_args(Event)[0]))
        await store.commit(commit)
        loaded = await store.load("대화-1")
        assert loaded.events == commit.events
        assert loaded.head == commit.head
        assert await store.events("대화-1") == commit.events

    async def test_an_unknown_conversation_is_empty(self, store: Store) -> None:
        loaded = await store.load("없는-대화")
        assert (loaded.head.version, loaded.head.owner, loaded.events) == (0, "bot", [])
        assert (loaded.case, loaded.snapshot, loaded.snapshot_version) == (None, None, 0)
        assert await store.head("없는-대화") is None
        assert await store.events("없는-대화") == []
        assert await store.find_message("없는-대화", "m1") is None

    async def test_conversations_that_changed_come_newest_first(self, store: Store) -> None:
        for number in range(3):
            await store.commit(commit_of(f"c{number}", [said()]))
        assert await store.changed_since(0) == ["c2", "c1", "c0"]
        assert await store.changed_since(0, limit=2) == ["c2", "c1"]
        assert await store.changed_since(4e9) == []

    @pytest.mark.parametrize("bad", ["a\0b", "\ud800", "가" * (MAX_ID + 1)])
    async def test_an_id_that_no_engine_takes_is_unknown_and_refused(self, store: Store, bad: str) -> None:
        assert (await store.load(bad)).events == []
        assert await store.head(bad) is None
        assert await store.events(bad) == []
        assert await store.find_message("c", bad) is None
        with pytest.raises(BadMessage):
            await store.commit(commit_of(bad, [said()]))
        with pytest.raises(BadMessage):
            await store.commit(commit_of("c", [said().model_copy(update={"message_id": bad})]))
        assert await store.head("c") is None

    async def test_the_longest_ids_are_taken(self, store: Store) -> None:
        conversation_id, message_id = "😀" * MAX_ID, "힣" * MAX_ID
        await store.commit(commit_of(conversation_id, [said(message_id=message_id)]))
        assert await store.find_message(conversation_id, message_id) == 1

    @pytest.mark.parametrize(
        "text",
        [
            "ㅋㅋㅋ 감사합니당~ 뷁",
            "\u1100\u1161\u1112\u1161\u11ab",  # decomposed Hangul isn't composed on the way
            "👩‍👩‍👧‍👦 🇰🇷 \u200b\u200f\u2028\ufeff",
            "아래 NUL \0 위 \x01\x7f",
            "'; DROP TABLE events; -- \\ \" %s :key ?",
            "길" * 100_000,
        ],
        ids=["hangul", "jamo", "emoji", "nul", "quotes", "long"],
    )
    async def test_text_is_kept_to_the_character(self, store: Store, text: str) -> None:
        await store.commit(commit_of("c", [said(text).model_copy(update={"metadata": {"x": text}})]))
        (event,) = (await store.load("c")).events
        assert event.event == "user"
        assert (event.text, event.metadata) == (text, {"x": text})

    async def test_text_that_is_no_unicode_is_refused_whole(self, store: Store) -> None:
        broken = said().model_copy(update={"metadata": {"x": "\ud800"}})
        with pytest.raises(BadMessage) as refused:
            await store.commit(commit_of("c", [said("앞", "m0"), broken], outbox=[letter("o1", "c")]))
        assert refused.value.code == "unstorable_text"
        assert await store.head("c") is None

    async def test_a_stale_version_is_refused_and_changes_nothing(self, store: Store) -> None:
        await store.commit(commit_of("c", [said("하나", "m1")]))
        late = commit_of(
            "c",
            [said("둘", "m2")],
            case=case_of("h1", "c"),
            outbox=[letter("o1", "c")],
            snapshot={"state": 1},
        )
        ahead = commit_of("c", [said("셋", "m3")], after=7)
        for commit in (late, ahead):
            with pytest.raises(VersionConflict):
                await store.commit(commit)
        loaded = await store.load("c")
        assert [event.seq for event in loaded.events] == [1]
        assert loaded.snapshot is None
        assert await store.past_cases("c") == []
        assert await store.pending("c") == []

    async def test_a_conversation_begins_at_nothing(self, store: Store) -> None:
        with pytest.raises(VersionConflict):
            await store.commit(commit_of("c", [said()], after=3))
        assert await store.head("c") is None

    @pytest.mark.parametrize("after", [2, 0], ids=["at the newest version", "late"])
    async def test_a_message_id_is_taken_once_and_says_where(self, store: Store, after: int) -> None:
        await store.commit(commit_of("c", [said("처음", "m0"), said("네", "m1")]))
        with pytest.raises(DuplicateMessage) as duplicate:
            await store.commit(commit_of("c", [said("다른 말", "m9"), said("네", "m1")], after=after))
        assert (duplicate.value.message_id, duplicate.value.seq) == ("m1", 2)
        assert (await store.load("c")).head.version == 2
        assert await store.find_message("c", "m9") is None

    async def test_a_message_id_twice_in_one_commit_is_refused(self, store: Store) -> None:
        with pytest.raises(DuplicateMessage) as duplicate:
            await store.commit(commit_of("c", [said("네", "m1"), said("네", "m1")]))
        assert duplicate.value.seq == 1
        assert await store.head("c") is None

    async def test_message_ids_are_of_their_conversation(self, store: Store) -> None:
        await store.commit(commit_of("c", [said("네", "m1")]))
        await store.commit(commit_of("d", [said("앞", "m0"), said("네", "m1")]))
        assert await store.find_message("c", "m1") == 1
        assert await store.find_message("d", "m1") == 2
        assert await store.find_message("d", "M1") is None

    async def test_a_commit_that_contradicts_itself_is_a_mistake(self, store: Store) -> None:
        good = commit_of("c", [said()])
        for change in (
            {"head": good.head.model_copy(update={"version": 5})},
            {"head": good.head.model_copy(update={"conversation_id": "d"})},
            {"events": [said().model_copy(update={"seq": 2})]},
        ):
            with pytest.raises(ValueError, match=r"head|events"):
                await store.commit(good.model_copy(update=change))
        assert await store.head("c") is None

    async def test_events_are_paged_by_seq(self, store: Store) -> None:
        await store.commit(commit_of("c", [said(f"{n}번", f"m{n}") for n in range(1, 31)]))
        page = await store.events("c", after=10, limit=5)
        assert [event.seq for event in page] == [11, 12, 13, 14, 15]
        assert [event.seq for event in await store.events("c", after=28)] == [29, 30]
        assert await store.events("c", after=30) == []
        assert len(await store.events("c", limit=1)) == 1

    async def test_a_snapshot_stands_for_the_events_before_it(self, store: Store) -> None:
        first, second = (
            {"state": {"slots": {"이름": "홍길동 😀\0"}}, "recent": [1, None]},
            {"state": {"n": 2}},
        )
        await store.commit(commit_of("c", [said("1", "m1")]))
        await store.commit(commit_of("c", [said("2", "m2")], after=1, snapshot=first))
        await store.commit(commit_of("c", [said("3", "m3")], after=2))
        loaded = await store.load("c")
        assert (loaded.snapshot, loaded.snapshot_version) == (first, 2)
        assert [event.seq for event in loaded.events] == [3]
        await store.commit(commit_of("c", [said("4", "m4")], after=3, snapshot=second))
        loaded = await store.load("c")
        assert (loaded.snapshot, loaded.snapshot_version, loaded.events) == (second, 4, [])
        assert len(await store.events("c")) == 4

    async def test_the_row_says_who_owns_it(self, store: Store) -> None:
        case = case_of("h1", "c", state="agent", agent_id="u1", agent_name="김서연")
        owner = Head(conversation_id="c", owner="agent", agent_id="u1", case_id="h1")
        await store.commit(commit_of("c", [said()], owner=owner, case=case))
        head = await store.head("c")
        assert head == owner.model_copy(update={"version": 1})
        assert (await store.load("c")).case == case
        await store.commit(commit_of("c", [said(message_id="m2")], after=1))
        loaded = await store.load("c")
        assert (loaded.head.owner, loaded.head.agent_id, loaded.case) == ("bot", None, None)

    async def test_a_commit_without_events_changes_the_case_only(self, store: Store) -> None:
        await store.commit(commit_of("c", [], case=case_of("h1", "c", unread=2)))
        await store.commit(commit_of("c", [], case=case_of("h1", "c", unread=0)))
        assert (await store.case("h1")).unread == 0
        await store.commit(commit_of("c", [said()]))
        assert (await store.load("c")).head.version == 1

    async def test_what_is_loaded_is_the_caller_s_own(self, store: Store) -> None:
        await store.commit(commit_of("c", [said()], snapshot={"state": {"slots": {}}}))
        for loaded in (await store.load("c"), await store.load("c")):
            assert loaded.snapshot == {"state": {"slots": {}}}
            loaded.snapshot["state"]["slots"]["x"] = 1
        (event,) = await store.events("c")
        event.metadata["x"] = 1
        assert (await store.events("c"))[0].metadata == {}

    async def test_fifty_writers_lose_nothing(self, store: Store) -> None:
        conflicts = await asyncio.gather(*(_write_until_taken(store, "c", n) for n in range(50)))
        events = await store.events("c")
        assert [event.seq for event in events] == list(range(1, 101))
        taken = [event.text for event in events if event.event == "user"]
        assert sorted(taken) == sorted(f"{n}-{part}" for n in range(50) for part in "ab")
        # Each commit stands together: nobody else's message got in between.
        assert all(a[:-1] == b[:-1] for a, b in zip(taken[::2], taken[1::2], strict=True))
        assert (await store.load("c")).head.version == 100
        assert sum(conflicts) >= 0

    async def test_of_fifty_for_one_version_exactly_one_wins(self, store: Store) -> None:
        await store.commit(commit_of("c", [said()]))
        outcomes = await asyncio.gather(
            *(store.commit(commit_of("c", [said(f"{n}", f"x{n}")], after=1)) for n in range(50)),
            return_exceptions=True,
        )
        assert outcomes.count(None) == 1
        assert sum(isinstance(outcome, VersionConflict) for outcome in outcomes) == 49
        winner = outcomes.index(None)
        assert await store.find_message("c", f"x{winner}") == 2

    async def test_of_fifty_first_messages_exactly_one_opens_the_conversation(self, store: Store) -> None:
        outcomes = await asyncio.gather(
            *(store.commit(commit_of("새 대화", [said(f"{n}", f"x{n}")])) for n in range(50)),
            return_exceptions=True,
        )
        assert outcomes.count(None) == 1
        assert sum(isinstance(outcome, VersionConflict) for outcome in outcomes) == 49

    async def test_one_message_sent_fifty_times_is_there_once(self, store: Store) -> None:
        outcomes = await asyncio.gather(
            *(store.commit(commit_of("c", [said("네", "m1")])) for _ in range(50)), return_exceptions=True
        )
        assert outcomes.count(None) == 1
        assert {outcome.seq for outcome in outcomes if isinstance(outcome, DuplicateMessage)} == {1}
        assert sum(isinstance(outcome, DuplicateMessage) for outcome in outcomes) == 49


async def _write_until_taken(store: Store, conversation_id: str, number: int) -> int:
    """Two messages in one commit, tried again on the newest version; how often it conflicted."""
    conflicts = 0
    while True:
        head = await store.head(conversation_id)
        events: list[Event] = [said(f"{number}-{part}", f"{number}-{part}") for part in "ab"]
        try:
            await store.commit(commit_of(conversation_id, events, after=head.version if head else 0))
            return conflicts
        except VersionConflict:
            conflicts += 1
