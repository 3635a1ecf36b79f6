"""A telephone call over a Rasa server: what it says is spoken, what the caller says is heard there, and a person is in reach."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from bot.voice.transports import CallInfo
from tests.rasa_engine.conftest import Talk
from tests.rasa_engine.rasa_protocol import RasaProtocol
from tests.voice.conftest import Phone


@pytest.fixture
async def ring() -> AsyncIterator[Callable[..., Any]]:
    """Calls the shop; what was said so far is taken down by the ears in that order."""
    phones: list[Phone] = []

    async def make(talk: Talk, *script: str) -> Phone:
        # Each call is a conversation of its own at the one real Rasa.
        phone = Phone(talk.engine, script, info=CallInfo("call1", talk.id, "testing"))
        phones.append(phone)
        await phone.ring()
        await phone.quiet()
        return phone

    yield make
    for phone in phones:
        phone.call.hang_up("test_over")


async def said_to(phone: Phone) -> str:
    """The caller says the next line; what is spoken after it."""
    before = len(phone.mouth.said)
    await phone.says()
    await phone.quiet()
    return " ".join(phone.mouth.said[before:])


async def test_a_form_by_telephone(talk: Talk, ring: Callable[..., Any]) -> None:
    phone = await ring(talk, "안녕하세요", "주문 조회하고 싶어요", "20261101이에요", "아직도 안 왔어요")
    assert "시험 가게예요." in await said_to(phone)
    assert await said_to(phone) == "주문번호 여덟 자리를 알려 주세요."
    assert "어떤 점이 궁금하세요?" in await said_to(phone)
    slot = (await talk.tracker()).state.slots["order_no"]
    assert (slot.value, slot.source) == ("20261101", "user")
    assert "문의를 적어 두었어요" in await said_to(phone)
    assert (await talk.tracker()).stack == []
    assert {event.input_channel for event in await talk.events("user")} == {"voice"}
    assert await phone.hangs_up() == "caller_hung_up"
    [ended] = await talk.events("call_ended")
    assert ended.metadata["turns"] == 4


async def test_buttons_are_not_spoken_and_documents_answer(talk: Talk, ring: Callable[..., Any]) -> None:
    phone = await ring(talk, "상품 보여 주세요", "환불은 며칠 걸려요")
    shown = await said_to(phone)
    assert shown and "http" not in shown and "payload" not in shown
    assert "사흘" in await said_to(phone)


async def test_from_rasa_to_a_person_on_the_same_line(talk: Talk, ring: Callable[..., Any]) -> None:
    phone = await ring(talk, "주문 조회하고 싶어요", "상담원 바꿔 주세요", "네 안녕하세요")
    await said_to(phone)
    await said_to(phone)
    assert (await talk.tracker()).owner == "queued"
    case = await talk.accept()
    assert case.channel == "voice"
    await phone.quiet()
    before = len(phone.mouth.said)
    await talk.desk.say(case, talk.agent, "상담원 김민지예요.")
    await phone.until(lambda: "상담원 김민지예요." in " ".join(phone.mouth.said[before:]), 30)
    await phone.quiet()
    await talk.desk.give_back(case, talk.agent, "resolved", "", {"order_no": "20261234"})
    await phone.until(lambda: "어떤 점이 궁금하세요?" in " ".join(phone.mouth.said[before:]), 30)


@pytest.mark.parametrize("failing", [503, "nonsense", "silent"])
async def test_a_caller_hears_when_rasa_fails(
    make_talk: Callable[..., Talk], rasa: tuple[RasaProtocol, str], ring: Callable[..., Any], failing: Any
) -> None:
    protocol, url = rasa
    talk = make_talk(url, protocol)
    phone = await ring(talk, "안녕하세요", "안녕하세요")
    protocol.failing = failing
    assert await said_to(phone), "silence on the line would be the worst answer"
    protocol.failing = None
    assert "시험 가게예요." in await said_to(phone)
