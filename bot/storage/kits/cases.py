"""Cases: listed newest first, served most urgent first."""

from __future__ import annotations

from typing import Any

import pytest

from bot.conversation.errors import UnknownCase
from bot.conversation.events import AgentUttered, Event, MessageTranslated, SurveyAnswered
from bot.conversation.store import Case, Store
from bot.storage.kits.samples import AT, case_of, commit_of, said


class CaseKit:
    """For implementations of `CaseStore`."""

    async def test_a_case_comes_back_as_it_was(self, store: Store) -> None:
        case = await put(store, "h1", goal="이체 한도 변경", outcome_note="NUL \0 도 그대로 😀")
        assert await store.case("h1") == case

    @pytest.mark.parametrize("unknown", ["h9", "", "a\0b"])
    async def test_an_unknown_case_is_told_as_such(self, store: Store, unknown: str) -> None:
        with pytest.raises(UnknownCase):
            await store.case(unknown)
        assert await store.position(unknown) is None

    async def test_a_case_is_replaced_whole(self, store: Store) -> None:
        await put(store, "h1", unread=3)
        changed = case_of("h1", "c-h1", state="agent", version=2, agent_id="u1", agent_name="김서연")
        await store.commit(commit_of("c-h1", [said(message_id="m2")], after=1, case=changed))
        assert await store.case("h1") == changed
        assert await store.cases() == [changed]
        assert await store.position("h1") is None

    async def test_cases_are_listed_newest_first(self, store: Store) -> None:
        for number in (2, 3, 1):
            await put(store, f"h{number}", created_at=AT + number)
        assert ids(await store.cases()) == ["h3", "h2", "h1"]
        assert ids(await store.cases(limit=2)) == ["h3", "h2"]
        assert ids(await store.cases(before=(AT + 2, "h2"))) == ["h1"]

    async def test_pages_leave_out_and_repeat_none_of_those_that_came_at_once(self, store: Store) -> None:
        for number in range(5):
            await put(store, f"h{number}")
        listed, page = [], await store.cases(limit=2)
        while page:
            listed += ids(page)
            page = await store.cases(limit=2, before=(page[-1].created_at, page[-1].id))
        assert listed == ["h4", "h3", "h2", "h1", "h0"]
        listed, page = [], await store.waiting_cases(2)
        while page:
            listed += ids(page)
            page = await store.waiting_cases(2, after=(page[-1].serve_at, page[-1].id))
        assert listed == ["h0", "h1", "h2", "h3", "h4"]

    async def test_cases_are_chosen_by_state_and_agent(self, store: Store) -> None:
        await put(store, "h1", created_at=AT + 1)
        await put(store, "h2", created_at=AT + 2, state="agent", agent_id="u1")
        await put(store, "h3", created_at=AT + 3, state="agent", agent_id="u2")
        await put(store, "h4", created_at=AT + 4, state="closed", agent_id="u1")
        assert ids(await store.cases(["queued", "offered"])) == ["h1"]
        assert ids(await store.cases(["agent", "closed"])) == ["h4", "h3", "h2"]
        assert ids(await store.cases(["agent"], agent_id="u1")) == ["h2"]
        assert ids(await store.cases(agent_id="u1")) == ["h4", "h2"]
        assert await store.cases(agent_id="u9") == []

    async def test_the_next_one_is_the_most_urgent_then_the_longest_waiting(self, store: Store) -> None:
        await put(store, "h1", waiting_since=AT + 1)
        await put(store, "h2", waiting_since=AT + 2, urgency="high")
        await put(store, "h3", waiting_since=AT + 3, urgency="urgent")
        await put(store, "h4", waiting_since=AT, state="offered")
        await put(store, "h5", waiting_since=AT, state="agent", urgency="urgent")
        places = {case_id: await store.position(case_id) for case_id in ("h1", "h2", "h3", "h4", "h5")}
        assert places == {"h3": 1, "h2": 2, "h4": 3, "h1": 4, "h5": None}

    async def test_cases_that_came_together_have_different_places(self, store: Store) -> None:
        for number in range(5):
            await put(store, f"h{number}")
        assert [await store.position(f"h{number}") for number in range(5)] == [1, 2, 3, 4, 5]

    async def test_past_cases_of_a_conversation_are_told_oldest_first(self, store: Store) -> None:
        for number, after in ((2, 0), (1, 1), (3, 2)):
            case = case_of(f"h{number}", "c", created_at=AT + number, state="closed")
            await store.commit(commit_of("c", [said(message_id=f"m{after}")], after=after, case=case))
        await put(store, "h9")
        assert ids(await store.past_cases("c")) == ["h1", "h2", "h3"]
        assert await store.past_cases("없는-대화") == []
        assert await store.past_cases("a\0b") == []

    async def test_words_are_found_whatever_their_spacing(self, store: Store) -> None:
        said_last = said('분실 카드는 "정지"했나요? OK', message_id="m2").model_copy(
            update={"timestamp": AT + 9}
        )
        await store.commit(commit_of("c", [said("카드 분실 신고요"), said_last], case=case_of("h1", "c")))
        await store.commit(commit_of("botonly", [said("카드 분실 신고요")]))

        async def found(*terms: str, **rest: Any) -> list[tuple[str, int]]:
            return [(key, event.seq) for key, event in await store.find_lines(terms, **rest)]

        assert await found("카드분실") == [("c", 1)]
        assert await found("카드", "분실") == [("c", 2), ("c", 1)]
        assert await found("카드", limit=1) == [("c", 2)]
        assert await found("카드", before=(AT + 9, "c", 2)) == [("c", 1)]
        assert await found('"정지"했') == [("c", 2)]
        assert await found("ok") == [("c", 2)]
        for nothing in ("user", "message_id", "%", "_", "없는말", "a\0b"):
            assert await found(nothing) == []
        assert await found() == []

    async def test_pages_of_a_search_hold_what_was_said_in_one_moment_once(self, store: Store) -> None:
        for number in range(4):
            lines: list[Event] = [said(f"카드 {n}", message_id=f"m{n}") for n in range(3)]
            await store.commit(commit_of(f"c{number}", lines, case=case_of(f"h{number}", f"c{number}")))
        found: list[tuple[str, int]] = []
        before: tuple[float, str, int] | None = None
        while page := await store.find_lines(["카드"], limit=5, before=before):
            found += [(key, event.seq) for key, event in page]
            before = page[-1][1].timestamp, page[-1][0], page[-1][1].seq
        assert len(found) == len(set(found)) == 12
        assert found == [(key, event.seq) for key, event in await store.find_lines(["카드"], limit=50)]

    async def test_pages_of_a_search_go_on_behind_many_rows_that_only_look_alike(self, store: Store) -> None:
        await store.commit(commit_of("c", [said("맞는 말 metadata")], case=case_of("h", "c")))
        for start in range(0, 1_200, 300):
            lines: list[Event] = [said("다른 말", message_id=f"d{start + n}") for n in range(300)]
            await store.commit(commit_of("c", lines, after=1 + start))
        hits = await store.find_lines(["metadata"])
        assert [(key, event.seq) for key, event in hits] == [("c", 1)]

    async def test_surveys_are_listed_newest_first_without_a_case_too(self, store: Store) -> None:
        for number in range(4):
            judged: list[Event] = [
                said(),
                SurveyAnswered(case_id="", about="bot", score=number + 1, timestamp=AT + number // 2),
            ]
            await store.commit(commit_of(f"c{number}", judged))
        first = await store.surveys(limit=3)
        assert [key for key, _ in first] == ["c3", "c2", "c1"]
        key, event = first[-1]
        rest = await store.surveys(before=(event.timestamp, key, event.seq))
        assert [(key, getattr(event, "score", None)) for key, event in rest] == [("c0", 1)]

    async def test_a_message_is_found_by_its_translation_and_by_what_the_agent_wrote(
        self, store: Store
    ) -> None:
        events: list[Event] = [
            said("My card is gone"),
            MessageTranslated(message_id="m1", language="en", text="카드를 잃어버렸어요"),
            AgentUttered(
                text="I blocked it.",
                original="정지했어요",
                message_id="a1",
                agent_id="u1",
                agent_name="김서연",
            ),
        ]
        await store.commit(commit_of("c", events, case=case_of("h", "c")))
        for term, seq in (("mycard", 1), ("잃어버렸", 2), ("blocked", 3), ("정지했", 3)):
            assert [event.seq for _, event in await store.find_lines([term])] == [seq]


async def put(store: Store, case_id: str, **changes: Any) -> Case:
    """A case in a conversation of its own."""
    case = case_of(case_id, f"c-{case_id}", **changes)
    await store.commit(commit_of(case.conversation_id, [said()], case=case))
    return case


def ids(cases: list[Case]) -> list[str]:
    """Their ids, in order."""
    return [case.id for case in cases]
