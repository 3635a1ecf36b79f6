"""What conversation tests tell: where they failed and how, what they went through, and tests made of conversations."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import pytest

from bot.conversation.assistant import Assistant
from bot.conversation.e2e.coverage import Taken, coverage, total
from bot.conversation.e2e.files import LoadedCase, load_cases
from bot.conversation.e2e.recording import as_test_file, recorded
from bot.conversation.e2e.report import coverage_lines, verdict, word_diff, write_junit
from bot.conversation.e2e.run import CaseRunner, Result
from bot.conversation.engine import Engine
from bot.conversation.events import load_event
from bot.conversation.flows.watching import StepTaken
from bot.conversation.handover import Agent, Handover

WRONG = """
test_cases:
  - test_case: the words are nearly right
    steps:
      - user: 안녕하세요
      - user: 카드를 잃어버렸어요
        assertions:
          - reply_contains: 전화번호를 다시 알려 주세요.
          - owner: agent
  - test_case: all is well
    steps: [{user: 안녕하세요}]
"""


async def run(engine: Engine, path: Path, text: str) -> list[Result]:
    """The results of a file's text."""
    runner = CaseRunner(engine)
    return [await runner.run(case) for case in cases_of(path, text)]


def cases_of(path: Path, text: str) -> list[LoadedCase]:
    """The cases of a file with this text."""
    path.write_text(text, encoding="utf-8")
    return load_cases(path)


async def test_a_failure_shows_the_talk_that_led_to_it_and_the_words_that_differ(
    engine: Engine, tmp_path: Path
) -> None:
    file = tmp_path / "wrong.yml"
    wrong, right = await run(engine, file, WRONG)
    lines = verdict(wrong)
    assert lines[0].startswith("실패  the words are nearly right")
    assert f"      {file}:6 2번째 단계" in lines
    said = [line.split(maxsplit=1) for line in lines if line.startswith("        ")]
    assert ["고객", "카드를 잃어버렸어요"] in said and ["봇", "전화번호를 알려 주세요."] in said
    assert "      - 기대: reply_contains: 전화번호를 다시 알려 주세요." in lines
    assert "        차이: 전화번호를 [-다시-] 알려 주세요." in lines
    assert "      - 기대: owner: agent" in lines and "      + 실제: the owner is 'bot'" in lines
    assert sum("카드를 잃어버렸어요" in line for line in lines) == 1, "said once, failed twice"
    assert len(verdict(right)) == 1


def test_texts_that_have_nothing_in_common_are_both_shown() -> None:
    assert word_diff("가 나", "다") == "[-가 나-] {+다+}"


async def test_junit_has_a_suite_a_file_and_a_case_a_run(engine: Engine, tmp_path: Path) -> None:
    results = await run(engine, tmp_path / "wrong.yml", WRONG.replace("all is well", '"all is \\u0001 well"'))
    out = tmp_path / "out" / "junit.xml"
    write_junit(out, results)
    root = Xml.parse(out).getroot()
    assert (root.tag, root.get("tests"), root.get("failures")) == ("testsuites", "2", "1")
    [suite] = root
    failed, passed = suite
    assert failed.get("name") == "the words are nearly right" and failed.get("line") == "3"
    [failure] = failed
    assert "expected reply_contains" in str(failure.get("message")) and "차이" in str(failure.text)
    assert len(passed) == 0 and passed.get("name") == "all is � well"


