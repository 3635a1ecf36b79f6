"""What goes wrong at a desk: nothing runs that was written, nothing is lost, and the agent reads why."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from typing import Any

import pytest
import requests
from playwright.sync_api import Page, expect

EVIL = "<img src=x onerror=\"document.title='ran'\"><script>document.title='ran'</script>"
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(60)


@pytest.fixture
def open_desk(new_page: Callable[..., Page], desk: Any) -> Callable[[], Page]:
    """A desk with room."""
    desk.clear()
    desk.api("PUT", "/api/desk/me/state", {"state": "available"})

    def make() -> Page:
        page = new_page()
        token = desk.api.token
        page.add_init_script(f"localStorage.setItem('sangdam.desk.token', JSON.stringify('{token}'))")
        return page

    return make


@pytest.fixture
def talking(new_customer: Callable[[], Any], desk: Any) -> Callable[[], tuple[Any, str]]:
    """A customer whom this agent talks to; the customer and the case."""

    def make() -> tuple[Any, str]:
        customer = new_customer()
        customer.say("상담원 바꿔 주세요")
        case_id = desk.case_of(customer.conversation_id)["id"]
        desk.accept(case_id)
        return customer, case_id

    return make


def show(page: Page, case_id: str) -> None:
    page.goto("/desk")
    page.locator(f'.row[data-id="{case_id}"]').click()
    expect(page.locator(".composer textarea")).to_be_enabled()


def test_scripts_in_messages_and_file_names_are_words(open_desk: Any, talking: Any, desk: Any) -> None:
    customer, case_id = talking()
    customer.say(EVIL)
    sent = requests.post(
        f"{customer.api.url}/api/chat/files",
        params={"client_msg_id": uuid.uuid4().hex, "name": f"{EVIL}.png"},
        data=PICTURE,
        headers={"Authorization": f"Bearer {customer.api.token}"},
        timeout=10,
    )
    assert sent.status_code == 200, sent.text
    page = open_desk()
    show(page, case_id)
    expect(page.locator("#thread")).to_contain_text(EVIL)
    desk.say(case_id, EVIL)
    expect(page.locator(".group.agent .bubble, .outgoing .bubble").last).to_contain_text(EVIL)
    page.wait_for_timeout(300)
    assert "ran" not in page.title()
    assert page.locator('#thread img[src="x"], #thread script').count() == 0
    desk.close(case_id)


def test_a_message_that_is_too_long_is_refused_with_a_word_and_kept(
    open_desk: Any, talking: Any, desk: Any
) -> None:
    customer, case_id = talking()
    page = open_desk()
    show(page, case_id)
    page.locator(".composer textarea").fill("가" * 20_000)
    page.keyboard.press("Enter")
    expect(page.locator("body")).to_contain_text("5,000")
    kept = page.locator(".composer textarea").input_value() or page.locator(".outgoing").inner_text()
    assert kept.count("가") == 20_000, "what was written is still there"
    assert [m for m in customer.messages() if m["speaker"]["kind"] == "agent"] == []
    desk.close(case_id)


def test_an_offer_counts_by_the_servers_clock(open_desk: Any, new_customer: Any, desk: Any) -> None:
    page = open_desk()
    page.clock.install(time=time.time() + 3 * 3_600)
    page.goto("/desk")
    expect(page.locator(".state-btn")).to_be_visible()
    customer = new_customer()
    customer.say("상담원 바꿔 주세요")
    case_id = desk.case_of(customer.conversation_id)["id"]
    offer = page.locator(".offer")
    expect(offer).to_be_visible(timeout=10_000)
    page.keyboard.press("F2")
    expect(page.locator(".composer textarea")).to_be_enabled()
    assert desk.api("GET", f"/api/desk/cases/{case_id}")["state"] == "agent", (
        "it was not over, three hours early"
    )
    desk.close(case_id)


@pytest.mark.slow
def test_a_network_that_is_gone_for_half_a_minute_loses_nothing(
    open_desk: Any, talking: Any, desk: Any
) -> None:
    customer, case_id = talking()
    page = open_desk()
    show(page, case_id)
    page.context.set_offline(True)
    expect(page.locator(".lost")).to_contain_text("인터넷 연결이 끊겼어요")
    page.locator(".composer textarea").fill("삼십 초 뒤에 갈 말")
    page.keyboard.press("Enter")
    customer.say("그동안 쓴 말")
    page.wait_for_timeout(31_000)
    assert desk.api("GET", f"/api/desk/cases/{case_id}")["state"] == "agent", "the case is still the agent's"
    page.context.set_offline(False)
    expect(page.locator("#thread")).to_contain_text("그동안 쓴 말", timeout=30_000)
    expect(page.locator(".delivered")).to_have_text(["보냄"], timeout=30_000)
    said = [m["text"] for m in customer.messages() if m["speaker"]["kind"] == "agent"]
    assert said == ["삼십 초 뒤에 갈 말"]
    desk.close(case_id)
