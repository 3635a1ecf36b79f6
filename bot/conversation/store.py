"""The store port: where conversations, cases and outgoing messages are kept. `bot.storage` has the back ends."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field

from bot.conversation.customers import CustomerStore
from bot.conversation.events import Event, Owner
from bot.conversation.workforce import AgentState, Place, WorkStore

CaseState = Literal["queued", "offered", "agent", "wrapup", "callback", "returned", "closed"]
"""`callback`: filed for later, at a booked time or when people are there again; the bot has the conversation meanwhile."""
Urgency = Literal["normal", "high", "urgent"]
Medium = Literal["voice", "chat"]
"""What a contact takes of a person: the whole attention, or a share of it."""
HEAD_START: dict[str, float] = {"normal": 0.0, "high": 300.0, "urgent": 1_800.0}
"""Seconds by which an urgent case is served as if it had come earlier. Finite, so that nobody starves behind it."""


class Person(BaseModel):
    """An agent as a case names one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    name: str = ""


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
    # -- queue and routing --
    queue: str = ""
    """Name of a queue in config.yml; empty for the default one."""
    skills: tuple[str, ...] = ()
    segment: str = ""
    language: str = "ko"
    head_start: float | None = None
    """Seconds by which it is served as if it had come earlier; None: as its urgency says."""
    offered_to: Person | None = None
    offer_expires_at: float | None = None
    offers: int = 0
    """How often it was offered."""
    passed: dict[str, float] = Field(default_factory=dict)
    """Agents who declined or missed it -> until when it isn't offered to them again."""
    target: Person | None = None
    target_until: float = 0.0
    """The colleague whom it was handed to by name: until then it is offered to nobody else."""
    handed_by: Person | None = None
    """Who transferred it last."""
    last_agent: Person | None = None
    """Who talked to this customer last, and `last_agent_at` when that ended."""
    last_agent_at: float | None = None
    answer_by: float | None = None
    resolve_by: float | None = None
    """Targets of the queue's service level."""
    breached: tuple[str, ...] = ()
    """Targets that were missed: `answer`, `resolve`."""
    promised: tuple[int, int] | None = None
    """Minutes of waiting that the customer was told when the case came."""
    told_at: float | None = None
    """When the customer was last told how long it takes."""
    message_left: bool = False
    """The customer doesn't wait at the screen: whoever comes answers what was written."""
    due_at: float | None = None
    """When a filed case goes into the queue."""
    phone: str = ""
    tags: tuple[str, ...] = ()
    """What agents call it, for finding and counting."""

    @property
    def serve_at(self) -> float:
        """What waiting cases are ordered by: when it began to wait, less its head start."""
        start = HEAD_START[self.urgency] if self.head_start is None else self.head_start
        return self.waiting_since - start

    @property
    def medium(self) -> Medium:
        """A call, or anything written."""
        return "voice" if self.channel == "voice" else "chat"

    @property
    def holder(self) -> str | None:
        """The agent whose capacity it takes: who talks, or whom it is offered to."""
        if self.state == "offered":
            return self.offered_to.id if self.offered_to else None
        return self.agent_id if self.state in ("agent", "wrapup") else None


def squeezed(text: str) -> str:
    """What a search compares: composed, in small letters, without spaces, since spacing is where Korean texts differ."""
    return "".join(unicodedata.normalize("NFC", text).lower().split())


class Claim(BaseModel):
    """One more contact for an agent, granted in the commit's own transaction: with room, and if offered, at work."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    agent_id: str
    case_id: str
    medium: Medium
    voice: int
    chat: int
    """The agent's capacity: so many calls, or so many chats, or a mix that fills no more than the whole."""
    now: float
    picked: bool = False
    """The agent takes it of their own accord, whatever state they are in; what is offered goes to who is available."""

    def reaches(self, state: AgentState, present_until: float) -> bool:
        """Whether the agent is at work as far as it matters."""
        return self.picked or (state == "available" and present_until > self.now)

    def fits(self, voice: int, chat: int) -> bool:
        """Whether there is room beside `voice` calls and `chat` chats."""
        return room(self.medium, voice, chat, self.voice, self.chat)


def room(medium: Medium, voice: int, chat: int, most_voice: int, most_chat: int) -> bool:
    """Whether one more contact fits: calls and chats share the whole of a person."""
    voice, chat = voice + (medium == "voice"), chat + (medium == "chat")
    if voice > most_voice or chat > most_chat:
        return False
    share = (voice / most_voice if voice else 0.0) + (chat / most_chat if chat else 0.0)
    return share <= 1.0 + 1e-9


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
    claim: Claim | None = None
    """The agent who must have room for it."""


class ConversationStore(Protocol):
    """Conversations and their events. All methods may raise `StoreUnavailable`."""

    async def load(self, conversation_id: str) -> StoredConversation:
        """Row, open case, latest snapshot and the events after it. An unknown id gives version 0 and no events."""

    async def head(self, conversation_id: str) -> Head | None:
        """The row alone; None for an unknown id."""

    async def commit(self, commit: Commit) -> None:
        """Store all of it in one transaction.

        Raises `VersionConflict` if the row's version is not `expected_version`, `DuplicateMessage` if one of the
        events carries a message id that the conversation has already, `AgentBusy` if `claim` can't be granted.
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
        before: Place | None = None,
    ) -> list[Case]:
        """Cases in one of `states` (all if empty), of one agent if given, newest `created_at` first, behind `before`
        (`created_at`, id)."""

    async def position(self, case_id: str) -> int | None:
        """1 for the case that is served next among the queued and offered ones of its queue; None if it doesn't wait.

        The order is that of `Case.serve_at`.
        """

    async def waiting_cases(self, limit: int = 2_000, *, after: Place | None = None) -> list[Case]:
        """Queued and offered cases of all queues, in the order in which they are served, behind `after` (`serve_at`, id)."""

    async def loads(self) -> dict[str, dict[Medium, int]]:
        """Contacts that agents hold or are offered: agent -> medium -> how many."""

    async def past_cases(self, conversation_id: str) -> list[Case]:
        """All cases of a conversation, oldest first."""

    async def find_lines(
        self, terms: Sequence[str], *, limit: int = 50, before: tuple[float, str, int] | None = None
    ) -> list[tuple[str, Event]]:
        """Newest first, with their conversation: messages, notes and translations that hold all of `terms`.

        `before` is the place of the last one of the page before: its time, conversation and `seq`. So what was said in the
        same moment is on exactly one page. `terms` are as `squeezed` makes them: spacing and case don't count. Only
        conversations that were ever a case are looked through.
        """

    async def surveys(
        self, *, limit: int = 50, before: tuple[float, str, int] | None = None
    ) -> list[tuple[str, Event]]:
        """What customers said of contacts, newest first, with their conversation; `before` as in `find_lines`."""


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


class Store(ConversationStore, CaseStore, OutboxStore, WorkStore, CustomerStore, Protocol):
    """All of it: what a back end provides."""
