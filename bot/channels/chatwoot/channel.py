"""`POST /webhooks/chatwoot`: an inbox of Chatwoot, with Sangdam as its agent bot and Chatwoot as the desk.

While a conversation there is `pending` the bot answers. Where the engine wants a person, the packet goes over as a private
note and as attributes, then the status becomes `open`; from then on the bot is silent, and what people say there is kept in
the log, so that the bot knows it when the conversation comes back. Where Chatwoot can't be reached, the case waits in the
queue of our own desk.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import weakref
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from aiohttp import web

from bot.channels.body import secret_bytes
from bot.channels.chatwoot.client import ChatwootClient, ChatwootUnreachable
from bot.channels.chatwoot.payload import CHANNEL, Delivery, read, signed
from bot.channels.chatwoot.rendering import attributes_of, messages_of, note_of, priority_of
from bot.channels.contract import ChannelRefused, ChannelService, Reach
from bot.conversation.engine import TurnResult, reply_of
from bot.conversation.errors import BadMessage, OwnershipError, UnknownCase
from bot.conversation.events import AgentUttered, BotUttered, SystemNotice, UserUttered
from bot.conversation.handover import Agent, AlreadyTaken, Handover
from bot.conversation.messages import Reply, UserMessage
from bot.conversation.store import Case, Commit
from bot.conversation.tracker import Tracker
from formats import SangdamError

DESK = Agent(id=CHANNEL, name="Chatwoot")
"""Who owns a case that was handed over: whoever works there."""
ACK = 3.5
"""Seconds in which a turn should be stored; Chatwoot waits for 5 and then hands the conversation to people."""
CLOSING = 5.0
"""Seconds that answers under way have when the server stops."""
FILE_WORDS = "(파일을 보냈어요)"

log = structlog.get_logger(__name__)
KeepLate = Callable[[str, str, Iterable[Reply]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class ChatwootOptions:
    """How the channel behaves."""

    base_url: str
    """Under which customers open sources and pictures."""
    secret: str | None = None
    """The agent bot's; signs deliveries, or ends the webhook's address where a Chatwoot signs none."""
    trust_local: bool = False
    """Without a secret: whether the server is bound to loopback and may take calls unverified."""


class ChatwootChannel:
    """The webhook, and what follows from it."""

    name = CHANNEL
    reach: Reach = "socket"

    def __init__(
        self,
        service: ChannelService,
        handover: Handover,
        packet: Callable[[str], Awaitable[dict[str, Any]]],
        keep: KeepLate,
        client: ChatwootClient,
        options: ChatwootOptions,
    ) -> None:
        self._service = service
        self._handover = handover
        self._packet = packet
        self._keep = keep
        self._client = client
        self._options = options
        self._tasks: set[asyncio.Task[None]] = set()
        self._lines: weakref.WeakValueDictionary[str, asyncio.Lock] = weakref.WeakValueDictionary()

    def routes(self) -> Iterable[web.RouteDef]:
        """Verified by signature, or by the secret at the end of the address."""
        return [
            web.post("/webhooks/chatwoot", self.webhook),
            web.post("/webhooks/chatwoot/{key}", self.webhook),
        ]

    async def close(self) -> None:
        """Wait a little for answers that are under way."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=CLOSING)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self._client.close()

    async def webhook(self, request: web.Request) -> web.Response:
        """One delivery; 500 where it should come again, as Chatwoot repeats nothing else."""
        raw = await request.read()
        self._verify(request, raw)
        try:
            body = json.loads(raw)
        except (ValueError, RecursionError):
            body = None
        if not isinstance(body, dict):
            raise ChannelRefused(
                "bad_json", ko="JSON 객체를 보내 주세요.", en="The body is not a JSON object."
            )
        delivery = read(body)
        if delivery is None:
            return web.json_response({})
        work = asyncio.ensure_future(self._delivered(delivery))
        done, _ = await asyncio.wait({work}, timeout=ACK)
        if not done:
            self._background(work)
        elif (error := work.exception()) is not None:
            log.error("chatwoot_delivery_failed", chatwoot_event=delivery.event, error=type(error).__name__)
            return web.json_response({"error": "not stored"}, status=500)
        return web.json_response({})

    def _verify(self, request: web.Request, raw: bytes) -> None:
        secret = self._options.secret
        if secret is None:
            if self._options.trust_local:
                return
            raise ChannelRefused(
                "chatwoot_not_configured",
                ko="Chatwoot 채널이 아직 설정되지 않았어요.",
                en="No secret for Chatwoot is set.",
                remedy="Set SANGDAM_CHATWOOT_SECRET to the agent bot's secret.",
                status=503,
            )
        headers, key = request.headers, request.match_info.get("key")
        if key is not None and hmac.compare_digest(secret_bytes(key), secret.encode()):
            return
        timestamp = headers.get("X-Chatwoot-Timestamp", "")
        if not signed(secret, timestamp, headers.get("X-Chatwoot-Signature", ""), raw):
            raise ChannelRefused(
                "bad_signature",
                ko="확인되지 않은 요청이에요.",
                en="X-Chatwoot-Signature is missing, wrong or older than five minutes.",
                remedy="Versions that sign nothing call /webhooks/chatwoot/<secret>.",
                status=401,
            )

    # -- what happened there ------------------------------------------------------------------------------------

    async def _delivered(self, delivery: Delivery) -> None:
        if delivery.from_customer:
            await self._turn(delivery)
        elif delivery.event == "message_created":
            await self._said_there(delivery)
        elif delivery.status in ("pending", "resolved"):
            await self._left(delivery)

    async def _turn(self, delivery: Delivery) -> None:
        """A customer's words. Once people have the conversation, they are only kept."""
        tracker = await self._handover.conversations.tracker(delivery.conversation_id)
        if delivery.status == "pending" and _held(tracker.case):
            # The news that it was given back came later, or never.
            await self._left(delivery)
        elif delivery.status != "pending" and not _held(tracker.case):
            # Somebody there took it without being asked: whoever owns it answers.
            log.info("chatwoot_not_ours", status=delivery.status)
            return
        message = UserMessage(
            conversation_id=delivery.conversation_id,
            text=delivery.text or FILE_WORDS,
            channel=CHANNEL,
            message_id=f"{CHANNEL}-{delivery.account}-{delivery.message_id}-{delivery.event}",
            client_supplied_id=True,
            payload=delivery.payload,
            metadata={"customer_name": delivery.sender_name} if delivery.sender_name else {},
        )
        try:
            result = await self._service.handle(message)
        except BadMessage as error:
            self._background(self._post(delivery, [Reply(text=error.ko, speaker="system")]))
            return
        if not result.duplicate:
            self._background(self._answer(delivery, result))

    async def _said_there(self, delivery: Delivery) -> None:
        """What a person wrote to the customer, for the log and for the bot when it is back."""
        person = delivery.kind == "outgoing" and delivery.sender == "user" and not delivery.private
        case = (await self._handover.conversations.tracker(delivery.conversation_id)).case
        if not person or case is None or not _held(case) or not delivery.text.strip():
            return
        agent = Agent(id=DESK.id, name=delivery.sender_name or DESK.name)
        message_id = f"{CHANNEL}-{delivery.account}-{delivery.message_id}"
        try:
            await self._handover.say(case, agent, delivery.text, message_id)
        except (OwnershipError, UnknownCase, BadMessage) as error:
            log.info("chatwoot_word_not_kept", code=error.code)

    async def _left(self, delivery: Delivery) -> None:
        """People there are done: the bot goes on, or the matter is closed."""
        case = (await self._handover.conversations.tracker(delivery.conversation_id)).case
        if case is None or not _held(case):
            return
        try:
            if delivery.status == "resolved":
                await self._handover.close(case, DESK, "resolved", "")
            else:
                await self._handover.give_back(case, DESK, "returned", "")
        except (OwnershipError, UnknownCase) as error:
            log.info("chatwoot_left_already", code=error.code)

    # -- what is said back --------------------------------------------------------------------------------------

    async def _answer(self, delivery: Delivery, result: TurnResult) -> None:
        waiting = await self._service.collect(delivery.conversation_id)
        await self._post(delivery, [*waiting, *result.replies])
        if result.owner in ("queued", "offered"):
            await self._hand_over(delivery)

    async def _post(self, delivery: Delivery, replies: Sequence[Reply]) -> None:
        """In order; from the first that surely isn't there on, they wait for the customer's next message."""
        async with self._line(delivery.conversation_id):
            for at, reply in enumerate(replies):
                try:
                    for message in messages_of(reply, self._options.base_url):
                        await self._client.say(delivery.account, delivery.conversation, message)
                except ChatwootUnreachable as error:
                    log.warning("chatwoot_reply_kept", code=error.code, reason=error.en)
                    rest = list(replies[at + 1 :]) if error.unknown else list(replies[at:])
                    await self._keep(delivery.conversation_id, CHANNEL, rest)
                    return

    async def _hand_over(self, delivery: Delivery) -> None:
        """Packet first, status last: who opens the conversation finds everything there."""
        tracker = await self._handover.conversations.tracker(delivery.conversation_id)
        case = tracker.case
        if case is None or case.state not in ("queued", "offered"):
            return
        try:
            case = await self._handover.accept(case, DESK)
        except (AlreadyTaken, OwnershipError, UnknownCase) as error:
            log.info("chatwoot_case_taken_here", code=error.code)
            return
        try:
            packet = await self._packet(case.id)
            account, number = delivery.account, delivery.conversation
            async with self._line(delivery.conversation_id):
                await self._client.say(account, number, note_of(packet))
                await self._client.set_attributes(account, number, attributes_of(packet, delivery.attributes))
                if (priority := priority_of(packet)) is not None:
                    await self._client.set_priority(account, number, priority)
                await self._client.set_status(account, number, "open")
        except SangdamError as error:
            log.error("chatwoot_handoff_failed", code=error.code, reason=error.en)
            await self._handover.transfer(case, DESK, "Chatwoot에 전하지 못해 여기에서 이어 받아야 해요.")

    async def committed(self, commit: Commit, tracker: Tracker) -> None:
        """A listener of `Conversations`: what our own desk says, and the bot after it was given back."""
        if not commit.conversation_id.startswith(f"{CHANNEL}-"):
            return
        if any(isinstance(event, UserUttered) for event in commit.events):
            return
        said = [
            event
            for event in commit.events
            if isinstance(event, BotUttered)
            or (isinstance(event, AgentUttered) and event.agent_id != DESK.id)
            or (isinstance(event, SystemNotice) and not _of_chatwoot(commit.case))
        ]
        if said:
            _, account, number = commit.conversation_id.split("-")
            delivery = Delivery("", int(account), int(number), "")
            replies = [self._service.linked(commit.conversation_id, reply_of(event)) for event in said]
            self._background(self._post(delivery, replies))

    def _line(self, conversation_id: str) -> asyncio.Lock:
        lock = self._lines.get(conversation_id)
        if lock is None:
            lock = self._lines[conversation_id] = asyncio.Lock()
        return lock

    def _background(self, work: Coroutine[Any, Any, None] | asyncio.Future[None]) -> None:
        task = asyncio.ensure_future(_logged(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _logged(work: Awaitable[None]) -> None:
    try:
        await work
    except Exception as error:
        log.exception("chatwoot_failed", error=type(error).__name__)


def _held(case: Case | None) -> bool:
    """Whether people at Chatwoot have it."""
    return case is not None and case.state == "agent" and case.agent_id == DESK.id


def _of_chatwoot(case: Case | None) -> bool:
    """Chatwoot tells of its own people itself."""
    return case is not None and case.agent_id == DESK.id
