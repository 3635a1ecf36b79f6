"""A customer changes the channel in the middle of a flow: web chat over a socket, KakaoTalk and REST over HTTP."""

from __future__ import annotations

import asyncio
import secrets
import time
import uuid
from collections.abc import Callable
from typing import Any

import jwt
import pytest
import socketio

from bot.channels.identity import ALGORITHM, AUDIENCE

from .conftest import call

pytestmark = pytest.mark.slow
SECRET = "the-host's-page-and-this-server-know-it"
OFFER = "{channel}에서 하시던 카드 분실 신고를 이어서 진행할까요?"
ASKS_PHONE = "본인 확인을 위해 은행에 등록된 휴대전화 번호를 알려 주세요."
ASKS_CARD = "어떤 카드를 잃어버리셨나요?"


class WebChat:
    """A signed-in visitor at the widget's socket."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.client = socketio.AsyncClient()
        self.said: asyncio.Queue[str] = asyncio.Queue()
        self.client.on("bot_uttered", lambda data: self.said.put_nowait(str(data.get("text"))))

    async def connect(self) -> None:
        now = int(time.time())
        claims = {"sub": "seoyeon", "aud": AUDIENCE, "iat": now, "exp": now + 300, "name": "김서연"}
        identity = jwt.encode(claims, SECRET, algorithm=ALGORITHM)
        opened = await call("POST", f"{self.url}/api/chat/session", body={"identity": identity})
        await self.client.connect(self.url, auth={"token": opened["token"]}, transports=["websocket"])

    async def say(self, text: str, until: str) -> list[str]:
        """What comes back, up to a line that begins so."""
        await self.client.emit("user_uttered", {"message": text, "client_msg_id": uuid.uuid4().hex})
        heard: list[str] = []
        async with asyncio.timeout(20):
            while not (heard and heard[-1].startswith(until)):
                heard.append(await self.said.get())
        return heard


async def kakao(url: str, text: str) -> list[str]:
    """What KakaoTalk shows to the same person."""
    user = {"id": "kim-01", "type": "botUserKey", "properties": {"plusfriendUserKey": "pf-77"}}
    body = {
        "userRequest": {"utterance": text, "lang": "ko", "timezone": "Asia/Seoul", "user": user},
        "bot": {"id": "bot-9", "name": "이음은행"},
        "action": {"id": "a", "name": "상담 스킬", "params": {}, "detailParams": {}},
    }
    answer = await call("POST", f"{url}/webhooks/kakao/skill", body=body)
    outputs = answer["template"]["outputs"]
    shown = [next(iter(output.values())).get("text", "") for output in outputs]
    return [line for text in shown for line in text.split("\n\n")]


async def rest(url: str, text: str) -> list[str]:
    """What the company's app shows over the REST channel."""
    answer = await call("POST", f"{url}/webhooks/rest/webhook", body={"sender": "app-7", "message": text})
    return [line["text"] for line in answer if line.get("text")]


async def recognised(agent: Any) -> None:
    """The agent takes who waits, sees that it is the visitor who signed in, puts the two together and closes the case."""
    [case] = (await agent.get("/cases?state=waiting"))["cases"]
    await agent.post(f"/cases/{case['id']}/accept")
    customers = (await agent.get("/customers"))["customers"]
    kept = next(one for one in customers if any(i["kind"] == "login" for i in one["identities"]))
    [other] = [one for one in customers if one["id"] != kept["id"]]
    body = {"other": other["id"], "version": kept["version"], "other_version": other["version"]}
    await agent.post(f"/customers/{kept['id']}/merge", {**body, "same": True, "reason": "같은 분이에요"})
    await agent.post(f"/cases/{case['id']}/close", {"code": "resolved", "note": ""})


async def test_a_flow_goes_on_where_the_customer_comes_next(
    start_server: Any, sign_in: Any, add_agent: Callable[..., str]
) -> None:
    server = start_server(SANGDAM_IDENTITY_SECRET=SECRET)
    username = f"minji-{secrets.token_hex(4)}"
    agent = await sign_in(server.url, username, add_agent(server, username, "김민지"))
    web = WebChat(server.url)
    await web.connect()
    try:
        # Who they are is known from earlier matters: an agent has seen that it is one person.
        for channel in (kakao, rest):
            await channel(server.url, "상담원 바꿔 주세요")
            await recognised(agent)

        assert ASKS_PHONE in await web.say("카드를 잃어버렸어요", ASKS_PHONE)
        await web.say("010-1234-5678", ASKS_CARD)

        assert (await kakao(server.url, "안녕하세요"))[-1] == OFFER.format(channel="웹 채팅")
        resumed = await kakao(server.url, "네")
        assert resumed[-1] == ASKS_CARD and ASKS_PHONE not in resumed, "the number is not asked again"

        # In the app the value that was asked for is enough; the number and the card are known there.
        confirmed = await rest(server.url, "신용카드요")
        assert confirmed[-1].startswith("끝자리 4821 신용카드를 바로 정지할까요?"), confirmed
        done = await rest(server.url, "네")
        assert any("접수번호는" in line for line in done)

        # Where it began, it goes on no more.
        assert all("카드" not in line for line in await kakao(server.url, "고마워요"))
        tracker = await call("GET", f"{server.url}/conversations/app-7/tracker")
        slots = tracker["slots"]
        assert (slots["phone"], slots["card_type"]) == ("010-1234-5678", "신용카드")
        seen = (await agent.get("/customers"))["customers"]
        assert len(seen) == 1, "one customer for all of it"
    finally:
        await web.client.disconnect()
