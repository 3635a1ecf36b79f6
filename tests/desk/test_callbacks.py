"""Call-backs and hours: filed, booked by slots, announced, put into the queue in time, tried again, done."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.conversation.actions_port import ActionResult
from bot.conversation.events import HandoffRequested, SystemNotice
from bot.conversation.tracker import Tracker
from bot.desk.hours import Hours
from bot.desk.queues import Queue, QueueBook, QueueSpec, routing_policy

KST = ZoneInfo("Asia/Seoul")


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=KST).timestamp()


OFFICE = Hours.model_validate({"week": {"mon-fri": "09:00-18:00", "sat": "10:00-13:00"}})


@pytest.mark.parametrize(
    ("moment", "is_open", "text"),
    [
        ("2026-11-25T09:00", True, "오늘 오후 6시까지 상담할 수 있어요"),
        ("2026-11-25T18:00", False, "내일(목) 오전 9시부터 상담할 수 있어요"),
        ("2026-11-27T20:00", False, "내일(토) 오전 10시부터 상담할 수 있어요"),
        ("2026-12-25T10:00", False, "오늘은 기독탄신일 휴무예요. 내일(토) 오전 10시부터 상담할 수 있어요"),
        # The day before, Chuseok itself, the weekend after it.
        ("2026-09-24T11:00", False, "오늘은 추석 전날 휴무예요. 9월 28일(월) 오전 9시부터 상담할 수 있어요"),
        ("2026-11-28T08:30", False, "오늘 오전 10시부터 상담할 수 있어요"),
    ],
)
def test_hours_know_weekends_and_holidays(moment: str, is_open: bool, text: str) -> None:
    assert OFFICE.is_open(at(moment)) is is_open
    assert OFFICE.text(at(moment)) == text


def test_a_company_has_days_of_its_own() -> None:
    hours = Hours.model_validate(
        {
            "week": {"mon-fri": "09:00-24:00"},
            "holidays": "open",
            "closed_on": ["2026-12-31"],
            "special": {"2026-12-30": "09:00-12:30"},
        }
    )
    assert hours.is_open(at("2026-12-25T23:59"))
    assert not hours.is_open(at("2026-12-31T10:00"))
    assert hours.text(at("2026-12-30T10:00")) == "오늘 오후 12시 30분까지 상담할 수 있어요"
    assert Hours().text(0) == "24시간 상담할 수 있어요"
    assert hours.closing(at("2026-12-29T10:00")) == at("2026-12-30T00:00")


class Clock:
    """Logical time."""

    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(desk: Any, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The desk on a Wednesday evening, after hours, with one queue that is open by day."""
    clock = Clock(at("2026-11-25T19:00"))
    spec = QueueSpec.model_validate(
        {
            "name": "general",
            "hours": {"week": {"mon-fri": "09:00-18:00"}},
            "callbacks": {"per_slot": 1, "attempts": 2, "retry_minutes": 30},
        }
    )
    book = QueueBook([Queue(spec, [routing_policy("longest_idle")])])
    server = desk.server
    for part in (server.floor, server.floor.dispatcher, server.tending, server.floor.callbacks, server.queue):
        for name in ("_queues", "queues"):
            if hasattr(part, name):
                monkeypatch.setattr(part, name, book)
    server.service.conversations.triage = book.triage
    for part in (server.floor.presence, server.floor.dispatcher, server.tending, server.floor.callbacks):
        monkeypatch.setattr(part, "_clock", clock)
    monkeypatch.setattr(server.floor, "clock", clock)
    monkeypatch.setattr(server.service.handover, "clock", clock)
    monkeypatch.setattr("bot.conversation.clock.now", clock)
    return clock


async def filed(desk: Any) -> Any:
    (case,) = await desk.server.service.store.cases(("callback",))
    return case


async def test_outside_hours_the_case_is_filed_and_the_bot_goes_on(desk: Any, clock: Clock) -> None:
    await desk.customer_says("상담원 바꿔 주세요", "수수료가 얼마예요?", "상담원 바꿔 주세요")
    tracker = await desk.server.service.conversations.tracker("c1")
    assert tracker.owner == "bot"
    case = await filed(desk)
    assert case.due_at == at("2026-11-26T09:00")
    said = [*tracker.state.previous_bot_texts, *tracker.state.bot_texts]
    assert any("내일(목) 오전 9시부터 상담원이 있어요" in text for text in said)
    clock.now = at("2026-11-26T09:00") + 1
    await desk.server.tending.run_once()
    tracker = await desk.server.service.conversations.tracker("c1")
    assert (tracker.owner, tracker.case.id) == ("queued", case.id)


async def test_an_agent_may_take_a_filed_case_before_its_time(desk: Any, clock: Clock) -> None:
    await desk.customer_says("상담원 바꿔 주세요")
    case, token = await filed(desk), await desk.sign_in()
    status, taken = await desk.call(token, "POST", f"cases/{case.id}/accept")
    assert (status, taken["state"]) == (200, "agent")
    await desk.call(token, "POST", f"cases/{case.id}/close", {"code": "resolved", "note": ""})
    _, ended = await desk.call(token, "GET", "callbacks?state=ended")
    assert [callback["state"] for callback in ended["callbacks"]] == ["done"]


