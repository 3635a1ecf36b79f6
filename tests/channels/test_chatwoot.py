"""Chatwoot as the desk, over a server of our own that speaks the documented protocol: turns, hand-off, what people there do."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.channels.chatwoot.payload import read, signed
from bot.conversation.handover import Agent

SECRET = "hook-secret"
TOKEN = "bot-token"


class Chatwoot:
    """Account 1. Keeps what the bot calls; refuses what a bot may not call."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.refuses: list[int] = []
        """Status of the next calls, one each."""
        self.gone = False
        self.url = ""
        self._messages = 100

    async def handle(self, request: web.Request) -> web.Response:
        if request.headers.get("api_access_token") != TOKEN:
            return web.json_response({"error": "Invalid Access Token"}, status=401)
        if self.gone:
            return web.json_response({}, status=404)
        if self.refuses:
            return web.json_response({}, status=self.refuses.pop(0))
        body = await request.json()
        self.calls.append((request.match_info["what"], body))
        return web.json_response({"id": 1})

    @property
    def said(self) -> list[str]:
        """To the customer."""
        return [b["content"] for what, b in self.calls if what == "messages" and not b["private"]]

    def of(self, what: str) -> list[dict[str, Any]]:
        return [body for kind, body in self.calls if kind == what]

    def message(self, text: str, status: str = "pending", **rest: Any) -> dict[str, Any]:
        """A `message_created` as Chatwoot sends it."""
        self._messages += 1
        return {
            "event": "message_created",
            "id": self._messages,
            "content": text,
            "message_type": "incoming",
            "content_type": "text",
            "content_attributes": {},
            "private": False,
            "sender": {"id": 77, "name": "홍길동", "type": "contact"},
            "account": {"id": 1, "name": "데모"},
            "inbox": {"id": 3, "name": "홈페이지"},
            "conversation": {"id": 45, "status": status, "custom_attributes": {"vip": "예"}},
            **rest,
        }

    def status(self, status: str) -> dict[str, Any]:
        """A `conversation_status_changed`."""
        return {"event": "conversation_status_changed", "id": 45, "status": status, "account": {"id": 1}}


@pytest.fixture
async def chatwoot() -> AsyncIterator[Chatwoot]:
    made = Chatwoot()
    application = web.Application()
    application.router.add_post("/api/v1/accounts/1/conversations/45/{what}", made.handle)
    server = TestServer(application)
    await server.start_server()
    made.url = str(server.make_url("")).rstrip("/")
    yield made
    await server.close()


@pytest.fixture
async def here(open_house: Any, chatwoot: Chatwoot) -> Any:
    return await open_house(
        chatwoot=chatwoot.url, SANGDAM_CHATWOOT_TOKEN=TOKEN, SANGDAM_CHATWOOT_SECRET=SECRET
    )


async def deliver(house: Any, body: dict[str, Any], *, secret: str = SECRET, age: float = 0.0) -> int:
    """Send an event as a signing Chatwoot does; gives the status."""
    raw = json.dumps(body, ensure_ascii=False).encode()
    stamp = str(int(time.time() - age))
    signature = hmac.new(secret.encode(), f"{stamp}.".encode() + raw, hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": "application/json",
        "X-Chatwoot-Timestamp": stamp,
        "X-Chatwoot-Signature": f"sha256={signature}",
    }
    async with house.client.post("/webhooks/chatwoot", data=raw, headers=headers) as response:
        return int(response.status)


async def handed_over(house: Any, chatwoot: Chatwoot, soon: Any) -> None:
    """A customer asks for a person."""
    assert await deliver(house, chatwoot.message("상담원 바꿔 주세요")) == 200
    await soon(lambda: chatwoot.of("toggle_status"))


async def owner(house: Any) -> str:
    return str((await house.server.service.conversations.tracker("chatwoot-1-45")).owner)


async def test_the_bot_answers_with_its_source(here: Any, chatwoot: Chatwoot, soon: Any) -> None:
    assert await deliver(here, chatwoot.message("수수료가 얼마예요?")) == 200
    await soon(lambda: chatwoot.said)
    assert "수수료는 500원이에요." in chatwoot.said[-1] and "출처: 수수료 안내 http" in chatwoot.said[-1]


async def test_choices_are_a_select_and_come_back_as_a_pressed_button(
    here: Any, chatwoot: Chatwoot, soon: Any
) -> None:
    await deliver(here, chatwoot.message("안녕하세요"))
    await soon(lambda: chatwoot.said)
    select = next(body for body in chatwoot.of("messages") if body.get("content_type") == "input_select")
    item = select["content_attributes"]["items"][0]
    assert item == {"title": "카드 분실 신고", "value": "/card_loss"}
    chosen = chatwoot.message(
        select["content"],
        event="message_updated",
        message_type="outgoing",
        content_attributes={"submitted_values": [item]},
    )
    before = len(chatwoot.said)
    await deliver(here, chosen)
    await soon(lambda: chatwoot.said[before:])
    events = await here.events("chatwoot-1-45")
    assert [e.text for e in events if e.event == "user"][-1] == "카드 분실 신고"
    assert any(e.event == "flow_started" and e.flow_id == "card_loss" for e in events)


