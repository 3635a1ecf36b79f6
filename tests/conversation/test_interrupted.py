"""What was interrupted: asked about, gone on with, answered without a word, given up."""

from __future__ import annotations

from typing import Any


async def interrupted(talk: Any) -> list[str]:
    """A lost card, then the limit, which is given up: the bot asks whether to go on."""
    await talk.say("카드를 잃어버렸어요")
    await talk.say("한도 올려 주세요")
    return list(await talk.texts("그만할래요"))


async def flows_of(talk: Any, kind: str) -> list[str]:
    return [event.flow_id for event in await talk.events() if event.event == kind]


async def test_no_gives_the_interrupted_flow_up_with_its_slots(talk: Any) -> None:
    await talk.say("카드를 잃어버렸어요")
    await talk.say("010-1234-5678이요")
    await talk.say("한도 올려 주세요")
    await talk.say("그만할래요")
    [said] = await talk.texts("아니요")
    assert said.startswith("네, 하시던 일은 여기서 멈출게요")
    tracker = await talk.tracker()
    assert tracker.stack == [] and tracker.slot("phone") is None
    assert await flows_of(talk, "flow_cancelled") == ["transfer_limit", "card_loss"]


async def test_who_simply_answers_the_first_question_goes_on(talk: Any) -> None:
    await interrupted(talk)
    assert await talk.texts("010-1234-5678이요") == ["어떤 카드인가요?"]
    assert await flows_of(talk, "flow_resumed") == ["card_loss"]


async def test_who_starts_something_else_is_not_asked_again(talk: Any) -> None:
    await interrupted(talk)
    assert await talk.texts("한도 올려 주세요") == ["얼마로 바꿀까요?"]
    assert [frame.flow_id for frame in (await talk.tracker()).stack] == ["card_loss", "transfer_limit"]


async def test_a_question_in_between_is_answered_and_asked_again(talk: Any) -> None:
    await interrupted(talk)
    answer, asked = await talk.texts("수수료가 얼마예요?")
    assert "500원" in answer and asked == "앞에서 하시던 카드 분실 신고를 이어서 진행할까요?"


async def test_the_buttons_say_the_same(talk: Any) -> None:
    await interrupted(talk)
    reply = (await talk.say("그게 뭔데요")).replies[-1]
    yes, no = reply.buttons
    assert [button.title for button in (yes, no)] == ["네", "아니요"]
    assert (await talk.texts("네", payload=yes.payload))[-1] == "전화번호를 알려 주세요."


async def test_going_on_is_asked_for_when_the_other_matter_is_done(talk: Any) -> None:
    for text in ("한도 올려 주세요", "체크카드를 잃어버렸어요", "010-1234-5678이요"):
        await talk.say(text)
    texts = await talk.texts("네")
    assert texts == ["체크카드를 정지했어요.", "앞에서 하시던 이체 한도 변경을 이어서 진행할까요?"]


async def among_several(talk: Any) -> Any:
    """The limit, a lost card and a memo begun; the memo is done."""
    await talk.say("한도 올려 주세요")
    await talk.say("카드를 잃어버렸어요")
    await talk.say("메모", payload="/leave_memo")
    return (await talk.say("집에 있어요")).replies[-1]


async def test_of_several_the_customer_chooses(talk: Any) -> None:
    asked = await among_several(talk)
    assert [button.title for button in asked.buttons] == ["카드 분실 신고", "이체 한도 변경", "그만할게요"]
    limit = asked.buttons[1]
    assert await talk.texts(limit.title, payload=limit.payload) == ["얼마로 바꿀까요?"]
    assert [frame.flow_id for frame in (await talk.tracker()).stack] == ["card_loss", "transfer_limit"]


async def test_of_several_one_is_chosen_in_words_or_none(talk: Any) -> None:
    await among_several(talk)
    assert await talk.texts("이체 한도요") == ["얼마로 바꿀까요?"]
    asked = (await talk.say("그만할래요")).replies[-1]
    assert asked.text == "앞에서 하시던 카드 분실 신고를 이어서 진행할까요?"


async def test_of_several_none_gives_all_up(talk: Any) -> None:
    none = (await among_several(talk)).buttons[-1]
    await talk.say(none.title, payload=none.payload)
    assert (await talk.tracker()).stack == []
    assert await flows_of(talk, "flow_cancelled") == ["card_loss", "transfer_limit"]


async def test_to_begin_anew_empties_all_and_says_so(talk: Any) -> None:
    await talk.say("카드를 잃어버렸어요")
    await talk.say("010-1234-5678이요")
    assert await talk.texts("처음부터", payload="/restart") == [
        "네, 처음부터 다시 시작할게요. 무엇을 도와드릴까요?"
    ]
    tracker = await talk.tracker()
    assert tracker.stack == [] and tracker.slot("phone") is None
