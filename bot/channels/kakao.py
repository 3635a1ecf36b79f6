"""KakaoTalk through the skill webhook of Kakao's chatbot: `POST /webhooks/kakao/skill`.

Kakao waits 5 seconds and signs nothing. So: a secret header, an answer within `answer_within` seconds, and where the
block allows callbacks the rest by one POST within a minute, never repeated when its result is unknown. What agents say
between the customer's messages, what came too late and what didn't fit waits in the outbox; it comes with the next
answer, or when the customer presses "결과 보기".
"""

from __future__ import annotations

import asyncio
import hmac
from collections import Counter
from collections.abc import Coroutine, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import structlog
from aiohttp import web

from bot.channels.body import json_body, secret_bytes
from bot.channels.contract import ChannelRefused, ChannelService, Reach
from bot.channels.feedback import Feedback, feedback_payload
from bot.channels.kakao_callback import may_call, post_callback
from bot.channels.kakao_payload import CHANNEL, LATER_LABEL, SkillCall, conversation_id_of, read_call
from bot.channels.kakao_templates import ANEW, callback_promise, fitting, simple_text, skill_response
from bot.conversation.engine import TurnResult
from bot.conversation.errors import BadMessage
from bot.conversation.messages import Button, Reply
from bot.conversation.ownership import person_is_asked
from bot.conversation.surveys import THANKS as THANKED
from bot.conversation.surveys import TOO_LATE, pressed_survey
from formats import SangdamError

__all__ = ["SECRET_HEADER", "KakaoChannel", "KakaoOptions", "LateReplies", "conversation_id_of"]

SECRET_HEADER = "X-Sangdam-Secret"
WAIT_TEXT = "확인하고 있어요. 잠시만 기다려 주세요."
LATER_TEXT = f"확인하는 데 시간이 조금 걸리고 있어요. 잠시 뒤 '{LATER_LABEL}'를 눌러 주세요."
NOTHING_YET = "아직 준비된 답이 없어요. 조금 뒤에 다시 눌러 주시거나 질문을 다시 보내 주세요."
FAILED_TEXT = "잠시 문제가 생겼어요. 조금 뒤에 다시 말씀해 주세요."
THANKS = "알려 주셔서 고마워요."
WHY_NOT = "알려 주셔서 고마워요. 어떤 점이 아쉬웠나요?"
SORRY = "알려 주셔서 고마워요. 다르게 물어보시면 다시 찾아볼게요."
REASONS = ("내용이 틀려요", "질문과 달라요", "이해하기 어려워요")
CLOSING = 5.0
"""Seconds that callbacks under way have when the server stops."""

log = structlog.get_logger(__name__)
Turn = asyncio.Future[TurnResult]


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
    request_human: str = "request_human"
    """Intent of who wants a person."""


