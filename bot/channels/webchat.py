"""Web chat: sessions, what a customer says, and catching up, over HTTP. docs/reference/web-chat.md.

A customer holds a signed token of the own conversation and nothing else; a bare id is never believed.
"""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Protocol

from aiohttp import web

from bot.channels.body import cursor_of, is_id, json_body, storable
from bot.channels.contract import ChannelRefused, ChannelService, Reach
from bot.channels.identity import Identities, SignedVisitor
from bot.channels.throttle import Throttle
from bot.conversation.conversations import Conversations
from bot.conversation.errors import BadMessage, FormInvalid, MessageIdReused
from bot.conversation.events import UserUttered
from bot.conversation.messages import UserMessage
from bot.conversation.surveys import answer_survey
from bot.conversation.tracker import Tracker
from bot.conversation.transcript import customer_lines
from formats import SangdamError

PAGE = 500
OURS = frozenset({"attachment", "form", "identities", "customer_name"})
"""Keys of `metadata` that only the server writes: what it has checked itself."""


class ChatTokens(Protocol):
    """Signs and reads the customers' tokens."""

    def issue(self, conversation_id: str) -> tuple[str, float]:
        """The token and when it expires (seconds since the epoch)."""

    def conversation_of(self, token: str) -> str | None:
        """The conversation that a token opens; None if it is expired, foreign or no token."""


class CustomerState(Protocol):
    """Composes what a customer may know of the state of the conversation."""

    async def __call__(self, tracker: Tracker, position: int | None = None) -> dict[str, Any]:
        """The `State` of docs/reference/web-chat.md; `position` in the queue where it is known already."""


Welcome = Callable[[SignedVisitor], Awaitable[None]]
"""Told of each visitor whom the host's server has signed in."""


