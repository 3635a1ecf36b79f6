"""`sangdam import-rasa`: a flower shop's Rasa 3 project runs here, and what could not come along is said with the reason."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.conversation.assistant import Assistant, load_assistant
from bot.conversation.conversations import Conversations
from bot.conversation.engine import Engine
from bot.conversation.messages import UserMessage
from bot.conversation.testing import TableUnderstander, understood
from bot.execution.in_process import InProcessRunner
from bot.rasa_import.notes import Notes
from bot.rasa_import.project import NoRasaProject
from bot.rasa_import.write import TargetNotEmpty, import_project
from bot.server.settings import load_settings
from bot.storage.memory import MemoryStore
from formats import FormatError, load_yaml
from nlu.training_data import load_training_data

PROJECT = Path(__file__).parent / "project"
ROOT = Path(__file__).parents[2]
Imported = tuple[Path, Notes]


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Imported:
    """The assistant's folder and the notes."""
    target = tmp_path_factory.mktemp("imported") / "shop"
    return target, import_project(PROJECT, target)


@pytest.fixture(scope="module")
def shop(imported: Imported) -> Assistant:
    return load_assistant(imported[0])


def why_left(notes: Notes) -> dict[str, str]:
    return {note.what: note.why for note in notes.of("left")}


def test_its_own_tests_pass_on_the_trained_assistant(
    imported: Imported, trained: Path, tmp_path: Path
) -> None:
    shutil.copytree(trained / "encoder", tmp_path / "encoder")
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", "test", "--assistant", str(imported[0])],
        cwd=ROOT,
        env={**os.environ, "SANGDAM_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "8개 통과, 0개 실패" in done.stdout


def test_a_form_is_a_flow_with_its_questions_and_what_follows(shop: Assistant) -> None:
    flow = shop.flows["order_form"]
    assert flow.collected_slots() == ["flower", "phone"]
    assert [step.name for step in flow.steps.values()][2:] == ["action_save_order", "utter_ordered"]
    assert flow.steps[flow.first].utter == "utter_ask_order_form_flower"
    assert [trigger.intent for trigger in flow.triggers] == ["order_flowers"]
    assert flow.persisted_slots == {"flower", "phone"}, "slots of a form outlive it in Rasa"
    question = shop.domain.responses["utter_ask_phone"][0].text
    assert question == "phone을 알려 주세요.", "a question that nobody wrote is made up, and said so"


def test_a_forms_validation_is_told_to_run_question_by_question(imported: Imported) -> None:
    changed = {note.what: note.why for note in imported[1].of("changed")}
    assert "validate_<슬롯> 메서드" in changed["액션 validate_order_form"]


async def test_the_order_runs_with_the_shops_own_action(
    shop: Assistant, imported: Imported, monkeypatch: Any
) -> None:
    monkeypatch.syspath_prepend(str(imported[0]))
    runner = InProcessRunner(shop.domain)
    assert runner.register_package("rasa_actions") == ["action_save_order", "validate_order_form"]
    table = {
        "해바라기 주문이요": understood("해바라기 주문이요", "order_flowers", flower="해바라기"),
        "장미로요": understood("장미로요", "order_flowers", confidence=0.1, flower="장미"),
        "010-1234-5678": understood("010-1234-5678", "deny", confidence=0.1, phone="010-1234-5678"),
        "안녕하세요": understood("안녕하세요", "greet"),
        "슬퍼요": understood("슬퍼요", "sad"),
        "아뇨": understood("아뇨", "deny"),
        "그만할래요": understood("그만할래요", "stop"),
    }
    engine = Engine(
        Conversations(MemoryStore(), shop.responses),
        shop,
        TableUnderstander(table),
        runner,
        roles=load_settings(imported[0]).roles,
    )

    async def say(text: str) -> list[str]:
        message = UserMessage(conversation_id="c", text=text, channel="rest")
        return [reply.text for reply in (await engine.handle(message)).replies]

    assert await say("안녕하세요") == ["안녕하세요. 꽃집이에요."]
    assert await say("해바라기 주문이요") == ["장미와 튤립만 있어요.", "어떤 꽃을 드릴까요?"], (
        "the form's own check"
    )
    assert await say("장미로요") == ["phone을 알려 주세요."]
    assert await say("010-1234-5678") == ["주문 번호는 7번이에요.", "장미 주문을 받았어요."]
    assert (await engine.conversations.tracker("c")).slot("phone") == "01012345678", (
        "as the form's check writes it"
    )
    assert await say("안녕하세요") == ["다행이에요."], "the rule for members holds now"
    assert await say("슬퍼요") == ["힘내세요. 꽃이 도움이 될까요?"]
    assert await say("아뇨") == ["그렇군요. 언제든 말씀해 주세요."]


def test_rules_of_one_intent_part_at_their_conditions(shop: Assistant) -> None:
    first = shop.flows["greet"].steps[shop.flows["greet"].first]
    assert [branch.condition and branch.condition.source for branch in first.branches] == [
        "(slots.member is true)",
        None,
    ]


def test_domain_and_training_data_are_taken_over(shop: Assistant, imported: Imported) -> None:
    assert "faq_delivery" in shop.domain.intent_names() and "faq" not in shop.domain.intent_names()
    assert shop.domain.slots["member"].type == "any"
    assert shop.domain.slots["phone"].mappings[0].conditions[0].active_flow == "order_form"
    assert shop.domain.responses["utter_ask_rephrase"][0].text == "무슨 말씀인지 잘 모르겠어요."
    assert shop.domain.session_config.session_expiration_time == 30
    data = load_training_data(imported[0] / "data" / "nlu")
    texts = [example.text for example in data.examples]
    assert "장미 주문하고 싶어요" in texts and "몇 시까지 하나요" in texts
    assert data.synonyms["빨간 장미"] == "장미"


def test_thresholds_and_the_meaning_of_intents_are_taken_over(imported: Imported) -> None:
    settings = load_settings(imported[0])
    assert (settings.roles.cancel, settings.roles.nlu_threshold, settings.roles.ambiguity_threshold) == (
        "stop",
        0.35,
        0.05,
    )
    assert settings.config.actions.packages == ["rasa_actions"]


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ("이야기 a long talk", "여러 번 주고받는"),
        ("이야기 checkpointed", "checkpoint"),
        ("슬롯 channel_of_order의 from_trigger_intent", "이 방식은 없어요"),
        ("endpoints.yml tracker_store", "SANGDAM_DATABASE_URL"),
    ],
)
def test_what_is_left_is_said_with_the_reason(imported: Imported, what: str, why: str) -> None:
    target, notes = imported
    assert why in why_left(notes)[what]
    assert f"{what}: " in (target / "IMPORT.md").read_text(encoding="utf-8")


