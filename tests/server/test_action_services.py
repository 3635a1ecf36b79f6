"""The services that actions are handed, over real queues and a real store."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from actions.services import CalendarService, CustomerProfileService, HandoffService
from bot.conversation import clock
from bot.conversation.assistant import Assistant
from bot.conversation.customers import Customer, Identity
from bot.conversation.events import FactsRemembered
from bot.conversation.remembering import FactMemory
from bot.conversation.workforce import Callback
from bot.desk.queues import Queue, QueueBook, QueueSpec
from bot.execution.results import action_result
from bot.server.action_services import action_services
from bot.server.knowledge import Knowledge
from bot.storage.memory import MemoryStore

HOURS = {"week": {"mon-fri": "09:00-18:00"}}
CALLS = {"slot_minutes": 60, "per_slot": 1, "days_ahead": 2, "lead_minutes": 30}
WEDNESDAY = datetime(2026, 11, 25, 15, 40, tzinfo=clock.KOREA)


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def services(assistant: Assistant, store: MemoryStore) -> dict[type, Any]:
    spec = QueueSpec.model_validate({"name": "general", "hours": HOURS, "callbacks": CALLS})
    book = QueueBook([Queue(spec, [])])
    return action_services(assistant, store, book, Knowledge(None), remember_days=30)


@pytest.fixture
def on_wednesday() -> Any:
    with clock.moved(WEDNESDAY.timestamp() - clock.now()):
        yield


def test_working_days_leave_out_weekends_and_holidays(services: dict[type, Any]) -> None:
    calendar: CalendarService = services[CalendarService]
    assert (
        calendar.holiday(date(2026, 12, 25)) == "기독탄신일" and calendar.holiday(date(2026, 12, 24)) is None
    )
    assert not calendar.is_working_day(date(2026, 11, 28)) and calendar.is_working_day(date(2026, 11, 27))
    # Over Christmas and the weekend after it, and back again.
    assert calendar.working_day(date(2026, 12, 24), 2) == date(2026, 12, 29)
    assert calendar.working_day(date(2026, 12, 29), -2) == date(2026, 12, 24)
    assert calendar.working_day(date(2026, 11, 28), 0) == date(2026, 11, 28)
    with pytest.raises(ValueError, match="isoformat"):
        calendar.moment("내일", "15:00")


@pytest.mark.usefixtures("on_wednesday")
def test_the_desk_has_hours(services: dict[type, Any]) -> None:
    calendar: CalendarService = services[CalendarService]
    assert abs(calendar.now() - WEDNESDAY) < timedelta(minutes=1)
    assert calendar.desk_hours() == "오늘 오후 6시까지 상담할 수 있어요"
    saturday = calendar.moment("2026-11-28", "11:00")
    opens = calendar.desk_opens(saturday)
    assert not calendar.desk_open(saturday) and opens == calendar.moment("2026-11-30", "09:00")
    assert calendar.in_words(opens) == "11월 30일(월) 오전 9시"


@pytest.mark.usefixtures("on_wednesday")
async def test_times_for_calls_are_those_that_nobody_has(
    services: dict[type, Any], store: MemoryStore
) -> None:
    calendar: CalendarService = services[CalendarService]
    five = calendar.moment("2026-11-25", "17:00").timestamp()
    taken = Callback(
        id="k",
        case_id="k",
        conversation_id="c",
        queue="general",
        slot_at=five,
        slot_end=five + 3_600,
        due_at=five,
        created_at=clock.now(),
    )
    assert await store.book(taken, 1) is not None
    slots = await calendar.call_slots()
    # From half past four on, of today only the hour at five: it is taken.
    assert slots[0].begins == calendar.moment("2026-11-26", "09:00") and slots[0].free == 1
    assert len(slots) == 18


async def test_a_stranger_has_an_empty_profile(services: dict[type, Any]) -> None:
    profiles: CustomerProfileService = services[CustomerProfileService]
    assert await profiles.profile("c") == type(await profiles.profile("c"))()
    assert await profiles.remember("c", {"branch": "강남역점"}) == []


async def test_a_profile_holds_who_it_is_and_what_they_agreed_to(
    services: dict[type, Any], store: MemoryStore
) -> None:
    profiles: CustomerProfileService = services[CustomerProfileService]
    await store.meet("c", Customer(id="u", name="김서연", segment="vip"))
    for value, verified in (("010-1111-2222", False), ("010-1234-5678", True)):
        await store.put_identity("u", Identity(kind="phone", value=value, verified=verified))
    memory = FactMemory(store, 30)
    await memory.decline("c", ["phone"])
    await memory.keep("c", {"branch": "강남역점"}, 1)
    found = await profiles.profile("c")
    assert (found.name, found.segment, found.verified("phone")) == ("김서연", "vip", "010-1234-5678")
    assert found.verified("email") is None and len(found.identities) == 2
    assert found.facts == {"branch": "강남역점"} and found.consents == {"branch": True, "phone": False}
    with clock.moved(2 * 86_400):
        assert (await profiles.profile("c")).facts == {}


async def test_only_what_the_customer_agreed_to_is_remembered(
    services: dict[type, Any], store: MemoryStore
) -> None:
    profiles: CustomerProfileService = services[CustomerProfileService]
    memory = FactMemory(store, 30)
    await memory.keep("c", {"branch": "강남역점"}, 1)
    events = await profiles.remember("c", {"branch": "판교점", "phone": "010-1234-5678", "pin": "2580"})
    said = action_result("action_x", {"events": events})
    assert [event for event in said.events if isinstance(event, FactsRemembered)] == list(said.events)
    assert [event.slots for event in said.events] == [["branch"]]
    assert (await profiles.profile("c")).facts == {"branch": "판교점"}


async def test_a_case_is_opened_as_the_engine_reads_it(services: dict[type, Any]) -> None:
    handoff: HandoffService = services[HandoffService]
    now = handoff.request("한도 확인", urgency="high", evidence={"tries": 3})
    later = handoff.call_back(WEDNESDAY, phone="010-1234-5678", topic="대출")
    first, second = action_result("action_x", {"events": [now, later]}).events
    assert (first.reason_text, first.urgency, first.evidence) == ("한도 확인", "high", {"tries": 3})
    assert second.callback == {"at": WEDNESDAY.timestamp(), "phone": "010-1234-5678", "topic": "대출"}
    assert first.case_id != second.case_id


def test_the_list_of_services_is_the_documented_one() -> None:
    """A builder finds each of them in the how-to."""
    import actions.services as services

    text = (Path(__file__).parents[2] / "docs" / "how-to" / "write-actions.md").read_text()
    for name in services.__all__:
        if name.endswith("Service"):
            assert f"`{name}`" in text
