"""Web chat over Socket.IO: docs/reference/web-chat.md. A stock Rasa client can speak it too."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any

import socketio
import structlog
from socketio.async_pubsub_manager import AsyncPubSubManager

from bot.channels.body import is_id, storable
from bot.channels.feedback import feedback_of
from bot.channels.webchat import WebChatChannel, new_conversation_id, problem_of
from bot.channels.webchat_events import EVENTS
from bot.conversation.events import (
    SPOKEN,
    Event,
    OwnershipChanged,
    SurveyAnswered,
    SurveyOffered,
    UserUttered,
)
from bot.conversation.store import Commit
from bot.conversation.tracker import Tracker
from bot.conversation.transcript import line
from formats import SangdamError

SLOW = 0.4
"""Seconds after which the customer is told that the bot is typing."""
BAD_SURVEY = SangdamError(
    "bad_survey",
    ko="의견을 저장하지 못했어요.",
    en="'score' is no number from 1 to 5, 'recommend' none from 0 to 10, or 'comment' no text.",
)
LONGEST_COMMENT = 1_000
"""Characters that are kept."""

StopAnswer = Callable[[str, str], Awaitable[bool]]
"""(conversation, message) -> whether such an answer was being written."""

log = structlog.get_logger(__name__)
_asking: ContextVar[str | None] = ContextVar("asking_socket", default=None)


class WebChatSockets(socketio.AsyncNamespace):  # type: ignore[misc]
    """Namespace `/`: one room a conversation."""

    def __init__(self, channel: WebChatChannel) -> None:
        super().__init__("/")
        self.channel = channel
        self.present: Counter[str] = Counter()
        """Conversations with open sockets on this worker, and how many."""
        self.on_desk_signal: Any = None
        """Set by the server: what agents are told of typing and reading."""
        self.stop_answer: StopAnswer | None = None
        """Set by the server: the customer has read enough of an answer that is being written."""

    async def emit(self, event: str, *args: Any, **where: Any) -> None:
        """Only what `webchat_events` declares is told."""
        await super().emit(EVENTS.declared(event), *args, **where)

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
        self.present[conversation_id] += 1

    async def on_disconnect(self, sid: str, reason: str = "") -> None:
        """Forget the socket."""
        conversation_id = await self._conversation(sid)
        if conversation_id is None:
            return
        self.present[conversation_id] -= 1
        if self.present[conversation_id] <= 0:
            del self.present[conversation_id]

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
            typing = {"speaker": self.channel.bot_speaker, "on": True}
            await self.emit("typing", typing, room=conversation_id)

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
        if conversation_id is None:
            return {"ok": False}
        return await self._guarded(self._judge(conversation_id, data if isinstance(data, dict) else {}))

    async def _judge(self, conversation_id: str, data: dict[str, Any]) -> None:
        given = feedback_of(data)
        await self.channel.service.judge(conversation_id, given.message_id, given.value, given.reason)

    async def on_stop_answer(self, sid: str, data: Any = None) -> dict[str, Any]:
        """No more of an answer that is being written; what is shown of it stands."""
        conversation_id = await self._conversation(sid)
        message_id = data.get("message_id") if isinstance(data, dict) else None
        if conversation_id is None or not is_id(message_id) or self.stop_answer is None:
            return {"ok": False}
        return {"ok": await self.stop_answer(conversation_id, str(message_id))}

    async def on_survey(self, sid: str, data: Any = None) -> dict[str, Any]:
        """How it was, from 1 to 5, or null for "rather not"; with a word on it if the customer likes."""
        conversation_id = await self._conversation(sid)
        data = data if isinstance(data, dict) else {}
        score, comment = data.get("score"), data.get("comment") or ""
        recommend = data.get("recommend")
        right = _within(score, 1, 5) and _within(recommend, 0, 10)
        if conversation_id is None or not right or not isinstance(comment, str) or not storable(comment):
            return {"ok": False, "error": problem_of(BAD_SURVEY)}
        return await self._guarded(
            self.channel.answer_survey(conversation_id, score, comment.strip()[:LONGEST_COMMENT], recommend)
        )

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
        if not self._heard(commit.conversation_id):
            return
        for event in commit.events:
            if isinstance(event, SPOKEN) and event.event != "note":
                await self._tell(commit.conversation_id, event)
        if any(
            isinstance(event, OwnershipChanged | SurveyOffered | SurveyAnswered) for event in commit.events
        ):
            await self.tell_state(tracker)

    async def tell_state(self, tracker: Tracker, position: int | None = None) -> None:
        """Send the state as it is now; `position` in the queue where it is known already."""
        state = await self.channel.state(tracker, position)
        await self.emit("state", state, room=tracker.conversation_id)

    # -- an audience of `LiveAnswers` ---------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """As in `input_channel`."""
        return self.channel.name

    def looks_on(self, conversation_id: str) -> bool:
        """Whether anybody may see an answer grow."""
        return self._heard(conversation_id)

    async def show(self, conversation_id: str, message_id: str, text: str) -> None:
        """An answer as far as it is written; the message itself follows by `bot_uttered`."""
        piece = {"message_id": message_id, "text": text, "speaker": self.channel.bot_speaker}
        try:
            await self.emit("answer_piece", piece, room=conversation_id)
        except Exception as error:
            log.warning("piece_not_told", error=type(error).__name__)

    def _heard(self, conversation_id: str) -> bool:
        """Whether anybody may listen. Only a manager that reaches other workers can't tell."""
        manager = self.server.manager
        if isinstance(manager, AsyncPubSubManager):
            return True
        return next(iter(manager.get_participants(self.namespace, conversation_id)), None) is not None

    async def _tell(self, conversation_id: str, event: Event) -> None:
        message = line(event, self.channel.bot_name)
        if message is None:
            return
        if isinstance(event, UserUttered):
            await self.emit("user_echo", message, room=conversation_id, skip_sid=_asking.get())
            return
        message["quick_replies"] = [{"content_type": "text", **button} for button in message["buttons"]]
        await self.emit("bot_uttered", message, room=conversation_id)


def _within(number: Any, least: int, most: int) -> bool:
    """Whether it is a whole number of the scale, or nothing."""
    return number is None or (type(number) is int and least <= number <= most)
