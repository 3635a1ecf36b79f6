"""KakaoTalk through the skill webhook of Kakao's chatbot: `POST /webhooks/kakao/skill`.

Kakao waits 5 seconds and signs nothing. So: a secret header, an answer within `answer_within` seconds, and where the
block allows callbacks the rest by one POST within a minute, never repeated when its result is unknown. What agents say
between the customer's messages waits in the outbox and comes with the next answer.
"""

from __future__ import annotations

import asyncio
import hmac
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit

import aiohttp
import structlog
from aiohttp import web

from bot.channels.contract import ChannelRefused, ChannelService, Reach
from bot.channels.kakao_templates import callback_promise, simple_text, skill_response
from bot.channels.rest import json_body
from bot.conversation.engine import TurnResult
from bot.conversation.errors import BadMessage
from bot.conversation.messages import Reply, UserMessage
from bot.conversation.ownership import person_is_asked
from formats import SangdamError

SECRET_HEADER = "X-Sangdam-Secret"
WAIT_TEXT = "확인하고 있어요. 잠시만 기다려 주세요."
LATER_TEXT = "확인하는 데 시간이 조금 걸리고 있어요. 잠시 뒤 '결과 보기'를 눌러 주세요."
FAILED_TEXT = "잠시 문제가 생겼어요. 조금 뒤에 다시 말씀해 주세요."

log = structlog.get_logger(__name__)


class LateReplies(Protocol):
    """Keeps replies that came too late for their request."""

    async def __call__(self, conversation_id: str, channel: str, replies: Iterable[Reply]) -> None:
        """They come with the customer's next message."""


@dataclass(frozen=True, slots=True)
class KakaoOptions:
    """How the channel behaves. Times are seconds."""

    base_url: str
    secret: str | None = None
    trust_local: bool = False
    """Without a secret: whether the server is bound to loopback and may take calls unverified."""
    answer_within: float = 4.0
    callback_within: float = 50.0
    allow_bots: tuple[str, ...] = ()


