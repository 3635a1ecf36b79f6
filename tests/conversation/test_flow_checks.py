"""Flows that could only go wrong while customers talk are refused at load, with the place and a drawing of the loop."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.conversation.assistant import Assistant, load_assistant
from formats import FormatError

DOMAIN = """intents: [first, second]
slots:
  phone: {type: text}
  amount: {type: float}
responses:
  utter_ask_phone: [{text: 번호를 알려 주세요}]
  utter_ask_amount: [{text: 얼마인가요?}]
  utter_done: [{text: 됐어요}]
actions: [action_check]
"""
Load = Callable[[str], Assistant]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """An assistant with the given steps and flows under `flows:`."""

    def read(flows: str) -> Assistant:
        (tmp_path / "domain.yml").write_text(DOMAIN, encoding="utf-8")
        folder = tmp_path / "data" / "flows"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "flows.yml").write_text(f"flows:\n{flows}", encoding="utf-8")
        return load_assistant(tmp_path)

    return read


def flow(steps: str, name: str = "one", more: str = "") -> str:
    """A flow with these steps, one a line."""
    head = f"  {name}:\n    description: {name}\n{more}    steps:\n"
    return head + "".join(f"      - {step}\n" for step in steps.splitlines())


REFUSED = {
    "a step that nothing leads to": (
        flow("{action: utter_done, next: END}\n{id: lost, action: utter_done}"),
        6,
        "nothing leads to step 'lost'",
    ),
    "a circle of actions": (
        flow("{id: a, action: utter_done}\n{id: b, action: action_check, next: a}"),
        5,
        "a → b → a",
    ),
    "a step that goes to itself": (
        flow("{id: a, noop: true, next: [{if: slots.amount > 1, then: a}, {else: END}]}"),
        5,
        "a → a",
    ),
    "a circle whose question is asked once": (
        flow("{id: ask, collect: phone}\n{id: say, noop: true, next: ask}"),
        5,
        "ask → say → ask",
    ),
    "two defaults": (
        flow("{action: utter_done, next: [{else: END}, {else: END}]}"),
        5,
        "'else' comes twice",
    ),
    "a default that isn't last": (
        flow("{action: utter_done, next: [{else: END}, {if: true, then: END}]}"),
        5,
        "'else' is not the last branch",
    ),
    "branches of which there are none": (
        flow("{action: utter_done, next: []}"),
        5,
        "'next' has no branch",
    ),
    "flows that call each other": (
        flow("{call: two}") + flow("{call: one}", "two"),
        5,
        "one → two → one",
    ),
    "a flow that calls itself": (flow("{call: one}"), 5, "one → one"),
    "a flow that links to itself": (flow("{link: one}"), 5, "links to itself"),
    "a called flow that links away": (
        flow("{call: two}") + flow("{link: three}", "two") + flow("{action: utter_done}", "three"),
        9,
        "the caller would never go on",
    ),
    "flows that link to each other without a question": (
        flow("{action: utter_done}\n{link: two}") + flow("{link: one}", "two"),
        6,
        "one → two → one",
    ),
    "a link to nowhere": (flow("{link: nowhere}"), 5, "unknown flow 'nowhere'"),
    "one intent for two flows": (
        flow("{action: utter_done}", more="    nlu_trigger: [{intent: first}]\n")
        + flow("{action: utter_done}", "two", more="    nlu_trigger: [{intent: first}]\n"),
        7,
        "starts both 'one' and 'two'",
    ),
    "one name for two flows": (
        flow("{action: utter_done}", more="    name: 신고\n")
        + flow("{action: utter_done}", "two", more="    name: 신고\n"),
        7,
        "both called '신고'",
    ),
    "a slot that is kept and never asked for": (
        flow("{collect: phone}", more="    persisted_slots: [amount]\n"),
        2,
        "neither asks for nor sets",
    ),
    "a guard over an unknown slot": (
        flow("{action: utter_done}", more="    if: slots.vip\n"),
        2,
        "unknown slot 'vip'",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_makes_no_sense_is_refused(load: Load, case: str) -> None:
    flows, line, words = REFUSED[case]
    with pytest.raises(FormatError) as caught:
        load(flows)
    assert words in caught.value.en
    assert (Path(caught.value.file).name, caught.value.line) == ("flows.yml", line), caught.value.en
    assert caught.value.expected, "says how to mend it"


ACCEPTED = {
    "asking until an action is content": flow(
        "{id: ask, collect: phone}\n"
        "{action: action_check, next: [{if: slots.amount is null, then: ask}, {else: END}]}"
    ),
    "asking again after emptying": flow(
        "{id: ask, collect: phone}\n{set_slots: [{phone: null}], next: [{if: slots.amount > 1, then: ask}, {else: END}]}"
    ),
    "asking each time": flow(
        "{id: ask, collect: phone, ask_before_filling: true}\n"
        "{noop: true, next: [{if: slots.phone is null, then: ask}, {else: END}]}"
    ),
    "calling one flow twice": flow("{call: two}\n{call: two}") + flow("{collect: phone}", "two"),
    "flows that link to each other": flow("{collect: phone}\n{link: two}")
    + flow("{collect: amount}\n{link: one}", "two"),
}


@pytest.mark.parametrize("case", ACCEPTED)
def test_what_makes_sense_is_loaded(load: Load, case: str) -> None:
    assert load(ACCEPTED[case]).business_flows


def test_a_circle_through_a_flow_with_questions_is_allowed(load: Load) -> None:
    steps = "{id: verify, call: two}\n{action: action_check, next: [{if: slots.amount > 1, then: verify}, {else: END}]}"
    assert load(flow(steps) + flow("{collect: phone}", "two")).flows["one"].first == "verify"
