"""Both ends on a screen: the customer's widget and the agent's desk; and a desk that was cut off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect


@pytest.fixture
def agent_page(new_page: Callable[..., Page], desk: Any) -> Page:
    """The desk, signed in."""
    page = new_page()
    page.add_init_script(f"localStorage.setItem('sangdam.desk.token', JSON.stringify('{desk.api.token}'))")
    page.goto("/desk")
    expect(page.get_by_role("tablist", name="상담 목록")).to_be_visible()
    return page


def test_customer_and_agent_see_each_other_type_and_write(agent_page: Page, chat: Any, desk: Any) -> None:
    chat.open()
    chat.say("상담원 바꿔 주세요")
    case_id = desk.case_of(chat.conversation_id)["id"]
    agent_page.get_by_role("tab", name="대기").click()
    agent_page.locator(f'.row[data-id="{case_id}"]').click()
    agent_page.locator(".take-bar").get_by_role("button", name="상담 받기").click()
    expect(chat.root.locator("header")).to_contain_text("김민지")
    field = agent_page.locator(".composer textarea")
    field.press_sequentially("무엇을")
    expect(chat.log.locator(".line.typing")).to_be_visible()
    field.fill("무엇을 도와드릴까요?")
    field.press("Enter")
    expect(chat.log.locator(".line.agent .bubble")).to_have_text(["무엇을 도와드릴까요?"])
    expect(chat.log.locator(".line.typing")).to_have_count(0)
    chat.field.press_sequentially("카드를")
    expect(agent_page.locator(".typing")).to_contain_text("입력 중이에요")
    chat.say("카드를 잃어버렸어요")
    expect(agent_page.locator(".group.customer .bubble").last).to_have_text("카드를 잃어버렸어요")
    expect(agent_page.locator(".delivered").last).to_have_text("읽음")
    desk.close(case_id)


class Line:
    """The live connection of a page, which can be cut and mended."""

    def __init__(self, page: Page) -> None:
        self.cut = False
        self.open: list[WebSocketRoute] = []
        page.route("**/socket.io/**", lambda route: route.abort() if self.cut else route.continue_())
        page.route_web_socket("**/socket.io/**", self._connect)

    def _connect(self, socket: WebSocketRoute) -> None:
        if self.cut:
            socket.close()
            return
        socket.connect_to_server()
        self.open.append(socket)

    def break_off(self) -> None:
        """From now on nothing comes through."""
        self.cut = True
        for socket in self.open:
            socket.close()


def test_a_desk_that_was_cut_off_says_so_and_catches_up(
    agent_page: Page, new_customer: Any, desk: Any
) -> None:
    line = Line(agent_page)
    agent_page.reload()
    customer = new_customer()
    customer.say("상담원 바꿔 주세요")
    case_id = desk.case_of(customer.conversation_id)["id"]
    desk.accept(case_id)
    agent_page.locator(f'.row[data-id="{case_id}"]').click()
    words = agent_page.locator(".group.customer .bubble")
    customer.say("끊기기 전의 말")
    expect(words.last).to_have_text("끊기기 전의 말")
    line.break_off()
    customer.say("끊긴 사이의 말")
    lost = agent_page.get_by_text("인터넷 연결이 끊겼어요. 다시 연결하고 있어요")
    expect(lost).to_be_visible(timeout=10_000)
    expect(words.last).to_have_text("끊기기 전의 말")
    line.cut = False
    expect(words.last).to_have_text("끊긴 사이의 말", timeout=15_000)
    expect(words.filter(has_text="끊긴 사이의 말")).to_have_count(1)
    expect(lost).to_have_count(0)
    desk.close(case_id)
