"""Conversation tests as people write them: read strictly, run over a real engine, judged truthfully."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bot.conversation.clock import KOREA
from bot.conversation.e2e.files import LoadedCase, load_cases
from bot.conversation.e2e.run import CaseRunner
from bot.conversation.engine import Engine
from formats import FormatError

Load = Callable[[str], list[LoadedCase]]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Cases from the text of a file."""

    def read(text: str) -> list[LoadedCase]:
        path = tmp_path / "cases.yml"
        path.write_text(text, encoding="utf-8")
        return load_cases(path)

    return read


GOOD = """
test_cases:
  - test_case: a lost card is blocked
    steps:
      - user: 카드를 잃어버렸어요
        assertions:
          - flow_started: card_loss
          - bot_uttered: {utter_name: utter_ask_phone, text_matches: 전화번호}
          - bot_did_not_utter: {utter_name: utter_greet}
      - bot: 전화번호를 알려 주세요.
      - utter: utter_ask_phone
      - user: 010-1234-5678이요
        assertions:
          - slot_was_set: [{name: phone, value: 010-1234-5678}]
          - bot_uttered: {buttons: [{title: 신용카드}, {title: 체크카드, payload: /SetSlots(card_type=체크카드)}]}
      - slot_was_set: [phone, {phone: 010-1234-5678}]
      - slot_was_not_set: [card_type]
      - user: 체크카드
        payload: /SetSlots(card_type=체크카드)
      - user: 네
        assertions:
          - action_executed: action_block_card
          - flow_completed: card_loss
  - test_case: an agent takes over and gives back
    channel: kakao
    steps:
      - user: 상담원 바꿔 주세요
        assertions: [{owner: queued}, {handoff_reason: asked_for_person}]
      - agent: {accept: true}
        assertions: [{owner: agent}]
      - user: 안녕하세요
        assertions: [{bot_is_silent: true}]
      - agent: {say: 안녕하세요}
      - agent: {note: 확인함}
      - agent: {give_back: {code: resolved, note: 끝}}
        assertions: [{owner: bot}]
"""


OURS = """
test_cases:
  - test_case: what the customer says in several ways runs once with each
    at: 2026-11-25 10:00
    steps:
      - user: [카드를 잃어버렸어요, 체크카드를 잃어버렸어요]
        assertions:
          - intent: card_loss
          - command: start flow
          - command: {command: start flow, flow: card_loss}
          - flow_started: {operator: any, flow_ids: [card_loss, transfer_limit]}
          - awaits: phone
          - awaits: {slot: phone, flow_id: card_loss}
          - reply_contains: 전화번호
          - slot: {phone: null}
      - user: 010-1234-5678이요
        channel: kakao
        assertions: [{slot: {phone: 010-1234-5678}}]
  - test_case: what is shown can be pressed
    steps:
      - user: 카드를 잃어버렸어요
      - user: 010-1234-5678이요
      - button: 체크카드
        assertions: [{slot: {card_type: 체크카드}}, {command: set slot}]
  - test_case: the session ends while nobody writes
    steps:
      - user: 카드를 잃어버렸어요
      - later: 3 days
        assertions: [{bot_is_silent: true}, {awaits: phone}]
      - user: 안녕하세요
        assertions: [{flow_cancelled: card_loss}, {awaits: null}]
  - test_case: a person is asked for
    steps:
      - user: 상담원 바꿔 주세요
        assertions: [{queue: {state: queued, urgency: normal}}]
"""


async def test_the_steps_of_ours_do_what_they_say(load: Load, engine: Engine) -> None:
    cases = load(OURS)
    assert [case.name for case in cases][:2] == [
        "what the customer says in several ways runs once with each (1/2)",
        "what the customer says in several ways runs once with each (2/2)",
    ]
    for case in cases:
        result = await CaseRunner(engine).run(case)
        assert result.passed, result.failures


async def test_a_case_lives_at_the_time_it_names(load: Load, engine: Engine) -> None:
    [case] = load(
        "test_cases:\n  - {test_case: x, at: 2026-01-02 03:04, steps: [{user: a}, {later: 1시간 30분}, {user: b}]}\n"
    )
    told: list[float] = []

    async def listen(commit: Any, tracker: Any) -> None:
        told.extend(event.timestamp for event in commit.events if event.event in ("user", "bot"))

    engine.conversations.listeners.append(listen)
    await CaseRunner(engine).run(case)
    times = [datetime.fromtimestamp(at, KOREA).strftime("%m-%d %H:%M") for at in told]
    assert times[0] == "01-02 03:04" and times[-1] == "01-02 04:34" and len(set(times)) == 2


async def test_cases_that_hold_pass(load: Load, engine: Engine) -> None:
    runner = CaseRunner(engine)
    for case in load(GOOD):
        result = await runner.run(case)
        assert result.passed, result.failures


