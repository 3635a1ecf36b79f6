"""Web chat over Socket.IO and HTTP: docs/reference/web-chat.md. A stock Rasa client can speak it too.

A customer holds a signed token of the own conversation and nothing else; a bare id is never believed.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Iterable
from contextvars import ContextVar
from typing import Any, Protocol

import socketio
import structlog
from aiohttp import web

from bot.channels.body import cursor_of, is_id, json_body, storable
from bot.channels.contract import ChannelRefused, ChannelService, Reach
from bot.channels.throttle import Throttle
from bot.conversation.conversations import Conversations
from bot.conversation.errors import BadMessage
from bot.conversation.events import SPOKEN, Event, FeedbackGiven, OwnershipChanged, UserUttered
from bot.conversation.messages import UserMessage
from bot.conversation.store import Commit
from bot.conversation.tracker import Tracker
from bot.conversation.transcript import customer_lines, line
from formats import SangdamError

SLOW = 0.4
"""Seconds after which the customer is told that the bot is typing."""
PAGE = 500

BAD_FEEDBACK = SangdamError(
    "bad_feedback", ko="의견을 저장하지 못했어요.", en="'message_id' or 'value' is missing or wrong."
)

log = structlog.get_logger(__name__)
_asking: ContextVar[str | None] = ContextVar("asking_socket", default=None)


class ChatTokens(Protocol):
    """Signs and reads the customers' tokens."""

    def issue(self, conversation_id: str) -> tuple[str, float]:
        """The token and when it expires (seconds since the epoch)."""

    def conversation_of(self, token: str) -> str | None:
        """The conversation that a token opens; None if it is expired, foreign or no token."""


class CustomerState(Protocol):
    """Composes what a customer may know of the state of the conversation."""

    async def __call__(self, tracker: Tracker) -> dict[str, Any]:
        """The `State` of docs/reference/web-chat.md."""


class WebChatChannel:
    """HTTP part and shared work; the sockets are in `WebChatSockets`."""

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
    ) -> None:
        self.service = service
        self.conversations = conversations
        self.tokens = tokens
        self.state = state
        self.bot_name = bot_name
        self.assistant = assistant
        self.throttle = Throttle(limit=30, seconds=10)

    def routes(self) -> Iterable[web.RouteDef]:
        """The session is public, as anybody may begin a conversation; the rest needs its token."""
        return [
            web.post("/api/chat/session", self.open_session),
            web.get("/api/chat/messages", self.get_messages),
            web.post("/api/chat/messages", self.post_message),
        ]

    async def open_session(self, request: web.Request) -> web.Response:
        """A token for a new conversation, or a fresh one for the conversation of a valid token."""
        body = await json_body(request) if request.can_read_body else {}
        given = body.get("token")
        conversation_id = self.tokens.conversation_of(given) if isinstance(given, str) else None
        conversation_id = conversation_id or new_conversation_id()
        token, expires_at = self.tokens.issue(conversation_id)
        return web.json_response(
            {
                "token": token,
                "conversation_id": conversation_id,
                "expires_at": expires_at,
                "assistant": self.assistant,
                "voice": takes_calls(request.app),
            }
        )

    async def get_messages(self, request: web.Request) -> web.Response:
        """Catch up over HTTP."""
        conversation_id = self._conversation(request)
        return web.json_response(await self.sync(conversation_id, cursor_of(request)))

    async def post_message(self, request: web.Request) -> web.Response:
        """Say something over HTTP."""
        return web.json_response(await self.say(self._conversation(request), await json_body(request)))

    def _conversation(self, request: web.Request) -> str:
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
        text, payload = body.get("message"), body.get("payload")
        given, metadata = body.get("client_msg_id"), body.get("metadata")
        metadata = metadata if isinstance(metadata, dict) else {}
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
        if not self.throttle.allow(conversation_id):
            raise ChannelRefused(
                "too_many_messages",
                ko="메시지를 너무 빨리 보내고 있어요. 잠시 뒤에 다시 보내 주세요.",
                en="Too many messages.",
                remedy="Wait ten seconds.",
                status=429,
            )
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


