"""Scenario 6: an answer shows where it comes from, and takes a judgement; buttons and markup of messages."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

import pytest
from playwright.sync_api import expect

QUESTION = "예금자 보호 한도가 얼마예요?"


@pytest.fixture
def answered(chat: Any) -> Any:
    chat.open()
    chat.say(QUESTION)
    expect(chat.log.locator(".source")).to_have_count(1)
    return chat


def test_the_source_opens_inside_takes_focus_and_gives_it_back(answered: Any) -> None:
    chip = answered.log.locator(".source")
    chip.click()
    sheet = answered.root.get_by_role("dialog", name="예금자 보호 안내")
    expect(sheet.get_by_role("button", name="근거 닫기")).to_be_focused()
    expect(sheet.locator("mark").first).to_contain_text("1억원")
    link = sheet.get_by_role("link", name="원문 보기")
    assert "/knowledge/accounts/protection.md#" in (link.get_attribute("href") or "")
    for _ in range(4):
        answered.page.keyboard.press("Tab")
        assert answered.page.evaluate(
            "() => document.querySelector('sangdam-chat').shadowRoot.activeElement.closest('.sheet') !== null"
        )
    answered.page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
    expect(chip).to_be_focused()
    expect(answered.panel).to_be_visible()


def test_the_document_opens_at_the_cited_place(answered: Any) -> None:
    answered.log.locator(".source").click()
    with answered.page.context.expect_page() as opened:
        answered.root.get_by_role("link", name="원문 보기").click()
    expect(opened.value.locator("section:target")).to_contain_text("1억원")


def test_a_judgement_is_given_taken_back_and_kept_once(answered: Any, live_server: Any) -> None:
    up = answered.log.get_by_role("button", name="도움돼요")
    up.click()
    expect(up).to_have_attribute("aria-pressed", "true")
    up.click()
    expect(up).to_have_attribute("aria-pressed", "false")
    answered.log.get_by_role("button", name="아니에요").click()
    why = answered.log.get_by_role("group", name="어떤 점이 아쉬웠나요?")
    why.get_by_role("button", name="질문과 달라요").click()
    expect(answered.log.get_by_role("button", name="아니에요")).to_have_attribute("aria-pressed", "true")
    expect(why.get_by_role("button", name="사람 연결")).to_be_visible()
    answered.page.wait_for_timeout(200)

    judged = feedback_of(live_server, answered.conversation_id)
    assert [(one["value"], one.get("reason")) for one in judged] == [
        ("up", ""),
        (None, ""),
        ("down", ""),
        ("down", "질문과 달라요"),
    ]
    assert len({one["message_id"] for one in judged}) == 1

    answered.page.reload()
    answered.launcher.click()
    expect(answered.log.get_by_role("button", name="아니에요")).to_have_attribute("aria-pressed", "true")


def feedback_of(server: Any, conversation_id: str) -> list[dict[str, Any]]:
    """Events of feedback in the log, in order."""
    database = sqlite3.connect(f"file:{server.data_dir / 'sangdam.db'}?mode=ro", uri=True)
    try:
        rows = database.execute(
            "SELECT body FROM events WHERE conversation_id = ? AND kind = 'feedback' ORDER BY seq",
            [conversation_id],
        ).fetchall()
    finally:
        database.close()
    return [json.loads(body) for (body,) in rows]


def test_quick_replies_are_said_by_a_press_and_vanish(chat: Any) -> None:
    chat.open()
    chat.say("안녕하세요")
    quick = chat.root.get_by_role("group", name="빠른 답장")
    loss = quick.get_by_role("button", name="카드 분실 신고")
    loss.focus()
    chat.page.keyboard.press("ArrowRight")
    expect(quick.get_by_role("button", name="이체 한도 변경")).to_be_focused()
    loss.click()
    expect(chat.own.last).to_have_text("카드 분실 신고")
    expect(chat.bot.last).to_contain_text("휴대전화")
    expect(loss).to_have_count(0)


def test_the_menu_reaches_a_person_by_keys(chat: Any) -> None:
    chat.open()
    chat.root.get_by_role("button", name="더 보기").click()
    menu = chat.root.get_by_role("menu")
    expect(menu.get_by_role("menuitem", name="사람 연결")).to_be_focused()
    chat.page.keyboard.press("ArrowDown")
    expect(menu.get_by_role("menuitem", name="전화로 받기")).to_be_focused()
    chat.page.keyboard.press("Escape")
    expect(menu).to_have_count(0)
    expect(chat.panel).to_be_visible()
    chat.root.get_by_role("button", name="더 보기").click()
    chat.page.keyboard.press("Enter")
    expect(chat.root.locator("header")).to_contain_text("상담원 연결 중")


def test_the_conversation_can_be_taken_home(chat: Any) -> None:
    chat.open()
    chat.say("안녕하세요")
    expect(chat.bot).to_have_count(2)
    chat.root.get_by_role("button", name="더 보기").click()
    with chat.page.expect_download() as download:
        chat.root.get_by_role("menuitem", name="대화 내려받기").click()
    assert download.value.suggested_filename == "이음은행 고객센터 대화.txt"
    assert "나: 안녕하세요" in download.value.path().read_text()
