"""The queues of config.yml: which cases go where, how they are routed, when people are there, what is promised."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from bot.conversation.events import HandoffRequested
from bot.conversation.flows.stack import root_frame
from bot.conversation.store import Case
from bot.conversation.tracker import Tracker
from bot.desk.hours import Hours
from bot.desk.routing import POLICIES, RoutingPolicy

DEFAULT_ROUTING: tuple[dict[str, Any] | str, ...] = (
    "priority",
    "language",
    "last_agent",
    "skills",
    "longest_idle",
)


class _Spec(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class When(_Spec):
    """Which cases a queue takes. All that is given must hold; each is a list of which one must match."""

    reasons: tuple[str, ...] = ()
    flows: tuple[str, ...] = ()
    """Flow that the customer is in."""
    intents: tuple[str, ...] = ()
    """Intent of the last message."""
    channels: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    urgencies: tuple[str, ...] = ()

    def holds(self, case: Case, flow: str, intent: str) -> bool:
        """Whether the case belongs there."""
        asked = (
            (self.reasons, case.reason_code),
            (self.flows, flow),
            (self.intents, intent),
            (self.channels, case.channel),
            (self.segments, case.segment),
            (self.languages, case.language),
            (self.urgencies, case.urgency),
        )
        return all(not wanted or value in wanted for wanted, value in asked)


class ServiceLevel(_Spec):
    """What a queue promises, in seconds, and how much of it must hold."""

    answer_within: float = Field(default=180, gt=0, le=86_400)
    resolve_within: float = Field(default=3_600, gt=0, le=604_800)
    target: float = Field(default=0.8, gt=0, le=1)
    warn_at: float = Field(default=0.75, gt=0, lt=1)
    """Share of the time after which the desk is warned."""


class Overflow(_Spec):
    """Cases that have waited so long may be taken by those who serve another queue."""

    after: float = Field(ge=0, le=86_400)
    """Seconds."""
    to: str


class CallbackHours(_Spec):
    """Slots for call-backs, within the queue's hours."""

    slot_minutes: int = Field(default=30, ge=5, le=480)
    per_slot: int = Field(default=4, ge=1, le=1_000)
    days_ahead: int = Field(default=5, ge=1, le=60)
    lead_minutes: int = Field(default=30, ge=0, le=10_080)
    """The next slot begins so long from now at the earliest."""
    remind_minutes: int = Field(default=10, ge=0, le=1_440)
    attempts: int = Field(default=3, ge=1, le=20)
    retry_minutes: int = Field(default=30, ge=1, le=10_080)


class QueueSpec(_Spec):
    """One queue."""

    name: str = Field(min_length=1, max_length=64, pattern=r"^[\w-]+$")
    label: str = ""
    when: When = When()
    skills: tuple[str, ...] = ()
    """Skills that its cases need."""
    routing: tuple[dict[str, Any] | str, ...] = ()
    """Policies of its own, in place of `desk.routing`."""
    hours: Hours = Hours()
    service_level: ServiceLevel = ServiceLevel()
    overflow: tuple[Overflow, ...] = ()
    callbacks: CallbackHours = CallbackHours()


class Queue:
    """A queue with its policies."""

    def __init__(self, spec: QueueSpec, policies: Sequence[RoutingPolicy]) -> None:
        self.spec = spec
        self.policies = tuple(policies)

    @property
    def name(self) -> str:
        """As in config.yml."""
        return self.spec.name

    @property
    def label(self) -> str:
        """As people read it."""
        return self.spec.label or self.spec.name

    def head_start(self, case: Case) -> float:
        """The policies' head starts together."""
        return sum(policy.head_start(case) for policy in self.policies)

    def serves(self, served: Sequence[str], waited: float) -> bool:
        """Whether an agent who serves those queues (all if empty) may have a case that waited so long."""
        if not served or self.name in served:
            return True
        return any(waited >= overflow.after and overflow.to in served for overflow in self.spec.overflow)


class QueueBook:
    """All queues. The last one without conditions, or else the first, takes what no other does."""

    def __init__(self, queues: Sequence[Queue], segment_slot: str = "", language_slot: str = "") -> None:
        self.queues = {queue.name: queue for queue in queues}
        self.default = next((q for q in reversed(queues) if q.spec.when == When()), queues[0])
        self._segment_slot = segment_slot
        self._language_slot = language_slot

    def of(self, name: str) -> Queue:
        """By name; the default queue for the empty name and for one that config.yml no longer has."""
        return self.queues.get(name, self.default)

    def triage(self, case: Case, tracker: Tracker, event: HandoffRequested) -> tuple[Case, dict[str, str]]:
        """Put a new case where it belongs. Implements `bot.conversation.draft.Triage`."""
        segment = str(tracker.slot(self._segment_slot) or "") if self._segment_slot else ""
        case = case.model_copy(
            update={
                "segment": segment or case.segment,
                "language": str(tracker.slot(self._language_slot) or "ko") if self._language_slot else "ko",
            }
        )
        queue = self._choose(case, tracker)
        now, level = case.created_at, queue.spec.service_level
        changes: dict[str, Any] = {
            "queue": queue.name,
            "skills": queue.spec.skills,
            "answer_by": now + level.answer_within,
            "resolve_by": now + level.resolve_within,
        }
        opens = queue.spec.hours.next_opening(now)
        if event.callback is None and opens != now:
            changes |= {"state": "callback", "due_at": opens or now}
        case = Case.model_validate({**case.model_dump(), **changes})
        words = queue.spec.hours.when(opens, now) if opens else "다음 상담 시간"
        return case.model_copy(update={"head_start": queue.head_start(case)}), {"opens": words}

    def _choose(self, case: Case, tracker: Tracker) -> Queue:
        root = root_frame(tracker.stack)
        intent = (tracker.state.latest_message.get("intent") or {}).get("name") or ""
        flow = root.flow_id if root else ""
        for queue in self.queues.values():
            if queue.spec.when != When() and queue.spec.when.holds(case, flow, str(intent)):
                return queue
        return self.default


def routing_policy(item: dict[str, Any] | str) -> RoutingPolicy:
    """A policy of config.yml. Raises KeyError for an unknown name, pydantic's `ValidationError` for its parameters."""
    fields = {"name": item} if isinstance(item, str) else dict(item)
    return POLICIES[str(fields.pop("name", ""))].model_validate(fields)


def default_book() -> QueueBook:
    """One queue, open day and night."""
    spec = QueueSpec(name="default", label="일반 상담")
    return QueueBook([Queue(spec, [routing_policy(item) for item in DEFAULT_ROUTING])])
