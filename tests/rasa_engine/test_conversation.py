"""The same conversations over our own server and over a real Rasa: what customers hear, and what the desk gets."""

from __future__ import annotations

import pytest

from bot.desk.packet import build_packet
from tests.rasa_engine.conftest import THREAT, Talk


async def test_what_rasa_says_is_said_whole(talk: Talk) -> None:
    assert await talk.texts("안녕하세요") == ["안녕하세요, 시험 가게예요.\n\n무엇을 도와드릴까요?"]
    [heard] = await talk.events("user")
    assert heard.parse_data["intent"]["name"] == "greet"
    assert heard.parse_data["sentiment"]["label"] == "neutral"


async def test_pictures_and_buttons_come_with_the_text_and_buttons_reach_rasa(talk: Talk) -> None:
    [reply] = (await talk.say("상품 보여 주세요")).replies
    assert reply.image == "https://shop.example/catalog.png" and reply.attachment is None
    assert reply.response == "utter_catalog"
    small = reply.buttons[0]
    assert small.title == "작은 것"
    [found] = (await talk.say(small.title, payload=small.payload)).replies
    assert (found.text, found.custom) == ("S 치수로 찾아 둘게요.", {"campaign": "winter"})
    slot = (await talk.tracker()).state.slots["size"]
    assert (slot.value, slot.source) == ("S", "button")


async def test_payload_that_was_never_offered_is_no_command(talk: Talk) -> None:
    await talk.say('/choose_size{"size": "L"}')
    assert (await talk.tracker()).slot("size") is None
    await talk.say("작은 것", payload='/choose_size{"size": "L"}')
    assert (await talk.tracker()).slot("size") is None


async def test_form_is_followed_and_its_values_are_the_customers(talk: Talk) -> None:
    assert await talk.texts("주문 조회하고 싶어요") == ["주문번호 여덟 자리를 알려 주세요."]
    [frame] = (await talk.tracker()).stack
    assert (frame.flow_id, frame.awaiting) == ("order_form", "order_no")
    assert await talk.texts("20261101이에요") == ["주문 20261101의 어떤 점이 궁금하세요?"]
    said = (await talk.tracker()).state.slots["order_no"]
    assert (said.value, said.source) == ("20261101", "user")
    # Free text in a form is an answer, however little the classifier makes of it.
    [done] = await talk.texts("아직도 안 왔어요")
    assert done == "주문 20261101의 문의를 적어 두었어요: 아직도 안 왔어요"
    assert (await talk.tracker()).stack == []
    assert [event.flow_id for event in await talk.events("flow_completed")] == ["order_form"]


async def test_documents_answer_where_rasa_asks_for_it_and_where_it_has_no_answer(talk: Talk) -> None:
    [asked] = (await talk.say("환불은 며칠 걸려요")).replies
    assert "사흘" in asked.text and asked.citations
    [honest] = (await talk.say("쿠르릉 꽝꽝 삐용")).replies
    assert honest.text != "무슨 말씀인지 모르겠어요." and not honest.citations
    outcomes = [event.outcome for event in await talk.events("knowledge_answered")]
    assert outcomes[0] == "answer" and outcomes[1] != "answer"


async def test_handoff_by_intent_with_a_complete_packet_and_the_way_back(talk: Talk) -> None:
    await talk.say("주문 조회하고 싶어요")
    result = await talk.say("상담원 바꿔 주세요")
    assert result.owner == "queued"
    case = await talk.accept()
    tracker = await talk.tracker()
    packet = build_packet(
        case,
        tracker,
        await talk.engine.conversations.store.events(talk.id),
        talk.engine.assistant,
        "도우미",
    )
    assert packet.reason.code == "asked_for_person"
    assert packet.goal is not None and packet.goal.flow == "order_form"
    assert [slot.name for slot in packet.missing_slots] == ["order_no", "reason"]
    asked = len(talk.rasa.calls) if talk.rasa else 0
    assert (await talk.say("20269999 주문이요")).replies == ()
    if talk.rasa:
        assert len(talk.rasa.calls) == asked, "Rasa isn't asked while a person has the conversation"
    await talk.desk.give_back(case, talk.agent, "resolved", "", {"order_no": "20261234"})
    said = [event.text for event in await talk.events("bot")][-2:]
    assert said[1] == "주문 20261234의 어떤 점이 궁금하세요?", said
    assert await talk.texts("환불하고 싶어서요") == [
        "주문 20261234의 문의를 적어 두었어요: 환불하고 싶어서요"
    ]


async def test_response_with_handoff_calls_a_person(talk: Talk) -> None:
    result = await talk.say("배송이 너무 늦잖아요")
    assert result.owner == "queued"
    assert result.replies[0].text == "불편을 드려 죄송해요." and result.replies[0].custom == {}
    [wanted] = await talk.events("handoff_requested")
    assert (wanted.reason_text, wanted.urgency) == ("배송 불만을 말했어요", "high")


async def test_intent_is_triggered_on_the_way_back_where_no_form_waits(talk: Talk) -> None:
    await talk.say("상담원 바꿔 주세요")
    case = await talk.accept()
    await talk.desk.give_back(case, talk.agent, "resolved", "", {})
    assert [event.text for event in await talk.events("bot")][-1] == "이제 다시 제가 도와드려요."


async def test_own_policy_overrules_rasa(talk: Talk) -> None:
    result = await talk.say(THREAT)
    assert result.owner == "queued"
    [wanted] = await talk.events("handoff_requested")
    assert wanted.policy == "threat"
    if talk.rasa:
        assert not any(call.endswith("/webhook") for call in talk.rasa.calls)


@pytest.mark.parametrize("conversation_id", ["민수/1 a", "a?b#c%41"])
async def test_any_id_of_a_conversation_is_one_at_rasa(talk: Talk, conversation_id: str) -> None:
    talk.id = conversation_id
    await talk.say("주문 조회하고 싶어요")
    await talk.say("20261101이에요")
    assert (await talk.tracker()).slot("order_no") == "20261101"
