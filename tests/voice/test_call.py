"""The state machine of a call, between twins: turns, barge-in, a person on the desk, silence, noise and hang-ups."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import numpy as np

from bot.conversation.errors import StoreUnavailable
from bot.voice.audio import silence
from bot.voice.call import Stage
from bot.voice.testing import babble, utterance

MakePhone = Callable[..., Any]


async def test_a_call_from_greeting_to_hang_up(make_phone: MakePhone) -> None:
    phone = make_phone("카드를 잃어버렸어요")
    await phone.ring()
    await phone.quiet()
    assert phone.mouth.said == ["안녕하세요."]
    await phone.says()
    await phone.quiet()
    assert phone.mouth.said[-1] == "전화번호를 알려 주세요."
    assert await phone.hangs_up() == "caller_hung_up"
    kinds = [event.event for event in await phone.events()]
    assert kinds[:3] == ["session_started", "call_started", "bot"]
    assert kinds[-1] == "call_ended"
    user = (await phone.events("user"))[0]
    assert (user.text, user.input_channel) == ("카드를 잃어버렸어요", "voice")
    assert (await phone.events("call_ended"))[0].metadata["turns"] == 1
    assert phone.line.ended == "caller_hung_up"


async def test_numbers_are_written_before_they_are_understood(make_phone: MakePhone) -> None:
    phone = make_phone("카드를 잃어버렸어요", "공일공 일이삼사 오육칠팔")
    await phone.ring()
    await phone.quiet()
    await phone.says()
    await phone.quiet()
    await phone.says()
    assert (await phone.tracker()).slot("phone") == "010-1234-5678"
    assert ("transcript", {"text": "010-1234-5678", "final": True}) in phone.line.told


async def test_speaking_over_the_bot_stops_it_and_says_how_much_was_heard(make_phone: MakePhone) -> None:
    phone = make_phone("카드를 잃어버렸어요", speed=1.0, ms_per_character=300)
    await phone.ring()
    await asyncio.sleep(0.4)
    assert phone.call.stage is Stage.SPEAKING
    phone.line.speak(utterance(600))
    await phone.until(lambda: phone.line.cleared == 1)
    await phone.until(lambda: len(phone.mouth.said) > 1)
    barge = (await phone.events("barge_in"))[0]
    assert 200 <= barge.heard_ms <= 1_500
    assert (await phone.events("user"))[0].text == "카드를 잃어버렸어요"


async def test_a_short_word_while_the_bot_speaks_stops_nothing(make_phone: MakePhone) -> None:
    phone = make_phone("네", speed=1.0, ms_per_character=500)
    await phone.ring()
    await asyncio.sleep(0.1)
    phone.line.speak(utterance(150))
    await asyncio.sleep(0.3)
    assert phone.line.cleared == 0
    assert await phone.events("user") == []


async def test_a_breath_within_a_sentence_makes_no_two_turns(make_phone: MakePhone) -> None:
    phone = make_phone("카드를 잃어버렸어요", thinks=0.3)
    await phone.ring()
    await phone.quiet()
    phone.line.speak(utterance(600))
    await phone.until(lambda: phone.call.thinker.busy)
    phone.line.speak(utterance(600))
    await phone.until(lambda: len(phone.mouth.said) > 1)
    await phone.quiet()
    assert len(await phone.events("user")) == 1
    assert phone.ears.lengths[-1] > 1.8


async def test_a_cough_while_the_bot_thinks_loses_nothing(make_phone: MakePhone) -> None:
    phone = make_phone("카드를 잃어버렸어요", thinks=0.2)
    await phone.ring()
    await phone.quiet()
    phone.line.speak(utterance(600))
    await phone.until(lambda: phone.call.thinker.busy)
    phone.line.speak(np.concatenate([babble(96), silence(700, 16_000)]))
    await phone.until(lambda: len(phone.mouth.said) > 1)
    assert [event.text for event in await phone.events("user")] == ["카드를 잃어버렸어요"]


async def test_silence_noise_and_nothing_recognised_run_no_turn(make_phone: MakePhone) -> None:
    phone = make_phone("")
    await phone.ring()
    await phone.quiet()
    hiss = np.random.default_rng(0).normal(0, 60, 48_000).astype(np.int16)
    phone.line.speak(np.concatenate([silence(3_000, 16_000), hiss, babble(60), silence(600, 16_000)]))
    await asyncio.sleep(0.2)
    assert await phone.events("user") == []
    await phone.says(1_000)
    assert "잘 듣지 못했어요" in phone.said
    assert await phone.events("user") == []


async def test_failing_ears_ask_again_and_the_call_goes_on(make_phone: MakePhone) -> None:
    phone = make_phone("카드를 잃어버렸어요")
    await phone.ring()
    await phone.quiet()
    phone.ears.fails = 1
    await phone.says()
    await phone.quiet()
    assert "잘 듣지 못했어요" in phone.said
    await phone.says()
    await phone.quiet()
    assert phone.mouth.said[-1] == "전화번호를 알려 주세요."


async def test_a_failing_mouth_ends_no_call(make_phone: MakePhone) -> None:
    phone = make_phone("카드를 잃어버렸어요")
    await phone.ring()
    await phone.quiet()
    phone.mouth.fails = 1
    phone.line.speak(utterance(600))
    await phone.until(lambda: ("bot", {"text": "전화번호를 알려 주세요."}) in phone.line.told)
    await phone.quiet()
    await phone.says()
    assert await phone.hangs_up() == "caller_hung_up"


async def test_a_store_that_is_down_is_said(make_phone: MakePhone) -> None:
    phone = make_phone("카드를 잃어버렸어요")
    await phone.ring()
    await phone.quiet()

    async def broken(message: Any) -> Any:
        raise StoreUnavailable("down")

    phone.engine.handle = broken
    await phone.says()
    await phone.quiet()
    assert (
        phone.mouth.said[-2:] == ["잠시 문제가 생겼어요. 다시 말씀해 주세요."]
        or "잠시" in phone.mouth.said[-2]
    )


async def test_hang_up_in_the_midst_of_a_word(make_phone: MakePhone) -> None:
    phone = make_phone("카드를 잃어버렸어요")
    await phone.ring()
    await phone.quiet()
    phone.line.speak(babble(700))
    assert await phone.hangs_up() == "caller_hung_up"
    assert await phone.events("user") == []
    assert (await phone.events())[-1].event == "call_ended"


async def test_hang_up_while_the_bot_thinks_runs_no_turn(make_phone: MakePhone) -> None:
    phone = make_phone("카드를 잃어버렸어요", thinks=1.0)
    await phone.ring()
    await phone.quiet()
    phone.line.speak(utterance(600))
    await phone.until(lambda: phone.call.thinker.busy)
    assert phone.call.stage is Stage.THINKING
    await phone.hangs_up()
    assert await phone.events("user") == []


async def test_a_person_takes_over_and_both_hear_each_other(make_phone: MakePhone) -> None:
    phone = make_phone("상담원 바꿔 주세요", "카드를 잃어버렸어요")
    await phone.ring()
    await phone.quiet()
    await phone.says()
    case = (await phone.tracker()).case
    assert case is not None
    assert case.channel == "voice"
    await phone.handover.accept(case, phone.agent)
    await phone.until(lambda: "김민지 상담원이 연결됐어요." in phone.mouth.said)
    await phone.quiet()
    phone.line.speak(utterance(600))
    await phone.until(
        lambda: ("transcript", {"text": "카드를 잃어버렸어요", "final": True}) in phone.line.told
    )
    await asyncio.sleep(0.05)
    assert (await phone.tracker()).case.unread == 1
    assert "전화번호" not in " ".join(phone.mouth.said)
    await phone.handover.say(case, phone.agent, "3시까지 35,000원이 들어가요")
    await phone.until(lambda: "세 시까지 삼만오천 원이 들어가요." in phone.mouth.said)
    await phone.quiet()
    await phone.handover.close(case, phone.agent, "resolved", "")
    assert await phone.over() == "closed"
    assert phone.said.endswith("안녕히 계세요.")
    assert (await phone.events("call_ended"))[0].reason == "closed"


async def test_words_before_a_hang_up_still_reach_the_person(make_phone: MakePhone) -> None:
    phone = make_phone("상담원 바꿔 주세요", "카드를 잃어버렸어요")
    await phone.ring()
    await phone.quiet()
    await phone.says()
    await phone.handover.accept((await phone.tracker()).case, phone.agent)
    await phone.until(lambda: "김민지 상담원이 연결됐어요." in phone.mouth.said)
    await phone.quiet()
    phone.line.speak(babble(900))
    await phone.until(lambda: phone.call.listener.in_turn)
    await phone.hangs_up()
    assert [event.text for event in await phone.events("user")][-1] == "카드를 잃어버렸어요"
    assert [event.code for event in await phone.events("notice")][-1] == "caller_hung_up"


async def test_who_hangs_up_in_the_queue_leaves_it_on_the_telephone_alone(make_phone: MakePhone) -> None:
    for outlives_call, owner in ((False, "bot"), (True, "queued")):
        phone = make_phone("상담원 바꿔 주세요", outlives_call=outlives_call)
        await phone.ring()
        await phone.quiet()
        await phone.says()
        await phone.hangs_up()
        assert (await phone.tracker()).owner == owner


async def test_what_another_worker_stores_is_spoken_too(make_phone: MakePhone) -> None:
    phone = make_phone("상담원 바꿔 주세요")
    await phone.ring()
    await phone.quiet()
    await phone.says()
    phone.conversations.listeners.clear()
    await phone.handover.accept((await phone.tracker()).case, phone.agent)
    await phone.until(lambda: "김민지 상담원이 연결됐어요." in phone.mouth.said)


async def test_agents_words_are_not_lost_when_the_caller_speaks_over_them(make_phone: MakePhone) -> None:
    phone = make_phone("상담원 바꿔 주세요", "네 네", speed=1.0, ms_per_character=40)
    await phone.ring()
    await phone.quiet()
    await phone.says()
    case = (await phone.tracker()).case
    await phone.handover.accept(case, phone.agent)
    await phone.quiet()
    await phone.handover.say(case, phone.agent, "첫 번째로 드릴 말씀이에요")
    await phone.handover.say(case, phone.agent, "두 번째로 드릴 말씀이에요")
    await phone.until(lambda: any("첫" in text for text in phone.mouth.said))
    phone.line.speak(utterance(600))
    await phone.until(lambda: phone.line.cleared >= 1)
    await phone.until(lambda: "두 번째로 드릴 말씀이에요." in phone.mouth.said)


async def test_long_silence_is_reminded_of_and_ends_politely(make_phone: MakePhone) -> None:
    phone = make_phone("안녕하세요", reminder_after=0.25, reminders=2)
    await phone.ring()
    assert await phone.over() == "silence"
    assert phone.said.count("듣고 있어요") == 2
    assert "다시 전화해" in phone.mouth.said[-1]
    # The line's own words stand in no transcript.
    assert [event.text for event in await phone.events("bot")] == ["안녕하세요."]


async def test_who_waits_for_a_person_hears_that_the_line_is_alive(make_phone: MakePhone) -> None:
    phone = make_phone("상담원 바꿔 주세요", waiting_every=0.3, reminder_after=0.5, reminders=0)
    await phone.ring()
    await phone.quiet()
    await phone.says()
    await phone.until(
        lambda: phone.mouth.said[-1].startswith("잠시만 기다려") or "연결하고 있어요" in phone.mouth.said[-2]
    )
    assert not phone.task.done()


async def test_audio_faster_than_speech_is_left_out(make_phone: MakePhone) -> None:
    phone = make_phone("카드를 잃어버렸어요")
    await phone.ring()
    await phone.quiet()
    for _ in range(20):
        phone.line.speak(silence(60_000, 16_000), frame=16_000)
    await phone.until(lambda: phone.line._items.empty())
    assert phone.call._audio_until - asyncio.get_running_loop().time() <= 15
    assert await phone.hangs_up() == "caller_hung_up"


async def test_keys_are_one_answer(make_phone: MakePhone) -> None:
    phone = make_phone()
    await phone.ring()
    phone.line.press("99*01012345678#")
    await phone.until(lambda: any(kind == "transcript" for kind, _ in phone.line.told))
    await asyncio.sleep(0.05)
    assert (await phone.events("user"))[0].text == "010-1234-5678"


async def test_a_call_that_lasts_too_long_is_ended(make_phone: MakePhone) -> None:
    phone = make_phone(max_minutes=0.005)
    await phone.ring()
    assert await phone.over() == "too_long"


async def test_a_call_into_a_chat_with_a_person_is_not_greeted(make_phone: MakePhone) -> None:
    phone = make_phone("상담원 바꿔 주세요", "카드를 잃어버렸어요")
    await phone.ring()
    await phone.quiet()
    await phone.says()
    await phone.handover.accept((await phone.tracker()).case, phone.agent)
    await phone.hangs_up()
    before = len(await phone.events("bot"))
    again = make_phone("카드를 잃어버렸어요", store=phone.conversations.store)
    again.task = asyncio.create_task(again.call.run())
    await asyncio.sleep(0.1)
    assert again.mouth.said == []
    assert len(await again.events("bot")) == before
