"""Plays KakaoTalk for the demo page: sends real skill payloads to our own webhook and takes its callbacks.

Only on a server that is bound to loopback: it speaks with the webhook's secret in its hand.
"""

from __future__ import annotations

import re
import secrets
import uuid
from collections import defaultdict, deque
from collections.abc import Iterable
from typing import Any

import aiohttp
from aiohttp import web

from bot.channels.body import cursor_of, json_body
from bot.channels.contract import ChannelRefused
from bot.channels.kakao import SECRET_HEADER, conversation_id_of
from bot.conversation.store import ConversationStore
from bot.conversation.transcript import customer_lines

BOT_ID = "sangdam-demo"
_USER = re.compile(r"[A-Za-z0-9_-]{1,64}")
KEPT = 200


class DemoKakao:
    """A messenger with one bot. `own_url` is where this server answers."""

    def __init__(self, store: ConversationStore, *, own_url: str, secret: str | None, bot_name: str) -> None:
        self._store = store
        self._own_url = own_url
        self._secret = secret
        self._bot_name = bot_name
        self._waiting: dict[str, deque[dict[str, Any]]] = defaultdict(lambda: deque(maxlen=KEPT))
        self._tickets: dict[str, str] = {}

    def routes(self) -> Iterable[web.RouteDef]:
        """Mounted on loopback only, and therefore open."""
        user = "/api/demo/kakao/{user_id}"
        return [
            web.post("/api/demo/kakao", self.send),
            web.post("/api/demo/kakao-callback/{ticket}", self.callback),
            web.get(f"{user}/callbacks", self.callbacks),
            web.get(f"{user}/messages", self.messages),
        ]

    async def send(self, request: web.Request) -> web.Response:
        """One message of the customer, as KakaoTalk's servers would send it on."""
        body = await json_body(request)
        user_id, utterance = _user(body.get("user_id")), body.get("utterance")
        if not isinstance(utterance, str):
            raise ChannelRefused("bad_message", ko="utterance가 없어요.", en="'utterance' is missing.")
        ticket = secrets.token_urlsafe(16)
        self._tickets[ticket] = user_id
        headers = {SECRET_HEADER: self._secret} if self._secret else {}
        headers["X-Request-Id"] = f"chp-{uuid.uuid4().hex}"
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=6)) as session,
            session.post(
                f"{self._own_url}/webhooks/kakao/skill",
                json=self._payload(user_id, utterance, body.get("extra"), ticket),
                headers=headers,
            ) as response,
        ):
            answer = await response.json(content_type=None)
        if len(self._tickets) > KEPT:
            self._tickets.pop(next(iter(self._tickets)))
        return web.json_response({"response": answer})

    def _payload(self, user_id: str, utterance: str, extra: Any, ticket: str) -> dict[str, Any]:
        """The shape of Kakao's skill request."""
        block = {"id": "demo-fallback", "name": "폴백 블록"}
        return {
            "intent": block,
            "userRequest": {
                "timezone": "Asia/Seoul",
                "params": {"surface": "Kakaotalk.plusfriend"},
                "block": block,
                "utterance": utterance,
                "lang": "ko",
                "user": {"id": user_id, "type": "botUserKey", "properties": {"botUserKey": user_id}},
                "callbackUrl": f"{self._own_url}/api/demo/kakao-callback/{ticket}",
            },
            "bot": {"id": f"{BOT_ID}!", "name": "데모"},
            "action": {
                "id": "demo",
                "name": "상담",
                "clientExtra": extra if isinstance(extra, dict) else None,
                "params": {},
                "detailParams": {},
            },
            "contexts": [],
        }

    async def callback(self, request: web.Request) -> web.Response:
        """Takes one callback a ticket, as Kakao does."""
        user_id = self._tickets.pop(request.match_info["ticket"], None)
        if user_id is None:
            failed = {"status": "FAIL", "message": "Invalid callback token. Check your callback token."}
            return web.json_response({"taskId": "", **failed}, status=400)
        self._waiting[user_id].append(await json_body(request))
        return web.json_response({"taskId": uuid.uuid4().hex, "status": "SUCCESS", "message": ""})

    async def callbacks(self, request: web.Request) -> web.Response:
        """Callbacks that came since the last look."""
        waiting = self._waiting.pop(_user(request.match_info["user_id"]), deque())
        return web.json_response({"responses": list(waiting)})

    async def messages(self, request: web.Request) -> web.Response:
        """What agents and the service said; a real KakaoTalk would show it through the consultation channel."""
        conversation_id = conversation_id_of(BOT_ID, _user(request.match_info["user_id"]))
        after = cursor_of(request)
        events = await self._store.events(conversation_id, after=after)
        lines = [
            line
            for line in customer_lines(events, self._bot_name)
            if line["speaker"]["kind"] in ("agent", "system")
        ]
        return web.json_response({"messages": lines, "cursor": events[-1].seq if events else after})


def _user(value: Any) -> str:
    if not isinstance(value, str) or not _USER.fullmatch(value):
        raise ChannelRefused("bad_user", ko="user_id가 올바르지 않아요.", en="'user_id' is not an id.")
    return value
