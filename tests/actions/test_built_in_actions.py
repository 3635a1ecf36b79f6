"""The product's own actions, with the services handed to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.conversation.tracker import Tracker
from bot.execution.in_process import InProcessRunner
from knowledge_base.types import Answer, Choice, Citation

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


def nearest(cited: Citation) -> Answer:
    choices = tuple(
        Choice(title=title, chunk_id=name, document_id="fees.md")
        for title, name in (("이체 수수료", "c1"), ("환전 수수료", "c2"))
    )
    return answered(cited, "closest").model_copy(update={"choices": choices})


async def test_what_comes_nearest_is_offered_by_its_titles(
    documents: Any, runner: InProcessRunner, cited: Citation
) -> None:
    documents.answers = [nearest(cited)]
    result = await runner.run("action_answer_from_knowledge", Tracker("c1"), {"question": "수수료?"})
    (said,) = result.said
    assert said.response == "utter_closest_answer"
    assert [button.title for button in said.buttons] == ["이체 수수료", "환전 수수료"]
    assert said.message_id == result.events[0].message_id


async def test_a_chosen_title_is_answered(documents: Any, talk: Run, cited: Citation) -> None:
    documents.answers = [nearest(cited), answered(cited)]
    _, events = await talk("수수료가 얼마예요?")
    offered = next(event for event in events if event.event == "bot")
    titles = [button["title"] for button in offered.data["buttons"]]
    assert titles == ["이체 수수료", "환전 수수료", "상담원 연결"]
    texts, events = await talk(offered.data["buttons"][1]["payload"])
    assert "수수료는 500원이에요." in texts and documents.opened == ["c2"]
    told = [event for event in events if event.event == "knowledge_answered"]
    assert (told[-1].question, told[-1].outcome) == ("환전 수수료", "answer")


async def test_a_caller_hears_the_titles(documents: Any, talk: Run, cited: Citation) -> None:
    documents.answers = [nearest(cited)]
    texts, _ = await talk("수수료가 얼마예요?", channel="voice")
    assert texts[1] == "이체 수수료, 환전 수수료"


async def test_a_question_knows_the_ones_before(documents: Any, talk: Run, cited: Citation) -> None:
    documents.answers = [answered(cited), answered(cited)]
    await talk("수수료가 얼마예요?")
    await talk("수수료가 얼마예요?")
    assert documents.earlier == [[], ["수수료가 얼마예요?"]]


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
    assert list(result.said) == [], "the engine has the words"


async def test_the_goal_stands_in_where_no_reason_is_given(runner: InProcessRunner) -> None:
    result = await runner.run("action_request_handoff", Tracker("c1"), {"goal": "카드 분실 신고"})
    assert result.events[0].reason_text == "카드 분실 신고: 상담원 확인이 필요해요"
    bare = await runner.run("action_request_handoff", Tracker("c1"), {})
    assert (bare.events[0].reason_text, bare.events[0].urgency) == ("상담원 확인이 필요해요", "normal")
