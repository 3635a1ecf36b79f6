"""Whether an answer helped: said on KakaoTalk by a button, over REST by a call; both come to the list of gaps."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels.feedback import feedback_payload, pressed_feedback
from bot.review.unanswered import unanswered_questions

from .test_kakao import payload, skill, texts

QUESTION = "수수료가 얼마예요?"
KAKAO = "kakao-bot-9-kim-01"
PATH = "/webhooks/rest/feedback"


def quick(answer: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Quick replies by label."""
    return {one["label"]: one for one in answer["template"].get("quickReplies", [])}


async def press(house: Any, button: dict[str, Any]) -> dict[str, Any]:
    return await skill(house, payload(button["messageText"], extra=button["extra"]))


async def judged(house: Any, conversation_id: str) -> list[tuple[str, str | None, str]]:
    return [
        (event.message_id, event.value, event.reason)
        for event in await house.events(conversation_id)
        if event.event == "feedback"
    ]


async def failed(house: Any) -> list[tuple[str, str]]:
    found = await unanswered_questions(house.server.service.store, 0)
    return [(one.question, one.reason) for one in found]


async def test_kakao_asks_whether_an_answer_helped_and_takes_the_press_for_no_message(house: Any) -> None:
    assert not set(quick(await skill(house, payload()))) & {"도움이 됐어요", "도움이 안 됐어요"}
    buttons = quick(await skill(house, payload(QUESTION)))
    assert list(buttons) == ["도움이 됐어요", "도움이 안 됐어요"]
    thanks = await press(house, buttons["도움이 됐어요"])
    assert texts(thanks) == ["알려 주셔서 고마워요."] and not quick(thanks)
    answer = next(event for event in await house.events(KAKAO) if event.event == "knowledge_answered")
    assert await judged(house, KAKAO) == [(answer.message_id, "up", "")]
    said = [event.text for event in await house.events(KAKAO) if event.event == "user"]
    assert said == ["안녕하세요", QUESTION]
    assert await failed(house) == []


async def test_a_bad_answer_is_asked_about_once_and_a_person_offered(house: Any) -> None:
    buttons = quick(await skill(house, payload(QUESTION)))
    why = await press(house, buttons["도움이 안 됐어요"])
    assert texts(why) == ["알려 주셔서 고마워요. 어떤 점이 아쉬웠나요?"]
    assert list(quick(why)) == ["내용이 틀려요", "질문과 달라요", "이해하기 어려워요", "상담원 연결"]
    sorry = await press(house, quick(why)["질문과 달라요"])
    assert list(quick(sorry)) == ["상담원 연결"]
    assert [given[1:] for given in await judged(house, KAKAO)] == [("down", ""), ("down", "질문과 달라요")]
    assert await failed(house) == [(QUESTION, "down")]
    await press(house, quick(sorry)["상담원 연결"])
    tracker = await house.server.service.conversations.tracker(KAKAO)
    assert tracker.owner == "queued"


async def test_an_answer_that_came_late_is_judged_by_its_own_id(house: Any) -> None:
    """One that waited for the press on "결과 보기" has been renamed on its way through the outbox."""
    house.bank.slow = 0.5
    assert "결과 보기" in quick(await skill(house, payload("천천히 알려 주세요?")))
    buttons: dict[str, Any] = {}
    while "도움이 안 됐어요" not in buttons:
        buttons = quick(await skill(house, payload("결과 보기")))
    await press(house, buttons["도움이 안 됐어요"])
    assert await failed(house) == [("천천히 알려 주세요?", "down")]


async def test_words_of_agents_come_with_the_thanks(house: Any) -> None:
    buttons = quick(await skill(house, payload(QUESTION)))
    await skill(house, payload("상담원 바꿔 주세요"))
    case = await house.agent_takes(KAKAO)
    await house.agent_says(case, "확인해 볼게요.")
    why = await press(house, buttons["도움이 안 됐어요"])
    assert "[김민지 상담원] 확인해 볼게요." in texts(why)
    assert "상담원 연결" not in quick(why)


async def test_a_judgement_of_what_was_never_said_is_kept_nowhere(house: Any) -> None:
    await skill(house, payload(QUESTION))
    forged = await skill(
        house, payload("도움이 됐어요", extra={"payload": feedback_payload("elsewhere", "up")})
    )
    assert texts(forged) == ["평가할 답변을 찾지 못했어요."]
    assert await judged(house, KAKAO) == []


@pytest.mark.parametrize(
    "given",
    [
        "",
        "/feedback",
        "/feedback{",
        "/feedback[]",
        '/feedback{"value": "up"}',
        '/feedback{"message_id": "a"}',
        "/feedbacks",
        '/feedback{"message_id": "a", "value": 1}',
        "/feedback" + '{"a":' * 9999,
    ],
)
def test_what_is_no_judgement(given: str) -> None:
    assert pressed_feedback(given) is None


async def test_rest_answers_are_judged_by_their_id(house: Any) -> None:
    (answer,) = await house.rest(QUESTION)
    message_id = answer["custom"]["message_id"]
    body = {"sender": "r1", "message_id": message_id}
    for value in ("down", None, "down"):
        got = await house.client.post(PATH, json={**body, "value": value, "reason": "틀려요"})
        assert got.status == 204
    assert await judged(house, "r1") == [(message_id, value, "틀려요") for value in ("down", None, "down")]
    assert await failed(house) == [(QUESTION, "down")]


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"message_id": "elsewhere"}, 404, "unknown_answer"),
        ({"sender": "r2"}, 404, "unknown_answer"),
        ({"sender": ""}, 400, "bad_sender"),
        ({"value": "maybe"}, 400, "bad_feedback"),
        ({"message_id": 3}, 400, "bad_feedback"),
    ],
)
async def test_rest_feedback_that_cannot_be_taken(
    house: Any, change: dict[str, Any], status: int, code: str
) -> None:
    (answer,) = await house.rest(QUESTION, message_id="mine")
    body = {"sender": "r1", "message_id": answer["custom"]["message_id"], "value": "up", **change}
    got, told = await house.call("POST", PATH, body)
    assert (got, told["code"]) == (status, code)
    assert await judged(house, "r1") == [] and await house.events("r2") == []


async def test_a_customers_own_message_is_no_answer(house: Any) -> None:
    await house.rest(QUESTION, message_id="mine")
    body = {"sender": "r1", "message_id": "mine", "value": "up"}
    assert (await house.call("POST", PATH, body))[1]["code"] == "unknown_answer"


async def test_rest_feedback_needs_the_token_where_one_is_set(open_house: Any) -> None:
    house = await open_house(SANGDAM_API_TOKEN="t")
    assert (await house.call("POST", PATH, {"message_id": "a", "value": "up"}))[0] == 401