async def book(desk: Any, who: str, moment: float) -> None:
    """A flow books a call."""

    async def request(tracker: Tracker, context: dict[str, Any]) -> ActionResult:
        wish = {"at": moment, "phone": "010-1234-5678", "topic": "대출"}
        event = HandoffRequested(
            case_id=f"k-{who}", reason_code="callback", reason_text="전화 예약", callback=wish
        )
        return ActionResult(events=(event,))

    desk.server.service.engine.machine.runner.actions["action_request_handoff"] = request
    await desk.customer_says("상담원 바꿔 주세요", who=who)


async def test_slots_fill_up_and_a_booked_call_comes_in_time(desk: Any, clock: Clock) -> None:
    token = await desk.sign_in()
    _, before = await desk.call(token, "GET", "callback-slots")
    assert before["slots"][0]["at"] == "2026-11-26T00:00:00.000+00:00"
    await book(desk, "c1", at("2026-11-26T09:10"))
    _, after = await desk.call(token, "GET", "callback-slots")
    assert len(after["slots"]) == len(before["slots"]) - 1
    clock.now = at("2026-11-26T08:55")
    await desk.server.tending.run_once()
    events = await desk.server.service.store.events("c1")
    notices = [event.text for event in events if isinstance(event, SystemNotice)]
    assert notices == ["예약하신 오전 9시 상담이 곧 시작돼요. 상담원이 연락드릴게요."]
    clock.now = at("2026-11-26T09:10")
    await desk.server.tending.run_once()
    assert (await desk.server.service.store.case("k-c1")).state == "queued"
    _, listed = await desk.call(token, "GET", "callbacks")
    assert [(c["state"], c["phone"]) for c in listed["callbacks"]] == [("due", "010-****-5678")]


async def test_who_is_not_reached_is_tried_again_and_then_told(desk: Any, clock: Clock) -> None:
    await book(desk, "c1", at("2026-11-26T09:00"))
    clock.now = at("2026-11-26T09:00")
    await desk.server.tending.run_once()
    token = await desk.sign_in()
    await desk.call(token, "POST", "cases/k-c1/accept")
    body = {"result": "no_answer", "note": "벨만 울림"}
    status, again = await desk.call(token, "POST", "cases/k-c1/callback/attempts", body)
    assert (status, again["state"], again["attempts"]) == (200, "booked", 1)
    assert again["due_at"] == "2026-11-26T00:30:00.000+00:00"
    clock.now = at("2026-11-26T09:31")
    await desk.server.tending.run_once()
    await desk.call(token, "POST", "cases/k-c1/accept")
    _, failed = await desk.call(token, "POST", "cases/k-c1/callback/attempts", body)
    assert (failed["state"], failed["attempts"]) == ("failed", 2)
    case = await desk.server.service.store.case("k-c1")
    assert (case.state, case.outcome_code) == ("closed", "unreached")
    status, problem = await desk.call(token, "POST", "cases/k-c1/callback/attempts", body)
    assert (status, problem["code"]) == (404, "no_callback")


async def test_a_call_is_moved_or_cancelled(desk: Any, clock: Clock) -> None:
    await book(desk, "c1", at("2026-11-26T09:00"))
    token = await desk.sign_in()
    path = "cases/k-c1/callback"
    status, moved = await desk.call(token, "PUT", path, {"at": "2026-11-26T14:00:00+09:00"})
    assert (status, moved["due_at"], moved["booked"]) == (200, "2026-11-26T05:00:00.000+00:00", True)
    status, problem = await desk.call(token, "PUT", path, {"at": "2026-11-26T14:07:00+09:00"})
    assert (status, problem["code"]) == (409, "slot_taken")
    assert (await desk.call(token, "PUT", path, {"at": "내일"}))[0] == 422
    status, closed = await desk.call(token, "POST", f"{path}/cancel", {"note": "고객이 취소"})
    assert (status, closed["state"]) == (200, "closed")


async def test_a_full_slot_keeps_its_promise_without_a_seat(desk: Any, clock: Clock) -> None:
    for who in ("c1", "c2"):
        await book(desk, who, at("2026-11-26T09:00"))
    found = await desk.server.service.store.callbacks()
    assert sorted((callback.seat, callback.due_at) for callback in found) == [
        (-1, at("2026-11-26T09:00")),
        (0, at("2026-11-26T09:00")),
    ]


async def test_a_follow_up_comes_back_to_who_put_it_off(desk: Any, clock: Clock) -> None:
    clock.now = at("2026-11-25T10:00")
    case_id = await desk.waiting()
    token = await desk.sign_in()
    await desk.call(token, "POST", f"cases/{case_id}/accept")
    path, body = f"cases/{case_id}/follow-up", {"at": "2026-11-25T14:00:00+09:00", "note": "도착했는지 확인"}
    other = await desk.sign_in("junho", "박준호")
    assert (await desk.call(other, "POST", path, body))[0] == 409
    assert (await desk.call(token, "POST", path, {**body, "at": "2026-11-24T14:00:00+09:00"}))[0] == 422
    status, case = await desk.call(token, "POST", path, body)
    assert (status, case["state"], case["agent"]) == (200, "callback", None)
    (callback,) = (await desk.call(token, "GET", "callbacks"))[1]["callbacks"]
    assert (callback["topic"], callback["due_at"]) == ("도착했는지 확인", "2026-11-25T05:00:00.000+00:00")
    clock.now = at("2026-11-25T14:01")
    await desk.call(token, "PUT", "me/state", {"state": "available"})
    await desk.call(other, "PUT", "me/state", {"state": "available"})
    await desk.server.tending.run_once()
    await desk.server.floor.dispatcher.run_once()
    again = await desk.server.service.store.case(case_id)
    assert again.offered_to is not None and again.offered_to.name == "김민지"