class KakaoChannel:
    """The skill server."""

    name = "kakao"
    reach: Reach = "pull"

    def __init__(self, service: ChannelService, keep: LateReplies, options: KakaoOptions) -> None:
        self._service = service
        self._keep = keep
        self._options = options
        self._tasks: set[asyncio.Task[None]] = set()

    def routes(self) -> Iterable[web.RouteDef]:
        """Verified by the secret header."""
        return [web.post("/webhooks/kakao/skill", self.skill)]

    async def close(self) -> None:
        """Wait for callbacks that are under way."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=5)

    async def skill(self, request: web.Request) -> web.Response:
        """One skill call. Always version 2.0, and HTTP 200 for everything that the customer should read."""
        self._verify(request)
        body = await json_body(request)
        try:
            message = self._parse(body, request.headers.get("X-Request-Id"))
        except BadMessage as error:
            return web.json_response({"version": "2.0", "template": {"outputs": [simple_text(error.ko)]}})
        turn = asyncio.ensure_future(self._service.handle(message))
        done, _ = await asyncio.wait({turn}, timeout=self._options.answer_within)
        if done:
            return web.json_response(await self._finished(message, turn))
        return web.json_response(self._late(message, turn, body))

    # -- the call -----------------------------------------------------------------------------------------------

    def _verify(self, request: web.Request) -> None:
        secret = self._options.secret
        if secret is None:
            if self._options.trust_local:
                return
            raise ChannelRefused(
                "kakao_not_configured",
                ko="카카오 채널이 아직 설정되지 않았어요.",
                en="No secret for the Kakao channel is set.",
                remedy=f"Set SANGDAM_KAKAO_SECRET and send it as {SECRET_HEADER} from the skill settings.",
                status=503,
            )
        if not hmac.compare_digest(request.headers.get(SECRET_HEADER, "").encode(), secret.encode()):
            raise ChannelRefused(
                "bad_secret",
                ko="확인되지 않은 요청이에요.",
                en=f"{SECRET_HEADER} is missing or wrong.",
                status=401,
            )

    def _parse(self, body: dict[str, Any], request_id: str | None) -> UserMessage:
        """The message of a skill payload; unknown parts are passed over, as Kakao adds some at any time."""
        user_request = _part(body, "userRequest")
        user_id = _part(user_request, "user", required=False).get("id")
        bot_id = str(_part(body, "bot", required=False).get("id") or "").rstrip("!")
        if not isinstance(user_id, str) or not 0 < len(user_id) <= 100:
            raise ChannelRefused("bad_user", ko="사용자 id가 없어요.", en="userRequest.user.id is missing.")
        if self._options.allow_bots and bot_id not in self._options.allow_bots:
            raise ChannelRefused(
                "foreign_bot", ko="등록되지 않은 봇이에요.", en="bot.id is not allowed.", status=403
            )
        utterance = user_request.get("utterance")
        if not isinstance(utterance, str) or not utterance.strip():
            raise BadMessage("empty_message", "내용이 없어요. 메시지를 입력해 주세요.", "utterance is empty")
        extra = _part(body, "action", required=False).get("clientExtra")
        payload = extra.get("payload") if isinstance(extra, dict) else None
        return UserMessage(
            conversation_id=conversation_id_of(bot_id, user_id),
            text=utterance,
            channel=self.name,
            message_id=request_id[:200] if request_id else uuid.uuid4().hex,
            client_supplied_id=bool(request_id),
            payload=payload if isinstance(payload, str) else None,
            metadata=_identities(user_request),
        )

    async def _finished(self, message: UserMessage, turn: asyncio.Future[TurnResult]) -> dict[str, Any]:
        try:
            result = await turn
        except SangdamError as error:
            return {"version": "2.0", "template": {"outputs": [simple_text(error.ko)]}}
        except Exception:
            log.exception("kakao_turn_failed")
            return {"version": "2.0", "template": {"outputs": [simple_text(FAILED_TEXT)]}}
        waiting = await self._service.collect(message.conversation_id)
        return self._render(result, waiting)

    def _render(self, result: TurnResult, waiting: Iterable[Reply] = ()) -> dict[str, Any]:
        return skill_response(
            [*waiting, *result.replies],
            base_url=self._options.base_url,
            waiting_for_person=person_is_asked(result.owner),
        )

    # -- too late -----------------------------------------------------------------------------------------------

    def _late(
        self, message: UserMessage, turn: asyncio.Future[TurnResult], body: dict[str, Any]
    ) -> dict[str, Any]:
        """Promise a callback if the block allows one, else say how to get the answer."""
        url = _part(body, "userRequest").get("callbackUrl")
        if isinstance(url, str) and self._may_call(url):
            self._background(self._call_back(message, turn, url))
            return callback_promise(WAIT_TEXT)
        self._background(self._keep_late(message, turn))
        response = {"version": "2.0", "template": {"outputs": [simple_text(LATER_TEXT)]}}
        response["template"]["quickReplies"] = [  # type: ignore[index]
            {"label": "결과 보기", "action": "message", "messageText": "결과 보기"}
        ]
        return response

    def _may_call(self, url: str) -> bool:
        """Only Kakao's own hosts, and this machine while it plays Kakao for the demo."""
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
        local = self._options.trust_local and host in ("127.0.0.1", "localhost", "::1")
        return local or (parts.scheme == "https" and (host == "kakao.com" or host.endswith(".kakao.com")))

    def _background(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _keep_late(self, message: UserMessage, turn: asyncio.Future[TurnResult]) -> None:
        try:
            result = await turn
        except Exception:
            log.exception("kakao_late_turn_failed")
            return
        await self._keep(message.conversation_id, self.name, result.replies)

    async def _call_back(self, message: UserMessage, turn: asyncio.Future[TurnResult], url: str) -> None:
        """One POST. Refused before it was sent: the replies wait for the next message. Unknown result: never again."""
        done, _ = await asyncio.wait({turn}, timeout=self._options.callback_within)
        if not done:
            await self._post(url, {"version": "2.0", "template": {"outputs": [simple_text(LATER_TEXT)]}})
            await self._keep_late(message, turn)
            return
        body = await self._finished(message, turn)
        try:
            await self._post(url, body)
        except aiohttp.ClientConnectorError:
            if turn.exception() is None:
                await self._keep(message.conversation_id, self.name, turn.result().replies)

    async def _post(self, url: str, body: dict[str, Any]) -> None:
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=8)) as session,
                session.post(url, json=body, allow_redirects=False) as response,
            ):
                answer = await response.text()
                if response.status != 200 or '"SUCCESS"' not in answer.upper():
                    log.warning("kakao_callback_refused", status=response.status)
        except aiohttp.ClientConnectorError:
            raise
        except (TimeoutError, aiohttp.ClientError) as error:
            log.warning("kakao_callback_unknown", error=type(error).__name__)


def conversation_id_of(bot_id: str, user_id: str) -> str:
    """One conversation a bot and user; the development channel's `!` makes no difference."""
    return f"kakao-{bot_id or 'bot'}-{user_id}"


def _part(body: dict[str, Any], key: str, *, required: bool = True) -> dict[str, Any]:
    value = body.get(key)
    if isinstance(value, dict):
        return value
    if required:
        raise ChannelRefused(
            "bad_skill_payload",
            ko="카카오 요청 형식이 올바르지 않아요.",
            en=f"{key} is missing or no object.",
            remedy="Send the skill payload as Kakao's chatbot sends it.",
        )
    return {}


def _identities(user_request: dict[str, Any]) -> dict[str, Any]:
    """Keys under which the same person is known elsewhere at Kakao; never a proof of identity."""
    properties = _part(_part(user_request, "user", required=False), "properties", required=False)
    keys = {
        "plusfriend_user_key": properties.get("plusfriendUserKey") or properties.get("plusfriend_user_key"),
        "app_user_id": properties.get("appUserId"),
    }
    found = {key: str(value) for key, value in keys.items() if value}
    return {"identities": found} if found else {}
