"""Customers who don't want to answer: optional questions are passed over, at the others they hear why they are asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.conversation.flows.stack import awaited_slot
from formats import FormatError

from .test_collect import DOMAIN, SEND, Made

NOTE = "{collect: note, metadata: {optional: true}}"


def made_of(folder: Path, *steps: str, domain: str = DOMAIN) -> Made:
    return Made(folder, SEND + "".join(f"      - {step}\n" for step in steps), domain)


async def asked(made: Made) -> str | None:
    return awaited_slot((await made.engine.conversations.tracker("c")).stack)


async def test_an_optional_question_is_passed_over_and_stays_empty(tmp_path: Path) -> None:
    made = made_of(tmp_path, NOTE, "collect: amount")
    await made.say("보내 주세요")
    assert await made.say("건너뛸게요") == ["네, note는 건너뛸게요.", "얼마요?"]
    assert await made.slot("note") is None


async def test_a_correction_afterwards_does_not_ask_it_again(tmp_path: Path) -> None:
    made = made_of(tmp_path, "collect: amount", NOTE, "collect: kind")
    await made.say("보내 주세요")
    await made.say("3만원이요")
    await made.say("나중에요")
    said = await made.say("아니 4만원이요")
    assert said[-1] == "언제요?" and await made.slot("amount") == 40000


async def test_a_flow_may_see_that_it_was_skipped(tmp_path: Path) -> None:
    made = made_of(
        tmp_path,
        "{collect: note, metadata: {optional: true}, next: [{if: slots.note is null, then: END}, {else: more}]}",
        "{id: more, collect: amount}",
    )
    await made.say("보내 주세요")
    await made.say("패스")
    assert (await made.engine.conversations.tracker("c")).stack == []


async def test_who_is_led_back_to_it_is_asked_again_and_never_goes_in_circles(tmp_path: Path) -> None:
    made = made_of(
        tmp_path,
        "{id: top, collect: note, ask_before_filling: true, metadata: {optional: true}}",
        "{action: utter_done, next: top}",
    )
    await made.say("보내 주세요")
    assert await made.say("건너뛸게요") == ["네, note는 건너뛸게요.", "됐어요.", "메모는요?"]


async def test_a_needed_question_says_why_and_comes_again(tmp_path: Path) -> None:
    why = DOMAIN.replace(
        "responses:\n", "responses:\n  utter_why_amount: [{text: 얼마인지 알아야 보내요.}]\n"
    )
    made = made_of(tmp_path, "collect: amount", "collect: kind", domain=why)
    await made.say("보내 주세요")
    assert await made.say("건너뛸게요") == ["얼마인지 알아야 보내요.", "얼마요?"]
    await made.say("3만원이요")
    said = await made.say("나중에 알려 드릴게요")
    assert said[0].startswith("계속하려면 kind가 꼭 필요해요.") and said[1] == "언제요?"


async def test_no_now_to_a_yes_or_no_question_is_no_skipping(tmp_path: Path) -> None:
    made = made_of(tmp_path, "collect: sure", "collect: amount")
    await made.say("보내 주세요")
    await made.say("나중에 할게요")
    assert await asked(made) == "sure"
    events = await made.engine.conversations.store.events("c")
    commands: list[Any] = [c for e in events if e.event == "commands" for c in e.commands]
    assert all(command["command"] != "skip question" for command in commands)


async def test_with_nothing_asked_there_is_nothing_to_skip(tmp_path: Path) -> None:
    made = made_of(tmp_path, "collect: amount")
    assert await made.say("넘어갈게요", payload="/skip") == ["더 도와드릴 일이 있을까요?"]


@pytest.mark.parametrize(
    "step",
    ["{action: utter_done, metadata: {optional: true}}", "{collect: note, metadata: {optional: 그래요}}"],
)
def test_only_questions_are_optional(tmp_path: Path, step: str) -> None:
    with pytest.raises(FormatError, match="whether it can be skipped"):
        made_of(tmp_path, step)
