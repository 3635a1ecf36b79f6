"""Web chat over Socket.IO, spoken to by the stock client."""

from __future__ import annotations

from typing import Any

import pytest
import socketio


def of(socket: Any, event: str) -> list[Any]:
    return [data for name, data in socket.heard if name == event]


async def test_a_stock_rasa_client_talks(house: Any, soon: Any) -> None:
    socket = await house.socket()
    sync = await socket.call("session_request", {})
    assert sync["ok"] and sync["messages"] == [] and sync["cursor"] == 0
    assert of(socket, "session_confirm") == [sync["conversation_id"]]
    ack = await socket.call("user_uttered", {"message": "안녕하세요"})
    assert ack["ok"] and ack["seq"] > 0
    said = (await soon(lambda: of(socket, "bot_uttered")))[0]
    assert said["text"].startswith("안녕하세요") and said["speaker"]["kind"] == "bot"
    assert said["quick_replies"][0] == {
        "content_type": "text",
        "title": "카드 분실 신고",
        "payload": "/card_loss",
    }


async def test_a_client_that_never_asked_for_a_session_may_talk(house: Any, soon: Any) -> None:
    socket = await house.socket()
    assert (await socket.call("user_uttered", {"message": "안녕하세요"}))["ok"]
    assert await soon(lambda: of(socket, "bot_uttered"))


async def test_after_a_reconnect_only_what_was_missed_comes(house: Any) -> None:
    token = (await house.session())["token"]
    socket = await house.socket(token)
    await socket.call("user_uttered", {"message": "안녕하세요"})
    seen = await socket.call("session_request", {})
    await socket.disconnect()
    await house.call("POST", "/api/chat/messages", {"message": "수수료가 얼마예요?"}, token)
    again = await house.socket(token)
    missed = await again.call("session_request", {"after": seen["cursor"]})
    assert missed["messages"][0]["text"] == "수수료가 얼마예요?"
    assert "안녕하세요" not in [message["text"] for message in missed["messages"]]
    everything = await again.call("session_request", {"after": 0})
    assert len(everything["messages"]) == len(seen["messages"]) + len(missed["messages"])


@pytest.mark.parametrize("after", ["3", -1, None, 2**80, 1.5, [1]])
async def test_odd_cursors_give_everything_or_nothing(house: Any, after: Any) -> None:
    socket = await house.socket((await house.session())["token"])
    assert (await socket.call("session_request", {"after": after}))["ok"]


async def test_a_message_is_taken_once_by_its_id(house: Any) -> None:
    socket = await house.socket((await house.session())["token"])
    body = {"message": "안녕하세요", "client_msg_id": "m1"}
    first = await socket.call("user_uttered", body)
    assert await socket.call("user_uttered", body) == first
    lines = (await socket.call("session_request", {}))["messages"]
    assert [line["speaker"]["kind"] for line in lines].count("customer") == 1


async def test_the_other_tab_hears_what_this_one_said(house: Any, soon: Any) -> None:
    token = (await house.session())["token"]
    one, other = await house.socket(token), await house.socket(token)
    await one.call("user_uttered", {"message": "안녕하세요", "client_msg_id": "m1"})
    echo = (await soon(lambda: of(other, "user_echo")))[0]
    assert (echo["text"], echo["client_msg_id"], echo["speaker"]["kind"]) == ("안녕하세요", "m1", "customer")
    assert await soon(lambda: of(other, "bot_uttered")) and await soon(lambda: of(one, "bot_uttered"))
    assert of(one, "user_echo") == []


async def test_strangers_hear_nothing(house: Any, soon: Any) -> None:
    one, stranger = await house.socket((await house.session())["token"]), await house.socket()
    await stranger.call("session_request", {"session_id": "web-of-somebody-else"})
    await one.call("user_uttered", {"message": "안녕하세요"})
    await soon(lambda: of(one, "bot_uttered"))
    assert of(stranger, "bot_uttered") == [] and of(stranger, "user_echo") == []


async def test_a_bare_id_opens_nothing(house: Any) -> None:
    session = await house.session()
    await house.call("POST", "/api/chat/messages", {"message": "안녕하세요"}, session["token"])
    socket = await house.socket()
    sync = await socket.call("session_request", {"session_id": session["conversation_id"]})
    assert sync["conversation_id"] != session["conversation_id"] and sync["messages"] == []


@pytest.mark.parametrize("token", ["x", "a.b.c", "web-abc"])
async def test_a_broken_token_is_not_let_in(house: Any, token: str) -> None:
    with pytest.raises(socketio.exceptions.ConnectionError):
        await house.socket(token)


@pytest.mark.parametrize(
    "data", [None, 1, "안녕", [], {}, {"message": None}, {"message": "a", "payload": []}]
)
async def test_wrong_messages_are_told(house: Any, data: Any) -> None:
    socket = await house.socket()
    ack = await socket.call("user_uttered", data)
    assert not ack["ok"] and ack["error"]["code"] == "bad_message" and ack["error"]["title"]


