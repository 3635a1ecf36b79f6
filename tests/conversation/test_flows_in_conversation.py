"""Whole turns over a small assistant: flows, corrections, digressions, failures."""

from __future__ import annotations

from typing import Any

import pytest

from bot.conversation.errors import BadMessage
from bot.conversation.testing import FunctionRunner
from bot.conversation.tracker import Tracker


async def test_flow_asks_in_order_and_fits_particles(talk: Any) -> None:
    assert await talk.texts("카드를 잃어버렸어요") == ["전화번호를 알려 주세요."]
    assert await talk.texts("010-1234-5678이요") == ["어떤 카드인가요?"]
    assert await talk.texts("신용카드요") == ["신용카드를 정지할까요?"]
    assert await talk.texts("네") == ["신용카드를 정지했어요.", "더 도와드릴 일이 있을까요?"]
    tracker = await talk.tracker()
    assert tracker.stack == []
    assert tracker.slot("phone") is None, "slots that a flow asked for are emptied at its end"
    assert tracker.slot("blocked") is True, "slots that an action set stay"


async def test_value_in_the_first_sentence_is_not_asked_again(talk: Any) -> None:
    await talk.say("체크카드를 잃어버렸어요")
    assert await talk.texts("010-1234-5678이요") == ["체크카드를 정지할까요?"]


async def test_button_payload_fills_the_slot(talk: Any) -> None:
    await talk.say("카드를 잃어버렸어요")
    await talk.say("010-1234-5678이요")
    assert await talk.texts("체크카드", payload="/SetSlots(card_type=체크카드)") == ["체크카드를 정지할까요?"]


async def test_a_button_is_understood_by_its_payload_where_that_is_a_sentence(talk: Any) -> None:
    assert await talk.texts("이 카드 신고", payload="체크카드를 잃어버렸어요") == ["전화번호를 알려 주세요."]
    assert (await talk.tracker()).slot_values() == {"card_type": "체크카드"}


async def test_correction_of_an_earlier_value_goes_back_and_asks_for_confirmation_again(talk: Any) -> None:
    for text in ("카드를 잃어버렸어요", "010-1234-5678이요", "신용카드요"):
        await talk.say(text)
    texts = await talk.texts("아니 체크카드요")
    assert texts == ["네, 바꿨어요. 카드 종류: 체크카드", "체크카드를 정지할까요?"]
    assert (await talk.tracker()).slot("phone") == "010-1234-5678"
    texts = await talk.texts("아니 010-9999-8888이에요")
    assert texts[-1] == "체크카드를 정지할까요?"
    assert (await talk.tracker()).slot("phone") == "010-9999-8888"


async def test_cancel_empties_the_flow(talk: Any) -> None:
    await talk.say("카드를 잃어버렸어요")
    await talk.say("010-1234-5678이요")
    texts = await talk.texts("그만할래요")
    assert texts == ["네, 진행을 멈췄어요. 다른 도움이 필요하시면 말씀해 주세요."]
    tracker = await talk.tracker()
    assert tracker.stack == [] and tracker.slot("phone") is None


async def test_question_in_the_middle_is_answered_and_the_flow_goes_on(talk: Any) -> None:
    await talk.say("카드를 잃어버렸어요")
    result = await talk.say("수수료가 얼마예요?")
    assert [r.text for r in result.replies] == ["수수료는 500원이에요.", "전화번호를 알려 주세요."]
    assert result.replies[0].citations[0]["title"] == "수수료 안내"


async def test_another_flow_interrupts_and_the_first_one_is_resumed(talk: Any) -> None:
    await talk.say("카드를 잃어버렸어요")
    assert await talk.texts("한도 올려 주세요") == ["얼마로 바꿀까요?"]
    texts = await talk.texts("그만할래요")
    assert texts == ["네, 이체 한도 변경은 멈췄어요.", "앞에서 하시던 카드 분실 신고를 이어서 진행할까요?"]
    assert await talk.texts("네") == ["이어서 카드 분실 신고를 진행할게요.", "전화번호를 알려 주세요."]
    assert [event.flow_id for event in await talk.events() if event.event == "flow_resumed"] == ["card_loss"]


async def test_rejection_says_why_and_asks_again(talk: Any) -> None:
    await talk.say("한도 올려 주세요")
    assert await talk.texts("500원이요") == ["500원은 너무 적어요.", "얼마로 바꿀까요?"]
    assert await talk.texts("5만원이요") == ["메모를 남겨 주세요."]


