"""Rasa down, slow, or talking nonsense: an apology and the offer of a person, an event, never a trace."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jwt
import pytest

from bot.conversation.conversations import Conversations
from bot.conversation.draft import Draft
from bot.conversation.events import NoteAdded
from tests.rasa_engine.conftest import Talk
from tests.rasa_engine.rasa_protocol import RasaProtocol

Served = tuple[RasaProtocol, str]


@pytest.mark.parametrize(
    ("failing", "code"),
    [
        (500, "raised"),
        (401, "raised"),
        (409, "raised"),
        ("redirect", "raised"),
        ("slow", "timeout"),
        ("nonsense", "bad_result"),
        ("list", "bad_result"),
        ("silent", "bad_result"),
    ],
)
async def test_failing_rasa_is_an_apology(
    failing: Any, code: str, rasa: Served, make_talk: Callable[..., Talk]
) -> None:
    protocol, url = rasa
    talk = make_talk(url, protocol, rasa={"timeout": 0.5})
    protocol.failing = failing
    [reply] = (await talk.say("안녕하세요")).replies
    assert "죄송해요" in reply.text and "Traceback" not in reply.text
    assert [button.payload for button in reply.buttons] == ["/request_human"]
    [event] = await talk.events("action_failed")
    assert (event.name, event.code) == ("rasa", code)
    protocol.failing = None
    assert await talk.texts("안녕하세요") == ["안녕하세요, 시험 가게예요.\n\n무엇을 도와드릴까요?"]


async def test_server_that_is_down_leaves_the_person_in_reach(make_talk: Callable[..., Talk]) -> None:
    talk = make_talk("http://127.0.0.1:9")
    [reply] = (await talk.say("안녕하세요")).replies
    assert "상담원에게 연결할까요" in reply.text
    assert (await talk.say("네")).owner == "queued"


async def test_values_of_the_agent_are_told_later_if_rasa_was_down_at_the_way_back(
    rasa: Served, make_talk: Callable[..., Talk]
) -> None:
    protocol, url = rasa
    talk = make_talk(url, protocol)
    await talk.say("주문 조회하고 싶어요")
    await talk.say("상담원 바꿔 주세요")
    case = await talk.accept()
    protocol.failing = 503
    await talk.desk.give_back(case, talk.agent, "resolved", "", {"order_no": "20261234"})
    protocol.failing = None
    await talk.say("안녕하세요")
    assert protocol.slots[talk.id]["order_no"] == "20261234"
    assert (await talk.tracker()).slot("order_no") == "20261234"


async def test_pause_of_rasa_calls_a_person_and_is_lifted_on_the_way_back(
    rasa: Served, make_talk: Callable[..., Talk]
) -> None:
    protocol, url = rasa
    talk = make_talk(url, protocol)
    assert (await talk.say("멈춰 주세요")).owner == "queued"
    case = await talk.accept()
    await talk.desk.give_back(case, talk.agent, "resolved", "", {})
    assert not protocol.paused


async def test_turn_that_is_decided_again_asks_rasa_once(
    rasa: Served, make_talk: Callable[..., Talk]
) -> None:
    protocol, url = rasa
    talk = make_talk(url, protocol)
    elsewhere = Conversations(talk.engine.conversations.store, talk.engine.assistant.responses)

    async def note(draft: Draft) -> None:
        draft.emit(NoteAdded(text="메모", message_id="n1", agent_id="a1", agent_name="김민지"))

    protocol.meanwhile = lambda: elsewhere.change(talk.id, note)
    await talk.say("주문 조회하고 싶어요")
    assert [event.text for event in await talk.events("bot")] == ["주문번호 여덟 자리를 알려 주세요."]
    assert len(await talk.events("note")) == 1
    assert sum(call.endswith("/webhook") for call in protocol.calls) == 1


async def test_token_and_jwt_open_rasa(rasa: Served, make_talk: Callable[..., Talk]) -> None:
    protocol, url = rasa
    secret = "s" * 40
    talk = make_talk(url, protocol, token="geheim", jwt_secret=secret)
    await talk.say("안녕하세요")
    assert {query.get("token") for query in protocol.queries} == {"geheim"}
    signed = protocol.headers[0]["Authorization"].removeprefix("Bearer ")
    assert jwt.decode(signed, secret, ["HS256"])["user"]["role"] == "admin"
