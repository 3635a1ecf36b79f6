"""Surveys on channels of messages, and after contacts with the bot alone: asked once, answered by a button, told apart."""

from __future__ import annotations

from typing import Any

import pytest

from bot.conversation.customers import Customer
from bot.conversation.draft import Draft
from bot.conversation.events import FlowCompleted, SessionEnded
from bot.conversation.surveys import (
    QUESTION,
    THANKS,
    TOO_LATE,
    Surveys,
    SurveySettings,
    answer_survey,
    pressed_survey,
    survey_payload,
)

from .test_kakao import payload, skill, texts

WHO = "kakao-bot-9-kim-01"


def asking(house: Any, **settings: Any) -> None:
    """As `survey` of config.yml says."""
    engine = house.server.service.engine
    engine.surveys = Surveys(engine.conversations.store, SurveySettings(**settings), ["kakao", "rest"])


async def done_by_bot(house: Any, who: str, ended: bool = False) -> list[str]:
    """A flow comes to its end in a conversation; what the customer then reads."""
    engine = house.server.service.engine

    async def decide(draft: Draft) -> list[str]:
        draft.emit(FlowCompleted(flow_id="card_loss", step_id="end"))
        if ended:
            draft.emit(SessionEnded())
        await engine.surveys.after_turn(draft)
        return [reply.text for reply in draft.replies]

    return list(await engine.conversations.change(who, decide))


async def answers(house: Any) -> list[tuple[str, Any, str]]:
    found = await house.server.service.store.surveys()
    return [(event.about, event.score, event.case_id) for _, event in found]


async def test_kakao_asks_by_quick_replies_after_a_person(house: Any) -> None:
    asking(house)
    await skill(house, payload("상담원 바꿔 주세요"))
    conversation_id = next(iter(house.server.service.store._conversations))
    case = await house.agent_takes(conversation_id)
    await house.server.service.handover.close(case, house.minji, "resolved", "끝")
    answer = await skill(house, payload("결과 보기"))
    assert QUESTION in " ".join(texts(answer))
    quick = answer["template"]["quickReplies"]
    assert len(quick) <= 10 and all(len(one["label"]) <= 14 for one in quick)
    scores = [one for one in quick if one["label"][0].isdigit()]
    assert [one["label"][0] for one in scores] == ["5", "4", "3", "2", "1"]

    pressed = payload(scores[1]["messageText"], extra=scores[1]["extra"])
    assert texts(await skill(house, pressed)) == [THANKS]
    assert texts(await skill(house, pressed)) == [TOO_LATE]
    assert await answers(house) == [("agent", 4, case.id)]


async def test_the_bot_alone_is_judged_where_settings_say_so_and_once_in_a_while(house: Any) -> None:
    await skill(house, payload("안녕하세요"))
    who = next(iter(house.server.service.store._conversations))
    asking(house)
    assert await done_by_bot(house, who) == []
    asking(house, after_bot="session_end")
    assert await done_by_bot(house, who) == []
    asking(house, after_bot="completed")
    assert await done_by_bot(house, who) == [QUESTION]
    answer = await skill(house, payload("5", extra={"payload": survey_payload(5)}))
    # The turn above was nobody's call, so that its question waited.
    assert texts(answer) == [QUESTION, THANKS] and await answers(house) == [("bot", 5, "")]
    # Not again so soon, on this channel or another one of the same customer.
    assert await done_by_bot(house, who) == []
    store = house.server.service.store
    customer = Customer(id="C", created_at=1.0)
    for conversation_id in (who, "elsewhere"):
        await store.meet(conversation_id, customer)
    await house.call("POST", "/webhooks/rest/webhook", {"sender": "elsewhere", "message": "안녕하세요"})
    assert await done_by_bot(house, "elsewhere") == []
    asking(house, after_bot="completed", every_days=0)
    assert await done_by_bot(house, "elsewhere") == [QUESTION]
    # Who writes on has something else in mind.
    await house.call("POST", "/webhooks/rest/webhook", {"sender": "elsewhere", "message": "안녕하세요"})
    assert not await answer_survey(house.server.service.conversations, "elsewhere", 3)


async def test_rest_takes_the_payload_of_a_button(house: Any) -> None:
    asking(house, after_bot="session_end")
    hook = "/webhooks/rest/webhook"
    await house.call("POST", hook, {"sender": "r1", "message": "안녕하세요"})
    assert await done_by_bot(house, "r1", ended=True) == [QUESTION]
    for expected in (THANKS, TOO_LATE):
        _, said = await house.call("POST", hook, {"sender": "r1", "message": survey_payload(None)})
        assert [one["text"] for one in said] == [expected]
    assert await answers(house) == [("bot", None, "")]


@pytest.mark.parametrize(
    "text", ["/survey", "/survey{}", '/survey{"score": 6}', '/survey{"score": true}', "/survey{", "5", None]
)
def test_other_payloads_are_no_answers(text: str | None) -> None:
    assert pressed_survey(text) is None