async def test_called_flow_returns_and_the_handoff_keeps_the_slots(talk: Any) -> None:
    await talk.say("한도 올려 주세요")
    await talk.say("5만원이요")
    result = await talk.say("급해서 그래요")
    assert next(r.text for r in result.replies) == "메모를 남겼어요."
    assert result.owner == "queued"
    tracker = await talk.tracker()
    assert tracker.slot("amount") == 50000 and tracker.slot("memo") == "급해서 그래요"
    assert tracker.case is not None and tracker.case.goal == "이체 한도 변경"


async def test_denied_confirmation_takes_the_other_branch(talk: Any) -> None:
    for text in ("카드를 잃어버렸어요", "010-1234-5678이요", "신용카드요"):
        await talk.say(text)
    assert (await talk.texts("아니요"))[0] == "정지하지 않았어요."


async def test_repeat_says_the_last_words_again(talk: Any) -> None:
    assert await talk.texts("다시 말해 주세요") == ["아직 드린 말씀이 없어요. 무엇을 도와드릴까요?"]
    await talk.say("안녕하세요")
    assert await talk.texts("다시 말해 주세요") == ["안녕하세요."]


async def test_out_of_scope_is_said_honestly(talk: Any) -> None:
    assert "도와드릴 수 있는 일이 아니에요" in (await talk.texts("피자 주문할래요"))[0]


async def test_no_answer_offers_a_person_and_a_bare_yes_takes_it(talk: Any) -> None:
    texts = await talk.texts("모르는 질문이에요?")
    assert "상담원에게 연결할까요?" in texts[0]
    assert (await talk.say("네")).owner == "queued"


async def test_help_grows_with_each_failure_until_a_person_is_called(talk: Any) -> None:
    await talk.say("카드를 잃어버렸어요")
    firsts = [(await talk.texts("ㅁㄴㅇㄹ"))[0] for _ in range(3)]
    assert len(set(firsts)) == 3, "each failure in a row is answered differently"
    assert (await talk.say("ㅁㄴㅇㄹ")).owner == "queued"
    tracker = await talk.tracker()
    assert tracker.case is not None and tracker.case.reason_code == "repeated_failure"


async def test_three_angry_messages_call_a_person(talk: Any) -> None:
    await talk.say("짜증나네 진짜")
    await talk.say("짜증나네 진짜")
    assert (await talk.tracker()).owner == "bot"
    assert (await talk.say("짜증나네 진짜")).owner == "queued"
    tracker = await talk.tracker()
    assert tracker.case is not None
    assert (tracker.case.reason_code, tracker.case.urgency) == ("negative_sentiment", "high")


async def test_failing_action_is_apologised_for_and_cancels_the_flow(
    talk: Any, runner: FunctionRunner
) -> None:
    async def broken(tracker: Tracker, context: dict[str, Any]) -> Any:
        raise RuntimeError("core banking is down")

    runner.actions["action_block_card"] = broken
    for text in ("카드를 잃어버렸어요", "010-1234-5678이요", "신용카드요"):
        await talk.say(text)
    texts = await talk.texts("네")
    assert texts == ["처리하는 중에 문제가 생겼어요. 죄송해요. 상담원에게 연결할까요?"]
    events = await talk.events()
    failed = [event for event in events if event.event == "action_failed"]
    assert [(e.name, e.code, e.detail) for e in failed] == [("action_block_card", "raised", "RuntimeError")]
    assert (await talk.tracker()).stack == []


async def test_same_message_id_is_one_message_with_one_answer(talk: Any) -> None:
    first = await talk.say("카드를 잃어버렸어요", message_id="m1", client_supplied_id=True)
    again = await talk.say("카드를 잃어버렸어요", message_id="m1", client_supplied_id=True)
    assert again.duplicate and not first.duplicate
    assert [r.text for r in again.replies] == [r.text for r in first.replies]
    assert sum(event.event == "user" for event in await talk.events()) == 1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty_message"),
        ("   ", "empty_message"),
        ("\u200b\u200d", "empty_message"),
        ("가" * 100_000, "message_too_long"),
        ("\ud800", "unreadable_message"),
    ],
)
async def test_text_that_cannot_be_taken_is_refused_and_nothing_is_stored(
    talk: Any, text: str, code: str
) -> None:
    with pytest.raises(BadMessage) as refused:
        await talk.say(text)
    assert refused.value.code == code
    assert await talk.events() == []


