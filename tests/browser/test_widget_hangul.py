"""Scenario 1: one press of Enter is one message, last syllable included."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect


@pytest.fixture
def open_chat(chat: Any) -> Any:
    chat.open()
    chat.field.focus()
    return chat


def type_hello(chat: Any) -> None:
    """안 committed, 녕 still in composition."""
    chat.compose("ㅇ", "아", "안")
    chat.commit("안")
    chat.compose("ㄴ", "녀", "녕")


def test_chrome_order_sends_once_with_the_last_syllable(open_chat: Any) -> None:
    type_hello(open_chat)
    open_chat.key("rawKeyDown", 229)
    open_chat.commit("녕")
    open_chat.key("keyDown", 13)
    open_chat.key("keyUp", 13)
    expect(open_chat.own).to_have_text(["안녕"])
    expect(open_chat.field).to_have_value("")
    expect(open_chat.bot.nth(1)).to_be_visible()


def test_safari_order_sends_once(open_chat: Any) -> None:
    open_chat.field.fill("안녕")
    prevented = open_chat.field.evaluate(
        """(field) => {
          field.dispatchEvent(new CompositionEvent('compositionend', {data: '녕', bubbles: true}));
          const key = new KeyboardEvent('keydown', {key: 'Enter', code: 'Enter', keyCode: 229, bubbles: true, cancelable: true});
          field.dispatchEvent(key);
          const line = new InputEvent('beforeinput', {inputType: 'insertLineBreak', bubbles: true, cancelable: true});
          field.dispatchEvent(line);
          return [key.defaultPrevented, line.defaultPrevented];
        }"""
    )
    assert prevented == [False, True]
    expect(open_chat.own).to_have_text(["안녕"])


def test_shift_and_a_held_key_send_nothing_more(open_chat: Any) -> None:
    type_hello(open_chat)
    open_chat.commit("녕")
    open_chat.key("keyDown", 13, shift=True)
    open_chat.key("keyUp", 13, shift=True)
    expect(open_chat.field).to_have_value("안녕\n")
    expect(open_chat.own).to_have_count(0)
    open_chat.key("keyDown", 13)
    for _ in range(5):
        open_chat.key("keyDown", 13, repeat=True)
    open_chat.key("keyUp", 13)
    expect(open_chat.own).to_have_count(1)
    expect(open_chat.field).to_have_value("")


def test_the_button_in_the_middle_of_a_syllable_sends_it_whole(open_chat: Any) -> None:
    type_hello(open_chat)
    open_chat.send_button.click()
    expect(open_chat.own).to_have_text(["안녕"])
    expect(open_chat.field).to_have_value("")
    expect(open_chat.field).to_be_focused()


def test_twenty_in_a_row_leave_nothing_behind(open_chat: Any) -> None:
    for _ in range(20):
        type_hello(open_chat)
        open_chat.key("rawKeyDown", 229)
        open_chat.commit("녕")
        open_chat.key("keyDown", 13)
        open_chat.key("keyUp", 13)
        open_chat.page.wait_for_timeout(30)
    expect(open_chat.own).to_have_text(["안녕"] * 20, timeout=15_000)
    expect(open_chat.field).to_have_value("")


def test_escape_while_composing_closes_nothing(open_chat: Any) -> None:
    open_chat.compose("ㅎ", "하")
    open_chat.field.evaluate(
        """(field) => field.dispatchEvent(
          new KeyboardEvent('keydown', {key: 'Escape', keyCode: 229, bubbles: true, cancelable: true}))"""
    )
    expect(open_chat.panel).to_be_visible()
    open_chat.commit("하")
    open_chat.page.keyboard.press("Escape")
    expect(open_chat.panel).to_be_hidden()
    expect(open_chat.launcher).to_be_focused()


def test_the_host_page_never_sees_the_typing(open_chat: Any) -> None:
    open_chat.page.evaluate(
        "() => { window.heard = 0; document.addEventListener('keydown', () => window.heard++); }"
    )
    open_chat.field.press("j")
    open_chat.field.press("f")
    assert open_chat.page.evaluate("() => window.heard") == 0