async def test_coverage_names_the_steps_and_branches_that_no_test_took(
    engine: Engine, assistant: Assistant, tmp_path: Path
) -> None:
    taken = Taken()
    engine.machine.watchers.append(taken)
    await run(
        engine, tmp_path / "a.yml", "test_cases: [{test_case: a, steps: [{user: 카드를 잃어버렸어요}]}]"
    )
    covered = {flow.flow_id: flow for flow in coverage(assistant.business_flows, taken)}
    loss, limit = covered["card_loss"], covered["transfer_limit"]
    assert (loss.steps_taken, limit.steps_taken) == (1, 0)
    assert 0 < loss.share < 1 and limit.share == 0 and len(limit.missing) == limit.steps
    assert all("(line " in missing for missing in loss.missing)
    before = total(covered.values()).steps_taken
    other = Taken()
    other(
        StepTaken(
            "c",
            "transfer_limit",
            next(iter(assistant.flows["transfer_limit"].steps)),
            "collect",
            "x",
            "asked",
        )
    )
    taken.add(other)
    again = coverage(assistant.business_flows, taken)
    assert total(again).steps_taken == before + 1
    assert coverage_lines(again, whole=False)[0].startswith("흐름 ")
    assert len(coverage_lines(again, whole=True)) > len(again)


async def test_a_watcher_is_told_why_a_branch_was_taken(engine: Engine, talk: Any) -> None:
    steps: list[StepTaken] = []
    engine.machine.watchers.append(steps.append)
    for text in ("카드를 잃어버렸어요", "010-1234-5678이요", "신용카드요", "아니요"):
        await talk.say(text)
    asked = [step.name for step in steps if step.did == "asked"]
    assert asked[:2] == ["phone", "card_type"]
    [branch] = [
        step
        for step in steps
        if step.branch is not None and "slots." in step.why and step.flow_id == "card_loss"
    ]
    assert branch.why == "else (slots.block_confirmed = false)", branch


async def test_a_recorded_conversation_passes_as_a_test(
    engine: Engine,
    talk: Any,
    handover: Handover,
    minji: Agent,
    tmp_path: Path,
    make_engine: Callable[..., Engine],
) -> None:
    await talk.say("카드를 잃어버렸어요")
    await talk.say("010-1234-5678이요")
    await talk.say("체크카드", payload="/SetSlots(card_type=체크카드)")
    await talk.say("수수료가 얼마예요?")
    await talk.say("네")
    await talk.say("상담원 바꿔 주세요")
    case = (await talk.tracker()).case
    await handover.accept(case, minji)
    await handover.say(case, minji, "안녕하세요")
    await talk.say("안녕하세요")
    await handover.give_back(case, minji, "resolved", "끝")
    await talk.say("안녕하세요")
    made = recorded("what went on", await talk.events())
    assert {"button": "체크카드"}.items() <= made["steps"][2].items()
    [result] = await run(make_engine(), tmp_path / "recorded.yml", as_test_file([made]))
    assert result.passed, (result.failures, made)
    kinds = {next(iter(assertion)) for step in made["steps"] for assertion in step["assertions"]}
    assert kinds >= {
        "flow_started",
        "awaits",
        "slot_was_set",
        "bot_uttered",
        "owner",
        "handoff_reason",
        "flow_completed",
    }


async def test_a_pause_and_another_channel_are_recorded(engine: Engine, talk: Any) -> None:
    await talk.say("카드를 잃어버렸어요", received_at=1_000_000.0)
    talk.channel = "kakao"
    await talk.say("010-1234-5678이요", received_at=1_000_000.0 + 600)
    moved = [
        load_event({**event.model_dump(), "timestamp": 1_000_000.0 + (600 if event.seq >= 6 else 0)})
        for event in await talk.events()
    ]
    steps = recorded("x", moved)["steps"]
    assert [next(iter(step)) for step in steps] == ["user", "later", "user"]
    assert steps[1]["later"] == "10 minutes" and steps[2]["channel"] == "kakao"


def test_nothing_said_is_nothing_recorded() -> None:
    assert recorded("x", [])["steps"] == []


@pytest.mark.parametrize("text", ["test_cases: []\nchannel: rest\n"])
def test_a_file_of_another_shape_is_left_alone(text: str, tmp_path: Path) -> None:
    from bot.cli.chat_recording import add_recording
    from formats import FormatError

    path = tmp_path / "x.yml"
    path.write_text(text, encoding="utf-8")
    said = load_event({"event": "user", "seq": 1, "text": "안녕하세요", "message_id": "1"})
    with pytest.raises(FormatError):
        add_recording(path, [said])
    assert path.read_text(encoding="utf-8") == text
