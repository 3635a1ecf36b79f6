"""Scenario 10: axe finds nothing in any state, light or dark, large or small; names, sizes, contrast modes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

SCREENS = {
    "desktop": {"viewport": {"width": 1280, "height": 800}},
    "phone": {"viewport": {"width": 375, "height": 812}, "has_touch": True, "is_mobile": True},
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", SCREENS)
def test_axe_finds_nothing(
    make_chat: Callable[..., Any], desk: Any, violations: Callable[..., list[str]], screen: str, scheme: str
) -> None:
    chat = make_chat(**SCREENS[screen], color_scheme=scheme, reduced_motion="reduce")
    found: dict[str, list[str]] = {}
    chat.visit()
    found["closed"] = violations(chat.page)
    chat.launcher.click()
    expect(chat.panel).to_be_visible()
    found["open"] = violations(chat.page, within="sangdam-chat")
    chat.say("예금자 보호 한도가 얼마예요?")
    expect(chat.log.locator(".source")).to_be_visible()
    chat.log.get_by_role("button", name="아니에요").click()
    found["answer and feedback"] = violations(chat.page, within="sangdam-chat")
    chat.log.locator(".source").click()
    found["source sheet"] = violations(chat.page, within="sangdam-chat")
    chat.page.keyboard.press("Escape")
    chat.root.get_by_role("button", name="더 보기").click()
    found["menu"] = violations(chat.page, within="sangdam-chat")
    chat.page.keyboard.press("Escape")
    chat.human.click()
    expect(chat.root.locator(".waiting")).to_be_visible()
    found["queue"] = violations(chat.page, within="sangdam-chat")
    case = desk.case_of(chat.conversation_id)
    desk.accept(case["id"])
    desk.say(case["id"], "안녕하세요, 1588-0000으로도 연락하실 수 있어요")
    expect(chat.log.locator(".line.agent")).to_be_visible()
    found["agent"] = violations(chat.page, within="sangdam-chat")
    desk.close(case["id"])
    expect(chat.root.locator(".ended")).to_be_visible()
    found["ended"] = violations(chat.page, within="sangdam-chat")
    assert {state: lines for state, lines in found.items() if lines} == {}


def test_the_other_pages_of_ours_are_clean_too(page: Any, violations: Callable[..., list[str]]) -> None:
    page.goto("/kakao")
    page.get_by_role("button", name="예금자 보호 한도가 얼마예요?").click()
    expect(page.get_by_role("link", name="원문 보기")).to_be_visible()
    assert violations(page) == []


def test_it_speaks_to_screen_readers_in_order(chat: Any) -> None:
    chat.open()
    expect(chat.launcher).to_have_accessible_name("상담 닫기")
    chat.say("안녕하세요")
    expect(chat.bot).to_have_count(2)
    expect(chat.log).to_have_attribute("aria-live", "off")
    articles = chat.log.get_by_role("article")
    names = [article.get_attribute("aria-label") or "" for article in articles.all()]
    assert [name.split(",")[0] for name in names] == ["이음이", "나", "이음이"]
    unnamed = chat.panel.evaluate(
        "(panel) => [...panel.querySelectorAll('button')].filter((one) => !one.textContent && !one.ariaLabel).length"
    )
    assert unnamed == 0


def test_times_are_korean_and_in_the_banks_zone_whatever_the_visitors(make_chat: Callable[..., Any]) -> None:
    chat = make_chat(timezone_id="America/New_York", locale="en-US").open()
    chat.say("안녕하세요")
    expect(chat.bot).to_have_count(2)
    at = chat.log.locator("time").last
    hour, minute = (int(part) for part in (at.get_attribute("datetime") or "")[11:16].split(":"))
    hour = (hour + 9) % 24
    expect(at).to_have_text(f"{'오전' if hour < 12 else '오후'} {hour % 12 or 12}:{minute:02}")


def test_reduced_motion_leaves_nothing_running(make_chat: Callable[..., Any]) -> None:
    chat = make_chat(reduced_motion="reduce").open()
    chat.say("예금자 보호 한도가 얼마예요?")
    expect(chat.log.locator(".source")).to_be_visible()
    chat.log.locator(".source").click()
    chat.page.wait_for_timeout(50)
    assert chat.panel.evaluate("(panel) => panel.getAnimations({subtree: true}).length") == 0


def test_forced_colours_keep_edges(make_chat: Callable[..., Any]) -> None:
    chat = make_chat(forced_colors="active").open()
    chat.say("안녕하세요")
    expect(chat.bot).to_have_count(2)
    for part in (chat.own.first, chat.bot.first, chat.send_button):
        assert part.evaluate("(one) => getComputedStyle(one).borderTopStyle") == "solid"


@pytest.mark.parametrize("width", [320, 640])
def test_zoomed_pages_scroll_one_way_only(make_chat: Callable[..., Any], width: int) -> None:
    chat = make_chat(viewport={"width": width, "height": 700})
    chat.open()
    chat.say("예금자 보호 한도가 얼마예요?")
    expect(chat.log.locator(".source")).to_be_visible()
    assert chat.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    assert chat.log.evaluate("(log) => log.scrollWidth <= log.clientWidth")
    for part in (chat.human, chat.send_button):
        expect(part).to_be_in_viewport(ratio=1)
