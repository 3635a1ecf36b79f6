"""A flow calls another: it goes on by what came of it, and corrections find their way back through the call."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.conversation.actions_port import ActionResult
from bot.conversation.assistant import load_assistant
from bot.conversation.conversations import Conversations
from bot.conversation.engine import Engine
from bot.conversation.events import SlotSet
from bot.conversation.messages import UserMessage
from bot.conversation.testing import FunctionRunner, TableUnderstander, understood
from bot.conversation.tracker import Tracker
from bot.storage.memory import MemoryStore

DOMAIN = """intents: [pay, refund, affirm, deny, unknown]
entities: [amount, phone, number]
slots:
  amount: {type: float, label: 금액, mappings: [{type: from_entity, entity: amount}]}
  phone: {type: text, label: 번호, mappings: [{type: from_entity, entity: phone}]}
  pin: {type: text, mappings: [{type: from_entity, entity: number, conditions: [{requested_slot: pin}]}]}
  outcome: {type: text, mappings: [{type: controlled}]}
  sure:
    type: bool
    mappings:
      - {type: from_intent, intent: affirm, value: true}
      - {type: from_intent, intent: deny, value: false}
responses:
  utter_refund: [{text: 반품이군요}]
  utter_ask_amount: [{text: 얼마요}]
  utter_ask_phone: [{text: 번호요}]
  utter_ask_pin: [{text: 비밀번호요}]
  utter_ask_sure: [{text: "{phone} {amount}원 맞나요"}]
  utter_paid: [{text: 보냈어요}]
  utter_not_paid: [{text: 안 보냈어요}]
actions: [action_check]
"""
FLOWS = """flows:
  pay:
    name: 보내기
    description: Pay.
    nlu_trigger: [{intent: pay}]
    steps:
      - collect: amount
      - id: verify
        call: verify
        next: [{if: slots.outcome = "open", then: sure}, {else: END}]
      - id: sure
        collect: sure
        ask_before_filling: true
        next:
          - if: slots.sure
            then: [{action: utter_paid, next: END}]
          - else: [{action: utter_not_paid, next: END}]
  refund:
    name: 반품
    description: Give back.
    nlu_trigger: [{intent: refund}]
    steps: [{action: utter_refund}]
  verify:
    name: 확인
    description: Who is it.
    steps:
      - collect: phone
      - id: pin
        collect: pin
      - action: action_check
        next:
          - if: slots.outcome = "wrong"
            then: [{set_slots: [{pin: null}], next: pin}]
          - else: END
"""
SAID = {
    "보낼게요": understood("보낼게요", "pay"),
    "5만원": understood("5만원", "unknown", confidence=0.1, amount=50_000),
    "아니 7만원이요": understood("아니 7만원이요", "deny", amount=70_000),
    "010-1": understood("010-1", "unknown", confidence=0.1, phone="010-1"),
    "아니 010-2예요": understood("아니 010-2예요", "deny", phone="010-2"),
    "1234": understood("1234", "unknown", confidence=0.1, number=1234),
    "9999": understood("9999", "unknown", confidence=0.1, number=9999),
    "네 보내 주세요": understood("네 보내 주세요", "pay"),
    "아 번호는 010-2예요": understood("아 번호는 010-2예요", "refund", phone="010-2"),
    "010-3으로 반품할게요": understood("010-3으로 반품할게요", "refund", phone="010-3"),
    "네 010-1이요": understood("네 010-1이요", "affirm", phone="010-1"),
    "아니요 안 보낼래요": understood("아니요 안 보낼래요", "pay"),
}


async def check(tracker: Tracker, context: dict[str, Any]) -> ActionResult:
    """One PIN is right."""
    right = str(tracker.slot("pin")) == "1234"
    return ActionResult(events=(SlotSet(name="outcome", value="open" if right else "wrong"),))


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    (tmp_path / "domain.yml").write_text(DOMAIN, encoding="utf-8")
    (tmp_path / "data" / "flows").mkdir(parents=True)
    (tmp_path / "data" / "flows" / "flows.yml").write_text(FLOWS, encoding="utf-8")
    assistant = load_assistant(tmp_path)
    conversations = Conversations(MemoryStore(), assistant.responses)
    return Engine(conversations, assistant, TableUnderstander(SAID), FunctionRunner({"action_check": check}))


async def talk(engine: Engine, *texts: str) -> list[str]:
    """What the bot says to the last of the texts."""
    result = None
    for text in texts:
        result = await engine.handle(UserMessage(conversation_id="c", text=text, channel="rest"))
    return [reply.text for reply in result.replies] if result else []


async def test_the_branches_after_a_call_see_what_came_of_it(engine: Engine) -> None:
    assert await talk(engine, "보낼게요", "5만원", "010-1", "9999") == ["비밀번호요"]
    assert await talk(engine, "1234") == ["010-1 50,000원 맞나요"]
    assert (await talk(engine, "네 보내 주세요"))[0] == "보냈어요"


async def test_what_the_caller_asked_for_is_corrected_inside_the_call(engine: Engine) -> None:
    said = await talk(engine, "보낼게요", "5만원", "010-1", "아니 7만원이요")
    assert said == ["네, 바꿨어요. 금액: 70,000", "비밀번호요"]
    assert await talk(engine, "1234") == ["010-1 70,000원 맞나요"]


async def test_what_the_call_asked_for_is_corrected_after_it(engine: Engine) -> None:
    said = await talk(engine, "보낼게요", "5만원", "010-1", "1234", "아니 010-2예요")
    assert said[0] == "네, 바꿨어요. 번호: 010-2"
    assert said[-1] == "010-2 50,000원 맞나요"


async def test_a_plain_no_counts_whatever_the_rest_resembles(engine: Engine) -> None:
    said = await talk(engine, "보낼게요", "5만원", "010-1", "1234", "아니요 안 보낼래요")
    assert said[0] == "안 보냈어요"


async def test_a_corrected_value_starts_no_flow_that_its_words_resemble(engine: Engine) -> None:
    said = await talk(engine, "보낼게요", "5만원", "010-1", "1234", "아 번호는 010-2예요")
    assert said == ["네, 바꿨어요. 번호: 010-2", "010-2 50,000원 맞나요"]


async def test_a_wish_with_a_value_in_it_starts_its_flow(engine: Engine) -> None:
    said = await talk(engine, "보낼게요", "5만원", "010-1", "1234", "010-3으로 반품할게요")
    assert said[0] == "반품이군요"


async def test_a_yes_that_repeats_a_value_is_a_yes(engine: Engine) -> None:
    said = await talk(engine, "보낼게요", "5만원", "010-1", "1234", "네 010-1이요")
    assert said[0] == "보냈어요"
