"""A customer who comes back after the session's end: a new matter, with what is known if the domain says so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bot.conversation import clock
from bot.conversation.assistant import Assistant


@pytest.fixture
def carry_over(assistant: Assistant, request: pytest.FixtureRequest) -> Iterator[bool]:
    """Whether slots go on into a new session."""
    config = assistant.domain.session_config
    changed = config.model_copy(update={"carry_over_slots_to_new_session": request.param})
    assistant.domain.session_config = changed
    yield bool(request.param)
    assistant.domain.session_config = config


@pytest.mark.parametrize("carry_over", [True, False], indirect=True)
async def test_what_is_half_done_is_given_up_and_the_rest_carried_over(talk: Any, carry_over: bool) -> None:
    await talk.say("카드를 잃어버렸어요")
    await talk.say("010-1234-5678이요")
    await talk.say("사유", payload="/SetSlots(handoff_reason=급해요)")
    with clock.moved(2 * 3600):
        await talk.say("안녕하세요")
    tracker = await talk.tracker()
    assert tracker.stack == [] and tracker.slot("phone") is None
    assert tracker.slot("handoff_reason") == ("급해요" if carry_over else None)
    assert [event.flow_id for event in await talk.events() if event.event == "flow_cancelled"] == [
        "card_loss"
    ]


async def test_within_the_session_nothing_is_lost(talk: Any) -> None:
    await talk.say("카드를 잃어버렸어요")
    with clock.moved(50 * 60):
        assert await talk.texts("010-1234-5678이요") == ["어떤 카드인가요?"]
