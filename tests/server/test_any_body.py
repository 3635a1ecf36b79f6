"""No JSON body, whatever it holds, makes a webhook fail."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

# Every code point, halves of characters and NUL too: JSON can spell them all.
words = st.text(st.characters(), max_size=30)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | words
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=12,
)


def shaped(**known: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Objects with the channel's own keys, each right or anything at all."""
    return st.fixed_dictionaries({}, optional={key: strategy | values for key, strategy in known.items()})


rest = shaped(sender=words, message=words, metadata=st.dictionaries(words, values), message_id=words)
user = shaped(id=words, type=words, properties=shaped(plusfriendUserKey=words, appUserId=words))
kakao = shaped(
    userRequest=shaped(utterance=words, user=user, callbackUrl=words, params=values),
    bot=shaped(id=words),
    action=shaped(clientExtra=shaped(payload=words)),
    contexts=values,
)
chat = shaped(message=words, payload=words, client_msg_id=words, metadata=values, token=words)
TARGETS = {
    "/webhooks/rest/webhook": rest,
    "/webhooks/kakao/skill": kakao,
    "/model/parse": shaped(text=words, message_id=values),
    "/api/chat/session": chat,
    "/api/chat/messages": chat,
    "/api/demo/kakao-callback/x": values,
}


@pytest.fixture
def post(house: Any) -> Iterator[Any]:
    """Posts a body as a signed-in chat customer; gives the status."""

    async def send(path: str, data: bytes) -> int:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
        answer = await house.client.post(path, data=data, headers=headers)
        await answer.read()
        return int(answer.status)

    token, _ = house.server.tokens.issue("web-anybody")
    house.server.webchat.throttle._limit = 10_000
    yield send


@pytest.mark.parametrize("path", TARGETS)
async def test_any_json_body(path: str, post: Any) -> None:
    loop = asyncio.get_running_loop()

    @settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(TARGETS[path] | values)
    def check(body: Any) -> None:
        data = json.dumps(body).encode()
        status = asyncio.run_coroutine_threadsafe(post(path, data), loop).result(timeout=10)
        assert status < 500, body

    await asyncio.to_thread(check)


@pytest.mark.parametrize("path", TARGETS)
async def test_any_bytes(path: str, post: Any) -> None:
    loop = asyncio.get_running_loop()

    @settings(max_examples=40, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.binary(max_size=200))
    def check(data: bytes) -> None:
        status = asyncio.run_coroutine_threadsafe(post(path, data), loop).result(timeout=10)
        assert status < 500, data

    await asyncio.to_thread(check)
