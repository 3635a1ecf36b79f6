"""The microphone: what goes over `/voice/browser` is what docs/reference/web-chat.md says, and errors are words."""

from __future__ import annotations

import json
import struct
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import WebSocketRoute, expect

TONE = struct.pack("<1600h", *[8000 if n % 40 < 20 else -8000 for n in range(1600)])
"""A tenth of a second."""


class Line:
    """The server's side of a call."""

    def __init__(self) -> None:
        self.route: WebSocketRoute | None = None
        self.told: list[dict[str, Any]] = []
        self.heard: list[bytes] = []
        self.refuses = False

    def answer(self, route: WebSocketRoute) -> None:
        self.route = route
        route.on_message(self._take)

    def _take(self, frame: str | bytes) -> None:
        if isinstance(frame, bytes):
            self.heard.append(frame)
            return
        told = json.loads(frame)
        self.told.append(told)
        if told["type"] == "start":
            self.say(
                {"type": "end", "reason": "bad_token"}
                if self.refuses
                else {"type": "ready", "sample_rate": 16000}
            )

    def say(self, frame: dict[str, Any] | bytes) -> None:
        assert self.route is not None
        self.route.send(frame if isinstance(frame, bytes) else json.dumps(frame))

    def marks(self) -> list[str]:
        return [told["name"] for told in self.told if told["type"] == "mark"]


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
def chat(make_chat: Callable[..., Any], line: Line) -> Any:
    chat = make_chat(permissions=["microphone"])
    chat.page.context.route_web_socket("**/voice/browser", line.answer)
    return chat.open()


def wait_until(chat: Any, true: Callable[[], bool]) -> None:
    until = time.monotonic() + 5
    while not true() and time.monotonic() < until:
        chat.page.wait_for_timeout(20)
    assert true()


def call(chat: Any) -> Any:
    chat.root.get_by_role("button", name="음성으로 상담하기").click()
    return chat.root.get_by_role("region", name="음성 상담")


def test_a_call_from_start_to_hanging_up(chat: Any, line: Line, violations: Callable[..., list[str]]) -> None:
    bar = call(chat)
    expect(bar).to_contain_text("말씀해 주세요")
    assert line.told[0]["type"] == "start"
    assert line.told[0]["sample_rate"] == 16000
    assert line.told[0]["token"].count(".") == 2
    wait_until(chat, lambda: len(line.heard) > 20)
    assert {len(frame) for frame in line.heard} == {1280}, "40 ms of 16 bit at 16 kHz"
    loudest = max(abs(sample) for frame in line.heard for (sample,) in struct.iter_unpack("<h", frame))
    assert loudest > 1000, "the microphone is heard"

    line.say({"type": "speech_start"})
    expect(bar).to_contain_text("듣고 있어요")
    line.say({"type": "transcript", "text": "카드를 잃어버렸어요", "final": True})
    expect(bar).to_contain_text("카드를 잃어버렸어요")
    assert violations(chat.page) == []

    line.say(TONE * 3)
    line.say({"type": "mark", "name": "answer-1"})
    expect(bar).to_contain_text("답하고 있어요")
    wait_until(chat, lambda: line.marks() == ["answer-1"])
    expect(bar).to_contain_text("말씀해 주세요")

    bar.get_by_role("button", name="통화 끝내기").click()
    expect(bar).to_have_count(0)
    wait_until(chat, lambda: line.told[-1] == {"type": "stop"})
    expect(chat.field).to_be_focused()


def test_clear_silences_what_was_not_played(chat: Any, line: Line) -> None:
    bar = call(chat)
    expect(bar).to_contain_text("말씀해 주세요")
    line.say(TONE * 30)
    line.say({"type": "mark", "name": "long"})
    expect(bar).to_contain_text("답하고 있어요")
    line.say({"type": "clear"})
    expect(bar).to_contain_text("말씀해 주세요", timeout=1_000)
    line.say({"type": "mark", "name": "after"})
    wait_until(chat, lambda: "after" in line.marks())
    assert line.marks() == ["after"]


def test_muting_sends_silence(chat: Any, line: Line) -> None:
    bar = call(chat)
    expect(bar).to_contain_text("말씀해 주세요")
    bar.get_by_role("button", name="마이크 끄기").click()
    expect(bar).to_contain_text("마이크를 껐어요")
    chat.page.wait_for_timeout(200)
    line.heard.clear()
    wait_until(chat, lambda: len(line.heard) > 10)
    assert not any(any(frame) for frame in line.heard)


def test_a_refused_call_is_said_in_words(chat: Any, line: Line) -> None:
    line.refuses = True
    call(chat)
    strip = chat.root.locator(".strip.problem")
    expect(strip).to_contain_text("음성 상담에 연결하지 못했어요")
    strip.get_by_role("button", name="확인").click()
    expect(strip).to_have_count(0)


def test_a_lost_call_is_said_in_words(chat: Any, line: Line) -> None:
    bar = call(chat)
    expect(bar).to_contain_text("말씀해 주세요")
    assert line.route is not None
    line.route.close()
    expect(chat.root.locator(".strip.problem")).to_contain_text("통화가 끊겼어요")
    expect(bar).to_have_count(0)


def test_a_refused_microphone_is_said_in_words(make_chat: Callable[..., Any]) -> None:
    chat = make_chat()
    chat.page.add_init_script(
        "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'))"
    )
    chat.open()
    call(chat)
    expect(chat.root.locator(".strip.problem")).to_contain_text("마이크를 허용해 주세요")


def test_without_calls_there_is_no_microphone(make_chat: Callable[..., Any]) -> None:
    chat = make_chat()

    def without_voice(route: Any) -> None:
        session = route.fetch().json()
        route.fulfill(json=session | {"voice": False})

    chat.page.route("**/api/chat/session", without_voice)
    chat.open()
    chat.say("안녕하세요")
    expect(chat.bot).to_have_count(2)
    expect(chat.root.get_by_role("button", name="음성으로 상담하기")).to_have_count(0)