async def test_the_handoff_tells_everything_and_opens_last(here: Any, chatwoot: Chatwoot, soon: Any) -> None:
    await deliver(here, chatwoot.message("수수료가 얼마예요?"))
    await soon(lambda: chatwoot.said)
    await handed_over(here, chatwoot, soon)
    kinds = [what for what, body in chatwoot.calls if what != "messages" or body["private"]]
    assert kinds[0] == "messages" and kinds[-1] == "toggle_status"
    assert chatwoot.of("toggle_status") == [{"status": "open"}]
    note = next(body for body in chatwoot.of("messages") if body["private"])
    assert "수수료가 얼마예요?" in note["content"] and "이미 드린 답" in note["content"]
    attributes = chatwoot.of("custom_attributes")[0]["custom_attributes"]
    assert attributes["vip"] == "예" and attributes["sangdam_reason"] == "request"
    assert attributes["sangdam_mood"] == "보통"
    assert await owner(here) == "agent"


async def test_then_the_bot_is_silent_and_keeps_what_is_said(
    here: Any, chatwoot: Chatwoot, soon: Any
) -> None:
    await handed_over(here, chatwoot, soon)
    before = len(chatwoot.said)
    agent = {"id": 5, "name": "김민지", "type": "user"}
    await deliver(here, chatwoot.message("수수료가 얼마예요?", "open"))
    await deliver(here, chatwoot.message("500원이에요.", "open", message_type="outgoing", sender=agent))
    await deliver(here, chatwoot.message("메모", "open", message_type="outgoing", sender=agent, private=True))
    await deliver(here, chatwoot.message("자동 안내", "open", message_type="template", sender=None))
    own = {"id": 1, "name": "이음이", "type": "agent_bot"}
    await deliver(here, chatwoot.message("메아리", "open", message_type="outgoing", sender=own))
    events = await here.events("chatwoot-1-45")
    assert [(e.agent_name, e.text) for e in events if e.event == "agent"] == [("김민지", "500원이에요.")]
    assert [e.text for e in events if e.event == "user"][-1] == "수수료가 얼마예요?"
    assert len(chatwoot.said) == before


async def test_given_back_the_bot_goes_on(here: Any, chatwoot: Chatwoot, soon: Any) -> None:
    await handed_over(here, chatwoot, soon)
    before = len(chatwoot.said)
    assert await deliver(here, chatwoot.status("pending")) == 200
    await soon(lambda: chatwoot.said[before:])
    assert await owner(here) == "bot"
    await deliver(here, chatwoot.message("수수료가 얼마예요?"))
    await soon(lambda: any("500원" in text for text in chatwoot.said))


async def test_a_message_that_overtakes_the_news_is_answered(
    here: Any, chatwoot: Chatwoot, soon: Any
) -> None:
    await handed_over(here, chatwoot, soon)
    await deliver(here, chatwoot.message("수수료가 얼마예요?", "pending"))
    await soon(lambda: any("500원" in text for text in chatwoot.said))
    assert await deliver(here, chatwoot.status("pending")) == 200 and await owner(here) == "bot"


async def test_resolved_there_is_closed_here_once(here: Any, chatwoot: Chatwoot, soon: Any) -> None:
    await handed_over(here, chatwoot, soon)
    for event in ("conversation_status_changed", "conversation_resolved"):
        assert await deliver(here, {**chatwoot.status("resolved"), "event": event}) == 200
    assert await owner(here) == "closed"
    outcomes = [e for e in await here.events("chatwoot-1-45") if e.event == "handoff_outcome"]
    assert [e.resolution for e in outcomes] == ["closed"]


async def test_a_delivery_that_comes_twice_is_answered_once(here: Any, chatwoot: Chatwoot, soon: Any) -> None:
    body = chatwoot.message("수수료가 얼마예요?")
    for _ in range(3):
        assert await deliver(here, body) == 200
    await soon(lambda: chatwoot.said)
    await here.server._chatwoot.close()
    assert len(chatwoot.said) == len(set(chatwoot.said))
    assert [e.event for e in await here.events("chatwoot-1-45")].count("user") == 1


async def test_whoever_took_it_unasked_is_not_talked_over(here: Any, chatwoot: Chatwoot) -> None:
    await deliver(here, chatwoot.message("수수료가 얼마예요?", "open"))
    await here.server._chatwoot.close()
    assert chatwoot.calls == [] and await here.events("chatwoot-1-45") == []


async def test_a_chatwoot_that_is_busy_is_asked_again(here: Any, chatwoot: Chatwoot, soon: Any) -> None:
    chatwoot.refuses = [429, 503]
    await deliver(here, chatwoot.message("수수료가 얼마예요?"))
    await soon(lambda: any("500원" in text for text in chatwoot.said))


