"""The people behind the queue, as the store keeps them: agents with presence leases, leases of work, call-backs, audit.

All of it is rows with leases: what a worker or a browser held when it died is free again when its time runs out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field

AgentState = Literal["available", "call", "wrapup", "meal", "break", "training", "away", "offline"]
CallbackState = Literal["booked", "due", "done", "failed", "cancelled"]


Place = tuple[float, str]
"""Where a page of a list ends: what it is ordered by, and the id, as several may have come in the same moment."""


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AgentProfile(_Row):
    """What routing knows of an agent. An agent without a profile serves every queue, in Korean."""

    team: str = ""
    queues: tuple[str, ...] = ()
    """Names of queues; empty serves all."""
    skills: dict[str, int] = Field(default_factory=dict)
    """Skill -> level, 1 to 5."""
    languages: tuple[str, ...] = ("ko",)
    voice: int | None = Field(default=None, ge=0, le=20)
    chat: int | None = Field(default=None, ge=0, le=50)
    """Capacity; None: as config.yml says."""

    def capacity(self, voice: int, chat: int) -> tuple[int, int]:
        """Most calls and most chats at once, by config.yml's where the profile has none of its own."""
        return voice if self.voice is None else self.voice, chat if self.chat is None else self.chat


class AgentRow(_Row):
    """An agent at work. `present_until` is a lease: whoever doesn't renew it has gone."""

    user_id: str
    name: str = ""
    state: AgentState = "offline"
    state_since: float = 0.0
    idle_since: float = 0.0
    """Since when nothing was given to the agent: who waits longest is next."""
    present_until: float = 0.0
    missed: int = 0
    """Offers in a row that ran out unanswered."""
    profile: AgentProfile = AgentProfile()


class Callback(_Row):
    """A promise to call back: a seat in a slot of a queue's calendar, or the first moment when people are there."""

    id: str
    case_id: str
    conversation_id: str
    queue: str = ""
    slot_at: float
    slot_end: float
    seat: int = 0
    """Two call-backs of one slot never have the same; -1 for those that no slot was booked for."""
    state: CallbackState = "booked"
    due_at: float
    """When it is put into the queue next."""
    phone: str = ""
    topic: str = ""
    attempts: int = 0
    reminded: bool = False
    created_at: float
    notes: tuple[str, ...] = ()


class AuditRow(_Row):
    """Who did what, when. `detail` holds no customer's words."""

    id: int = 0
    at: float
    actor_id: str
    actor_name: str
    action: str
    case_id: str | None = None
    detail: dict[str, Any] = Field(default_factory=dict)


class KeptAnswer(_Row):
    """The answer to a request that came with an idempotency key; status 0 while it is being worked on."""

    fingerprint: str
    status: int
    body: str


class WorkStore(Protocol):
    """All methods may raise `StoreUnavailable`."""

    async def agents(self, *, present_at: float | None = None) -> list[AgentRow]:
        """All agents, or those whose lease runs beyond that time."""

    async def agent(self, user_id: str) -> AgentRow | None:
        """One of them."""

    async def change_agent(
        self, user_id: str, changes: Mapping[str, Any], *, if_state: AgentState | None = None
    ) -> AgentRow | None:
        """Set some of an agent's columns, adding the agent where there is none. None if the state isn't `if_state`."""

    async def hold(self, name: str, holder: str, *, now: float, seconds: float) -> bool:
        """Take or renew a lease; False while somebody else's runs."""

    async def let_go(self, name: str, holder: str) -> None:
        """Give a lease back before its time."""

    async def book(self, callback: Callback, seats: int) -> Callback | None:
        """Store a call-back with a free seat of its slot, in place of one with the same id; None if all `seats` are taken."""

    async def callback(self, callback_id: str) -> Callback | None:
        """One of them."""

    async def callbacks(
        self,
        states: Sequence[CallbackState] = (),
        *,
        conversation_id: str | None = None,
        limit: int = 500,
        after: Place | None = None,
    ) -> list[Callback]:
        """By `due_at`, the next one first; those behind `after` (`due_at`, id)."""

    async def change_callback(self, callback_id: str, changes: Mapping[str, Any]) -> Callback | None:
        """Set some of its columns."""

    async def claim_callbacks(self, *, now: float, lease: float, limit: int = 20) -> list[Callback]:
        """Booked ones that are due; each isn't due again for `lease` seconds, so that one worker alone has it."""

    async def seats_taken(self, queue: str, since: float, until: float) -> dict[float, int]:
        """Start of a slot -> how many are booked in it."""

    async def record(self, row: AuditRow) -> None:
        """Add to the audit history."""

    async def audit(
        self,
        *,
        case_id: str | None = None,
        actor_id: str | None = None,
        before: int | None = None,
        limit: int = 200,
    ) -> list[AuditRow]:
        """Newest first; `before` is an id."""

    async def begin_request(
        self, actor_id: str, key: str, fingerprint: str, *, now: float, keep: float
    ) -> KeptAnswer | None:
        """None for the first request with that key, who must finish it; else what is known of the first one.

        Keys older than `keep` seconds are forgotten.
        """

    async def finish_request(self, actor_id: str, key: str, status: int, body: str) -> None:
        """Keep the answer; status 0 forgets the request, which may then be tried again."""
