"""Scenario 3: nothing typed is lost, and nothing is said twice, whatever the network does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, WebSocketRoute, expect


class Network:
    """Cuts and mends the way to the service; pages themselves keep loading."""

    def __init__(self, context: BrowserContext) -> None:
        self.cut = False
        self.lines: list[WebSocketRoute] = []
        # Long polling too: the widget takes it where no WebSocket gets through.
        for way in ("**/api/chat/**", "**/socket.io/**"):
            context.route(way, lambda route: route.abort() if self.cut else route.continue_())
        context.route_web_socket("**/socket.io/**", self._dial)

    def _dial(self, line: WebSocketRoute) -> None:
        if self.cut:
            line.close()
            return
        line.connect_to_server()
        self.lines.append(line)

    def go_down(self) -> None:
        self.cut = True
        for line in self.lines:
            line.close()
        self.lines.clear()

    def come_back(self) -> None:
        self.cut = False


def test_three_messages_written_offline_survive_a_reload_and_arrive_once_in_order(chat: Any) -> None:
    network = Network(chat.page.context)
    chat.open()
    chat.say("처음")
    expect(chat.log.locator(".state.sent")).to_be_visible()
    network.go_down()
    for text in ("하나", "둘", "셋"):
        chat.say(text)
    expect(chat.log.locator(".state.waiting")).to_have_count(3)
    expect(chat.log.locator(".state.waiting").first).to_contain_text("연결되면 보낼게요")

    chat.page.reload()
    chat.launcher.click()
    expect(chat.own).to_have_text(["하나", "둘", "셋"])
    expect(chat.root.locator(".strip")).to_have_text(
        "인터넷 연결이 끊겼어요. 다시 연결하고 있어요", timeout=6_000
    )

    network.come_back()
    chat.page.evaluate("() => dispatchEvent(new Event('online'))")
    expect(chat.own).to_have_text(["처음", "하나", "둘", "셋"])
    expect(chat.log.locator(".state.waiting")).to_have_count(0)
    expect(chat.log.locator(".line.customer").last.locator(".state.sent")).to_be_visible()
    expect(chat.root.locator(".strip.offline")).to_have_count(0)

    chat.page.reload()
    chat.launcher.click()
    expect(chat.own).to_have_text(["처음", "하나", "둘", "셋"])


def test_an_acknowledgement_that_got_lost_doubles_nothing(chat: Any) -> None:
    swallowed: list[str] = []

    def dial(line: WebSocketRoute) -> None:
        server = line.connect_to_server()

        def pass_on(frame: str | bytes) -> None:
            # The first answer to `user_uttered` never arrives, and the line dies with it.
            if isinstance(frame, str) and frame.startswith("43") and '"seq"' in frame and not swallowed:
                swallowed.append(frame)
                line.close()
            else:
                line.send(frame)

        server.on_message(pass_on)

    chat.page.context.route_web_socket("**/socket.io/**", dial)
    chat.open()
    chat.say("안녕하세요")
    expect(chat.log.locator(".state.sent")).to_be_visible()
    assert swallowed
    expect(chat.own).to_have_text(["안녕하세요"])
    expect(chat.bot).to_have_count(2)


def test_a_draft_survives_reload_and_closing(chat: Any) -> None:
    chat.open()
    chat.field.fill("쓰다 만 글")
    chat.page.keyboard.press("Escape")
    chat.page.reload()
    chat.launcher.click()
    expect(chat.field).to_have_value("쓰다 만 글")


def test_another_tab_of_the_same_customer_sees_it_too(chat: Any) -> None:
    chat.open()
    other = type(chat)(chat.page.context.new_page()).open()
    chat.say("안녕하세요")
    expect(other.own).to_have_text(["안녕하세요"])
    expect(other.bot).to_have_count(2)


def test_where_no_websocket_passes_it_polls(make_chat: Callable[..., Any]) -> None:
    chat = make_chat()
    chat.page.add_init_script(
        "window.WebSocket = class { constructor() { setTimeout(() => this.onclose?.({}), 0); } close() {} }"
    )
    chat.open()
    chat.say("안녕하세요")
    expect(chat.log.locator(".state.sent")).to_be_visible(timeout=15_000)
    expect(chat.bot).to_have_count(2)


def test_a_dead_token_gives_a_new_conversation_and_keeps_what_waits(chat: Any) -> None:
    chat.open()
    chat.say("안녕하세요")
    expect(chat.bot).to_have_count(2)
    before = chat.conversation_id
    chat.page.evaluate(
        """() => {
          const [key, value] = Object.entries(localStorage).find(([key]) => key.startsWith('sangdam:'));
          const kept = JSON.parse(value);
          kept.session.token = kept.session.token.slice(0, -3) + 'AAA';
          localStorage.setItem(key, JSON.stringify(kept));
        }"""
    )
    chat.page.reload()
    chat.launcher.click()
    expect(chat.own).to_have_count(0)
    chat.say("다시 왔어요")
    expect(chat.log.locator(".state.sent")).to_be_visible()
    assert chat.conversation_id != before
