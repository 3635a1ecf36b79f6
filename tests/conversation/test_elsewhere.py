"""Customers who change the channel go on at the same step, where it is certain that they are the same person."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.conversation import clock
from bot.conversation.actions_port import ActionResult
from bot.conversation.customers import Customer, Identity, Merge
from bot.conversation.engine import Engine
from bot.conversation.events import CallStarted, SlotSet
from bot.conversation.tracker import Tracker

from .conftest import Talk
from .test_collect import SEND, Made

OFFER = "웹 채팅에서 하시던 카드 분실 신고를 이어서 진행할까요?"
PHONE = Identity(kind="phone", value="010-1234-5678", verified=True, source="login")


async def same_person(engine: Engine, *conversations: str) -> None:
    """One customer behind several conversations."""
    store = engine.conversations.store
    for number, conversation_id in enumerate(conversations):
        await store.meet(conversation_id, Customer(id=conversation_id))
        if number:
            merge = Merge(
                kept_id=conversations[0], gone_id=conversation_id, at=0, actor_id="a", actor_name="김"
            )
            await store.merge(merge, kept_version=number, gone_version=1)


@pytest.fixture
async def web(engine: Engine) -> Talk:
    """A web chat in which the card is asked for."""
    talk = Talk(engine, "web-1", "webchat")
    await talk.say("카드를 잃어버렸어요")
    await talk.say("010-1234-5678이요")
    return talk


async def test_from_web_to_messenger_to_call_at_the_same_step(engine: Engine, web: Talk) -> None:
    await same_person(engine, "web-1", "kakao-1", "call-1")
    kakao, call = Talk(engine, "kakao-1", "kakao"), Talk(engine, "call-1", "voice")
    assert await kakao.texts("안녕하세요") == ["안녕하세요.", OFFER]
    assert await kakao.texts("네") == ["이어서 카드 분실 신고를 진행할게요.", "어떤 카드인가요?"]
    assert (await kakao.tracker()).slot("phone") == "010-1234-5678"
    assert (await web.tracker()).stack == [], "it goes on in one place only"
    [notice] = [event.text for event in await web.events() if event.event == "notice"]
    assert notice == "다른 곳에서 이어서 진행하고 있어요."
    with clock.moved(30):
        texts = await call.texts("신용카드요")
    assert texts == ["이어서 카드 분실 신고를 진행할게요.", "신용카드를 정지할까요?"]
    assert (await kakao.tracker()).stack == []
    assert await call.texts("네") == ["신용카드를 정지했어요.", "더 도와드릴 일이 있을까요?"]


async def test_and_back_again(engine: Engine, web: Talk) -> None:
    await same_person(engine, "web-1", "kakao-1")
    kakao = Talk(engine, "kakao-1", "kakao")
    await kakao.say("체크카드를 잃어버렸어요")
    with clock.moved(120):
        texts = await web.texts("안녕하세요")
    assert texts[-1] == "카카오톡에서 하시던 카드 분실 신고를 이어서 진행할까요?"
    with clock.moved(130):
        assert (await web.texts("네"))[-1] == "체크카드를 정지할까요?"


async def test_a_stranger_hears_nothing_of_it(engine: Engine, web: Talk) -> None:
    await engine.conversations.store.meet("web-1", Customer(id="A"))
    await engine.conversations.store.meet("kakao-1", Customer(id="B"))
    for conversation_id in ("kakao-1", "kakao-2"):
        assert await Talk(engine, conversation_id, "kakao").texts("안녕하세요") == ["안녕하세요."]
    assert (await web.tracker()).stack


@pytest.mark.parametrize("proven", [True, False])
async def test_a_caller_is_known_by_a_number_that_was_proven_elsewhere(
    engine: Engine, web: Talk, proven: bool
) -> None:
    store = engine.conversations.store
    await store.meet("web-1", Customer(id="A"))
    await store.put_identity("A", PHONE.model_copy(update={"verified": proven}))

    async def ring(draft: Any) -> None:
        draft.emit(CallStarted(call_id="x", transport="twilio", caller="+821012345678"))

    await engine.conversations.change("call-1", ring)
    await store.meet("call-1", Customer(id="B"))
    await store.put_identity("B", PHONE.model_copy(update={"verified": False, "source": "call"}))
    texts = await Talk(engine, "call-1", "voice").texts("안녕하세요")
    assert texts == ["안녕하세요.", OFFER] if proven else texts == ["안녕하세요."]


async def test_no_leaves_it_where_it_is(engine: Engine, web: Talk) -> None:
    await same_person(engine, "web-1", "kakao-1")
    kakao = Talk(engine, "kakao-1", "kakao")
    await kakao.say("안녕하세요")
    await kakao.say("아니요")
    assert (await kakao.tracker()).stack == [] and (await web.tracker()).stack
    with clock.moved(600):
        assert await kakao.texts("안녕하세요") == ["안녕하세요."], "nobody is asked twice"


async def test_what_a_person_deals_with_is_not_taken_away(engine: Engine, web: Talk) -> None:
    await same_person(engine, "web-1", "kakao-1")
    await web.say("상담원 바꿔 주세요")
    assert await Talk(engine, "kakao-1", "kakao").texts("안녕하세요") == ["안녕하세요."]


async def test_what_is_too_old_is_left_alone(engine: Engine, web: Talk) -> None:
    await same_person(engine, "web-1", "kakao-1")
    with clock.moved(25 * 3600):
        assert await Talk(engine, "kakao-1", "kakao").texts("안녕하세요") == ["안녕하세요."]


async def test_who_is_busy_here_is_not_interrupted(engine: Engine, web: Talk) -> None:
    await same_person(engine, "web-1", "kakao-1")
    kakao = Talk(engine, "kakao-1", "kakao")
    assert await kakao.texts("한도 올려 주세요") == ["얼마로 바꿀까요?"]
    with clock.moved(120):
        assert all("이어서" not in text for text in await kakao.texts("안녕하세요"))


STEPS = """      - collect: amount
      - action: action_look
        {once}
        next:
          - if: not slots.open
            then:
              - action: utter_again
                next: END
          - else: sure
      - id: sure
        collect: sure
      - action: utter_done
"""


async def looks(tracker: Tracker, context: dict[str, Any]) -> ActionResult:
    """Opens what only this conversation may go by."""
    return ActionResult(events=(SlotSet(name="open", value=True, source="action"),))


@pytest.mark.parametrize("undoable", [True, False])
async def test_what_actions_found_out_is_found_out_anew_unless_something_was_done(
    tmp_path: Path, undoable: bool
) -> None:
    once = "" if undoable else "metadata: {once: true}"
    made = Made(tmp_path, SEND + STEPS.replace("{once}", once))
    made.runner.actions["action_look"] = looks
    await same_person(made.engine, "web-1", "kakao-1")
    web, kakao = Talk(made.engine, "web-1", "webchat"), Talk(made.engine, "kakao-1", "kakao")
    await web.say("보내 주세요")
    assert await web.texts("3만원이요") == ["30,000원 보낼까요?"]
    heard = await kakao.texts("수수료가 얼마예요?")
    if not undoable:
        assert all("이어서" not in line for line in heard)
        assert (await web.tracker()).stack, "it ends where it began"
        return
    assert heard[-1] == "웹 채팅에서 하시던 송금을 이어서 진행할까요?"
    assert await kakao.texts("네") == ["이어서 송금을 진행할게요.", "30,000원 보낼까요?"]
    assert made.runner.ran.count("action_look") == 2 and (await kakao.tracker()).slot("open") is True
    assert (await kakao.texts("네"))[0] == "됐어요."
