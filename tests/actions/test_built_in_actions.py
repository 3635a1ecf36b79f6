"""The product's own actions, with the services handed to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.conversation.tracker import Tracker
from bot.execution.in_process import InProcessRunner
from knowledge_base.types import Answer, Citation

Run = Callable[..., Any]
NOTHING = Answer(outcome="none", text="", confidence=0.1)


def answered(cited: Citation, outcome: Any = "answer") -> Answer:
    return Answer(outcome=outcome, text="수수료는 500원이에요.", confidence=0.9, citations=(cited,))


async def test_an_answer_is_said_with_its_sources(
    documents: Any, runner: InProcessRunner, cited: Citation
) -> None:
    documents.answers = [answered(cited)]
    result = await runner.run("action_answer_from_knowledge", Tracker("c1"), {"question": "수수료?"})
    assert documents.asked == [("수수료?", 500)]
    (said,), (event,) = result.said, result.events
    assert said.text == "수수료는 500원이에요." and said.citations[0]["url"] == "/knowledge/fees.md"
    assert (event.event, event.outcome, event.message_id) == ("knowledge_answered", "answer", said.message_id)


async def test_what_comes_nearest_is_said_as_such(
    documents: Any, runner: InProcessRunner, cited: Citation
) -> None:
    documents.answers = [answered(cited, "closest")]
    result = await runner.run("action_answer_from_knowledge", Tracker("c1"), {"question": "수수료?"})
    assert [said.response or said.text for said in result.said] == [
        "utter_closest_answer",
        "수수료는 500원이에요.",
    ]


async def test_a_guess_is_not_worth_it_outside_the_banks_business(
    documents: Any, runner: InProcessRunner, cited: Citation
) -> None:
    documents.answers = [answered(cited, "closest")]
    context = {"question": "피자?", "otherwise": "out_of_scope"}
    result = await runner.run("action_answer_from_knowledge", Tracker("c1"), context)
    assert result.said == () and result.events[0].outcome == "none"
    assert result.events[0].text == "" and list(result.events[0].citations) == []


@pytest.mark.parametrize(
    ("channel", "limit"), [("kakao", 400), ("voice", 160), ("rest", 500), ("webchat", 500)]
)
async def test_answers_fit_the_channel(
    documents: Any, talk: Run, cited: Citation, channel: str, limit: int
) -> None:
    documents.answers = [answered(cited)]
    texts, events = await talk("수수료가 얼마예요?", channel=channel)
    assert documents.asked == [("수수료가 얼마예요?", limit)] and "수수료는 500원이에요." in texts
    said = next(event for event in events if event.event == "bot")
    assert said.data["citations"][0]["title"] == "수수료 안내"


async def test_no_answer_says_so_and_offers_a_person(documents: Any, talk: Run) -> None:
    documents.answers = [NOTHING]
    texts, events = await talk("수수료가 얼마예요?")
    assert texts == ["은행 안내 자료에서 확인된 답을 찾지 못했어요. 상담원에게 연결할까요?"]
    assert [event.outcome for event in events if event.event == "knowledge_answered"] == ["none"]


async def test_a_person_is_called_with_reason_and_urgency(runner: InProcessRunner) -> None:
    context = {"reason_code": "sentiment", "reason_text": "세 번 화를 냈어요", "urgency": "high"}
    result = await runner.run("action_request_handoff", Tracker("c1"), context)
    event = result.events[0]
    assert (event.reason_code, event.reason_text, event.urgency) == ("sentiment", "세 번 화를 냈어요", "high")
    assert [said.response for said in result.said] == ["utter_handoff_started"]


async def test_the_goal_stands_in_where_no_reason_is_given(runner: InProcessRunner) -> None:
    result = await runner.run("action_request_handoff", Tracker("c1"), {"goal": "카드 분실 신고"})
    assert result.events[0].reason_text == "카드 분실 신고: 상담원 확인이 필요해요"
    bare = await runner.run("action_request_handoff", Tracker("c1"), {})
    assert (bare.events[0].reason_text, bare.events[0].urgency) == ("상담원 확인이 필요해요", "normal")
