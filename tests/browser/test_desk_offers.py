"""Offers on the agent's screen: who, why and how long; taken twice, run out, passed on; states; a lost connection."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect


@pytest.fixture
def open_desk(new_page: Callable[..., Page], desk: Any) -> Callable[..., Page]:
    """A desk with room: `open_desk()`, or `open_desk(context)` for a further tab."""
    desk.clear()
    desk.api("PUT", "/api/desk/me/state", {"state": "available"})

    def make(context: BrowserContext | None = None, **options: Any) -> Page:
        page = context.new_page() if context else new_page(**options)
        token = desk.api.token
        page.add_init_script(f"localStorage.setItem('sangdam.desk.token', JSON.stringify('{token}'))")
        page.goto("/desk")
        expect(page.locator(".state-btn")).to_be_visible()
        return page

    return make


@pytest.fixture
def ask(new_customer: Callable[[], Any], desk: Any) -> Callable[[], tuple[Any, str]]:
    """A customer who lost a card and asks for a person; the customer and the case."""

    def make() -> tuple[Any, str]:
        customer = new_customer()
        for text in ("카드를 잃어버렸어요", "상담원 바꿔 주세요"):
            customer.say(text)
        return customer, desk.case_of(customer.conversation_id)["id"]

    return make


def test_an_offer_says_who_why_whence_and_how_long(open_desk: Any, ask: Any, desk: Any) -> None:
    page = open_desk()
    ask()
    card = page.get_by_role("region", name="새 상담")
    expect(card).to_contain_text("카드 분실 신고")
    expect(card).to_contain_text("대기열: 사고 신고")
    expect(card).to_contain_text(re.compile("기다린 시간 0:0[0-9]"))
    expect(card.locator(".left")).to_have_text(re.compile("0:(20|1[0-9])"))
    expect(page.locator(".capacity")).to_contain_text("대화 1건, 최대 3건")
    card.get_by_role("button", name="받기").click()
    expect(page.locator(".composer textarea")).to_be_visible()
    expect(card).to_have_count(0)
    desk.clear()


def test_an_offer_is_passed_on_with_a_reason(open_desk: Any, ask: Any, desk: Any) -> None:
    page = open_desk()
    ask()
    card = page.get_by_role("region", name="새 상담")
    card.get_by_role("button", name="넘기기").click()
    with page.expect_request("**/decline") as request:
        page.get_by_role("menuitem", name="다른 상담이 밀려 있어요").click()
    assert request.value.post_data_json == {"reason": "다른 상담이 밀려 있어요"}
    expect(card).to_have_count(0)
    expect(page.locator(".toast")).to_contain_text("다른 상담원에게 넘겼어요")
    desk.clear()


def test_an_offer_taken_in_one_tab_goes_in_the_other(open_desk: Any, ask: Any, desk: Any) -> None:
    first = open_desk()
    second = open_desk(first.context)
    _, case_id = ask()
    for page in (first, second):
        expect(page.get_by_role("region", name="새 상담")).to_be_visible()
    first.keyboard.press("F2")
    for page in (first, second):
        expect(page.get_by_role("region", name="새 상담")).to_have_count(0)
        expect(page.locator(f'.row[data-id="{case_id}"]')).to_be_visible()
    # Who takes it again by the API changes nothing, and who comes too late is told whose it is.
    assert desk.accept(case_id)["agent"]["name"] == "김민지"
    desk.clear()


def test_an_offer_that_is_taken_back_vanishes_with_a_word(open_desk: Any, ask: Any, desk: Any) -> None:
    page = open_desk()
    _, case_id = ask()
    card = page.get_by_role("region", name="새 상담")
    expect(card).to_be_visible()
    desk.api("PUT", "/api/desk/me/state", {"state": "meal"})
    expect(card).to_have_count(0)
    expect(page.locator(".toast")).to_contain_text("다음 상담원에게 넘어갔어요")
    expect(page.locator(".state-btn")).to_contain_text("식사")
    assert desk.case_of(desk.api("GET", f"/api/desk/cases/{case_id}")["conversation_id"])["state"] == "queued"
    desk.api("PUT", "/api/desk/me/state", {"state": "available"})
    desk.clear()


def test_all_states_can_be_chosen_by_key(open_desk: Any, desk: Any) -> None:
    page = open_desk()
    page.locator("body").press("q")
    menu = page.get_by_role("menu", name=re.compile("내 상태"))
    expect(menu.get_by_role("menuitemradio")).to_have_text(
        ["상담 가능", "통화 중", "마무리 중", "식사", "휴식", "교육", "자리 비움", "오프라인"]
    )
    expect(menu.get_by_role("menuitemradio", name="상담 가능")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.locator(".state-btn")).to_contain_text("교육")
    assert desk.api("GET", "/api/desk/me")["state"] == "training"
    desk.api("PUT", "/api/desk/me/state", {"state": "available"})
    expect(page.locator(".state-btn")).to_contain_text("상담 가능")


def test_a_lost_connection_is_healed_with_a_word(open_desk: Any, ask: Any, desk: Any) -> None:
    page = open_desk()
    customer, case_id = ask()
    desk.accept(case_id)
    page.locator(f'.row[data-id="{case_id}"]').click()
    expect(page.locator(".composer textarea")).to_be_enabled()
    page.context.set_offline(True)
    expect(page.locator(".lost")).to_contain_text("인터넷 연결이 끊겼어요")
    page.locator(".composer textarea").fill("끊긴 사이에 쓴 말")
    page.keyboard.press("Enter")
    expect(page.locator(".outgoing .stamp")).to_contain_text("연결되면 보낼게요")
    customer.say("저도 끊긴 사이에 썼어요")
    page.context.set_offline(False)
    expect(page.locator(".toast")).to_contain_text("다시 연결됐어요", timeout=20_000)
    expect(page.locator(".delivered")).to_have_text(["보냄"])
    expect(page.locator("#thread")).to_contain_text("저도 끊긴 사이에 썼어요")
    sent = [m["text"] for m in customer.messages() if m["speaker"]["kind"] == "agent"]
    assert sent == ["끊긴 사이에 쓴 말"]
    desk.clear()


def test_the_desk_speaks_english(open_desk: Any, ask: Any, desk: Any) -> None:
    page = open_desk(locale="en-US")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    ask()
    card = page.get_by_role("region", name="New case")
    expect(card).to_contain_text("Queue:")
    card.get_by_role("button", name=re.compile("^Take")).click()
    expect(page.get_by_role("textbox", name="Reply")).to_be_visible()
    page.get_by_role("button", name="Settings").click()
    page.get_by_role("menuitemradio", name="한국어").click()
    expect(page.get_by_role("textbox", name="답장")).to_be_visible()
    desk.clear()
