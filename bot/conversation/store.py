"""The store port: where conversations, cases and outgoing messages are kept. `bot.storage` has the back ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field

from bot.conversation.events import Event, Owner

CaseState = Literal["queued", "offered", "agent", "wrapup", "returned", "closed"]
Urgency = Literal["normal", "high", "urgent"]


class Case(BaseModel):
    """One handoff: from the request for a person to its outcome. The row that the desk lists."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    conversation_id: str
    state: CaseState = "queued"
    version: int = 1
    channel: str = ""
    customer_name: str = ""
    reason_code: str
    reason_text: str = ""
    urgency: Urgency = "normal"
    goal: str | None = None
    """Human name of the flow that the customer is in."""
    created_at: float
    waiting_since: float
    accepted_at: float | None = None
    closed_at: float | None = None
    agent_id: str | None = None
    agent_name: str | None = None
    last_speaker: str = ""
    last_text: str = ""
    last_at: float | None = None
    sentiment_label: str = ""
    sentiment_score: float = 0.0
    unread: int = 0
    """Customer messages since the agent last wrote or looked."""
    outcome_code: str = ""
    outcome_note: str = ""


class OutboxMessage(BaseModel):
    """A message that still has to reach a channel which can't subscribe. `payload` is a `Reply` as JSON."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    conversation_id: str
    channel: str
    payload: dict[str, Any]
    created_at: float
    attempts: int = 0
    next_attempt_at: float = 0.0
    state: Literal["pending", "delivered", "failed"] = "pending"


class Head(BaseModel):
    """The row of a conversation: what must be known before a turn, without its events."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    conversation_id: str
    version: int = 0
    """`seq` of the last event; 0 for a conversation in which nothing happened yet."""
    owner: Owner = "bot"
    agent_id: str | None = None
    case_id: str | None = None
    """The open case, if any."""


class StoredConversation(BaseModel):
    """A conversation as loaded for a turn: row, open case, snapshot, and only the events after the snapshot."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    head: Head
    case: Case | None = None
    snapshot: dict[str, Any] | None = None
    """`Tracker.snapshot()` at `snapshot_version`."""
    snapshot_version: int = 0
    events: list[Event] = Field(default_factory=list)


class Commit(BaseModel):
    """Everything that one turn or one act of an agent changes. All of it is stored, or nothing."""

    model_config = ConfigDict(extra="forbid")

    conversation_id: str
    expected_version: int
    """Version at which it was decided; `VersionConflict` unless the row still has it."""
    events: list[Event]
    """With `seq` expected_version + 1, + 2, … already given."""
    head: Head
    """The row after the commit; `head.version` is the last event's `seq`."""
    channel: str = ""
    case: Case | None = None
    """Written whole (insert or replace) if given."""
    outbox: list[OutboxMessage] = Field(default_factory=list)
    snapshot: dict[str, Any] | None = None


class ConversationStore(Protocol):
    """Conversations and their events. All methods may raise `StoreUnavailable`."""

    async def load(self, conversation_id: str) -> StoredConversation:
        """Row, open case, latest snapshot and the events after it. An unknown id gives version 0 and no events."""

    async def head(self, conversation_id: str) -> Head | None:
        """The row alone; None for an unknown id."""

    async def commit(self, commit: Commit) -> None:
        """Store all of it in one transaction.

        Raises `VersionConflict` if the row's version is not `expected_version`, `DuplicateMessage` if one of the
        events carries a message id that the conversation has already.
        """

    async def events(self, conversation_id: str, *, after: int = 0, limit: int = 500) -> list[Event]:
        """Events with `seq` > after in order, at most `limit`."""

    async def changed_since(self, after: float, *, limit: int = 1000) -> list[str]:
        """Conversations in which something was stored after that time (seconds since the epoch), newest first."""

    async def find_message(self, conversation_id: str, message_id: str) -> int | None:
        """`seq` of the message with that id, None if there is none."""


class CaseStore(Protocol):
    """Cases, read by the desk. They are written through `Commit.case` only."""

    async def case(self, case_id: str) -> Case:
        """Raises `UnknownCase`."""

    async def cases(
        self,
        states: Sequence[CaseState] = (),
        *,
        agent_id: str | None = None,
        limit: int = 200,
        before: float | None = None,
    ) -> list[Case]:
        """Cases in one of `states` (all if empty), of one agent if given, newest `created_at` first, created before `before`."""

    async def position(self, case_id: str) -> int | None:
        """1 for the case that is served next among the queued and offered ones; None if it doesn't wait.

        Urgent cases come first, then high ones, then those that wait longest.
        """

    async def past_cases(self, conversation_id: str) -> list[Case]:
        """All cases of a conversation, oldest first."""


class OutboxStore(Protocol):
    """Messages on their way to channels that can't subscribe."""

    async def pending(self, conversation_id: str) -> list[OutboxMessage]:
        """Undelivered messages of a conversation, oldest first."""

    async def take(self, conversation_id: str) -> list[OutboxMessage]:
        """`pending`, marked as delivered in the same transaction: of two who take at once one gets each message."""

    async def waiting(self) -> set[str]:
        """Conversations that have undelivered messages."""

    async def enqueue(self, messages: Sequence[OutboxMessage]) -> None:
        """Keep messages that could not be given to their request in time. An id that is there already changes nothing."""

    async def claim(self, channel: str, *, now: float, lease: float, limit: int = 20) -> list[OutboxMessage]:
        """Due messages of a channel; each claimed one isn't due again for `lease` seconds and counts an attempt."""

    async def settle(
        self,
        message_id: str,
        state: Literal["pending", "delivered", "failed"],
        *,
        next_attempt_at: float = 0.0,
    ) -> None:
        """Mark the result of an attempt. Settling a delivered message again changes nothing."""


class Store(ConversationStore, CaseStore, OutboxStore, Protocol):
    """All of it: what a back end provides."""