async def test_what_could_not_be_said_comes_with_the_next_answer(
    here: Any, chatwoot: Chatwoot, soon: Any
) -> None:
    chatwoot.refuses = [403]
    await deliver(here, chatwoot.message("수수료가 얼마예요?"))
    await soon(lambda: not chatwoot.refuses)
    await soon(lambda: not here.server._chatwoot._tasks)
    count = len(chatwoot.said)
    await deliver(here, chatwoot.message("안녕하세요"))
    await soon(lambda: len(chatwoot.said) > count + 1)
    assert "500원" in chatwoot.said[count]


async def test_where_the_handoff_fails_our_own_desk_has_the_case(
    here: Any, chatwoot: Chatwoot, soon: Any
) -> None:
    chatwoot.gone = True
    await deliver(here, chatwoot.message("상담원 바꿔 주세요"))
    await soon(lambda: not here.server._chatwoot._tasks)
    tracker = await here.server.service.conversations.tracker("chatwoot-1-45")
    assert tracker.case is not None and tracker.case.state in ("queued", "offered")
    chatwoot.gone = False
    case = await here.server.service.handover.accept(tracker.case, Agent(id="a1", name="김민지"))
    await here.server.service.handover.say(case, Agent(id="a1", name="김민지"), "무엇을 도와드릴까요?")
    await soon(lambda: "무엇을 도와드릴까요?" in chatwoot.said)


@pytest.mark.parametrize(
    ("secret", "age", "status"), [("wrong", 0.0, 401), (SECRET, 600.0, 401), (SECRET, 10.0, 200)]
)
async def test_only_chatwoot_is_believed(
    here: Any, chatwoot: Chatwoot, secret: str, age: float, status: int
) -> None:
    assert await deliver(here, chatwoot.message("안녕하세요"), secret=secret, age=age) == status


async def test_versions_that_sign_nothing_end_the_address_with_the_secret(
    here: Any, chatwoot: Chatwoot
) -> None:
    for key, status in ((SECRET, 200), ("wrong", 401), ("%00", 401)):
        async with here.client.post(
            f"/webhooks/chatwoot/{key}", json=chatwoot.message("안녕하세요")
        ) as answer:
            assert answer.status == status
    async with here.client.post("/webhooks/chatwoot", json=chatwoot.message("안녕하세요")) as answer:
        assert answer.status == 401 and (await answer.json())["code"] == "bad_signature"


@pytest.mark.parametrize("raw", [b"", b"[]", b"{", b"\xff", b"null"])
async def test_bodies_that_are_none_are_refused(here: Any, raw: bytes) -> None:
    async with here.client.post(f"/webhooks/chatwoot/{SECRET}", data=raw) as answer:
        assert answer.status == 400 and (await answer.json())["code"] == "bad_json"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"event": "webwidget_triggered", "id": "x"},
        {"event": "message_created", "conversation": 3},
        {"event": "message_created", "conversation": {"id": True}, "account": {"id": 1}},
        {"event": ["message_created"], "id": None, "account": []},
    ],
)
async def test_events_that_concern_no_conversation_are_passed_over(here: Any, body: dict[str, Any]) -> None:
    assert read(body) is None
    assert await deliver(here, body) == 200


async def test_files_and_endless_words_are_told(here: Any, chatwoot: Chatwoot, soon: Any) -> None:
    await deliver(here, chatwoot.message("", attachments=[{"id": 1, "file_type": "image"}]))
    await soon(lambda: chatwoot.said)
    assert [e.text for e in await here.events("chatwoot-1-45") if e.event == "user"] == ["(파일을 보냈어요)"]
    count = len(chatwoot.said)
    assert await deliver(here, chatwoot.message("가" * 20_000)) == 200
    await soon(lambda: chatwoot.said[count:])


def test_a_signature_is_held_against_the_clock() -> None:
    signature = hmac.new(b"s", b"100.x", hashlib.sha256).hexdigest()
    assert signed("s", "100", f"sha256={signature}", b"x", now=100)
    assert not signed("s", "100", f"sha256={signature}", b"y", now=100)
    assert not signed("s", "100", f"sha256={signature}", b"x", now=1000)
    assert not signed("s", "soon", f"sha256={signature}", b"x", now=100)
    assert not signed("s", "100", "sha256=é", b"x", now=100)


async def test_nobody_loses_a_word_when_many_come_at_once(here: Any, chatwoot: Chatwoot, soon: Any) -> None:
    bodies = [chatwoot.message(f"수수료가 얼마예요? {number}") for number in range(20)]
    assert set(await asyncio.gather(*(deliver(here, body) for body in bodies))) == {200}
    said = [e.text for e in await here.events("chatwoot-1-45") if e.event == "user"]
    assert sorted(said) == sorted(body["content"] for body in bodies)
