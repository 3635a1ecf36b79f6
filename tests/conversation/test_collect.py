"""What a question takes, what it refuses, and what a correction can still change."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.conversation.actions_port import ActionResult
from bot.conversation.assistant import load_assistant
from bot.conversation.cautions import find_cautions
from bot.conversation.conversations import Conversations
from bot.conversation.engine import Engine
from bot.conversation.messages import UserMessage
from bot.conversation.testing import FunctionRunner, TableUnderstander, understood
from bot.conversation.tracker import Tracker
from bot.storage.memory import MemoryStore
from formats import FormatError

DOMAIN = """intents: [send, other, affirm, deny, cancel, request_human, bank_question]
entities: [amount, phone]
slots:
  phone: {type: text, mappings: [{type: from_entity, entity: phone}],
    validation: {validators: [phone], refill_utter: utter_again}}
  amount:
    type: float
    label: 금액
    mappings: [{type: from_entity, entity: amount}]
    validation: {validators: [{name: amount, minimum: 1000, maximum: 50000, utter: utter_bounds}]}
  sure: {type: bool}
  kind: {type: categorical, values: [당일, 예약]}
  count: {type: float}
  note: {type: text}
  open: {type: bool, mappings: [{type: controlled}]}
  things: {type: list}
responses:
  utter_ask_phone: [{text: 번호는요?}]
  utter_again: [{text: 번호만 알려 주세요.}]
  utter_bounds: [{text: "{minimum}원에서 {maximum}원까지예요."}]
  utter_ask_amount: [{text: 얼마요?}]
  utter_ask_sure: [{text: "{amount}원 보낼까요?"}]
  utter_ask_kind: [{text: 언제요?}]
  utter_ask_count: [{text: 몇 번이요?}]
  utter_ask_note: [{text: 메모는요?}]
  utter_ask_things: [{text: 무엇을요?}]
  utter_done: [{text: 됐어요.}]
actions: [action_send, action_look]
"""
SEND = """
  send:
    name: 송금
    description: Send money.
    nlu_trigger: [{intent: send}]
    steps:
"""
OTHER = """
  other:
    name: 다른 일
    description: Something else.
    nlu_trigger: [{intent: other}]
    if: slots.open
    steps:
      - action: utter_done
