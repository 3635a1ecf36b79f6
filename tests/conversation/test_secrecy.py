"""A PIN is known while the turn runs and stands nowhere afterwards: not in events, commands, entities, forms or snapshots."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.conversation.actions_port import ActionResult
from bot.conversation.assistant import load_assistant
from bot.conversation.conversations import Conversations
from bot.conversation.engine import Engine
from bot.conversation.events import SlotSet
from bot.conversation.secrecy import HIDDEN
from bot.conversation.testing import FunctionRunner, TableUnderstander, understood
from bot.conversation.tracker import Tracker
from bot.storage.memory import MemoryStore

from .conftest import Talk

DOMAIN = """version: "3.1"
intents: [balance]
slots:
  pin:
    type: text
    metadata: {secret: true}
    mappings:
      - {type: from_entity, entity: number, conditions: [{requested_slot: pin}]}
    validation:
      rejections:
        - {if: 'not slots.pin matches "^[0-9]{4}$"', utter: utter_pin_form}
  wish:
    type: text
    mappings: [{type: from_text, conditions: [{requested_slot: wish}]}]
actions: [action_check_pin]
responses:
  utter_ask_pin: [{text: 비밀번호를 말씀해 주세요.}]
  utter_pin_form: [{text: 숫자 네 자리로 말씀해 주세요.}]
  utter_ask_wish: [{text: 무엇을 도와드릴까요?}]
"""
FLOWS = """flows:
  balance:
    name: 잔액 조회
    description: 비밀번호를 확인하고 잔액을 알려 줘요.
    nlu_trigger:
      - intent: balance
    steps:
      - collect: pin
      - action: action_check_pin
      - collect: wish
"""


@pytest.fixture
def bank(tmp_path: Path) -> tuple[Talk, list[Any], MemoryStore]:
    """(a customer, what the check was given, the store)."""
    (tmp_path / "domain.yml").write_text(DOMAIN)
    (tmp_path / "data" / "flows").mkdir(parents=True)
    (tmp_path / "data" / "flows" / "flows.yml").write_text(FLOWS)
    checked: list[Any] = []

    async def check(tracker: Tracker, context: dict[str, Any]) -> ActionResult:
        checked.append(tracker.slot("pin"))
        return ActionResult(events=(SlotSet(name="pin", value=None),))

    table = {
        text: understood(text, intent, **rest)
        for text, intent, rest in [
            ("잔액 알려 주세요", "balance", {}),
            ("비밀번호는 4821이에요", "unknown", {"number": "4821", "confidence": 0.1}),
            ("482159요", "unknown", {"number": "482159", "confidence": 0.1}),
            ("48 21 아닌가요?", "unknown", {"confidence": 0.1}),
            ("7월 4821원 이체요", "unknown", {"confidence": 0.1}),
        ]
    }
    assistant = load_assistant(tmp_path)
    store = MemoryStore()
    engine = Engine(
        Conversations(store, assistant.responses),
        assistant,
        TableUnderstander(table),
        FunctionRunner({"action_check_pin": check}),
    )
    return Talk(engine), checked, store


async def kept(talk: Talk, store: MemoryStore) -> str:
    """All that is stored of the conversation."""
    stored = await store.load(talk.id)
    events = [event.model_dump(mode="json") for event in await talk.events()]
    return json.dumps([events, stored.snapshot], ensure_ascii=False, default=str)


async def test_the_action_knows_it_and_the_log_does_not(bank: Any) -> None:
    talk, checked, store = bank
    await talk.say("잔액 알려 주세요")
    assert await talk.texts("비밀번호는 4821이에요") == ["무엇을 도와드릴까요?"]
    assert checked == ["4821"]
    assert "4821" not in await kept(talk, store)
    said = [event for event in await talk.events() if event.event == "user"][-1]
    assert (said.text, said.parse_data["text"], said.parse_data["entities"]) == (HIDDEN, HIDDEN, [])
    slots = [(e.name, e.value) for e in await talk.events() if e.event == "slot"]
    assert slots[:2] == [("pin", HIDDEN), ("pin", None)]


async def test_a_slip_is_hidden_as_well(bank: Any) -> None:
    talk, checked, store = bank
    await talk.say("잔액 알려 주세요")
    assert "숫자 네 자리로 말씀해 주세요." in await talk.texts("482159요")
    await talk.say("48 21 아닌가요?")
    assert checked == [] and "48 21 아닌가요?" not in await kept(talk, store)
    assert "4821" not in await kept(talk, store) and f"{HIDDEN} 아닌가요?" in await kept(talk, store)


async def test_numbers_that_were_not_asked_for_in_secret_stay(bank: Any) -> None:
    talk, _, store = bank
    await talk.say("잔액 알려 주세요")
    await talk.say("비밀번호는 4821이에요")
    await talk.say("7월 4821원 이체요")
    assert "7월 4821원 이체요" in await kept(talk, store)


async def test_snapshots_hold_none_either(bank: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.conversation.draft.SNAPSHOT_EVERY", 1)
    talk, _, store = bank
    await talk.say("잔액 알려 주세요")
    await talk.say("비밀번호는 4821이에요")
    stored = await store.load(talk.id)
    assert stored.snapshot is not None and "4821" not in json.dumps(stored.snapshot, default=str)
    assert stored.snapshot["state"]["latest_message"]["text"] == HIDDEN


async def test_a_button_that_carries_it_is_hidden(bank: Any) -> None:
    talk, checked, store = bank
    await talk.say("잔액 알려 주세요")
    await talk.say("4821", payload="/SetSlots(pin=4821)")
    assert checked == ["4821"] and "4821" not in await kept(talk, store)
