"""Which messages of a conversation are worth a look, and why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.conversation.events import (
    ActionExecuted,
    FeedbackGiven,
    FlowCancelled,
    FlowStarted,
    HandoffRequested,
    OwnershipChanged,
)
from bot.review.candidates import Candidate, candidates

New = Callable[[], Any]


def found(talk: Any) -> list[tuple[str, tuple[str, ...]]]:
    return [(c.text, c.reasons) for c in candidates("c1", talk.events, 0.4)]


def test_what_was_understood_and_answered_needs_no_look(talk: New) -> None:
    said = talk().says("카드 잃어버렸어요", "loss", 0.9, "start flow").answers("정지할게요")
    assert found(said) == []


def test_low_confidence_with_guess_and_context(talk: New) -> None:
    said = (
        talk()
        .answers("무엇을 도와드릴까요?")
        .says("그거 있잖아요", "loss", 0.2)
        .answers("다시 말씀해 주세요")
    )
    (only,) = candidates("c1", said.events, 0.4)
    assert isinstance(only, Candidate)
    assert (only.text, only.reasons, only.intent, only.confidence) == (
        "그거 있잖아요",
        ("low_confidence",),
        "loss",
        0.2,
    )
    assert only.ranking == (("loss", 0.2), ("rates", 0.05)) and (only.conversation_id, only.seq) == ("c1", 2)
    assert only.context == (("bot", "무엇을 도와드릴까요?"), ("bot", "다시 말씀해 주세요"))


@pytest.mark.parametrize("command", ["cannot handle", "clarify"])
def test_what_the_bot_had_to_ask_back(talk: New, command: str) -> None:
    assert found(talk().says("음 그게요", "loss", 0.9, command)) == [("음 그게요", ("low_confidence",))]


def test_a_failed_turn(talk: New) -> None:
    said = talk().says("이거 왜 이래요").add(ActionExecuted(name="pattern_cannot_handle"))
    assert found(said) == [("이거 왜 이래요", ("low_confidence",))]


def test_an_answer_to_a_question_needs_no_intent(talk: New) -> None:
    assert found(talk().says("내일 세 시요", "loss", 0.1, "set slot")) == []


def test_a_flow_that_was_cancelled_at_once_was_a_misunderstanding(talk: New) -> None:
    said = talk().says("카드가 안 돼요").add(FlowStarted(flow_id="loss")).answers("정지할까요?")
    said.says("아니 그게 아니고", "cancel", 0.9).add(FlowCancelled(flow_id="loss", step_id="s"))
    assert found(said) == [("카드가 안 돼요", ("corrected",))]


def test_a_flow_that_was_cancelled_later_was_not(talk: New) -> None:
    said = talk().says("카드 분실이요").add(FlowStarted(flow_id="loss")).answers("어느 카드요?")
    said.says("체크카드요", "loss", 0.9, "set slot").answers("정지할까요?")
    said.says("됐어요", "cancel", 0.9).add(FlowCancelled(flow_id="loss", step_id="s"))
    assert found(said) == []


@pytest.mark.parametrize(("values", "blamed"), [(["down"], True), (["up"], False), (["down", None], False)])
def test_the_last_judgement_of_an_answer_counts(talk: New, values: list[Any], blamed: bool) -> None:
    said = talk().says("수수료 얼마예요").answers("500원이에요", "b9")
    for value in values:
        said.add(FeedbackGiven(message_id="b9", value=value))
    assert bool(found(said)) is blamed


def test_a_request_for_a_person_blames_the_message_before(talk: New) -> None:
    said = talk().says("한도 좀요").answers("카드 분실이신가요?").says("상담원 바꿔요", "request_human", 0.95)
    said.add(HandoffRequested(case_id="k", reason_code="asked_for_person", reason_text=""))
    assert found(said) == [("한도 좀요", ("handed_over",))]


def test_a_handoff_for_repeated_failure_blames_the_message_itself(talk: New) -> None:
    said = talk().says("아까 그거요", "loss", 0.2)
    said.add(HandoffRequested(case_id="k", reason_code="repeated_failure", reason_text=""))
    assert found(said) == [("아까 그거요", ("handed_over", "low_confidence"))]


def test_what_is_said_to_a_person_is_none_of_the_bots_business(talk: New) -> None:
    said = talk().add(OwnershipChanged(before="bot", after="agent")).says("네 그거요", "loss", 0.1)
    assert found(said) == []


@pytest.mark.parametrize("text", ["ㅋ?!" * 100, "...", "가" * 151])
def test_what_can_be_no_utterance_is_left_out(talk: New, text: str) -> None:
    assert found(talk().says(text, "loss", 0.1)) == []


def test_buttons_are_left_out(talk: New) -> None:
    said = talk().presses("네").answers("네?", "b9").add(FeedbackGiven(message_id="b9", value="down"))
    assert found(said) == []
