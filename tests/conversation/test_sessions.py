"""A customer who comes back after the session's end: a new matter, with what is known if the domain says so, and the offer
to go on with what was left half done."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bot.conversation import clock
from bot.conversation.assistant import Assistant
from bot.conversation.engine import Engine
from bot.conversation.events import FlowSetAside

OFFER = "지난번에 하시던 카드 분실 신고를 이어서 진행할까요?"
HOURS = 3600


@pytest.fixture
def session_config(assistant: Assistant, request: pytest.FixtureRequest) -> Iterator[Any]:
    """The domain's `session_config` with other values."""
    before = assistant.domain.session_config
    assistant.domain.session_config = before.model_copy(update=request.param)
    yield request.param
    assistant.domain.session_config = before


async def left_half_done(talk: Any) -> None:
    """A lost card: the number is given, the kind of card is asked for."""
    await talk.say("카드를 잃어버렸어요")
    await talk.say("010-1234-5678이요")
    await talk.say("사유", payload="/SetSlots(handoff_reason=급해요)")


async def kinds(talk: Any, *names: str) -> list[str]:
    return [event.event for event in await talk.events() if event.event in names]


@pytest.mark.parametrize(
    "session_config", [{"carry_over_slots_to_new_session": carry} for carry in (True, False)], indirect=True
)
async def test_slots_are_carried_over_if_the_domain_says_so(talk: Any, session_config: Any) -> None:
    await left_half_done(talk)
    with clock.moved(2 * HOURS):
        texts = await talk.texts("안녕하세요")
    tracker, carried = await talk.tracker(), session_config["carry_over_slots_to_new_session"]
    assert tracker.slot("phone") is None
    assert tracker.slot("handoff_reason") == ("급해요" if carried else None)
    assert texts == (["안녕하세요.", OFFER] if carried else ["안녕하세요."])
    assert (tracker.state.set_aside is not None) is carried


@pytest.mark.parametrize(
    ("session_config", "later", "sessions"),
    [
        ({}, 59 * 60, 1),
        ({}, 61 * 60, 2),
        ({"session_expiration_time": 5}, 6 * 60, 2),
        ({"session_expiration_time": 0}, 900 * HOURS, 1),
        ({"start_session_after_expiry": False}, 2 * HOURS, 1),
    ],
    indirect=["session_config"],
)
async def test_a_session_ends_as_the_domain_says(
    talk: Any, session_config: Any, later: float, sessions: int
) -> None:
    await left_half_done(talk)
    with clock.moved(later):
        texts = await talk.texts("신용카드요")
    assert len(await kinds(talk, "session_started")) == sessions
    assert texts[-1] == "신용카드를 정지할까요?"


async def test_a_session_can_be_begun_on_purpose(talk: Any) -> None:
    await left_half_done(talk)
    assert await talk.texts("/session_start") == []
    assert len(await kinds(talk, "session_started")) == 2 and (await talk.tracker()).stack == []


async def test_yes_to_the_offer_goes_on_at_the_same_step_with_what_was_said(talk: Any) -> None:
    await left_half_done(talk)
    with clock.moved(2 * HOURS):
        await talk.say("안녕하세요")
        assert await talk.texts("네") == ["이어서 카드 분실 신고를 진행할게요.", "어떤 카드인가요?"]
        tracker = await talk.tracker()
        assert tracker.slot("phone") == "010-1234-5678" and tracker.state.slots["phone"].source == "user"
        assert tracker.state.set_aside is None
        assert await talk.texts("신용카드요") == ["신용카드를 정지할까요?"]
    assert "flow_resumed" in await kinds(talk, "flow_resumed", "flow_cancelled")


async def test_no_to_the_offer_gives_it_up(talk: Any) -> None:
    await left_half_done(talk)
    with clock.moved(2 * HOURS):
        await talk.say("안녕하세요")
        assert (await talk.texts("아니요"))[0].startswith("네, 하시던 일은 여기서 멈출게요.")
    tracker = await talk.tracker()
    assert tracker.stack == [] and tracker.slot("phone") is None and tracker.state.set_aside is None
    assert await kinds(talk, "flow_cancelled") == ["flow_cancelled"]


