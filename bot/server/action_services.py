"""What stands behind `actions.services`: the desk's hours, the customers of the store, cases that an action opens."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from actions.services import (
    CalendarService,
    CallSlot,
    CustomerIdentity,
    CustomerProfile,
    CustomerProfileService,
    HandoffService,
    KnowledgeService,
    LiveService,
)
from actions.services.handoff import Urgency
from bot.conversation import clock
from bot.conversation.assistant import Assistant
from bot.conversation.remembering import FactMemory
from bot.conversation.store import Store
from bot.desk.callback_slots import CallbackSlots
from bot.desk.hours import Hours
from bot.desk.queues import QueueBook
from korean.public_holidays import holiday_name, is_working_day, working_day

Services = dict[type, Any]
"""Type of an argument -> what an action gets for it."""


def action_services(
    assistant: Assistant,
    store: Store,
    queues: QueueBook,
    knowledge: KnowledgeService,
    live: LiveService | None = None,
    *,
    remember_days: int,
) -> Services:
    """All of them."""
    found: Services = {
        KnowledgeService: knowledge,
        HandoffService: Handoffs(),
        CalendarService: Calendar(store, queues),
        CustomerProfileService: CustomerProfiles(assistant, store, FactMemory(store, remember_days)),
    }
    return {**found, LiveService: live} if live is not None else found


class Handoffs:
    """A `HandoffService`."""

    def request(
        self,
        reason: str,
        *,
        code: str = "flow",
        urgency: Urgency = "normal",
        policy: str = "",
        evidence: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """See `HandoffService.request`."""
        case = self._case(code, reason)
        return {**case, "urgency": urgency, "policy": policy, "evidence": dict(evidence or {})}

    def call_back(
        self, at: datetime, *, phone: str, topic: str = "", reason: str = "전화 상담을 예약했어요"
    ) -> dict[str, Any]:
        """See `HandoffService.call_back`."""
        wish = {"at": at.timestamp(), "phone": phone, "topic": topic}
        return {**self._case("callback", reason), "callback": wish}

    def _case(self, code: str, reason: str) -> dict[str, Any]:
        case_id = uuid.uuid4().hex[:12]
        return {
            "event": "handoff_requested",
            "case_id": case_id,
            "reason_code": code,
            "reason_text": reason,
        }


class Calendar:
    """A `CalendarService` over the desk's queues. Without any the desk is open day and night."""

    def __init__(self, store: Store, queues: QueueBook) -> None:
        self._queues = queues
        self._slots = CallbackSlots(store, queues, clock=clock.now)

    def now(self) -> datetime:
        """See `CalendarService.now`."""
        return clock.korean_time()

    def moment(self, day: str, hour: str) -> datetime:
        """See `CalendarService.moment`."""
        return datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=clock.KOREA)

    def holiday(self, day: date) -> str | None:
        """See `CalendarService.holiday`."""
        return holiday_name(day)

    def is_working_day(self, day: date) -> bool:
        """See `CalendarService.is_working_day`."""
        return is_working_day(day)

    def working_day(self, start: date, count: int) -> date:
        """See `CalendarService.working_day`."""
        return working_day(start, count)

    def desk_open(self, at: datetime, queue: str = "") -> bool:
        """See `CalendarService.desk_open`."""
        return self._hours(queue).is_open(at.timestamp())

    def desk_opens(self, at: datetime, queue: str = "") -> datetime | None:
        """See `CalendarService.desk_opens`."""
        opens = self._hours(queue).next_opening(at.timestamp())
        return None if opens is None else datetime.fromtimestamp(opens, clock.KOREA)

    def desk_hours(self, queue: str = "") -> str:
        """See `CalendarService.desk_hours`."""
        return self._hours(queue).text(clock.now())

    def in_words(self, at: datetime) -> str:
        """See `CalendarService.in_words`."""
        return Hours().when(at.timestamp(), clock.now())

    async def call_slots(self, queue: str = "") -> list[CallSlot]:
        """See `CalendarService.call_slots`."""
        return [
            CallSlot(
                datetime.fromtimestamp(slot["at"], clock.KOREA),
                datetime.fromtimestamp(slot["end"], clock.KOREA),
                int(slot["free"]),
            )
            for slot in await self._slots.free(queue)
        ]

    def _hours(self, queue: str) -> Hours:
        return self._queues.of(queue).spec.hours


class CustomerProfiles:
    """A `CustomerProfileService` over the memory that the repair patterns use as well."""

    def __init__(self, assistant: Assistant, store: Store, memory: FactMemory) -> None:
        self._assistant = assistant
        self._store = store
        self._memory = memory

    async def profile(self, conversation_id: str) -> CustomerProfile:
        """See `CustomerProfileService.profile`."""
        customer_id = await self._store.customer_of(conversation_id)
        if customer_id is None:
            return CustomerProfile()
        known = await self._store.profile(customer_id)
        remembered = await self._memory.recall(conversation_id)
        return CustomerProfile(
            id=known.customer.id,
            name=known.customer.name,
            segment=known.customer.segment,
            identities=tuple(CustomerIdentity(one.kind, one.value, one.verified) for one in known.identities),
            facts={name: fact.value for name, fact in remembered.facts.items()},
            consents=dict(remembered.decisions),
        )

    async def remember(self, conversation_id: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
        """See `CustomerProfileService.remember`."""
        specs = {name: spec.remembering for name, spec in self._assistant.domain.slots.items()}
        days = {name: spec.days or self._memory.days for name, spec in specs.items() if spec is not None}
        wanted = {name: value for name, value in values.items() if name in days and value is not None}
        kept, _ = await self._memory.keep_agreed(conversation_id, wanted, days)
        return [
            {"event": "facts_remembered", "slots": [name], "expires_at": until}
            for name, until in kept.items()
        ]