class WebChatChannel:
    """HTTP part and shared work; the sockets are in `webchat_sockets`."""

    name = "webchat"
    reach: Reach = "socket"

    def __init__(
        self,
        service: ChannelService,
        conversations: Conversations,
        tokens: ChatTokens,
        state: CustomerState,
        *,
        bot_name: str,
        assistant: dict[str, str],
        uploads: dict[str, Any] | None = None,
        survey: bool = True,
        recommend: bool = True,
        identities: Identities | None = None,
        welcome: Welcome | None = None,
    ) -> None:
        self.service = service
        self.conversations = conversations
        self.tokens = tokens
        self._compose = state
        self._survey = survey
        self._recommend = recommend
        self.identities = identities or Identities(None)
        self._welcome = welcome
        self.bot_name = bot_name
        self.assistant = assistant
        self.uploads = uploads
        """`{max_bytes, types}` of files that are taken; None takes none."""
        self.throttle = Throttle(limit=30, seconds=10)

    @property
    def bot_speaker(self) -> dict[str, str]:
        """The bot as the `speaker` of what it says."""
        return {"kind": "bot", "name": self.bot_name}

    def routes(self) -> Iterable[web.RouteDef]:
        """The session is public, as anybody may begin a conversation; the rest needs its token."""
        return [
            web.post("/api/chat/session", self.open_session),
            web.get("/api/chat/messages", self.get_messages),
            web.post("/api/chat/messages", self.post_message),
        ]

    async def open_session(self, request: web.Request) -> web.Response:
        """A token for a new conversation, a fresh one for that of a valid token, or the one of a proven person."""
        body = await json_body(request) if request.can_read_body else {}
        given, identity, inbox = (_text(body, name) for name in ("token", "identity", "inbox"))
        if identity is not None:
            visitor = self.identities.visitor_of(identity, inbox or "")
            if self._welcome is not None:
                await self._welcome(visitor)
            conversation_id: str | None = visitor.conversation_id
        else:
            conversation_id = self.tokens.conversation_of(given) if given is not None else None
        conversation_id = conversation_id or new_conversation_id()
        token, expires_at = self.tokens.issue(conversation_id)
        return web.json_response(
            {
                "token": token,
                "conversation_id": conversation_id,
                "expires_at": expires_at,
                "assistant": self.assistant,
                "voice": takes_calls(request.app),
                "uploads": self.uploads,
            }
        )

    async def get_messages(self, request: web.Request) -> web.Response:
        """Catch up over HTTP."""
        conversation_id = self.conversation_of(request)
        return web.json_response(await self.sync(conversation_id, cursor_of(request)))

    async def post_message(self, request: web.Request) -> web.Response:
        """Say something over HTTP."""
        return web.json_response(await self.say(self.conversation_of(request), await json_body(request)))

    def conversation_of(self, request: web.Request) -> str:
        """The conversation that the request's token opens. Raises `ChannelRefused`."""
        token = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        conversation_id = self.tokens.conversation_of(token) if token else None
        if conversation_id is None:
            raise ChannelRefused(
                "bad_token",
                ko="대화 토큰이 없거나 만료됐어요. 새로 시작해 주세요.",
                en="The chat token is missing, expired or not ours.",
                remedy="POST /api/chat/session gives a new one.",
                status=401,
            )
        return conversation_id

    async def state(self, tracker: Tracker, position: int | None = None) -> dict[str, Any]:
        """The `State` of docs/reference/web-chat.md: who speaks, and whether a survey may be shown."""
        composed = await self._compose(tracker, position)
        due = self._survey and bool(tracker.state.survey_due)
        return {**composed, "survey": due, "recommend": due and self._recommend}

    async def answer_survey(
        self, conversation_id: str, score: int | None, comment: str, recommend: int | None = None
    ) -> bool:
        """Keep what the customer says of the contact that is over. False if there is none to be judged."""

        return await answer_survey(self.conversations, conversation_id, score, comment, recommend)

    async def sync(self, conversation_id: str, after: int) -> dict[str, Any]:
        """Everything the customer may see after a cursor, and the state now."""
        tracker = await self.conversations.tracker(conversation_id)
        messages: list[dict[str, Any]] = []
        cursor = after
        while cursor < tracker.seq:
            events = await self.conversations.store.events(conversation_id, after=cursor, limit=PAGE)
            if not events:
                break
            messages += customer_lines(events, self.bot_name)
            cursor = events[-1].seq
        return {
            "ok": True,
            "conversation_id": conversation_id,
            "messages": messages,
            "cursor": max(cursor, after),
            "state": await self.state(tracker),
        }

    async def say(self, conversation_id: str, body: dict[str, Any]) -> dict[str, Any]:
        """One message of the customer, acknowledged with its place."""
        if "form" in body:
            return await self._say_form(conversation_id, body)
        text, payload = body.get("message"), body.get("payload")
        given, metadata = body.get("client_msg_id"), body.get("metadata")
        metadata = {k: v for k, v in metadata.items() if k not in OURS} if isinstance(metadata, dict) else {}
        if not isinstance(text, str) or not isinstance(payload, str | None):
            raise BadMessage(
                "bad_message", "메시지 형식이 올바르지 않아요.", "'message' is missing or not a string"
            )
        if (given is not None and not is_id(given)) or not storable(metadata) or not storable(payload):
            raise BadMessage(
                "bad_message",
                "메시지 형식이 올바르지 않아요.",
                "'client_msg_id' or 'metadata' can't be stored",
            )
        self._throttle(conversation_id)
        result = await self.service.handle(
            UserMessage(
                conversation_id=conversation_id,
                text=text,
                channel=self.name,
                message_id=given or uuid.uuid4().hex,
                client_supplied_id=given is not None,
                payload=payload,
                metadata=metadata,
            )
        )
        return {"ok": True, "seq": result.seq, "id": given}

    async def _say_form(self, conversation_id: str, body: dict[str, Any]) -> dict[str, Any]:
        """A filled-in form: all its values as one message of the customer. Sent again it changes nothing."""
        form, given = body["form"], body.get("client_msg_id")
        message_id = form.get("message_id") if isinstance(form, dict) else None
        values = form.get("values") if isinstance(form, dict) else None
        if not is_id(message_id) or not isinstance(values, dict) or not storable(values) or not is_id(given):
            raise BadMessage(
                "bad_message",
                "메시지 형식이 올바르지 않아요.",
                "'form' needs 'message_id' and 'values', and the message a 'client_msg_id'",
            )
        seen = await self.seen(conversation_id, str(given))
        if seen is not None:
            said = seen.metadata.get("form") or {}
            if said.get("message_id") != message_id:
                raise MessageIdReused()
            return {"ok": True, "seq": seen.seq, "id": given}
        self._throttle(conversation_id)
        answer = await self.service.check_form(conversation_id, str(message_id), values)
        result = await self.service.handle(
            UserMessage(
                conversation_id=conversation_id,
                text=answer.summary,
                channel=self.name,
                message_id=str(given),
                client_supplied_id=True,
                payload=answer.payload,
                metadata={"form": {"message_id": message_id, "values": answer.values}},
            )
        )
        return {"ok": True, "seq": result.seq, "id": given}

    async def seen(self, conversation_id: str, message_id: str) -> UserUttered | None:
        """What the customer said under an id. Raises `MessageIdReused` where the id is somebody else's message."""
        seq = await self.conversations.store.find_message(conversation_id, message_id)
        if seq is None:
            return None
        (event,) = await self.conversations.store.events(conversation_id, after=seq - 1, limit=1)
        if not isinstance(event, UserUttered):
            raise MessageIdReused()
        return event

    def _throttle(self, conversation_id: str) -> None:
        if not self.throttle.allow(conversation_id):
            raise ChannelRefused(
                "too_many_messages",
                ko="메시지를 너무 빨리 보내고 있어요. 잠시 뒤에 다시 보내 주세요.",
                en="Too many messages.",
                remedy="Wait ten seconds.",
                status=429,
            )


def _text(body: dict[str, Any], name: str) -> str | None:
    """A part of the body that is text or isn't there. Raises `ChannelRefused`."""
    value = body.get(name)
    if not isinstance(value, str | None):
        raise ChannelRefused(
            "bad_session", ko="요청 형식이 올바르지 않아요.", en=f"{name!r} is not a string."
        )
    return value


def takes_calls(app: web.Application) -> bool:
    """Whether a browser may call: the widget shows its microphone only then."""
    return any(resource.canonical == "/voice/browser" for resource in app.router.resources())


def new_conversation_id() -> str:
    """An id that can't be guessed."""
    return f"web-{uuid.uuid4().hex}"


def problem_of(error: SangdamError) -> dict[str, Any]:
    """An error as the `Problem` of docs/reference/web-chat.md."""
    problem = {"code": error.code, "title": error.ko, "detail": error.en, "remedy": error.remedy}
    return {**problem, "fields": error.fields} if isinstance(error, FormInvalid) else problem
