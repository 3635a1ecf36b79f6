"""All that was said to a customer, over channels and conversations, in one line above the open conversation."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
TURNS = 45
"""Messages of the customer on the other channel, so that there is more than one page of history."""


def picture(page: Page, name: str) -> None:
    """For eyes: only where PICTURES_OF_TESTS names a folder."""
    if folder := os.environ.get("PICTURES_OF_TESTS"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"))


@pytest.fixture
def joined(new_customer: Callable[[], Any], desk: Any, live_server: Any) -> tuple[str, str]:
    """A customer who wrote over another channel before, and was merged; the closed case and the open one."""
    desk.clear()
    sender = f"rest-{new_customer().conversation_id[-8:]}"
    for number in range(TURNS):
        text = "제 번호는 010-1234-5678이에요" if number == TURNS - 2 else f"안녕하세요 {number}"
        body = {"sender": sender, "message": text}
        desk.api("POST", "/webhooks/rest/webhook", body)
    desk.api("POST", "/webhooks/rest/webhook", {"sender": sender, "message": "상담원 바꿔 주세요"})
    first = desk.case_of(sender)["id"]
    desk.accept(first)
    desk.say(first, "카드를 정지해 드렸어요")
    desk.close(first)
    customer = new_customer()
    customer.say("상담원 바꿔 주세요")
    second = desk.case_of(customer.conversation_id)["id"]
    desk.accept(second)
    one, other = (desk.api("GET", f"/api/desk/cases/{case}/customer") for case in (second, first))
    versions = {"other": other["id"], "version": one["version"], "other_version": other["version"]}
    desk.api("POST", f"/api/desk/customers/{one['id']}/merge", versions)
    return first, second


@pytest.fixture
def at_desk(new_page: Callable[..., Page], desk: Any) -> Callable[..., Page]:
    """A desk with a case open: `at_desk(case_id, **screen)`."""

    def make(case_id: str, **screen: Any) -> Page:
        page = new_page(**screen)
        page.add_init_script(
            f"localStorage.setItem('sangdam.desk.token', JSON.stringify('{desk.api.token}'))"
        )
        page.goto("/desk")
        page.locator(f'.row[data-id="{case_id}"]').click()
        expect(page.locator(".past-head").first).to_be_attached()
        return page

    return make


@pytest.mark.parametrize("screen", [{}, {**PHONE, "color_scheme": "dark"}], ids=["desktop", "phone"])
def test_other_conversations_stand_above_with_what_they_were(
    joined: Any, at_desk: Any, violations: Any, screen: Any
) -> None:
    page = at_desk(joined[1], **screen)
    heads = page.locator(".past-head")
    expect(heads.first).to_contain_text("연동")
    expect(heads.first).to_contain_text("해결 · 김민지")
    expect(heads.first).to_contain_text(re.compile(r"\d+월 \d+일"))
    expect(heads.last).to_contain_text("지금 대화")
    thread = page.locator("#thread")
    expect(thread).to_contain_text("카드를 정지해 드렸어요")
    # The newest line is in view, and where one writes.
    assert (
        page.evaluate(
            "() => { const t = document.querySelector('#thread'); return t.scrollHeight - t.scrollTop - t.clientHeight }"
        )
        < 80
    )
    page.locator(".past-head").last.scroll_into_view_if_needed()
    picture(page, f"history-{'phone' if screen else 'desktop'}")
    assert not violations(page, within=".conversation")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_scrolling_up_loads_older_lines_and_the_read_one_stays(joined: Any, at_desk: Any) -> None:
    page = at_desk(joined[1])
    if page.locator(".bot-head").first.get_attribute("aria-expanded") == "false":
        page.locator(".bot-head").first.click()
    thread = page.locator("#thread")
    expect(page.locator("[data-past]").first).to_be_attached()
    before = page.locator("[data-past]").count()
    first = page.locator("[data-past]").first.get_attribute("data-past")
    mark = f'[data-past="{first}"]'
    thread.focus()
    moves = """async ([mark, before]) => {
      const box = document.querySelector('#thread');
      const lines = () => document.querySelectorAll('[data-past]').length;
      const wait = ms => new Promise(done => setTimeout(done, ms));
      box.scrollTop = 120;
      const top = document.querySelector(mark).getBoundingClientRect().top;
      box.dispatchEvent(new Event('scroll'));
      for (let n = 0; n < 60 && lines() <= before; n++) await wait(50);
      await wait(100);
      return document.querySelector(mark).getBoundingClientRect().top - top;
    }"""
    assert abs(page.evaluate(moves, [mark, before])) <= 1
    expect(thread).to_contain_text("안녕하세요 10")
    for _ in range(4):
        page.keyboard.press("Home")
        page.wait_for_timeout(300)
    expect(thread).to_contain_text("안녕하세요 0")
    expect(page.get_by_role("button", name="이전 메시지 보기")).to_have_count(0)
    shown = page.locator("[data-past]").evaluate_all("all => all.map(one => one.dataset.past)")
    assert len(shown) == len(set(shown))


def test_a_day_is_gone_to_by_keyboard(joined: Any, at_desk: Any) -> None:
    page = at_desk(joined[1])
    opener = page.get_by_role("button", name="날짜로 가기")
    opener.focus()
    page.keyboard.press("Enter")
    field = page.get_by_label("날짜", exact=True)
    expect(field).to_be_focused()
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    page.keyboard.press("Enter")
    field.fill("2026-01-01")
    page.get_by_role("group", name="날짜로 가기").get_by_role("button", name="가기").click()
    expect(page.locator("#thread")).to_contain_text("안녕하세요 0")
    expect(page.locator("[data-past].marked")).to_be_focused()
    expect(page.locator("[data-past].marked")).to_be_in_viewport()


def test_a_masked_line_is_shown_on_demand_and_that_is_recorded(joined: Any, at_desk: Any, desk: Any) -> None:
    page = at_desk(joined[1])
    if page.locator(".bot-head").first.get_attribute("aria-expanded") == "false":
        page.locator(".bot-head").first.click()
    line = page.locator("[data-past]", has_text="010-****-5678").first
    line.get_by_role("button", name="가린 값 보기").click()
    expect(page.locator("[data-past]", has_text="제 번호는 010-1234-5678이에요")).to_have_count(1)
    rows = desk.api("GET", f"/api/desk/audit?case={joined[1]}")["rows"]
    assert "reveal_line" in [row["action"] for row in rows]