async def test_empty_and_endless_messages_are_told(house: Any) -> None:
    socket = await house.socket()
    for message, code in (("\u200b", "empty_message"), ("x" * 100_000, "message_too_long")):
        assert (await socket.call("user_uttered", {"message": message}))["error"]["code"] == code


async def test_a_turn_that_crashes_is_told_politely(house: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async def crash(message: Any) -> Any:
        raise RuntimeError("비밀")

    monkeypatch.setattr(house.server.service.engine, "handle", crash)
    socket = await house.socket()
    ack = await socket.call("user_uttered", {"message": "안녕하세요"})
    assert ack["error"]["code"] == "internal" and "비밀" not in str(ack)


async def test_whoever_hurries_is_slowed_down(house: Any) -> None:
    socket = await house.socket()
    acks = [await socket.call("user_uttered", {"message": "안녕하세요"}) for _ in range(31)]
    assert acks[-1]["error"]["code"] == "too_many_messages" and acks[-2]["ok"]


async def test_a_slow_answer_shows_that_the_bot_types(house: Any, soon: Any) -> None:
    house.bank.slow = 0.7
    socket = await house.socket()
    await socket.call("user_uttered", {"message": "천천히 알려 주세요?"})
    assert (await soon(lambda: of(socket, "typing")))[0]["speaker"] == {"kind": "bot", "name": "이음이"}


async def test_feedback_is_kept_and_may_be_taken_back(house: Any, soon: Any) -> None:
    session = await house.session()
    socket = await house.socket(session["token"])
    await socket.call("user_uttered", {"message": "수수료가 얼마예요?"})
    said = (await soon(lambda: of(socket, "bot_uttered")))[0]
    for value in ("down", None, "up"):
        body = {"message_id": said["id"], "value": value, "reason": "틀렸어요" * 500}
        assert await socket.call("feedback", body) == {"ok": True}
    given = [event for event in await house.events(session["conversation_id"]) if event.event == "feedback"]
    assert [event.value for event in given] == ["down", None, "up"]
    assert all(len(event.reason) <= 500 for event in given)


@pytest.mark.parametrize(
    "data",
    [
        None,
        {},
        {"value": "up"},
        {"message_id": "x", "value": "maybe"},
        {"message_id": 3, "value": "up"},
        {"message_id": "", "value": "up"},
        {"message_id": "x" * 9999, "value": "up"},
        {"message_id": "x", "value": ["up"]},
    ],
)
async def test_wrong_feedback_is_told(house: Any, data: Any) -> None:
    socket = await house.socket((await house.session())["token"])
    assert (await socket.call("feedback", data))["error"]["code"] == "bad_feedback"


async def test_a_person_comes_speaks_and_types(house: Any, soon: Any) -> None:
    session = await house.session()
    socket = await house.socket(session["token"])
    await socket.call("user_uttered", {"message": "상담원 바꿔 주세요"})
    state = (await soon(lambda: of(socket, "state")))[-1]
    assert state["owner"] == "queue" and state["queue"]["position"] == 1
    case = await house.agent_takes(session["conversation_id"])
    await soon(lambda: [s for s in of(socket, "state") if s["owner"] == "agent"])
    assert of(socket, "state")[-1]["agent"] == {"name": "김민지"}
    await house.agent_says(case, "안녕하세요, 김민지예요.")
    said = await soon(lambda: [m for m in of(socket, "bot_uttered") if m["speaker"]["kind"] == "agent"])
    assert (said[0]["text"], said[0]["speaker"]["name"]) == ("안녕하세요, 김민지예요.", "김민지")
    before = len(of(socket, "bot_uttered"))
    await socket.call("user_uttered", {"message": "수수료가 얼마예요?"})
    assert len(of(socket, "bot_uttered")) == before  # the bot keeps silent
    await socket.emit("typing", {"on": True})
    await socket.emit("seen", {"seq": 3})
    assert (await socket.call("ping_", {})) == {"ok": True}


async def test_the_queue_can_be_left(house: Any, soon: Any) -> None:
    session = await house.session()
    socket = await house.socket(session["token"])
    assert not (await socket.call("leave_queue", {}))["ok"]
    await socket.call("user_uttered", {"message": "상담원 바꿔 주세요"})
    assert await socket.call("leave_queue", {}) == {"ok": True}
    await soon(lambda: [s for s in of(socket, "state") if s["owner"] == "bot"])
    lines = (await socket.call("session_request", {}))["messages"]
    assert lines[-1]["speaker"]["kind"] == "system" and "취소" in lines[-1]["text"]
    assert (await house.socket()).connected


async def test_a_socket_without_conversation_has_no_queue_to_leave(house: Any) -> None:
    socket = await house.socket()
    assert await socket.call("leave_queue", {}) == {"ok": False}
