"""One call's side of the conversation: what is written into the log, and what the log brings that must be spoken.

The call follows the log by cursor. What the bot answers, what an agent types on any worker, and who owns the
conversation all come the same way, once and in order.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence
from typing import Protocol

from bot.conversation.conversations import Conversations
from bot.conversation.draft import Draft
from bot.conversation.engine import TurnResult
from bot.conversation.events import (
    BargeIn,
    CallEnded,
    CallStarted,
    Event,
    HandoffOutcome,
    Owner,
    OwnershipChanged,
    SessionStarted,
)
from bot.conversation.messages import Reply, UserMessage
from bot.conversation.ownership import bot_may_speak, person_is_asked
from bot.conversation.responses import UnknownResponse
from bot.conversation.store import Commit
from bot.voice.transports.port import CallInfo

CHANNEL = "voice"
POLL = 1.0
"""Seconds between looks at the store while a person is asked: their words may be stored by another worker."""
PAGE = 200


class Turns(Protocol):
    """Runs turns; the engine, or a service around it."""

    async def handle(self, message: UserMessage) -> TurnResult:
        """One turn."""


class Dialogue:
    """Reads and writes one conversation for one call."""

    def __init__(self, turns: Turns, conversations: Conversations, info: CallInfo) -> None:
        self._turns = turns
        self._conversations = conversations
        self.info = info
        self.owner: Owner = "bot"
        self._cursor = 0
        self._commits: asyncio.Queue[Commit | None] = asyncio.Queue()

    async def begin(self, greeting: str, fallback: str) -> None:
        """Log the call. The bot greets unless a person has the conversation or the chat is under way already."""

        async def decide(draft: Draft) -> int:
            before = draft.tracker.seq
            if before == 0:
                draft.emit(SessionStarted())
            info = self.info
            draft.emit(CallStarted(call_id=info.call_id, transport=info.transport, caller=info.caller))
            fresh = draft.tracker.state.latest_user_seq == 0 or info.transport != "browser"
            if bot_may_speak(draft.tracker.owner) and fresh:
                draft.say_reply(_greeting(draft, greeting, fallback))
            self.owner = draft.tracker.owner
            return before

        # Set before the commit is told to listeners, as they may be quicker than we.
        tracker = await self._conversations.tracker(self.info.conversation_id)
        self._cursor = tracker.seq
        await self._conversations.change(self.info.conversation_id, decide)

    async def heard(self, text: str, confidence: float) -> Owner:
        """The caller's words as a turn; who owns the conversation after it. Raises `BadMessage`, `StoreUnavailable`."""
        result = await self._turns.handle(
            UserMessage(
                conversation_id=self.info.conversation_id,
                text=text,
                channel=CHANNEL,
                metadata={"call_id": self.info.call_id, "confidence": round(confidence, 3)},
            )
        )
        return result.owner

    async def barge_in(self, heard_ms: int) -> None:
        """The caller spoke over the bot."""

        async def decide(draft: Draft) -> None:
            draft.emit(BargeIn(call_id=self.info.call_id, heard_ms=heard_ms))

        await self._conversations.change(self.info.conversation_id, decide)

    async def end(self, reason: str, *, reachable: bool, measured: dict[str, float]) -> None:
        """The line is closed. Who waited for a person and can't be reached any more leaves the queue, unless it is urgent."""

        async def decide(draft: Draft) -> None:
            draft.emit(CallEnded(call_id=self.info.call_id, reason=reason, metadata=dict(measured)))
            if reachable or not person_is_asked(draft.tracker.owner):
                return
            case = draft.tracker.case
            if draft.tracker.owner in ("queued", "offered") and case is not None and case.urgency == "normal":
                draft.emit(HandoffOutcome(case_id=case.id, resolution="abandoned", code="hung_up"))
                now = draft.events[-1].timestamp
                draft.update_case(state="closed", closed_at=now, outcome_code="hung_up")
                draft.change_owner("bot", "hung_up")
            else:
                draft.notice("caller_hung_up", "고객이 전화를 끊었어요")

        await self._conversations.change(self.info.conversation_id, decide)

    # -- what the log brings ------------------------------------------------------------------------------------

    def committed(self, commit: Commit) -> None:
        """The listeners' word on a commit of this conversation."""
        self._commits.put_nowait(commit)

    def wake(self) -> None:
        """Something was stored elsewhere: look."""
        self._commits.put_nowait(None)

    async def news(self) -> Sequence[Event]:
        """The next events, none twice. Waits for some; empty when a look at the store found none."""
        try:
            timeout = POLL if person_is_asked(self.owner) else None
            async with asyncio.timeout(timeout):
                commit = await self._commits.get()
        except TimeoutError:
            return await self._missed()
        if commit is None:
            return await self._missed()
        if commit.head.version <= self._cursor:
            return ()
        if commit.expected_version != self._cursor:
            return await self._missed()
        return self._seen(commit.events)

    async def _missed(self) -> Sequence[Event]:
        head = await self._conversations.store.head(self.info.conversation_id)
        if head is None or head.version <= self._cursor:
            return ()
        store = self._conversations.store
        return self._seen(await store.events(self.info.conversation_id, after=self._cursor, limit=PAGE))

    def _seen(self, events: Sequence[Event]) -> Sequence[Event]:
        for event in events:
            self._cursor = max(self._cursor, event.seq)
            if isinstance(event, OwnershipChanged):
                self.owner = event.after
        return events


def _greeting(draft: Draft, name: str, fallback: str) -> Reply:
    try:
        slots = draft.tracker.slot_values()
        reply = draft.responses.say(name, slots=slots, channel=CHANNEL, turn=draft.tracker.state.turns)
    except UnknownResponse:
        reply = Reply(text=fallback)
    return reply.model_copy(update={"message_id": uuid.uuid4().hex})
