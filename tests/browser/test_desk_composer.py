"""What goes out besides words, and what is called back: files, emoji, a moment to think again."""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .test_desk_work import Agent, agent, until_said, waiting  # noqa: F401

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
PDF = b"%PDF-1.7\n%%EOF\n"
SCRIPT = "<img src=x onerror=document.title='owned'>.png"


def choose(agent: Agent, *files: tuple[str, str, bytes]) -> None:  # noqa: F811
    """By the button, as an agent does."""
    with agent.page.expect_file_chooser() as chooser:
        agent.page.get_by_role("button", name="파일 첨부").click()
    chooser.value.set_files([{"name": n, "mimeType": kind, "buffer": data} for n, kind, data in files])


@pytest.fixture
def talk(chat: Any, desk: Any) -> Any:
    """A customer at the widget, asking for a person; the case."""
    chat.open()
    chat.say("상담원 바꿔 주세요")
    return chat, desk.case_of(chat.conversation_id)["id"]


@pytest.fixture
def colleague(new_page: Callable[..., Page], desk: Any) -> Callable[..., Agent]:
    """김민지 on a screen of her own: `colleague(undo=True, **PHONE)`."""

    def make(**options: Any) -> Agent:
        page = new_page(**options)
        page.add_init_script(
            f"localStorage.setItem('sangdam.desk.token', JSON.stringify('{desk.api.token}'))"
        )
        page.goto("/desk")
        return Agent(page)

    return make


def test_files_are_looked_at_then_sent_and_open_at_the_customers(
    colleague: Callable[..., Agent], talk: Any, violations: Any
) -> None:
    chat, case_id = talk
    agent = colleague()  # noqa: F811
    agent.accept(case_id)
    choose(
        agent,
        ("지점 약도.png", "image/png", PNG),
        ("약관.pdf", "application/pdf", PDF),
        ("a.exe", "application/x-msdownload", b"MZ"),
        ("빈.png", "image/png", b""),
    )
    tray = agent.page.get_by_role("list", name="보낼 파일")
    expect(tray.get_by_role("listitem")).to_have_count(4)
    expect(tray).to_contain_text("이 형식은 보낼 수 없어요")
    expect(tray).to_contain_text("빈 파일은 보낼 수 없어요")
    assert violations(agent.page) == []
    agent.field.fill("약도와 약관이에요")
    agent.field.press("Enter")
    # What can't be sent stays with its reason.
    expect(tray.get_by_role("listitem")).to_have_count(2)
    tray.get_by_role("button", name="a.exe 빼기").click()
    tray.get_by_role("button", name="빈.png 빼기").click()
    expect(tray).to_have_count(0)
    sent = agent.thread.locator(".group.agent .attachment")
    expect(sent).to_have_count(2)
    expect(sent.first.get_by_role("img", name="지점 약도.png")).to_be_visible()
    expect(agent.thread.locator(".group.agent .bubble").last).to_have_text("약도와 약관이에요")
    # At the customer's: shown as what they are, in their order, and opened by nobody but the customer.
    picture = chat.log.get_by_role("button", name="지점 약도.png 내려받기")
    expect(picture.get_by_role("img")).to_be_visible()
    with chat.page.expect_download() as download:
        chat.log.get_by_role("button", name="약관.pdf").click()
    assert download.value.suggested_filename == "약관.pdf"
    assert download.value.path().read_bytes() == PDF
    assert violations(chat.page) == []


def test_a_script_in_a_files_name_stays_a_name(colleague: Callable[..., Agent], talk: Any) -> None:
    chat, case_id = talk
    agent = colleague()  # noqa: F811
    agent.accept(case_id)
    choose(agent, (SCRIPT, "image/png", PNG))
    expect(agent.page.get_by_role("list", name="보낼 파일")).to_contain_text(SCRIPT)
    agent.page.get_by_role("button", name="보내기", exact=True).click()
    expect(agent.thread.locator(".group.agent .attachment img")).to_have_attribute("alt", SCRIPT)
    expect(chat.log.get_by_role("button", name=f"{SCRIPT} 내려받기").get_by_role("img")).to_be_visible()
    assert "owned" not in (agent.page.title(), chat.page.title())