@pytest.mark.parametrize("text", ["😀😀😀", "مرحبا بالعالم", "\x00\x01카드", "‮카드를"])
async def test_odd_text_is_answered(talk: Any, text: str) -> None:
    assert (await talk.say(text)).replies


async def test_turn_state_is_the_same_after_replaying_the_log(talk: Any, make_engine: Any) -> None:
    for text in (
        "카드를 잃어버렸어요",
        "010-1234-5678이요",
        "수수료가 얼마예요?",
        "신용카드요",
        "아니 체크카드요",
    ):
        await talk.say(text)
    live = await talk.tracker()
    replayed = Tracker("c1")
    for event in await talk.events():
        replayed.apply(event)
    assert replayed.state == live.state


async def test_snapshot_and_newer_events_give_the_same_tracker(talk: Any, make_engine: Any) -> None:
    for _ in range(30):
        await talk.say("안녕하세요")
    await talk.say("카드를 잃어버렸어요")
    live = await talk.tracker()
    fresh = make_engine(store=talk.engine.conversations.store)
    restored = await fresh.conversations.tracker("c1")
    assert restored.state == live.state
    stored = await talk.engine.conversations.store.load("c1")
    assert stored.snapshot is not None and len(stored.events) < 60


async def test_a_bare_value_answers_the_question_whatever_intent_it_looks_like(talk: Any) -> None:
    await talk.say("카드를 잃어버렸어요")
    assert await talk.texts("010-7777-8888") == ["어떤 카드인가요?"]
    assert (await talk.tracker()).slot("phone") == "010-7777-8888"


async def test_a_wish_with_a_value_in_it_still_starts_its_own_flow(talk: Any) -> None:
    await talk.say("카드를 잃어버렸어요")
    assert await talk.texts("010-7777-8888로 등록된 이체 한도를 올려 주세요") == ["얼마로 바꿀까요?"]


async def test_free_text_that_sounds_like_another_wish_is_the_answer(talk: Any) -> None:
    await talk.say("한도 올려 주세요")
    await talk.say("5만원이요")
    assert (await talk.texts("카드를 잃어버렸어요"))[0] == "메모를 남겼어요."


async def test_a_question_instead_of_free_text_is_answered_first(talk: Any) -> None:
    await talk.say("한도 올려 주세요")
    await talk.say("5만원이요")
    assert await talk.texts("수수료가 얼마예요?") == ["수수료는 500원이에요.", "메모를 남겨 주세요."]


async def test_yes_or_no_without_a_question_is_small_talk_and_no_failure(talk: Any) -> None:
    assert await talk.texts("네") == ["네, 무엇을 도와드릴까요?"]
    assert await talk.texts("아니요") == ["알겠어요. 필요하시면 언제든 말씀해 주세요."]
    assert (await talk.tracker()).state.failures == 0


async def test_yes_to_a_question_for_a_number_is_not_understood(talk: Any) -> None:
    await talk.say("카드를 잃어버렸어요")
    texts = await talk.texts("네")
    assert texts[-1] == "전화번호를 알려 주세요." and "무엇을 도와드릴까요" not in texts[0]
    assert (await talk.tracker()).state.failures == 1


async def test_a_flow_that_was_removed_meanwhile_is_left_with_a_word(talk: Any, assistant: Any) -> None:
    await talk.say("카드를 잃어버렸어요")
    removed = assistant.flows.pop("card_loss")
    try:
        texts = await talk.texts("010-1234-5678이요")
        assert "처음부터 다시 말씀해 주세요" in texts[0]
        tracker = await talk.tracker()
        assert tracker.stack == [], "nothing of it is left"
        assert (await talk.texts("수수료가 얼마예요?"))[0] == "수수료는 500원이에요."
    finally:
        assistant.flows["card_loss"] = removed


async def test_an_answer_to_a_removed_flow_is_no_question_for_the_documents(
    talk: Any, assistant: Any
) -> None:
    await talk.say("카드를 잃어버렸어요")
    removed = assistant.flows.pop("card_loss")
    try:
        # Without its question the words are out of scope, which would send them to the documents.
        [word] = await talk.texts("피자 주문할래요")
        assert "처음부터 다시 말씀해 주세요" in word
    finally:
        assistant.flows["card_loss"] = removed


async def test_a_button_of_a_matter_that_is_over_gets_an_answer(talk: Any) -> None:
    assert await talk.texts("체크카드", payload="/SetSlots(card_type=체크카드)") == [
        "더 도와드릴 일이 있을까요?"
    ]
