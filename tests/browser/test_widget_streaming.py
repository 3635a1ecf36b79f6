"""An answer that a language model writes grows in the widget, and can be stopped; the model is a server of our own."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from .conftest import Chat

QUESTION = "예금자 보호 한도가 얼마예요?"
FIRST = "예금은 원금과 이자를 합해 한 사람당 1억원까지 보호돼요."
SECOND = "보호 한도를 넘는 금액은 보호되지 않아요."


class SlowModel(ThreadingHTTPServer):
    """Speaks OpenAI's protocol: the first sentence at once, the rest when it is told to go on."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.go_on = threading.Event()
        self.url = f"http://127.0.0.1:{self.server_address[1]}/v1"


class _Handler(BaseHTTPRequestHandler):
    server: SlowModel

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        self._say(f"{FIRST} 보호")
        while not self.server.go_on.wait(0.05):
            try:
                self.wfile.write(b": waiting\n\n")
            except OSError:
                return
        self._say(SECOND.removeprefix("보호"))
        self.wfile.write(b"data: [DONE]\n\n")

    def _say(self, text: str) -> None:
        piece = {"choices": [{"delta": {"content": text}}]}
        self.wfile.write(f"data: {json.dumps(piece)}\n\n".encode())

    def log_message(self, *_: Any) -> None:
        """Nothing to the terminal."""


@pytest.fixture(scope="module")
def model() -> Iterator[SlowModel]:
    server = SlowModel()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def writing_server(start_server: Callable[..., Any], model: SlowModel) -> str:
    return str(start_server(SANGDAM_LLM_URL=model.url, SANGDAM_LLM_MODEL="slow").url)


@pytest.fixture
def asked(browser: Browser, writing_server: str, model: SlowModel) -> Iterator[Chat]:
    """A customer who reads the first sentence while the second is on its way."""
    model.go_on.clear()
    context = browser.new_context(base_url=writing_server, locale="ko-KR")
    chat = Chat(context.new_page())
    chat.open()
    chat.say(QUESTION)
    expect(chat.log.locator(".live .bubble")).to_contain_text("1억원까지 보호돼요")
    yield chat
    model.go_on.set()
    context.close()


def test_it_grows_and_then_stands_with_its_source(asked: Chat, model: SlowModel) -> None:
    expect(asked.log.locator(".source")).to_have_count(0)
    model.go_on.set()
    expect(asked.log.locator(".source").first).to_be_visible()
    expect(asked.log.locator(".live")).to_have_count(0)
    expect(asked.bot.last).to_contain_text("1억원까지 보호돼요")
    expect(asked.log.get_by_text("답변을 멈췄어요")).to_have_count(0)


def test_it_is_stopped_and_what_was_read_stays(asked: Chat) -> None:
    asked.log.get_by_role("button", name="멈추기").click()
    expect(asked.log.locator(".live")).to_have_count(0)
    expect(asked.bot.last).to_have_text(FIRST)
    expect(asked.log.get_by_text("답변을 멈췄어요")).to_be_visible()
    expect(asked.log.locator(".source").first).to_be_visible()
    asked.page.reload()
    asked.launcher.click()
    expect(asked.bot.last).to_have_text(FIRST)
    expect(asked.log.get_by_text("답변을 멈췄어요")).to_be_visible()


def test_the_keyboard_stops_it_too_and_goes_back_to_the_field(asked: Chat) -> None:
    stop = asked.log.get_by_role("button", name="멈추기")
    stop.focus()
    asked.page.keyboard.press("Enter")
    expect(asked.log.locator(".live")).to_have_count(0)
    expect(asked.field).to_be_focused()


def test_nothing_is_read_out_before_it_is_whole(asked: Chat, model: SlowModel) -> None:
    spoken = asked.root.locator("[aria-live=polite]")
    expect(spoken).not_to_contain_text("1억원까지")
    model.go_on.set()
    expect(spoken).to_contain_text("1억원까지 보호돼요")