def test_dropped_and_pasted_files_wait_in_their_conversation(
    colleague: Callable[..., Agent], talk: Any
) -> None:
    _, case_id = talk
    agent = colleague()  # noqa: F811
    agent.accept(case_id)
    give = """(place, [kind, name]) => {
        const data = new DataTransfer();
        data.items.add(new File([new Uint8Array([1, 2, 3])], name, { type: "image/png" }));
        const options = { bubbles: true, cancelable: true };
        place.dispatchEvent(kind === "drop"
            ? new DragEvent("drop", { dataTransfer: data, ...options })
            : new ClipboardEvent("paste", { clipboardData: data, ...options }));
    }"""
    agent.thread.evaluate(give, ["drop", "끌어온 사진.png"])
    agent.field.evaluate(give, ["paste", "붙인 사진.png"])
    tray = agent.page.get_by_role("list", name="보낼 파일")
    expect(tray.locator(".file-name")).to_have_text(["끌어온 사진.png", "붙인 사진.png"])
    agent.page.get_by_role("button", name="메모", exact=True).click()
    expect(tray).to_have_count(0)
    agent.reply_mode.click()
    expect(tray.locator(".file-name")).to_have_count(2)


def test_emoji_by_the_keyboard_go_in_at_the_caret(
    colleague: Callable[..., Agent],
    waiting: Any,  # noqa: F811
    violations: Any,
) -> None:
    customer, case_id = waiting
    agent = colleague()  # noqa: F811
    agent.accept(case_id)
    agent.field.fill("네 감사합니다")
    agent.field.press("Home")
    agent.field.press("ArrowRight")
    agent.page.get_by_role("button", name="이모지", exact=True).focus()
    agent.page.keyboard.press("Enter")
    box = agent.page.get_by_role("dialog", name="이모지 고르기")
    expect(box.get_by_role("searchbox", name="이모지 찾기")).to_be_focused()
    assert violations(agent.page) == []
    agent.page.keyboard.press("ArrowDown")
    agent.page.keyboard.press("ArrowRight")
    expect(box.get_by_role("button", name="활짝 웃음")).to_be_focused()
    agent.page.keyboard.press("Escape")
    expect(box).to_have_count(0)
    expect(agent.field).to_be_focused()
    agent.page.get_by_role("button", name="이모지", exact=True).click()
    box.get_by_role("searchbox").fill("미소")
    agent.page.keyboard.press("Enter")
    expect(agent.field).to_be_focused()
    expect(agent.field).to_have_value("네😊 감사합니다")
    agent.field.press("Enter")
    expect(agent.thread.locator(".group.agent .bubble")).to_have_text(["네😊 감사합니다"])
    until_said(customer, "agent", ["네😊 감사합니다"])


def test_a_sent_message_can_be_called_back_before_it_leaves(
    colleague: Callable[..., Agent],
    waiting: Any,  # noqa: F811
) -> None:
    customer, case_id = waiting
    agent = colleague(undo=True)  # noqa: F811
    agent.accept(case_id)
    agent.field.fill("잘못 쓴 말이에요")
    agent.field.press("Enter")
    out = agent.thread.locator(".outgoing")
    expect(out).to_contain_text(re.compile("[123]초 뒤에 보내요"))
    agent.field.press("Control+z")
    expect(out).to_have_count(0)
    expect(agent.field).to_have_value("잘못 쓴 말이에요")
    agent.field.fill("두 번째")
    agent.field.press("Enter")
    out.get_by_role("button", name="되돌리기").click()
    agent.field.fill("고친 말이에요")
    agent.field.press("Enter")
    expect(agent.thread.locator(".group.agent:not(.outgoing) .bubble")).to_have_text(["고친 말이에요"])
    time.sleep(0.3)
    until_said(customer, "agent", ["고친 말이에요"])


def test_what_was_just_written_goes_out_before_the_case_ends_or_the_page_goes(
    colleague: Callable[..., Agent],
    waiting: Any,  # noqa: F811
) -> None:
    customer, case_id = waiting
    agent = colleague(undo=True)  # noqa: F811
    agent.accept(case_id)
    agent.field.fill("곧 확인할게요")
    agent.field.press("Enter")
    expect(agent.thread.locator(".outgoing")).to_have_count(1)
    agent.page.reload()
    agent.open(case_id, "내 대화")
    expect(agent.thread.locator(".group.agent:not(.outgoing) .bubble")).to_have_text(["곧 확인할게요"])
    agent.field.fill("다 됐어요. 감사합니다")
    agent.field.press("Enter")
    agent.page.get_by_role("button", name="마무리", exact=True).click()
    sheet = agent.page.get_by_role("dialog")
    sheet.get_by_label("해결", exact=True).check()
    sheet.get_by_role("button", name="마무리하기").click()
    expect(agent.page.locator(".closed-bar")).to_be_visible()
    until_said(customer, "agent", ["곧 확인할게요", "다 됐어요. 감사합니다"])
