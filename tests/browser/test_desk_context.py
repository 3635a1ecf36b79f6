"""What an agent knows and does beside the conversation: values, the past, warnings, colleagues, wrap-up."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect


@pytest.fixture
def held(new_page: Callable[..., Page], new_customer: Callable[[], Any], desk: Any) -> tuple[Page, Any, str]:
    """김민지's desk with one open case of hers; the page, the customer and the case."""
    desk.clear()
    customer = new_customer()
    for text in ("카드를 잃어버렸어요", "010-1234-5678이에요", "상담원 바꿔 주세요"):
        customer.say(text)
    case_id = desk.case_of(customer.conversation_id)["id"]
    desk.accept(case_id)
    page = new_page()
    page.add_init_script(f"localStorage.setItem('sangdam.desk.token', JSON.stringify('{desk.api.token}'))")
    page.goto("/desk")
    page.locator(f'.row[data-id="{case_id}"]').click()
    expect(page.locator(".summary")).to_be_visible()
    return page, customer, case_id


def test_values_are_shown_on_demand_and_corrected_in_place(held: Any, desk: Any) -> None:
    page, _, case_id = held
    slots = page.locator(".slots")
    expect(slots).to_contain_text("010-****-5678")
    slots.get_by_role("button", name="전화번호 보기").click()
    expect(slots).to_contain_text("010-1234-5678")
    actions = [row["action"] for row in desk.api("GET", f"/api/desk/audit?case={case_id}")["rows"]]
    assert actions[0] == "reveal"
    slots.get_by_role("button", name="카드 종류 고치기").click()
    slots.get_by_label("카드 종류").select_option("체크카드")
    slots.get_by_role("button", name="저장").click()
    expect(slots.locator(".slot", has_text="카드 종류")).to_contain_text("체크카드")
    expect(slots.locator(".slot", has_text="카드 종류")).to_contain_text("상담원이 적음")


def test_personal_data_and_harsh_words_hold_a_reply_back_once(held: Any, violations: Any) -> None:
    page, customer, _ = held
    field = page.locator(".composer textarea")
    field.fill("고객님 번호 010-1234-5678 맞으시죠?")
    warnings = page.locator(".warnings")
    expect(warnings).to_contain_text("개인정보가 들어 있어요")
    field.press("Enter")
    expect(warnings).to_contain_text("그래도 보내려면 한 번 더 눌러 주세요")
    assert not violations(page)
    expect(field).to_have_value("고객님 번호 010-1234-5678 맞으시죠?")
    assert not [m for m in customer.messages() if m["speaker"]["kind"] == "agent"]
    field.press("Enter")
    expect(page.locator(".delivered")).to_have_text(["보냄"])
    expect(warnings).to_have_count(0)


def test_a_colleague_is_asked_and_the_case_stays(held: Any, desk: Any) -> None:
    page, _, case_id = held
    me = desk.api("GET", "/api/desk/board")
    mate = {**me["agents"][0], "id": "mate", "name": "남궁채윤"}
    page.route("**/api/desk/board", lambda route: route.fulfill(json={**me, "agents": [*me["agents"], mate]}))
    page.route("**/consult", lambda route: route.fulfill(json=desk.api("GET", f"/api/desk/cases/{case_id}")))
    page.locator("#thread").press("p")
    sheet = page.get_by_role("dialog", name="다른 상담원에게 전달")
    sheet.get_by_role("radio", name="상담원", exact=True).check()
    sheet.get_by_role("radio", name=re.compile("남궁채윤")).check()
    sheet.get_by_label("전달하는 이유").fill("한도 예외가 되나요?")
    with page.expect_request("**/consult") as request:
        sheet.get_by_role("button", name="먼저 물어보기").click()
    assert request.value.post_data_json == {"agent_id": "mate", "note": "한도 예외가 되나요?"}
    expect(sheet).to_have_count(0)
    assert desk.api("GET", f"/api/desk/cases/{case_id}")["state"] == "agent"


def test_wrapping_up_is_timed_and_begins_with_the_summary(held: Any, desk: Any) -> None:
    page, _, case_id = held
    page.locator("#thread").press("w")
    sheet = page.get_by_role("dialog", name="상담 마무리")
    expect(sheet.get_by_label("메모")).to_have_value(re.compile("카드 분실 신고"))
    expect(sheet.locator(".spent")).to_have_text(re.compile("0:0[0-9]"))
    expect(page.locator(".state-btn")).to_contain_text("마무리 중")
    sheet.get_by_text("해결", exact=True).click()
    sheet.get_by_role("button", name="마무리하기").click()
    expect(sheet).to_have_count(0)
    expect(page.locator(".state-btn")).to_contain_text("상담 가능")
    assert "카드 분실 신고" in desk.api("GET", f"/api/desk/cases/{case_id}")["outcome"]["note"]


def test_a_follow_up_is_filed_and_waits_among_the_calls(held: Any, desk: Any) -> None:
    page, _, case_id = held
    page.locator("#thread").press("w")
    sheet = page.get_by_role("dialog", name="상담 마무리")
    sheet.get_by_label("메모").fill("카드 도착 확인")
    sheet.get_by_label("후속 처리").select_option("tomorrow")
    sheet.get_by_role("button", name="나중에 다시 하기").click()
    expect(sheet).to_have_count(0)
    page.get_by_role("tab", name="전화").click()
    page.locator(f'.row[data-id="{case_id}"]').click()
    expect(page.locator(".callback-bar")).to_contain_text("카드 도착 확인")
    page.get_by_role("button", name="예약 취소").click()
    expect(page.locator(".closed-bar")).to_be_visible()


def test_the_past_leads_back_to_its_cases(held: Any, desk: Any) -> None:
    page, customer, case_id = held
    desk.close(case_id)
    customer.say("상담원 바꿔 주세요")
    again = desk.case_of(customer.conversation_id)["id"]
    desk.accept(again)
    page.locator(f'.row[data-id="{again}"]').click()
    past = page.locator(".journey li")
    expect(past).to_have_count(1)
    expect(past).to_contain_text("해결했어요")
    past.locator(".jump").click()
    expect(page.locator(".closed-bar")).to_contain_text("해결했어요")