@pytest.mark.parametrize(
    ("assertion", "found"),
    [
        ("flow_started: transfer_limit", "flows started: ['card_loss']"),
        ("flow_completed: card_loss", "flows completed: none"),
        ("flow_cancelled: {flow_id: card_loss}", "flows cancelled: none"),
        ("action_executed: action_block_card", "actions run: ['"),
        ("action_failed: action_block_card", "actions failed: none"),
        ("slot_was_set: [{name: phone}]", "phone is None"),
        ("bot_uttered: {utter_name: utter_greet}", "the bot said ['전화번호를 알려 주세요.']"),
        ("bot_uttered: {utter_name: utter_ask_phone, buttons: [{title: 네}]}", "the bot said"),
        ("bot_did_not_utter: {text_matches: 전화번호}", "the bot said '전화번호를 알려 주세요.'"),
        ("bot_is_silent: true", "the bot said"),
        ("cites: fees.md", "sources: none"),
        ("intent: greet", "understood as card_loss (0.95)"),
        (
            "command: {command: start flow, flow: x}",
            "commands: [{'command': 'start flow', 'flow': 'card_loss'}]",
        ),
        (
            "flow_started: {operator: all, flow_ids: [card_loss, transfer_limit]}",
            "flows started: ['card_loss']",
        ),
        ("awaits: card_type", "phone is asked for by card_loss/"),
        ("awaits: null", "phone is asked for by card_loss/"),
        ("slot: {phone: 010-1111-2222}", "slots: {'phone': None}"),
        ("reply_contains: [전화번호, 계좌]", "the bot said ['전화번호를 알려 주세요.']"),
        ("queue: emergency", "no case was opened"),
        ("owner: agent", "the owner is 'bot'"),
        ("handoff_reason: asked_for_person", "handoffs: none"),
        ("pattern_clarification_contains: [card_loss]", "no clarification was asked"),
    ],
)
async def test_what_does_not_hold_fails_and_says_what_happened(
    load: Load, engine: Engine, assertion: str, found: str
) -> None:
    [case] = load(
        f"test_cases:\n  - test_case: x\n    steps:\n      - user: 카드를 잃어버렸어요\n        assertions: [{{{assertion}}}]\n"
    )
    result = await CaseRunner(engine).run(case)
    assert [failure.found.startswith(found) for failure in result.failures] == [True], result.failures


async def test_a_slot_that_was_set_against_the_expectation_fails(load: Load, engine: Engine) -> None:
    [case] = load(
        "test_cases:\n  - test_case: x\n    steps:\n      - user: 체크카드를 잃어버렸어요\n"
        "        assertions: [{slot_was_not_set: [{name: card_type}]}]\n"
    )
    assert "card_type was set to '체크카드'" in (await CaseRunner(engine).run(case)).failures[0].found


async def test_a_button_that_is_not_shown_ends_the_test(load: Load, engine: Engine) -> None:
    [case] = load(
        "test_cases:\n  - {test_case: x, steps: [{user: 안녕하세요}, {button: 체크카드}, {user: 네}]}\n"
    )
    [failure] = (await CaseRunner(engine).run(case)).failures
    assert failure.step == 2 and failure.found.startswith("no_such_button: No button '체크카드' is shown")


async def test_an_agent_without_a_case_fails_the_step_and_ends_the_test(load: Load, engine: Engine) -> None:
    [case] = load(
        "test_cases:\n  - test_case: x\n    steps:\n      - user: 안녕하세요\n      - agent: {accept: true}\n"
        "      - user: 안녕하세요\n        assertions: [{owner: agent}]\n"
    )
    [failure] = (await CaseRunner(engine).run(case)).failures
    assert failure.step == 2 and failure.found.startswith("no_case")


@pytest.mark.parametrize(
    ("text", "problem", "line"),
    [
        ("test_cases: []\n", "test_cases", 1),
        ("test_cases:\n  - test_case: x\n    steps:\n      - utter: utter_greet\n", "the first step is", 2),
        (
            "test_cases:\n  - test_case: x\n    steps:\n      - user: a\n        asertions: []\n",
            "asertions",
            5,
        ),
        (
            "test_cases:\n  - test_case: x\n    steps:\n      - user: a\n        assertions: [{owner: bot, cites: b}]\n",
            "exactly one expectation",
            5,
        ),
        (
            "test_cases:\n  - test_case: x\n    steps:\n      - user: a\n      - agent: {}\n",
            "exactly one of",
            5,
        ),
        (
            "test_cases:\n  - test_case: x\n    steps:\n      - user: a\n      - later: soon\n",
            "a span of time",
            5,
        ),
        ("test_cases:\n  - test_case: x\n    at: noon\n    steps:\n      - user: a\n", "2026-11-25 10:00", 3),
        ("test_cases:\n  - test_case: x\n    steps:\n      - user: []\n", "at least one way", 4),
        (
            "test_cases:\n  - test_case: x\n    steps:\n      - user: a\n        assertions: [{command: begin}]\n",
            "start flow, set slot",
            5,
        ),
        (
            "test_cases:\n  - {test_case: x, steps: [{user: a}]}\n  - {test_case: x, steps: [{user: a}]}\n",
            "stands in",
            3,
        ),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(load: Load, text: str, problem: str, line: int) -> None:
    with pytest.raises(FormatError) as caught:
        load(text)
    assert problem in caught.value.en and caught.value.line == line, caught.value.en


def test_a_folder_without_tests_is_refused(tmp_path: Path, load: Any) -> None:
    with pytest.raises(FormatError, match="no conversation tests"):
        load_cases(tmp_path)