"""
TABLE = {
    text: understood(text, intent, **more)
    for text, intent, more in [
        ("보내 주세요", "send", {}),
        ("다른 거요", "other", {}),
        ("3만원이요", "unknown", {"amount": 30000, "confidence": 0.1}),
        ("아니 4만원이요", "deny", {"amount": 40000}),
        ("9만원이요", "unknown", {"amount": 90000, "confidence": 0.1}),
        ("01012345678", "unknown", {"phone": "01012345678", "confidence": 0.1}),
        ("123", "unknown", {"phone": "123", "confidence": 0.1}),
        ("네", "affirm", {}),
        ("아니요", "deny", {}),
        ("그만", "cancel", {}),
        ("세 번이요", "unknown", {"number": 3, "confidence": 0.1}),
        ("수수료가 얼마예요?", "bank_question", {}),
    ]
}


class Made:
    """An assistant of a few lines, and a customer of it."""

    def __init__(self, folder: Path, flows: str, domain: str = DOMAIN) -> None:
        (folder / "domain.yml").write_text(domain, encoding="utf-8")
        (folder / "data" / "flows").mkdir(parents=True, exist_ok=True)
        (folder / "data" / "flows" / "flows.yml").write_text(f"flows:\n{flows}", encoding="utf-8")
        self.folder = folder
        self.assistant = load_assistant(folder)
        self.runner = FunctionRunner({"action_send": nothing, "action_look": nothing})
        conversations = Conversations(MemoryStore(), self.assistant.responses)
        self.engine = Engine(conversations, self.assistant, TableUnderstander(TABLE), self.runner)

    async def say(self, text: str, payload: str | None = None) -> list[str]:
        result = await self.engine.handle(
            UserMessage(conversation_id="c", text=text, channel="rest", payload=payload)
        )
        return [reply.text for reply in result.replies]

    async def slot(self, name: str) -> Any:
        return (await self.engine.conversations.tracker("c")).slot(name)


async def nothing(tracker: Tracker, context: dict[str, Any]) -> ActionResult:
    return ActionResult()


Make = Callable[[str], Made]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """An assistant whose flow `send` has these steps, one a line."""

    def made(steps: str, more: str = "") -> Made:
        lines = "".join(f"      - {step}\n" for step in steps.splitlines())
        return Made(tmp_path, SEND + lines + more)

    return made


async def test_a_valid_value_is_kept_in_its_usual_form(make: Make) -> None:
    made = make("collect: phone")
    await made.say("보내 주세요")
    await made.say("01012345678")
    completed = [e for e in await made.engine.conversations.store.events("c") if e.event == "slot"]
    assert completed[0].value == "010-1234-5678" and completed[0].source == "user"


async def test_an_invalid_value_is_refused_and_asked_for_in_other_words(make: Make) -> None:
    made = make("collect: phone\ncollect: amount")
    await made.say("보내 주세요")
    refusal, again = await made.say("123")
    assert refusal.startswith("전화번호를 다시 확인해 주세요") and again == "번호만 알려 주세요."
    await made.say("01012345678")
    assert await made.say("9만원이요") == ["1,000원에서 50,000원까지예요.", "얼마요?"]
    assert await made.slot("amount") is None


async def test_slots_without_mappings_take_the_answer_by_their_type(make: Make) -> None:
    made = make("collect: kind\ncollect: count\ncollect: note\ncollect: sure\ncollect: phone")
    for text in ("보내 주세요", "당일로요", "세 번이요", "월세예요", "아니요"):
        await made.say(text)
    slots = [await made.slot(name) for name in ("kind", "count", "note", "sure")]
    assert slots == ["당일", 3, "월세예요", False]


async def test_a_forced_question_takes_its_answer_and_nothing_beside_it(make: Make) -> None:
    made = make("{collect: amount, force_slot_filling: true}\ncollect: phone")
    await made.say("보내 주세요")
    for text in ("수수료가 얼마예요?", "다른 거요", "01012345678"):
        assert (await made.say(text))[-1] == "얼마요?", text
    assert await made.slot("phone") is None
    assert await made.say("3만원이요") == ["번호는요?"]


async def test_a_forced_question_can_be_left(make: Make) -> None:
    made = make("{collect: amount, force_slot_filling: true}")
    await made.say("보내 주세요")
    assert (await made.say("그만"))[0].startswith("네, 진행을 멈췄어요")


async def test_what_is_done_once_is_not_done_again_by_a_correction(make: Make) -> None:
    made = make(
        "collect: amount\n{action: action_send, metadata: {once: true}}\ncollect: phone\naction: utter_done"
    )
    await made.say("보내 주세요")
    await made.say("3만원이요")
    late, again = await made.say("아니 4만원이요")
    assert late.startswith("금액은 이미 처리한 뒤라") and again == "번호는요?"
    assert await made.slot("amount") == 30000 and made.runner.ran == ["action_send"]


@pytest.mark.parametrize(("phone", "ran"), [("010-1234-5678", 1), ("010-9999-8888", 2)])
async def test_what_came_of_an_action_says_whether_it_can_be_undone(make: Make, phone: str, ran: int) -> None:
    once = "slots.phone = '010-1234-5678'"
    made = make(
        f"set_slots: [{{phone: {phone}}}]\ncollect: amount\n"
        f'{{action: action_send, metadata: {{once: "{once}"}}}}\ncollect: kind'
    )
    await made.say("보내 주세요")
    await made.say("3만원이요")
    await made.say("아니 4만원이요")
    assert made.runner.ran == ["action_send"] * ran
    assert await made.slot("amount") == (30000 if ran == 1 else 40000)


async def test_what_may_be_repeated_is_done_again_with_the_new_value(make: Make) -> None:
    made = make("collect: amount\naction: action_look\ncollect: phone")
    await made.say("보내 주세요")
    await made.say("3만원이요")
    await made.say("아니 4만원이요")
    assert await made.slot("amount") == 40000 and made.runner.ran == ["action_look", "action_look"]


@pytest.mark.parametrize("kind", ["link", "call"])
async def test_a_guard_holds_for_links_and_calls_too(make: Make, kind: str) -> None:
    closed = make(f"set_slots: [{{open: false}}]\n{kind}: other", OTHER)
    said = await closed.say("보내 주세요")
    assert said[0] == "지금은 다른 일을 진행할 수 없어요." and "됐어요." not in said
    opened = make(f"set_slots: [{{open: true}}]\n{kind}: other", OTHER)
    assert "됐어요." in await opened.say("보내 주세요")


async def test_a_guard_that_is_only_false_keeps_customers_out_and_lets_calls_in(make: Make) -> None:
    made = make("call: other", OTHER.replace("slots.open", "false"))
    assert "됐어요." in await made.say("보내 주세요")
    assert "됐어요." not in await made.say("/other")


@pytest.mark.parametrize(
    ("steps", "problem"),
    [
        (
            "{noop: true, next: [{if: slots.kind = '내일', then: END}, {else: END}]}",
            "can never tell anything",
        ),
        (
            '{noop: true, next: [{if: slots.sure = "true", then: END}, {else: END}]}',
            "true or false, without quotes",
        ),
        ('{noop: true, next: [{if: slots.amount > "5", then: END}, {else: END}]}', "never holds"),
        ("{noop: true, next: [{if: slots.sure > 1, then: END}, {else: END}]}", "never holds"),
        ("collect: things", "nobody says a list"),
        ("{collect: amount, metadata: {once: true}}", "says of an action"),
        ("{action: action_send, metadata: {once: [1]}}", "a condition"),
        ("{action: action_send, metadata: {once: 'slots.'}}", "slots."),
        ("{action: action_send, metadata: {once: slots.nobody}}", "unknown slot 'nobody'"),
        ("{action: action_send, metadata: {once: slots.sure = 'ja'}}", "true or false, without quotes"),
    ],
)
def test_what_can_not_be_meant_is_refused(make: Make, steps: str, problem: str) -> None:
    with pytest.raises(FormatError) as caught:
        make(steps)
    assert problem in caught.value.en and caught.value.line >= 7


def test_two_places_that_say_what_is_kept_are_refused(tmp_path: Path) -> None:
    flows = SEND.replace("    steps:", "    persisted_slots: [phone]\n    steps:")
    with pytest.raises(FormatError, match="two places say what is kept"):
        Made(tmp_path, f"{flows}      - {{collect: phone, reset_after_flow_ends: false}}\n")


@pytest.mark.parametrize(
    ("validation", "problem"),
    [
        ("{validators: [fone]}", "one of phone"),
        ("{}", "'rejections' or 'validators'"),
        ("{validators: [phone], refill_utter: utter_lost}", "unknown response 'utter_lost'"),
        ("{validators: [{name: phone, utter: utter_lost}]}", "unknown response 'utter_lost'"),
    ],
)
def test_a_wrong_validation_is_refused_with_its_line(tmp_path: Path, validation: str, problem: str) -> None:
    domain = DOMAIN.replace("{validators: [phone], refill_utter: utter_again}", validation)
    with pytest.raises(FormatError) as caught:
        Made(tmp_path, f"{SEND}      - collect: phone\n", domain)
    assert problem in caught.value.en and caught.value.line == 5, caught.value.en


def test_cautions_name_what_may_not_be_meant(make: Make) -> None:
    made = make(
        "collect: amount\naction: action_look\n{action: action_send, metadata: {once: true}}\n"
        "{collect: phone, reset_after_flow_ends: false}\nlink: other",
        OTHER
        + OTHER.replace("other:", "lost:")
        .replace("    nlu_trigger: [{intent: other}]\n", "")
        .replace("다른", "딴"),
    )
    found = find_cautions(made.assistant, made.folder / "domain.yml")
    assert [one.code for one in found] == ["guarded_goal", "repeated_action", "deprecated", "never_started"]
    assert [one.line for one in found] == [12, 9, 11, 22] and all(one.remedy for one in found)


def test_the_reference_bank_gives_no_cause_for_caution() -> None:
    folder = Path(__file__).parents[2]
    assert find_cautions(load_assistant(folder), folder / "domain.yml") == []
