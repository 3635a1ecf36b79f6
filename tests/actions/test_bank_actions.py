"""The reference bank's actions over the real core-banking server."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from actions.bank import client
from bot.conversation import clock
from bot.conversation.actions_port import ActionError
from bot.conversation.assistant import Assistant
from bot.conversation.conversations import Conversations
from bot.conversation.engine import Engine
from bot.conversation.messages import UserMessage
from bot.conversation.testing import TableUnderstander, understood
from bot.desk.queues import Queue, QueueBook, QueueSpec
from bot.execution.in_process import InProcessRunner
from bot.server.action_services import action_services
from bot.server.knowledge import Knowledge
from bot.server.service import BUILT_IN_PACKAGE
from bot.storage.memory import MemoryStore
from examples.core_banking.server import CoreBanking

from .conftest import TABLE

Run = Callable[..., Any]


async def test_a_customer_is_found_by_phone(bank: CoreBanking, run: Run) -> None:
    assert await run("action_find_customer", phone="010-1234-5678") == {"customer_id": "c-1001"}
    assert await run("action_find_customer", phone="010-0000-0000") == {"customer_id": None}
    assert await run("action_find_customer", phone="../../etc") == {"customer_id": None}


async def test_the_card_of_the_named_type(bank: CoreBanking, run: Run) -> None:
    found = await run("action_find_card", customer_id="c-1001", card_type="체크카드")
    assert found == {"card_found": True, "card_id": "c-1001-1907", "card_last4": "1907"}
    none = await run("action_find_card", customer_id="c-1002", card_type="신용카드")
    assert none == {"card_found": False, "card_id": None, "card_last4": None}
    assert not (await run("action_find_card", customer_id="c-9/../x", card_type="신용카드"))["card_found"]


async def test_a_blocked_card_is_no_longer_found(bank: CoreBanking, run: Run) -> None:
    await run("action_block_card", card_id="c-1001-4821")
    assert not (await run("action_find_card", customer_id="c-1001", card_type="신용카드"))["card_found"]


async def test_a_turn_that_is_tried_again_does_nothing_twice(bank: CoreBanking, run: Run) -> None:
    first = await run("action_block_card", {"turn_id": "m1"}, card_id="c-1001-4821")
    assert await run("action_block_card", {"turn_id": "m1"}, card_id="c-1001-4821") == first
    wish = {
        "phone": "010-1234-5678",
        "callback_date": "2026-11-26",
        "callback_time": "15:00",
        "callback_topic": "대출",
    }
    booked = await run("action_book_callback", {"turn_id": "m2"}, **wish)
    assert await run("action_book_callback", {"turn_id": "m2"}, **wish) == booked
    assert bank.callbacks == [wish]
    assert await run("action_book_callback", {"turn_id": "m3"}, **wish) != booked


async def test_limits_of_customers_and_strangers(bank: CoreBanking, run: Run) -> None:
    for amount, outcome in ((9_000_000, "lower"), (10_000_000, "same"), (11_000_000, "higher")):
        found = await run("action_check_limit", phone="010-1234-5678", amount=amount)
        assert found == {"outcome": outcome, "current_limit": 10_000_000}
    unknown = await run("action_check_limit", phone="010-0000-0000", amount=1)
    assert unknown == {"outcome": "higher", "current_limit": None}


async def test_a_server_error_is_raised(bank: CoreBanking, run: Run) -> None:
    with pytest.raises(ActionError) as caught:
        await run("action_block_card", card_id="c-1004-6626")
    assert (caught.value.failure, caught.value.detail) == ("raised", "CoreBankingError")


async def test_a_slow_server_is_given_up(bank: CoreBanking, run: Run) -> None:
    with pytest.raises(ActionError) as caught:
        await run("action_block_card", card_id="c-1005-2088")
    assert caught.value.detail == "CoreBankingError"


async def test_the_client_tells_what_it_was_answered(
    bank: CoreBanking, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await client.get("/customers", phone="nobody") is None
    with pytest.raises(client.CoreBankingError) as caught:
        await client.post("/cards/c-1004-6626/block", {}, once="x")
    assert caught.value.status == 500
    monkeypatch.setenv("CORE_BANKING_KEY", "wrong")
    with pytest.raises(client.CoreBankingError) as caught:
        await client.get("/customers", phone="010-1234-5678")
    assert caught.value.status == 401
    monkeypatch.setenv("SANGDAM_CORE_BANKING_URL", "http://127.0.0.1:9")
    with pytest.raises(client.CoreBankingError) as caught:
        await client.get("/customers", phone="010-1234-5678")
    assert caught.value.status == 0


async def test_card_loss_from_the_first_word_to_the_new_card(bank: CoreBanking, talk: Run) -> None:
    assert (await talk("카드를 잃어버렸어요"))[0] == [
        "본인 확인을 위해 은행에 등록된 휴대전화 번호를 알려 주세요."
    ]
    assert (await talk("010-1234-5678"))[0] == ["어떤 카드를 잃어버리셨나요?"]
    assert "끝자리 4821 신용카드를 바로 정지할까요?" in (await talk("신용카드요"))[0][0]
    texts, _ = await talk("네")
    assert "접수번호는 B000001" in texts[0] and "재발급해 드릴까요?" in texts[1]
    texts, events = await talk("네")
    assert "5영업일 안에" in texts[0]
    assert "flow_completed" in [event.event for event in events]
    assert not [event for event in events if event.event == "action_failed"]


async def test_an_unknown_number_is_asked_again(bank: CoreBanking, talk: Run) -> None:
    await talk("카드를 잃어버렸어요")
    texts, _ = await talk("010-0000-0000")
    assert "찾지 못했어요" in texts[0] and "휴대전화 번호를 알려 주세요" in texts[1]
    assert (await talk("010-1234-5678"))[0] == ["어떤 카드를 잃어버리셨나요?"]


@pytest.mark.parametrize(
    ("phone", "card"), [("010-4567-8901", "신용카드요"), ("010-5678-9012", "체크카드요")]
)
async def test_a_bank_that_fails_gives_an_apology_and_a_person(
    bank: CoreBanking, talk: Run, phone: str, card: str
) -> None:
    for text in ("카드를 잃어버렸어요", phone, card):
        await talk(text)
    texts, events = await talk("네")
    assert texts == ["처리하는 중에 문제가 생겼어요. 죄송해요. 상담원에게 연결할까요?"]
    failed = [event for event in events if event.event == "action_failed"]
    assert [(event.name, event.code, event.detail) for event in failed] == [
        ("action_block_card", "raised", "CoreBankingError")
    ]
    assert (await talk("/request_human"))[0][0].startswith("상담원을 부르고 있어요.")


async def test_a_limit_goes_to_a_person_with_what_is_known(bank: CoreBanking, talk: Run) -> None:
    for text in ("이체 한도 올려 주세요", "3천만원이요", "010-1234-5678"):
        await talk(text)
    texts, events = await talk("전세 보증금이에요")
    assert any("상담원" in text for text in texts)
    slots = {event.name: event.value for event in events if event.event == "slot"}
    assert slots["current_limit"] == 10_000_000 and slots["amount"] == 30_000_000
    assert [event.reason_text for event in events if event.event == "handoff_requested"] == [
        "이체 한도 변경은 상담원 본인 확인이 필요해요"
    ]


async def test_a_call_back_is_booked_once(bank: CoreBanking, talk: Run) -> None:
    for text in ("전화 주세요", "010-1234-5678", "내일", "오후 세 시", "대출 상담"):
        texts, _ = await talk(text)
    assert "맞으신가요?" in texts[0]
    texts, _ = await talk("네")
    assert "예약번호는 C000001" in texts[0]
    assert [booking["callback_topic"] for booking in bank.callbacks] == ["대출 상담"]


async def test_no_call_is_booked_when_nobody_is_at_the_desk(
    bank: CoreBanking, assistant: Assistant, store: MemoryStore
) -> None:
    spec = QueueSpec.model_validate({"name": "general", "hours": {"week": {"mon-fri": "09:00-18:00"}}})
    services = action_services(
        assistant, store, QueueBook([Queue(spec, [])]), Knowledge(None), remember_days=365
    )
    runner = InProcessRunner(assistant.domain, services=services)
    runner.register_package("actions.bank")
    runner.register_package(BUILT_IN_PACKAGE)
    understander = TableUnderstander(
        {**TABLE, "토요일": understood("토요일", "unknown", date="2026-11-28", confidence=0.1)}
    )
    engine = Engine(Conversations(store, assistant.responses), assistant, understander, runner)

    async def say(text: str) -> list[str]:
        result = await engine.handle(UserMessage(conversation_id="c1", text=text, channel="rest"))
        return [reply.text for reply in result.replies]

    with clock.moved(datetime(2026, 11, 25, 10, tzinfo=clock.KOREA).timestamp() - clock.now()):
        for text in ("전화 주세요", "010-1234-5678", "토요일", "오후 세 시", "대출 상담"):
            await say(text)
        closed, asked = await say("네")
        assert "11월 30일(월) 오전 9시부터 전화드릴 수 있어요" in closed and asked.startswith(
            "전화를 언제 드릴까요?"
        )
        assert bank.callbacks == []
        for text in ("내일", "오후 세 시"):
            await say(text)
        assert "예약번호는" in (await say("네"))[0]
    assert [booking["callback_date"] for booking in bank.callbacks] == ["2026-11-26"]