async def test_a_question_is_answered_before_the_offer(talk: Any) -> None:
    await left_half_done(talk)
    with clock.moved(2 * HOURS):
        assert await talk.texts("수수료가 얼마예요?") == ["수수료는 500원이에요.", OFFER]


async def test_who_answers_what_was_asked_goes_on_without_an_offer(talk: Any) -> None:
    await left_half_done(talk)
    with clock.moved(2 * HOURS):
        texts = await talk.texts("신용카드요")
    assert texts == ["이어서 카드 분실 신고를 진행할게요.", "신용카드를 정지할까요?"]


async def test_who_says_yes_after_hours_is_asked_what_is_meant(talk: Any) -> None:
    await left_half_done(talk)
    await talk.say("신용카드요")
    with clock.moved(2 * HOURS):
        texts = await talk.texts("네")
        assert texts[-1] == OFFER and "action_block_card" not in talk.engine.machine.runner.ran
        assert (await talk.texts("네"))[-1] == "신용카드를 정지할까요?"


@pytest.mark.parametrize("when", ["at once", "at the offer"])
async def test_who_starts_the_same_again_goes_on_and_may_correct(talk: Any, when: str) -> None:
    await left_half_done(talk)
    with clock.moved(2 * HOURS):
        if when == "at the offer":
            await talk.say("안녕하세요")
        texts = await talk.texts("체크카드를 잃어버렸어요")
    assert texts[-1] == "체크카드를 정지할까요?"
    assert (await talk.tracker()).slot("phone") == "010-1234-5678"


@pytest.mark.parametrize("when", ["at once", "at the offer"])
async def test_who_starts_something_else_gives_it_up(talk: Any, when: str) -> None:
    await left_half_done(talk)
    with clock.moved(2 * HOURS):
        if when == "at the offer":
            await talk.say("안녕하세요")
        assert await talk.texts("한도 올려 주세요") == ["얼마로 바꿀까요?"]
    tracker = await talk.tracker()
    assert tracker.state.set_aside is None and [frame.flow_id for frame in tracker.stack] == [
        "transfer_limit"
    ]
    assert await kinds(talk, "flow_cancelled") == ["flow_cancelled"]


@pytest.mark.parametrize(("within", "later"), [(86_400, 25 * HOURS), (0, 2 * HOURS)])
async def test_what_is_too_old_is_given_up(
    engine: Engine, talk: Any, within: float, later: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine.dialogue.returning, "_within", within)
    await left_half_done(talk)
    with clock.moved(later):
        assert await talk.texts("안녕하세요") == ["안녕하세요."]
    assert await kinds(talk, "flow_cancelled", "flow_set_aside") == ["flow_cancelled"]


async def test_flows_that_were_on_top_of_each_other_come_back_as_they_were(talk: Any) -> None:
    await left_half_done(talk)
    await talk.say("한도 올려 주세요")
    with clock.moved(2 * HOURS):
        assert (await talk.texts("안녕하세요"))[-1] == "지난번에 하시던 이체 한도 변경을 이어서 진행할까요?"
        await talk.say("네")
    assert [frame.flow_id for frame in (await talk.tracker()).stack] == ["card_loss", "transfer_limit"]


async def test_a_flow_that_is_gone_meanwhile_is_not_offered(talk: Any, engine: Engine) -> None:
    async def change(draft: Any) -> None:
        gone = {"flow_id": "gone", "step_id": "x"}
        draft.emit(FlowSetAside(**gone, frames=[gone]))

    await talk.say("안녕하세요")
    await engine.conversations.change(talk.id, change)
    with clock.moved(2 * HOURS):
        assert await talk.texts("안녕하세요") == ["안녕하세요."]
    assert (await talk.tracker()).state.set_aside is None


async def test_while_a_person_has_the_conversation_no_session_ends(talk: Any) -> None:
    await left_half_done(talk)
    await talk.say("상담원 바꿔 주세요")
    with clock.moved(5 * HOURS):
        await talk.say("여보세요")
    assert len(await kinds(talk, "session_started")) == 1 and (await talk.tracker()).stack


async def test_within_the_session_nothing_is_lost(talk: Any) -> None:
    await talk.say("카드를 잃어버렸어요")
    with clock.moved(50 * 60):
        assert await talk.texts("010-1234-5678이요") == ["어떤 카드인가요?"]
