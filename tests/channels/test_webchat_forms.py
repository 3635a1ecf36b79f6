"""Forms over the web chat: one message fills the slots of the running flow, checked by the server."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.conversation.clock import KOREA


def workday(ahead: int = 1) -> str:
    day = datetime.now(KOREA).date() + timedelta(days=ahead)
    while day.isoweekday() > 5:
        day += timedelta(days=1)
    return day.isoformat()


GOOD = {"phone": "010 1234 5678", "callback_time": "15:00", "callback_topic": "대출 이자, 그리고 (상환)"}


async def asked(house: Any) -> tuple[str, str, dict[str, Any]]:
    """A customer with the form before the eyes: conversation, token, the form's message."""
    session = await house.session()
    await say(
        house,
        session["token"],
        {"message": "전화로 받기", "payload": "/request_callback", "client_msg_id": "a"},
    )
    message = (await messages(house, session["token"]))[-1]
    return session["conversation_id"], session["token"], message


async def say(house: Any, token: str, body: dict[str, Any]) -> tuple[int, Any]:
    answer: tuple[int, Any] = await house.call("POST", "/api/chat/messages", body, token=token)
    return answer


async def messages(house: Any, token: str) -> list[dict[str, Any]]:
    return list((await house.call("GET", "/api/chat/messages", token=token))[1]["messages"])


def filled(message: dict[str, Any], client_msg_id: str = "f1", **values: Any) -> dict[str, Any]:
    given = {**GOOD, "callback_date": workday(), **values}
    return {
        "message": "",
        "client_msg_id": client_msg_id,
        "form": {"message_id": message["id"], "values": given},
    }


async def test_a_form_fills_the_flow_at_once(house: Any) -> None:
    conversation_id, token, message = await asked(house)
    assert [field["label"] for field in message["form"]["fields"]] == [
        "전화번호",
        "날짜",
        "시간",
        "상담 내용",
    ]
    status, ack = await say(house, token, filled(message))
    assert status == 200 and ack["ok"] and ack["id"] == "f1"
    own, confirm = (await messages(house, token))[-2:]
    assert "전화번호: 010-1234-5678" in own["text"] and "시간: 오후 3:00" in own["text"]
    assert own["answer_to"]["message_id"] == message["id"]
    assert own["answer_to"]["values"]["callback_topic"] == "대출 이자, 그리고 (상환)"
    assert "오후 3:00에 010-1234-5678로 전화드릴게요" in confirm["text"]
    tracker = await house.server.service.conversations.tracker(conversation_id)
    assert tracker.slot("callback_topic") == "대출 이자, 그리고 (상환)"


async def test_sent_twice_it_is_taken_once(house: Any) -> None:
    conversation_id, token, message = await asked(house)
    first = await say(house, token, filled(message))
    second = await say(house, token, filled(message))
    assert first == second
    assert sum(event.event == "user" for event in await house.events(conversation_id)) == 2


async def test_it_is_corrected_until_it_is_used(house: Any) -> None:
    _, token, message = await asked(house)
    await say(house, token, filled(message))
    status, _ = await say(house, token, filled(message, "f2", callback_time="16:30"))
    assert status == 200
    *_, changed, confirm = await messages(house, token)
    assert "바꿨어요" in changed["text"] and "오후 4:30" in confirm["text"]
    await say(house, token, {"message": "그만", "client_msg_id": "stop"})
    status, problem = await say(house, token, filled(message, "f3"))
    assert (status, problem["code"]) == (409, "form_closed")


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"phone": ""}, {"phone": "꼭 필요한 항목이에요"}),
        ({"phone": "12"}, {"phone": "전화번호를 다시 확인해 주세요"}),
        ({"phone": "0" * 400}, {"phone": "전화번호를 다시 확인해 주세요"}),
        ({"phone": ["010"]}, {"phone": "다시 확인해 주세요"}),
        ({"callback_date": "2020-01-02"}, {"callback_date": "보기 중에서 골라 주세요"}),
        ({"callback_date": "내일"}, {"callback_date": "보기 중에서 골라 주세요"}),
        ({"callback_time": "03:10"}, {"callback_time": "보기 중에서 골라 주세요"}),
        ({"callback_topic": "가" * 101}, {"callback_topic": "100자까지 쓸 수 있어요"}),
        (
            {"callback_topic": "제 번호 900101-1234567이에요", "phone": None},
            {
                "callback_topic": "개인정보라서 받지 않아요. 지우고 적어 주세요",
                "phone": "꼭 필요한 항목이에요",
            },
        ),
        (
            {"callback_topic": "4321-1234-5678-9010"},
            {"callback_topic": "개인정보라서 받지 않아요. 지우고 적어 주세요"},
        ),
        ({"customer_id": "c-1"}, {}),
    ],
)
async def test_wrong_values_come_back_with_a_word_for_each_field(
    house: Any, values: dict[str, Any], fields: dict[str, str]
) -> None:
    conversation_id, token, message = await asked(house)
    status, problem = await say(house, token, filled(message, **values))
    assert (status, problem["code"], problem["fields"]) == (422, "form_invalid", fields)
    tracker = await house.server.service.conversations.tracker(conversation_id)
    assert tracker.slot("phone") is None and tracker.slot("customer_id") is None


@pytest.mark.parametrize(
    "form",
    [None, [], {}, {"message_id": "a"}, {"message_id": "", "values": {}}, {"message_id": "x", "values": []}],
)
async def test_a_form_of_the_wrong_shape_is_refused(house: Any, form: Any) -> None:
    _, token, _ = await asked(house)
    status, problem = await say(house, token, {"client_msg_id": "f", "form": form})
    assert (status, problem["code"]) == (422, "bad_message")


async def test_another_message_or_conversation_has_no_such_form(house: Any) -> None:
    _, token, message = await asked(house)
    other = (await house.session())["token"]
    for who, body in ((other, filled(message)), (token, filled({"id": "a"}))):
        status, problem = await say(house, who, body)
        assert (status, problem["code"]) == (404, "unknown_form")


async def test_a_form_is_closed_while_a_person_has_the_conversation(house: Any) -> None:
    _, token, message = await asked(house)
    await say(house, token, {"message": "상담원 바꿔 주세요", "client_msg_id": "p"})
    status, problem = await say(house, token, filled(message))
    assert (status, problem["code"]) == (409, "form_closed")


async def test_over_a_socket_the_words_come_with_the_refusal(house: Any) -> None:
    _, token, message = await asked(house)
    socket = await house.socket(token)
    answer = await socket.call("user_uttered", filled(message, phone="1"))
    assert not answer["ok"] and answer["error"]["fields"] == {"phone": "전화번호를 다시 확인해 주세요"}


async def test_customers_cannot_pretend_to_have_sent_what_the_server_writes(house: Any) -> None:
    session = await house.session()
    forged = {
        "attachment": {"id": "x"},
        "form": {"message_id": "m"},
        "identities": {"a": "b"},
        "context": {"page": "/"},
    }
    await say(house, session["token"], {"message": "안녕하세요", "metadata": forged})
    (said,) = [e for e in await house.events(session["conversation_id"]) if e.event == "user"]
    assert said.metadata == {"context": {"page": "/"}}
