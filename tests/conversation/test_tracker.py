"""The tracker is a fold: from the log, or from a snapshot and the rest of the log, it is the same and of bounded size."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from bot.conversation.draft import SNAPSHOT_EVERY
from bot.conversation.engine import Engine
from bot.conversation.events import VERSION, load_event, load_event_json
from bot.conversation.messages import UserMessage
from bot.conversation.store import StoredConversation
from bot.conversation.tracker import MOODS, RECENT, Tracker, session_expired

SENTENCES = (
    "카드를 잃어버렸어요",
    "010-1234-5678이요",
    "수수료가 얼마예요?",
    "아니 체크카드요",
    "짜증나네 진짜",
    "네",
    "그만할래요",
)


async def long_conversation(engine: Engine, turns: int) -> list[Any]:
    for turn in range(turns):
        text = SENTENCES[turn % len(SENTENCES)]
        await engine.handle(UserMessage(conversation_id="c1", text=text, channel="rest"))
    return await engine.conversations.store.events("c1", limit=10_000)


async def test_events_survive_json(engine: Engine) -> None:
    for event in await long_conversation(engine, 14):
        assert load_event(event.model_dump()) == event == load_event_json(event.model_dump_json())


def test_an_unknown_event_is_refused_never_passed_over() -> None:
    with pytest.raises(ValidationError):
        load_event({"event": "telepathy", "text": "…"})
    with pytest.raises(ValidationError):
        load_event({"event": "user", "text": "a", "message_id": "1", "secret": True})
    assert VERSION == 1


@pytest.mark.parametrize("at", [1, 7, 50, 133])
async def test_a_snapshot_and_the_rest_give_the_same_as_the_whole_log(engine: Engine, at: int) -> None:
    events = await long_conversation(engine, 40)
    whole, half = Tracker("c1"), Tracker("c1")
    for event in events:
        whole.apply(event)
    for event in events[:at]:
        half.apply(event)
    stored = await engine.conversations.store.load("c1")
    snapshot = json.loads(json.dumps(half.snapshot()))
    restored = Tracker.restore(
        StoredConversation(head=stored.head, snapshot=snapshot, snapshot_version=at, events=events[at:])
    )
    assert restored.state == whole.state
    assert list(restored.recent) == list(whole.recent)


async def test_it_stays_small_and_loads_little_however_long_the_conversation(engine: Engine) -> None:
    await long_conversation(engine, 150)
    stored = await engine.conversations.store.load("c1")
    assert stored.snapshot is not None and len(stored.events) < SNAPSHOT_EVERY * 2
    tracker = Tracker.restore(stored)
    assert len(tracker.recent) <= RECENT and len(tracker.state.moods) <= MOODS
    assert len(json.dumps(tracker.snapshot(), ensure_ascii=False)) < 60_000


async def test_a_session_expires_by_the_customers_last_message(engine: Engine) -> None:
    assert session_expired(Tracker("new"), 60) is False
    await long_conversation(engine, 1)
    tracker = await engine.conversations.tracker("c1")
    last = tracker.state.latest_user_at or 0.0
    assert session_expired(tracker, 60, last + 3_599) is False
    assert session_expired(tracker, 60, last + 3_601) is True
    assert session_expired(tracker, 0, last + 1e9) is False, "0 never expires"


async def test_after_the_session_nothing_of_a_half_done_flow_is_left_in_the_slots(engine: Engine) -> None:
    await long_conversation(engine, 2)
    before = await engine.conversations.tracker("c1")
    assert before.stack and before.slot("phone")
    late = (before.state.latest_user_at or 0) + 2 * 3_600
    message = UserMessage(conversation_id="c1", text="안녕하세요", channel="rest", received_at=late)
    result = await engine.handle(message)
    assert [reply.text for reply in result.replies] == [
        "안녕하세요.",
        "지난번에 하시던 카드 분실 신고를 이어서 진행할까요?",
    ]
    after = await engine.conversations.tracker("c1")
    assert after.slot("phone") is None and after.state.set_aside is not None
    restored = Tracker.restore(await engine.conversations.store.load("c1"))
    assert restored.state == after.state