class KakaoChannel:
    """The skill server."""

    name = CHANNEL
    reach: Reach = "pull"

    def __init__(self, service: ChannelService, keep: LateReplies, options: KakaoOptions) -> None:
        self._service = service
        self._keep = keep
        self._options = options
        self._tasks: set[asyncio.Task[None]] = set()
        self._under_way: Counter[str] = Counter()

    def routes(self) -> Iterable[web.RouteDef]:
        """Verified by the secret header."""
        return [web.post("/webhooks/kakao/skill", self.skill)]

    async def close(self) -> None:
        """Wait a little for callbacks that are under way, then let go of them."""
        if not self._tasks:
            return
        _, late = await asyncio.wait(self._tasks, timeout=CLOSING)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def skill(self, request: web.Request) -> web.Response:
        """One skill call. Always version 2.0, and HTTP 200 for everything that the customer should read."""
        self._verify(request)
        body = await json_body(request)
        try:
            call = read_call(body, request.headers.get("X-Request-Id"), self._options.allow_bots)
        except BadMessage as error:
            return web.json_response(_only(error.ko))
        if call.feedback is not None:
            return web.json_response(await self._judged(call, call.feedback))
        if (judged := pressed_survey(call.message.payload)) is not None:
            return web.json_response(await self._surveyed(call, judged[0]))
        if call.wants_result:
            return web.json_response(await self._result(call))
        turn = asyncio.ensure_future(self._service.handle(call.message))
        done, _ = await asyncio.wait({turn}, timeout=self._options.answer_within)
        return web.json_response(await self._finished(call, turn) if done else self._late(call, turn))

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
        if not hmac.compare_digest(secret_bytes(request.headers.get(SECRET_HEADER, "")), secret.encode()):
            raise ChannelRefused(
                "bad_secret",
                ko="확인되지 않은 요청이에요.",
                en=f"{SECRET_HEADER} is missing or wrong.",
                status=401,
            )

    # -- in time ------------------------------------------------------------------------------------------------

    async def _finished(self, call: SkillCall, turn: Turn) -> dict[str, Any]:
        try:
            result = await turn
            waiting = await self._service.collect(call.message.conversation_id)
        except SangdamError as error:
            return _only(error.ko)
        except Exception as error:
            log.exception("kakao_turn_failed", error=type(error).__name__)
            return _only(FAILED_TEXT)
        return await self._render(call, [*waiting, *result.replies], person_is_asked(result.owner))

    async def _render(self, call: SkillCall, replies: Sequence[Reply], person: bool) -> dict[str, Any]:
        """What fits into one answer; the rest waits behind the quick reply."""
        shown, rest = fitting(replies, waiting_for_person=person)
        if rest:
            await self._keep(call.message.conversation_id, self.name, rest)
        return skill_response(
            shown,
            base_url=self._options.base_url,
            waiting_for_person=person,
            more=LATER_LABEL if rest else "",
        )

    async def _result(self, call: SkillCall) -> dict[str, Any]:
        """The customer asks for what was promised."""
        conversation_id = call.message.conversation_id
        waiting = await self._service.collect(conversation_id)
        if waiting:
            person = any(reply.response == "utter_handoff_started" for reply in waiting)
            return await self._render(call, waiting, person)
        return _later(LATER_TEXT if self._under_way[conversation_id] > 0 else NOTHING_YET)

    async def _judged(self, call: SkillCall, given: Feedback) -> dict[str, Any]:
        """The customer said whether an answer helped; a bad one is asked about once, and a person offered."""
        conversation_id = call.message.conversation_id
        try:
            owner = await self._service.judge(conversation_id, given.message_id, given.value, given.reason)
            waiting = await self._service.collect(conversation_id)
        except SangdamError as error:
            return _only(error.ko)
        person = person_is_asked(owner)
        return await self._render(call, [*waiting, self._thanks(given, person)], person)

    async def _surveyed(self, call: SkillCall, score: int | None) -> dict[str, Any]:
        """The customer said how the contact was, or would rather not."""
        conversation_id = call.message.conversation_id
        try:
            kept = await self._service.answer_survey(conversation_id, score)
            waiting = await self._service.collect(conversation_id)
        except SangdamError as error:
            return _only(error.ko)
        return await self._render(
            call, [*waiting, Reply(text=THANKED if kept else TOO_LATE, speaker="system")], False
        )

    def _thanks(self, given: Feedback, person: bool) -> Reply:
        if given.value != "down":
            return Reply(text=THANKS, speaker="system")
        reasons = () if given.reason else REASONS
        buttons = [
            Button(title=reason, payload=feedback_payload(given.message_id, "down", reason))
            for reason in reasons
        ]
        if not person:
            buttons.append(Button(title="상담원 연결", payload=f"/{self._options.request_human}"))
        text = WHY_NOT if reasons else SORRY
        return Reply(text=text, speaker="system", buttons=tuple(buttons))

    # -- too late -----------------------------------------------------------------------------------------------

    def _late(self, call: SkillCall, turn: Turn) -> dict[str, Any]:
        """Promise a callback if the block allows one, else say how to get the answer."""
        url = call.callback_url
        if url is not None and may_call(url, local=self._options.trust_local):
            self._background(call, self._call_back(call, turn, url))
            return callback_promise(WAIT_TEXT)
        self._background(call, self._keep_late(call, turn))
        return _later(LATER_TEXT)

    def _background(self, call: SkillCall, work: Coroutine[Any, Any, None]) -> None:
        conversation_id = call.message.conversation_id
        self._under_way[conversation_id] += 1
        task = asyncio.create_task(work)
        self._tasks.add(task)

        def done(task: asyncio.Task[None]) -> None:
            self._tasks.discard(task)
            self._under_way[conversation_id] -= 1
            if self._under_way[conversation_id] <= 0:
                del self._under_way[conversation_id]

        task.add_done_callback(done)

    async def _keep_late(self, call: SkillCall, turn: Turn) -> None:
        """Replies for the next request; a turn that failed leaves a word too, as one was promised."""
        try:
            replies: Sequence[Reply] = (await turn).replies
        except Exception as error:
            log.exception("kakao_late_turn_failed", error=type(error).__name__)
            text = error.ko if isinstance(error, SangdamError) else FAILED_TEXT
            replies = [Reply(text=text, speaker="system")]
        await self._keep(call.message.conversation_id, self.name, replies)

    async def _call_back(self, call: SkillCall, turn: Turn, url: str) -> None:
        """One POST. Surely not arrived: the replies wait for the next message. Unknown result: never again."""
        done, _ = await asyncio.wait({turn}, timeout=self._options.callback_within)
        if not done:
            await post_callback(url, _later(LATER_TEXT))
            await self._keep_late(call, turn)
            return
        if turn.exception() is not None:
            await post_callback(url, await self._finished(call, turn))
            return
        result = turn.result()
        waiting = await self._service.collect(call.message.conversation_id)
        replies = [*waiting, *result.replies]
        if not await post_callback(url, await self._render(call, replies, person_is_asked(result.owner))):
            again = [
                reply.model_copy(update={"message_id": f"{reply.message_id}{ANEW}"}) for reply in waiting
            ]
            await self._keep(call.message.conversation_id, self.name, [*again, *result.replies])


def _only(text: str) -> dict[str, Any]:
    return {"version": "2.0", "template": {"outputs": [simple_text(text)]}}


def _later(text: str) -> dict[str, Any]:
    return skill_response([Reply(text=text)], base_url="", more=LATER_LABEL)
