"""Scenario 5: on a telephone the panel fills the screen, follows the keyboard, and gives the host page back as it was."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

STUB = """() => {
  const view = new EventTarget();
  let shown = null;
  Object.defineProperty(view, 'height', {get: () => shown ?? innerHeight});
  Object.assign(view, {offsetTop: 0, scale: 1});
  Object.defineProperty(window, 'visualViewport', {value: view, configurable: true});
  window.keyboard = (height, offset = 0) => {
    shown = height;
    view.offsetTop = offset;
    view.dispatchEvent(new Event('resize'));
  };
}"""


@pytest.fixture
def chat(phone_chat: Any) -> Any:
    phone_chat.page.add_init_script(f"({STUB})()")
    return phone_chat


def bottom(locator: Any) -> float:
    box = locator.bounding_box()
    return float(box["y"] + box["height"])


def test_the_panel_ends_where_the_keyboard_begins(chat: Any) -> None:
    chat.open()
    for text in ("안녕하세요", "예금자 보호 한도가 얼마예요?"):
        chat.say(text)
    expect(chat.log.locator(".source")).to_be_visible()
    chat.page.evaluate("() => keyboard(420)")
    composer = chat.root.locator(".composer")
    chat.page.wait_for_function(
        "() => document.querySelector('sangdam-chat').shadowRoot.querySelector('.panel').offsetHeight === 420"
    )
    assert abs(bottom(composer) - 420) <= 1
    expect(chat.root.locator("header")).to_be_in_viewport()
    chat.page.wait_for_timeout(100)
    last = chat.log.locator(".line").last.bounding_box()
    assert last is not None
    assert last["y"] + last["height"] <= composer.bounding_box()["y"] + 1
    chat.page.evaluate("() => keyboard(420, 60)")
    chat.page.wait_for_timeout(100)
    assert abs(bottom(composer) - 480) <= 1


def test_the_host_page_is_back_where_it_was(chat: Any) -> None:
    chat.visit()
    chat.page.evaluate("() => scrollTo({top: 500, behavior: 'instant'})")
    chat.launcher.tap()
    expect(chat.panel).to_have_attribute("aria-modal", "true")
    expect(chat.launcher).to_be_hidden()
    assert chat.page.evaluate("() => document.documentElement.style.overflow") == "hidden"
    expect(chat.field).not_to_be_focused()
    chat.root.locator("header").get_by_role("button", name="상담 닫기").tap()
    expect(chat.panel).to_be_hidden()
    assert chat.page.evaluate("() => [scrollY, document.documentElement.style.overflow]") == [500, ""]


def test_back_closes_the_panel_and_stays_on_the_page(chat: Any) -> None:
    chat.open()
    chat.page.evaluate("() => history.back()")
    expect(chat.panel).to_be_hidden()
    assert chat.page.url.endswith("/")
    expect(chat.launcher).to_be_visible()


def test_enter_makes_a_line_and_the_button_sends(chat: Any) -> None:
    chat.open()
    chat.field.tap()
    # As the keyboard on the screen writes: without any physical key.
    chat.page.keyboard.insert_text("hello")
    chat.page.keyboard.press("Enter")
    expect(chat.field).to_have_value("hello\n")
    expect(chat.own).to_have_count(0)
    chat.send_button.tap()
    expect(chat.own).to_have_text(["hello"])


def test_enter_of_a_hardware_keyboard_sends(chat: Any) -> None:
    chat.open()
    chat.field.tap()
    chat.page.keyboard.type("hello")
    chat.page.keyboard.press("Enter")
    expect(chat.own).to_have_text(["hello"])
    expect(chat.field).to_have_value("")


def test_targets_are_big_enough_for_fingers(chat: Any) -> None:
    chat.open()
    chat.say("예금자 보호 한도가 얼마예요?")
    expect(chat.log.locator(".source")).to_be_visible()
    small = chat.panel.evaluate(
        """(panel) => [...panel.querySelectorAll('button, textarea')]
          .filter((one) => one.offsetParent && (one.offsetHeight < 44 || one.offsetWidth < 44))
          .map((one) => one.textContent || one.getAttribute('aria-label'))"""
    )
    assert small == []


def test_nothing_scrolls_sideways(chat: Any) -> None:
    chat.open()
    chat.say("가" * 300)
    chat.say("https://example.com/" + "a" * 200)
    expect(chat.own).to_have_count(2)
    assert chat.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    assert chat.log.evaluate("(log) => log.scrollWidth <= log.clientWidth")
