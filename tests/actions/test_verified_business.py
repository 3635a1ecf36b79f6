"""Actions behind the PIN, and the outcomes that flows branch on, over the real core-banking server."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bot.conversation.actions_port import ActionError
from bot.conversation.tracker import SlotValue, Tracker
from examples.core_banking.server import CoreBanking
from examples.core_banking.state import korean_today

Run = Callable[..., Any]
YESTERDAY = (korean_today() - timedelta(days=1)).isoformat()
TOMORROW = (korean_today() + timedelta(days=1)).isoformat()


async def opened(run: Run, customer_id: str, pin: Any) -> str:
    """The session that the right PIN opens."""
    found = await run(
        "action_check_pin", {"turn_id": f"{customer_id}{pin}"}, customer_id=customer_id, pin=pin
    )
    assert found["outcome"] == "open" and found["pin"] is None
    return str(found["customer_session"])


async def test_a_pin_is_locked_after_three_wrong_ones(bank: CoreBanking, run: Run) -> None:
    outcomes = []
    for turn in range(4):
        found = await run("action_check_pin", {"turn_id": f"t{turn}"}, customer_id="c-1001", pin="1")
        outcomes.append((found["outcome"], found.get("pin_tries_left")))
    assert outcomes == [("wrong", 2), ("wrong", 1), ("locked", None), ("locked", None)]
    found = await run("action_check_pin", {"turn_id": "t9"}, customer_id="c-1001", pin="2580")
    assert found["outcome"] == "locked"


async def test_a_turn_that_is_tried_again_costs_no_second_try(bank: CoreBanking, run: Run) -> None:
    for _ in range(3):
        found = await run("action_check_pin", {"turn_id": "same"}, customer_id="c-1001", pin="1")
        assert found["pin_tries_left"] == 2


async def test_an_open_session_spares_the_second_check_for_the_same_number_only(
    bank: CoreBanking, run: Run
) -> None:
    session = await opened(run, "c-1001", 2580)
    known = await run("action_check_session", customer_session=session)
    assert (known["outcome"], known["customer_id"]) == ("open", "c-1001")
    other = await run("action_check_session", customer_session=session, phone="010-2345-6789")
    assert (other["outcome"], other["customer_session"]) == ("closed", None)
    assert (await run("action_check_session"))["outcome"] == "closed"


async def test_nothing_is_done_without_a_session(bank: CoreBanking, run: Run) -> None:
    for name, slots in {
        "action_change_limit": {"amount": 100_000},
        "action_change_address": {"new_address": "서울시 강남구 테헤란로 1"},
        "action_find_transfer": {"transfer_amount": 1, "transfer_date": YESTERDAY},
        "action_request_return": {"transfer_id": "c-1001-t1"},
        "action_order_express": {},
    }.items():
        found = await run(name, {"turn_id": name}, customer_id="c-1001", **slots)
        assert found["outcome"] == "session_needed"
    session = await opened(run, "c-1002", "1470")
    stolen = await run(
        "action_change_limit", {"turn_id": "x"}, customer_id="c-1001", amount=1, customer_session=session
    )
    assert stolen["outcome"] == "session_needed", "somebody else's session opens nothing"


async def test_a_limit_is_lowered_and_never_raised(bank: CoreBanking, run: Run) -> None:
    session = await opened(run, "c-1001", "2580")
    slots = {"customer_id": "c-1001", "customer_session": session}
    lowered = await run("action_change_limit", {"turn_id": "a"}, amount=1_000_000, **slots)
    assert (lowered["outcome"], lowered["current_limit"]) == ("done", 1_000_000)
    raised = await run("action_change_limit", {"turn_id": "b"}, amount=2_000_000, **slots)
    assert raised["outcome"] == "needs_person"


async def test_a_transfer_is_found_and_asked_back_once(bank: CoreBanking, run: Run) -> None:
    slots = {"customer_id": "c-1001", "customer_session": await opened(run, "c-1001", "2580")}
    found = await run("action_find_transfer", transfer_amount=300_000, transfer_date=YESTERDAY, **slots)
    assert found["outcome"] == "found" and "김민수" in found["transfer_summary"]
    slots["transfer_id"] = found["transfer_id"]
    first = await run("action_request_return", {"turn_id": "a"}, **slots)
    again = await run("action_request_return", {"turn_id": "b"}, **slots)
    assert (first["outcome"], again["outcome"]) == ("done", "already")
    assert first["return_reference"] == again["return_reference"] and first["return_guaranteed"] is True


async def test_after_a_year_nothing_is_asked_back(bank: CoreBanking, run: Run) -> None:
    slots = {"customer_id": "c-1009", "customer_session": await opened(run, "c-1009", "1593")}
    day = (korean_today() - timedelta(days=400)).isoformat()
    found = await run("action_find_transfer", transfer_amount=90_000, transfer_date=day, **slots)
    late = await run("action_request_return", {"turn_id": "l"}, transfer_id=found["transfer_id"], **slots)
    assert (found["outcome"], late["outcome"]) == ("found", "too_old")


async def test_the_search_gives_up_after_the_second_try(bank: CoreBanking, run: Run) -> None:
    slots = {"customer_id": "c-1001", "customer_session": await opened(run, "c-1001", "2580")}
    wish = {"transfer_amount": 1, "transfer_date": YESTERDAY}
    first = await run("action_find_transfer", **wish, **slots)
    second = await run("action_find_transfer", **wish, transfer_searches=first["transfer_searches"], **slots)
    assert (first["outcome"], second["outcome"]) == ("none", "give_up")


async def test_the_fee_of_a_quick_delivery_needs_a_balance(bank: CoreBanking, run: Run) -> None:
    poor = {"customer_id": "c-1002", "customer_session": await opened(run, "c-1002", "1470")}
    refused = await run("action_order_express", {"turn_id": "p"}, **poor)
    assert (refused["outcome"], refused["balance"]) == ("insufficient", 3_000)
    rich = {"customer_id": "c-1008", "customer_session": await opened(run, "c-1008", "9630")}
    paid = await run("action_order_express", {"turn_id": "r"}, **rich)
    assert (paid["outcome"], paid["balance"], paid["delivery_day"]) == ("done", 115_000, TOMORROW)
    late = await run("action_order_express", {"turn_id": "s"}, **rich)
    assert late["outcome"] == "too_late"


async def test_maintenance_is_an_outcome_with_its_end(bank: CoreBanking, run: Run) -> None:
    slots = {"customer_id": "c-1006", "customer_session": await opened(run, "c-1006", "7410")}
    found = await run(
        "action_change_address", {"turn_id": "m"}, new_address="부산시 해운대구 우동 1", **slots
    )
    assert (found["outcome"], found["maintenance_until"]) == ("maintenance", "06:00")
    assert (await run("action_freeze_accounts", {"turn_id": "f"}, customer_id="c-1006"))["freeze_reference"]


async def test_other_failures_stay_failures(bank: CoreBanking, run: Run) -> None:
    slots = {"customer_id": "c-1004", "customer_session": await opened(run, "c-1004", "1111")}
    with pytest.raises(ActionError) as caught:
        await run("action_change_address", {"turn_id": "e"}, new_address="서울시 강남구 테헤란로 1", **slots)
    assert caught.value.detail == "CoreBankingError"


@pytest.mark.parametrize(
    ("slots", "outcome"),
    [
        ({"visit_date": TOMORROW}, "open"),
        ({"visit_date": TOMORROW, "visit_time": "10:00"}, "free"),
        ({"visit_date": TOMORROW, "visit_time": "12:00"}, "taken"),
        ({"visit_date": TOMORROW, "visit_time": "23:00"}, "outside"),
        ({"visit_date": YESTERDAY}, "past"),
        ({"visit_date": (korean_today() + timedelta(days=30)).isoformat()}, "too_far"),
    ],
)
async def test_days_and_times_of_a_branch(
    bank: CoreBanking, run: Run, slots: dict[str, str], outcome: str
) -> None:
    found = await run("action_check_visit", branch="인천공항점", **slots)
    assert found["outcome"] == outcome
    if outcome in ("taken", "outside"):
        assert found["visit_times"].count("시") == 3


async def test_a_time_is_given_to_one_customer_only(bank: CoreBanking, run: Run) -> None:
    wish = {"branch": "인천공항점", "visit_date": TOMORROW, "visit_time": "10:00", "visit_purpose": "환전"}
    first = await run("action_book_visit", {"turn_id": "a"}, **wish)
    second = await run("action_book_visit", {"turn_id": "b"}, **wish)
    assert first["outcome"] == "done" and first["visit_reference"].startswith("V")
    assert second["outcome"] == "taken" and second["visit_times"]


@pytest.mark.parametrize(
    ("work", "income", "amount", "outcome", "most"),
    [
        ("직장인", 50_000_000, 30_000_000, "possible", 60_000_000),
        ("자영업자", 50_000_000, 90_000_000, "reduced", 48_000_000),
        ("직장인", 9_000_000, 5_000_000, "refused_income", 0),
        ("무직", 0, 5_000_000, "refused_work", 0),
    ],
)
async def test_what_may_be_borrowed(
    bank: CoreBanking, run: Run, work: str, income: int, amount: int, outcome: str, most: int
) -> None:
    found = await run(
        "action_precheck_loan",
        loan_type="신용대출",
        employment=work,
        yearly_income=income,
        loan_amount=amount,
    )
    assert (found["outcome"], found["loan_most"]) == (outcome, most)


@pytest.mark.parametrize(
    ("customer", "kind", "outcome"),
    [
        ("c-1001", "공동인증서", "expired"),
        ("c-1002", "공동인증서", "renewable"),
        ("c-1001", "금융인증서", "valid"),
        ("c-1002", "금융인증서", "none"),
    ],
)
async def test_how_a_certificate_stands(
    bank: CoreBanking, run: Run, customer: str, kind: str, outcome: str
) -> None:
    found = await run("action_check_certificate", customer_id=customer, certificate_kind=kind)
    assert found["outcome"] == outcome


async def test_the_fraud_team_is_called_urgently(bank: CoreBanking, runner: Any) -> None:
    tracker = Tracker("c1")
    tracker.state.slots["phishing_stage"] = SlotValue(value="송금함")
    result = await runner.run("action_call_fraud_team", tracker, {"turn_id": "t"})
    (event,) = result.events
    assert (event.reason_code, event.urgency) == ("phishing", "urgent")
    assert event.reason_text == "금융사기 신고: 송금함, 아직 지급정지하지 않음"
