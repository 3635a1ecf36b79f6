"""Files: chosen, dropped, refused in words, sent, seen again by the customer and on the desk."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def choose(chat: Any, name: str = "영수증.png", kind: str = "image/png", data: bytes = PNG) -> None:
    """By the menu, as a customer does."""
    chat.root.get_by_role("button", name="더 보기").click()
    with chat.page.expect_file_chooser() as chooser:
        chat.root.get_by_role("menuitem", name="사진·파일 보내기").click()
    chooser.value.set_files({"name": name, "mimeType": kind, "buffer": data})


def test_a_picture_is_sent_shown_and_there_after_a_reload(chat: Any) -> None:
    chat.open()
    choose(chat)
    sent = chat.log.get_by_role("button", name="영수증.png 내려받기")
    expect(sent.get_by_role("img")).to_be_visible()
    expect(chat.bot.last).to_contain_text("파일을 받았어요")
    expect(chat.root.get_by_role("list", name="보내는 파일")).to_have_count(0)
    chat.page.reload()
    chat.launcher.click()
    expect(sent.get_by_role("img")).to_be_visible()
    with chat.page.expect_download() as download:
        sent.click()
    assert download.value.suggested_filename == "영수증.png"
    assert download.value.path().read_bytes() == PNG


@pytest.mark.parametrize(
    ("kind", "data", "words"),
    [
        ("application/x-msdownload", b"MZ", "이 형식은 보낼 수 없어요. 이미지나 PDF로 보내 주세요"),
        ("image/png", b"MZ\x90\x00 a program", "이 형식은 보낼 수 없어요. 이미지나 PDF로 보내 주세요"),
        ("image/png", b"", "빈 파일은 보낼 수 없어요"),
    ],
)
def test_what_is_not_taken_says_why_and_can_be_put_away(
    chat: Any, kind: str, data: bytes, words: str
) -> None:
    chat.open()
    choose(chat, "사진.png", kind, data)
    waiting = chat.root.get_by_role("list", name="보내는 파일")
    expect(waiting).to_contain_text(words)
    expect(waiting.get_by_role("button", name="다시 보내기")).to_have_count(0)
    waiting.get_by_role("button", name="사진.png 지우기").click()
    expect(waiting).to_have_count(0)
    expect(chat.own).to_have_count(0)


def test_a_file_over_the_limit_never_leaves(chat: Any) -> None:
    chat.open()
    left: list[str] = []
    chat.page.on("request", lambda request: left.append(request.url))
    chat.panel.evaluate(
        """(panel) => {
            const data = new DataTransfer();
            data.items.add(new File([new Uint8Array(20 * 1024 * 1024 + 1)], "큰 사진.png", { type: "image/png" }));
            panel.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
        }"""
    )
    expect(chat.root.get_by_role("list", name="보내는 파일")).to_contain_text("20MB까지 보낼 수 있어요")
    assert [url for url in left if "/api/chat/files" in url] == []


def test_a_lost_line_is_tried_again(chat: Any) -> None:
    chat.open()
    chat.page.route("**/api/chat/files?**", lambda route: route.abort())
    choose(chat)
    waiting = chat.root.get_by_role("list", name="보내는 파일")
    expect(waiting).to_contain_text("파일을 올리지 못했어요")
    chat.page.unroute("**/api/chat/files?**")
    waiting.get_by_role("button", name="다시 보내기").click()
    expect(chat.log.get_by_role("button", name="영수증.png 내려받기")).to_have_count(1)


def test_dropped_and_pasted_files_are_taken(chat: Any) -> None:
    chat.open()
    for kind, field in (("drop", "dataTransfer"), ("paste", "clipboardData")):
        chat.panel.evaluate(
            """(panel, [kind, field, bytes]) => {
                const data = new DataTransfer();
                data.items.add(new File([new Uint8Array(bytes)], `${kind}.png`, { type: "image/png" }));
                const made = kind === "drop" ? DragEvent : ClipboardEvent;
                panel.dispatchEvent(new made(kind, { [field]: data, bubbles: true, cancelable: true }));
            }""",
            [kind, field, list(PNG)],
        )
        expect(chat.log.get_by_role("button", name=f"{kind}.png 내려받기")).to_be_visible()


def test_a_name_with_markup_is_only_a_name(chat: Any) -> None:
    chat.open()
    choose(chat, "<img src=x onerror=alert(1)>.png")
    expect(chat.log.locator(".sent-file")).to_be_visible()
    assert chat.log.locator("img[src='x']").count() == 0


def test_the_desk_sees_it(chat: Any, desk: Any, new_page: Callable[..., Any]) -> None:
    chat.open()
    choose(chat)
    expect(chat.log.locator(".sent-file img")).to_be_visible()
    chat.human.click()
    case_id = desk.case_of(chat.conversation_id)["id"]
    desk.accept(case_id)
    screen = new_page()
    screen.add_init_script(f"localStorage.setItem('sangdam.desk.token', JSON.stringify('{desk.api.token}'))")
    screen.goto("/desk")
    screen.locator(f'.row[data-id="{case_id}"]').click()
    picture = screen.get_by_role("img", name="영수증.png")
    expect(picture).to_be_visible()
    assert picture.evaluate("(one) => one.naturalWidth") == 1
    desk.close(case_id)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(
    make_chat: Callable[..., Any], violations: Callable[..., list[str]], scheme: str
) -> None:
    chat = make_chat(color_scheme=scheme, reduced_motion="reduce").open()
    choose(chat)
    expect(chat.log.locator(".sent-file img")).to_be_visible()
    choose(chat, "a.png", "image/png", b"MZ\x90\x00 a program")
    expect(chat.root.get_by_role("list", name="보내는 파일")).to_contain_text("이 형식은")
    assert violations(chat.page, within="sangdam-chat") == []
