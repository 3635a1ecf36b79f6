"""domain.yml and flows.yml: what is wrong is refused with file, line and what was expected."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.conversation.assistant import Assistant, load_assistant
from formats import FormatError

Load = Callable[[str, str], Assistant]

DOMAIN = """intents: [greet, card_loss]
entities: [phone]
slots:
  phone:
    type: text
    mappings: [{type: from_entity, entity: phone}]
  amount: {type: float}
responses:
  utter_ask_phone: [{text: 번호를 알려 주세요}]
  utter_done: [{text: 됐어요}]
actions: [action_block]
"""
FLOWS = """flows:
  card_loss:
    description: Block a card.
    nlu_trigger: [{intent: card_loss}]
    steps:
      - collect: phone
      - action: action_block
      - action: utter_done
"""


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """An assistant from the text of its two files."""

    def read(domain: str = DOMAIN, flows: str = FLOWS) -> Assistant:
        (tmp_path / "domain.yml").write_text(domain, encoding="utf-8")
        folder = tmp_path / "data" / "flows"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "flows.yml").write_text(flows, encoding="utf-8")
        return load_assistant(tmp_path)

    return read


def refused(load: Load, domain: str = DOMAIN, flows: str = FLOWS) -> FormatError:
    with pytest.raises(FormatError) as caught:
        load(domain, flows)
    return caught.value


def test_a_right_assistant_is_loaded_with_the_products_patterns(load: Load) -> None:
    assistant = load(DOMAIN, FLOWS)
    assert list(assistant.business_flows) == ["card_loss"]
    assert "pattern_cannot_handle" in assistant.flows and "utter_ask_rephrase" in assistant.responses


@pytest.mark.parametrize(
    ("before", "after", "line", "words"),
    [
        ("type: float", "type: flaot", 7, "flaot"),
        ("type: float", "type: categorical", 7, "needs 'values'"),
        ("responses:", "respones:", 8, "did you mean 'responses'"),
        ("entity: phone}", "entty: phone}", 6, "entty"),
        ("{type: from_entity, entity: phone}", "{type: from_entity}", 6, "needs 'entity'"),
        ("{type: from_entity, entity: phone}", "{type: from_intent, intent: greet}", 6, "needs 'value'"),
        ("{type: from_entity, entity: phone}", "{type: from_intent, intent: gret, value: 1}", 6, "gret"),
        ("intents: [greet, card_loss]", "intents: [greet, card_loss, greet]", 1, "stands twice"),
        ("[{text: 됐어요}]", "[{text: 됐어요, condition: amount > 5}]", 10, "slots.amount"),
        ("  utter_ask_phone: [{text: 번호를 알려 주세요}]\n", "", 6, "nothing asks for 'phone'"),
        ("intents: [greet, card_loss]", "intents: [greet]", 4, "is no intent"),
        ("actions: [action_block]", "actions: []", 7, "unknown action 'action_block'"),
        ("entities: [phone]", "entities: [phone", 3, ""),
        ("entities: [phone]", "\tentities: [phone]", 2, ""),
    ],
)
def test_domain(load: Load, before: str, after: str, line: int, words: str) -> None:
    assert before in DOMAIN
    error = refused(load, domain=DOMAIN.replace(before, after))
    assert (error.line, words in error.en) == (line, True), error.en


@pytest.mark.parametrize(
    ("before", "after", "line", "words"),
    [
        ("collect: phone", "collect: phon", 6, "unknown slot 'phon'"),
        ("collect: phone", "colect: phone", 6, "colect"),
        ("- collect: phone", "- {collect: phone, action: utter_done}", 6, "exactly one of"),
        ("- action: utter_done", "- action: utter_nothing", 8, "unknown action"),
        ("- action: utter_done", "- link: other", 8, "unknown flow 'other'"),
        ("- action: utter_done", "- {action: utter_done, next: nowhere}", 8, "unknown step 'nowhere'"),
        ("- action: utter_done", "- {id: END, action: utter_done}", 8, "reserved"),
        ("- action: utter_done", "- {noop: true}", 8, "noop needs 'next'"),
        ("- action: utter_done", "- set_slots: [{nothing: 1}]", 8, "unknown slot 'nothing'"),
        (
            "- collect: phone",
            "- {collect: phone, rejections: [{if: slots.phone > , utter: utter_done}]}",
            6,
            "too early",
        ),
        ("- collect: phone", "- {collect: phone, rejections: [{if: true, utter: utter_no}]}", 6, "utter_no"),
        (
            "- action: action_block",
            "- {action: action_block, next: [{if: true}]}",
            7,
            "either 'if' with 'then'",
        ),
        ("[{intent: card_loss}]", "[{intent: card_lost}]", 4, "is no intent"),
        ("    description: Block a card.\n", "", 2, "'description' is missing"),
        ("    steps:", "    step:", 5, "did you mean 'steps'"),
        ("flows:", "flow:", 1, "did you mean 'flows'"),
    ],
)
def test_flows(load: Load, before: str, after: str, line: int, words: str) -> None:
    assert before in FLOWS
    error = refused(load, flows=FLOWS.replace(before, after))
    assert (error.line, words in error.en) == (line, True), error.en


def test_a_flow_that_stands_twice_is_refused(load: Load, tmp_path: Path) -> None:
    load(DOMAIN, FLOWS)
    (tmp_path / "data" / "flows" / "more.yml").write_text(FLOWS, encoding="utf-8")
    with pytest.raises(FormatError, match="defined twice"):
        load_assistant(tmp_path)


def test_a_file_that_is_not_utf8_is_refused_with_its_line(load: Load, tmp_path: Path) -> None:
    load(DOMAIN, FLOWS)
    (tmp_path / "domain.yml").write_bytes("intents: [greet]\n# 한글\n".encode("cp949"))
    with pytest.raises(FormatError, match="not UTF-8") as caught:
        load_assistant(tmp_path)
    assert caught.value.line == 2


def test_own_patterns_and_responses_replace_the_products(load: Load) -> None:
    own = FLOWS + "  pattern_completed:\n    description: Mine.\n    steps: [{action: utter_done}]\n"
    assistant = load(
        DOMAIN.replace("utter_done:", "utter_ask_rephrase: [{text: 뭐라고요}]\n  utter_done:"), own
    )
    assert assistant.flows["pattern_completed"].description == "Mine."
    assert assistant.responses.say("utter_ask_rephrase", slots={}).text == "뭐라고요"
