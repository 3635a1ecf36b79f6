"""Web chat without sockets: sessions, tokens, catching up."""

from __future__ import annotations

import base64
import json
import time
from pathlib import Path
from typing import Any

import jwt
import pytest

from bot.desk.accounts import ChatTokens, secret_key


async def test_a_session_begins_and_goes_on_under_the_same_id(house: Any) -> None:
    first = await house.session()
    assert first["assistant"]["name"] == "이음은행 고객센터" and first["expires_at"] > time.time()
    again = await house.session(first["token"])
    assert again["conversation_id"] == first["conversation_id"]
    other = await house.session()
    assert other["conversation_id"] != first["conversation_id"]


@pytest.mark.parametrize("token", ["x", "a.b.c", "", "\x00", "🙂", "x" * 10_000])
async def test_a_broken_token_gives_a_new_conversation(house: Any, token: str) -> None:
    assert (await house.session(token))["conversation_id"].startswith("web-")


def forged(kind: str, data_dir: Path, conversation_id: str) -> str:
    """Tokens that must open nothing."""
    key, claims = secret_key(data_dir), {"sub": conversation_id, "aud": "chat", "exp": int(time.time()) + 60}
    if kind == "expired":
        return ChatTokens(key, lifetime=-10).issue(conversation_id).token
    if kind == "foreign key":
        return jwt.encode(claims, b"x" * 32, algorithm="HS256")
    if kind == "other audience":
        return jwt.encode({**claims, "aud": "desk"}, key, algorithm="HS256")
    if kind == "unsigned":
        part = base64.urlsafe_b64encode(json.dumps({"alg": "none"}).encode()).rstrip(b"=").decode()
        body = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
        return f"{part}.{body}."
    return conversation_id


@pytest.mark.parametrize("kind", ["expired", "foreign key", "other audience", "unsigned", "bare id"])
async def test_tokens_that_open_nothing(house: Any, kind: str) -> None:
    session = await house.session()
    token = forged(kind, house.server.settings.data_dir, session["conversation_id"])
    for method, body in (("GET", None), ("POST", {"message": "안녕하세요"})):
        status, answer = await house.call(method, "/api/chat/messages", body, token=token)
        assert (status, answer["code"]) == (401, "bad_token")
    assert (await house.call("GET", "/api/chat/messages"))[0] == 401


async def test_saying_and_catching_up(house: Any) -> None:
    token = (await house.session())["token"]
    sent = await house.call(
        "POST", "/api/chat/messages", {"message": "수수료가 얼마예요?", "client_msg_id": "m1"}, token
    )
    assert sent[0] == 200 and sent[1]["ok"] and sent[1]["id"] == "m1"
    _, sync = await house.call("GET", "/api/chat/messages?after=0", token=token)
    kinds = [message["speaker"]["kind"] for message in sync["messages"]]
    assert kinds[0] == "customer" and set(kinds[1:]) == {"bot"}
    assert sync["messages"][0]["client_msg_id"] == "m1" and sync["state"]["owner"] == "bot"
    assert sync["messages"][1]["citations"][0]["title"] == "수수료 안내"
    _, rest = await house.call("GET", f"/api/chat/messages?after={sync['cursor']}", token=token)
    assert rest["messages"] == [] and rest["cursor"] == sync["cursor"]


async def test_a_message_is_stored_once_by_its_id(house: Any) -> None:
    token = (await house.session())["token"]
    body = {"message": "안녕하세요", "client_msg_id": "m1"}
    first = await house.call("POST", "/api/chat/messages", body, token)
    assert await house.call("POST", "/api/chat/messages", body, token) == first
    _, sync = await house.call("GET", "/api/chat/messages", token=token)
    assert [m["speaker"]["kind"] for m in sync["messages"]].count("customer") == 1


async def test_the_id_of_another_message_is_told_and_loses_nothing(house: Any) -> None:
    token = (await house.session())["token"]
    said = {"message": "안녕하세요", "client_msg_id": "m1"}
    await house.call("POST", "/api/chat/messages", said, token)
    for other in ({"message": "수수료가 얼마예요?"}, {"form": {"message_id": "f", "values": {}}}):
        status, problem = await house.call("POST", "/api/chat/messages", {**said, **other}, token)
        assert (status, problem["code"]) == (409, "message_id_reused")
    _, sync = await house.call("GET", "/api/chat/messages", token=token)
    assert [m["text"] for m in sync["messages"] if m["speaker"]["kind"] == "customer"] == ["안녕하세요"]
    # Neither is it taken under the id of something that the bot said.
    bots = next(m["id"] for m in sync["messages"] if m["speaker"]["kind"] == "bot")
    taken = await house.call("POST", "/api/chat/messages", {**said, "client_msg_id": bots}, token)
    assert (taken[0], taken[1]["code"]) == (409, "message_id_reused")
    assert (await house.call("POST", "/api/chat/messages", {**said, "client_msg_id": "m2"}, token))[0] == 200


@pytest.mark.parametrize("after", ["x", "-1", "1.5", "²", "٣", "9" * 30, "1e3"])
async def test_a_cursor_that_is_none(house: Any, after: str) -> None:
    token = (await house.session())["token"]
    status, body = await house.call("GET", "/api/chat/messages", token=token, params={"after": after})
    assert (status, body["code"]) == (400, "bad_cursor")


async def test_a_cursor_beyond_the_end(house: Any) -> None:
    token = (await house.session())["token"]
    status, body = await house.call("GET", "/api/chat/messages?after=999999", token=token)
    assert (status, body["messages"], body["cursor"]) == (200, [], 999999)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"message": 1},
        {"message": "a", "payload": 3},
        {"message": "a", "payload": "\udc00"},
        {"message": "a", "client_msg_id": 3},
        {"message": "a", "client_msg_id": ""},
        {"message": "a", "client_msg_id": "x" * 300},
        {"message": "a", "client_msg_id": "\ud800"},
        {"message": "a", "metadata": {"k": "\ud800"}},
    ],
)
async def test_wrong_messages(house: Any, body: dict[str, Any]) -> None:
    token = (await house.session())["token"]
    assert (await house.call("POST", "/api/chat/messages", body, token))[0] == 422


async def test_whoever_hurries_is_slowed_down(house: Any) -> None:
    token = (await house.session())["token"]
    statuses = [
        (await house.call("POST", "/api/chat/messages", {"message": "안녕하세요"}, token))[0]
        for _ in range(32)
    ]
    assert statuses[:30] == [200] * 30 and statuses[30:] == [429, 429]
    other = (await house.session())["token"]
    assert (await house.call("POST", "/api/chat/messages", {"message": "안녕하세요"}, other))[0] == 200