class WebChatSockets(socketio.AsyncNamespace):  # type: ignore[misc]
    """Namespace `/`: one room a conversation."""

    def __init__(self, channel: WebChatChannel) -> None:
        super().__init__("/")
        self.channel = channel
        self.on_desk_signal: Any = None
        """Set by the server: what agents are told of typing and reading."""

    async def on_connect(self, sid: str, environ: dict[str, Any], auth: Any = None) -> None:
        """With a token the socket joins its conversation; without one it waits for `session_request`."""
        token = auth.get("token") if isinstance(auth, dict) else None
        if token:
            conversation_id = self.channel.tokens.conversation_of(str(token))
            if conversation_id is None:
                # The second argument is what a client gets as `data`; one alone would reach it as a Python repr.
                raise socketio.exceptions.ConnectionRefusedError(
                    "bad_token",
                    {
                        "code": "bad_token",
                        "title": "대화 토큰이 만료됐어요",
                        "detail": "",
                        "remedy": "새로 시작해 주세요",
                    },
                )
            await self._join(sid, conversation_id)

    async def _join(self, sid: str, conversation_id: str) -> None:
        await self.save_session(sid, {"conversation_id": conversation_id})
        await self.enter_room(sid, conversation_id)

    async def _conversation(self, sid: str) -> str | None:
        session = await self.get_session(sid)
        return session.get("conversation_id") if session else None

    async def on_session_request(self, sid: str, data: Any = None) -> dict[str, Any]:
        """Everything missed and the state now; also Rasa's `session_confirm`."""
        data = data if isinstance(data, dict) else {}
        conversation_id = await self._conversation(sid)
        if conversation_id is None:
            conversation_id = new_conversation_id()
            await self._join(sid, conversation_id)
        after = data.get("after")
        await self.emit("session_confirm", conversation_id, to=sid)
        return await self.channel.sync(conversation_id, after if isinstance(after, int) and after > 0 else 0)

    async def on_user_uttered(self, sid: str, data: Any = None) -> dict[str, Any]:
        """A message; acknowledged once it is stored."""
        conversation_id = await self._conversation(sid)
        if conversation_id is None:
            conversation_id = new_conversation_id()
            await self._join(sid, conversation_id)
        asking = _asking.set(sid)
        try:
            work = asyncio.ensure_future(
                self.channel.say(conversation_id, data if isinstance(data, dict) else {})
            )
            done, _ = await asyncio.wait({work}, timeout=SLOW)
            if not done:
                await self._bot_types(conversation_id)
            return await work
        except SangdamError as error:
            return {"ok": False, "error": problem_of(error)}
        except Exception:
            log.exception("webchat_turn_failed")
            failed = SangdamError(
                "internal", ko="잠시 문제가 생겼어요. 조금 뒤에 다시 해 주세요.", en="Internal error."
            )
            return {"ok": False, "error": problem_of(failed)}
        finally:
            _asking.reset(asking)

    async def _bot_types(self, conversation_id: str) -> None:
        tracker = await self._peek(conversation_id)
        if tracker:
            speaker = {"kind": "bot", "name": self.channel.bot_name}
            await self.emit("typing", {"speaker": speaker, "on": True}, room=conversation_id)

    async def _peek(self, conversation_id: str) -> bool:
        head = await self.channel.conversations.store.head(conversation_id)
        return head is None or head.owner in ("bot", "closed")

    async def on_typing(self, sid: str, data: Any = None) -> None:
        """Passed on to the agent who watches."""
        await self._signal(sid, "typing", {"on": bool(isinstance(data, dict) and data.get("on"))})

    async def on_seen(self, sid: str, data: Any = None) -> None:
        """Passed on to the agent who watches."""
        await self._signal(sid, "seen", {"seq": data.get("seq") if isinstance(data, dict) else None})

    async def _signal(self, sid: str, kind: str, payload: dict[str, Any]) -> None:
        conversation_id = await self._conversation(sid)
        if conversation_id and self.on_desk_signal is not None:
            await self.on_desk_signal(conversation_id, kind, payload)

    async def on_feedback(self, sid: str, data: Any = None) -> dict[str, Any]:
        """A judgement of one of the bot's messages; null takes it back."""
        conversation_id = await self._conversation(sid)
        data = data if isinstance(data, dict) else {}
        value, message_id, reason = data.get("value"), data.get("message_id"), data.get("reason") or ""
        if conversation_id is None or value not in ("up", "down", None) or not is_id(message_id):
            return {"ok": False, "error": problem_of(BAD_FEEDBACK)}
        reason = reason[:500] if isinstance(reason, str) and storable(reason) else ""

        async def decide(draft: Any) -> None:
            draft.emit(FeedbackGiven(message_id=message_id, value=value, reason=reason))

        return await self._guarded(self.channel.conversations.change(conversation_id, decide))

    async def on_leave_queue(self, sid: str, data: Any = None) -> dict[str, Any]:
        """The customer no longer waits."""
        conversation_id = await self._conversation(sid)
        if conversation_id is None:
            return {"ok": False}
        return await self._guarded(self.channel.service.leave_queue(conversation_id))

    async def _guarded(self, work: Awaitable[Any]) -> dict[str, Any]:
        """`{ok}` of what a client asked for; a failure is told, not swallowed by the socket."""
        try:
            return {"ok": await work is not False}
        except SangdamError as error:
            return {"ok": False, "error": problem_of(error)}

    async def on_ping_(self, sid: str, data: Any = None) -> dict[str, Any]:
        """The client's heartbeat."""
        return {"ok": True}

    # -- what the server tells ----------------------------------------------------------------------------------

    async def committed(self, commit: Commit, tracker: Tracker) -> None:
        """A listener of `Conversations`: new lines and a changed state go to the conversation's sockets."""
        for event in commit.events:
            if isinstance(event, SPOKEN) and event.event != "note":
                await self._tell(commit.conversation_id, event)
        if any(isinstance(event, OwnershipChanged) for event in commit.events):
            await self.tell_state(tracker)

    async def tell_state(self, tracker: Tracker) -> None:
        """Send the state as it is now."""
        await self.emit("state", await self.channel.state(tracker), room=tracker.conversation_id)

    async def _tell(self, conversation_id: str, event: Event) -> None:
        message = line(event, self.channel.bot_name)
        if message is None:
            return
        if isinstance(event, UserUttered):
            await self.emit("user_echo", message, room=conversation_id, skip_sid=_asking.get())
            return
        message["quick_replies"] = [{"content_type": "text", **button} for button in message["buttons"]]
        await self.emit("bot_uttered", message, room=conversation_id)


def takes_calls(app: web.Application) -> bool:
    """Whether a browser may call: the widget shows its microphone only then."""
    return any(resource.canonical == "/voice/browser" for resource in app.router.resources())


def new_conversation_id() -> str:
    """An id that can't be guessed."""
    return f"web-{uuid.uuid4().hex}"


def problem_of(error: SangdamError) -> dict[str, str]:
    """An error as the `Problem` of docs/reference/web-chat.md."""
    return {"code": error.code, "title": error.ko, "detail": error.en, "remedy": error.remedy}