def test_stories_that_rules_tell_already_and_yes_or_no_are_converted(imported: Imported) -> None:
    converted = {note.what for note in imported[1].of("converted")}
    assert {"이야기 a whole order", "이야기 cheered up", "이야기 still sad"} <= converted


# -- bad input ------------------------------------------------------------------------------------------------------


@pytest.fixture
def project(tmp_path: Path) -> Callable[..., Path]:
    """A copy of the project with some files written over."""

    def make(**files: str) -> Path:
        shutil.copytree(PROJECT, tmp_path / "project")
        for name, text in files.items():
            (tmp_path / "project" / "data" / f"{name}.yml").write_text(text, encoding="utf-8")
        return tmp_path / "project"

    return make


def rules(steps: str) -> str:
    return f'version: "3.1"\nrules:\n  - rule: odd\n    steps: {steps}\n'


@pytest.mark.parametrize(
    ("steps", "why"),
    [
        (
            "[{intent: greet}, {action: utter_greet}, {intent: deny}, {action: utter_sorry}]",
            "여러 번 이어지는",
        ),
        ("[]", "단계가 없는"),
        ("[{action: utter_greet}]", "의도 없이"),
        ("[{intent: affirm}, {action: action_nowhere}]", "도메인에 없는 액션 action_nowhere"),
        ("[{intent: affirm}, {slot_was_set: [{flower: 장미}]}, {action: utter_greet}]", "슬롯 flower"),
        ("[{intent: affirm}, {bot: 안녕}]", "응답 이름이 아닌"),
        ("[{or: [{action: utter_greet}]}]", "의도가 아닌 or"),
        ("[{dance: true}]", "dance"),
        ("[7]", "7"),
        ("[{intent: sad}, {action: utter_hours}]", ""),
    ],
)
def test_odd_rules_are_left_and_the_rest_is_imported(
    project: Callable[..., Path], tmp_path: Path, steps: str, why: str
) -> None:
    notes = import_project(project(odd=rules(steps)), tmp_path / "target")
    assert "order_form" in load_assistant(tmp_path / "target").flows
    if why:
        assert why in why_left(notes)["규칙 odd"]


def test_broken_yaml_is_refused_with_its_line_and_nothing_is_written(
    project: Callable[..., Path], tmp_path: Path
) -> None:
    with pytest.raises(FormatError) as caught:
        import_project(project(odd="rules:\n  - rule: [\n"), tmp_path / "target")
    assert Path(caught.value.file).name == "odd.yml" and caught.value.line >= 2
    assert not (tmp_path / "target").exists()


def test_a_folder_without_a_project_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NoRasaProject):
        import_project(tmp_path, tmp_path / "target")


def test_nobodys_work_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(TargetNotEmpty):
        import_project(PROJECT, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_what_is_written_can_be_read_again_by_line(imported: Imported) -> None:
    flows = load_yaml(imported[0] / "data" / "flows" / "flows.yml")
    assert flows.line(("flows", "sad")) > flows.line(("flows", "greet"))
