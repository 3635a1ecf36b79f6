"""English, pages on which the chat is hidden, and visitors whom the host's server vouches for."""

from __future__ import annotations

import time
from typing import Any

import jwt
import pytest
from playwright.sync_api import Page, expect

HOST = """<!doctype html><html lang="{lang}"><title>Host</title><body><h1>Shop</h1>
<script async src="/widget.js" {attributes}></script></body></html>"""


def host(page: Page, lang: str = "ko", attributes: str = "", path: str = "/shop") -> None:
    """A page of somebody else's with the widget in it."""
    page.route(
        "**/shop**",
        lambda route: route.fulfill(
            body=HOST.format(lang=lang, attributes=attributes), content_type="text/html; charset=utf-8"
        ),
    )
    page.goto(path)


def test_it_speaks_the_pages_language_and_changes_it(page: Page) -> None:
    host(page, "en")
    launcher = page.locator("sangdam-chat .launcher")
    expect(launcher).to_have_accessible_name("Open chat")
    launcher.click()
    panel = page.get_by_role("dialog", name="Chat window")
    expect(panel).to_have_attribute("lang", "en")
    field = panel.get_by_role("textbox", name="Write a message")
    field.fill("예금자 보호 한도가 얼마예요?")
    panel.get_by_role("button", name="Send").click()
    expect(panel.get_by_role("button", name="Helpful", exact=True)).to_be_visible(timeout=15_000)
    assert panel.locator("time").last.inner_text().endswith(("AM", "PM"))
    page.evaluate("() => Sangdam.setLanguage('ko')")
    expect(page.get_by_role("dialog", name="상담 창")).to_be_visible()
    expect(page.get_by_role("button", name="도움돼요")).to_be_visible()


def test_data_lang_is_stronger_than_the_page(page: Page) -> None:
    host(page, "en", 'data-lang="ko"')
    expect(page.locator("sangdam-chat .launcher")).to_have_accessible_name("상담 열기")


def test_it_hides_where_it_is_told_to(page: Page) -> None:
    host(page, attributes='data-hide-on="/shop/pay /shop/done"')
    launcher = page.locator("sangdam-chat .launcher")
    expect(launcher).to_be_visible()
    page.evaluate("() => history.pushState({}, '', '/shop/pay/card')")
    expect(launcher).to_be_hidden()
    page.evaluate("() => history.pushState({}, '', '/shop')")
    expect(launcher).to_be_visible()


def test_a_radius_and_a_topic_are_taken(page: Page) -> None:
    host(page)
    page.wait_for_function("() => window.Sangdam?.setTheme")
    page.evaluate(
        "async () => { await Sangdam.setTheme({radius: 4}); await Sangdam.open({topic: 'cards'}); }"
    )
    panel = page.get_by_role("dialog", name="상담 창")
    expect(panel).to_have_css("border-radius", "4px")


@pytest.mark.parametrize("given", ["customer-7", ""])
def test_a_bare_id_is_refused_and_nothing_changes(page: Page, given: str) -> None:
    host(page)
    page.wait_for_function("() => window.Sangdam?.identify")
    refused = page.evaluate(
        "async (token) => { try { await Sangdam.identify({token}); return false; } catch { return true; } }",
        given,
    )
    assert refused


def test_a_proven_person_has_the_own_conversation_and_the_next_none_of_it(
    page: Page, live_server: Any
) -> None:
    def prove(sub: str) -> str:
        now = int(time.time())
        claims = {"sub": sub, "iat": now, "exp": now + 300, "aud": "sangdam"}
        return jwt.encode(claims, live_server.identity_secret, algorithm="HS256")

    host(page)
    page.wait_for_function("() => window.Sangdam?.identify")
    identify = "async (token) => { await Sangdam.identify({token}); await Sangdam.open(); }"
    page.evaluate(identify, prove("one"))
    own = page.locator("sangdam-chat .line.customer .bubble")
    page.get_by_role("textbox", name="메시지를 입력해 주세요").fill("안녕하세요")
    page.get_by_role("button", name="보내기", exact=True).click()
    expect(page.locator("sangdam-chat .line.bot .bubble").last).to_contain_text("이음은행", timeout=15_000)
    page.evaluate(identify, prove("two"))
    expect(own).to_have_count(0)
    page.evaluate(identify, prove("one"))
    expect(own).to_have_text(["안녕하세요"], timeout=15_000)
