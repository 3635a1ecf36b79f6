"""The host page owes the widget nothing, and gets everything back: C7, C8 and the budgets of what it fetches."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Page, expect

HOSTILE = """<!doctype html><html lang="ko"><head><meta charset="utf-8"><title>가게</title>
<link rel="stylesheet" href="/host.css"></head><body><h1>가게</h1><p>{filler}</p>
<script async src="{origin}/widget.js" data-accent="#ffe812"></script></body></html>"""
STYLE = "html{font-size:62.5%} *{all:unset;display:block} body{zoom:1.25;transform:translateZ(0)}"
POLICY = (
    "default-src 'none'; style-src 'self'; script-src {origin}; connect-src {origin} {socket}; img-src {origin};"
    " require-trusted-types-for 'script'; base-uri 'none'"
)


@pytest.fixture
def shop(live_server: Any) -> Iterator[str]:
    """Another origin, with a reset that unsets everything and a policy that forbids the rest."""
    origin = live_server.url
    policy = POLICY.format(origin=origin, socket=origin.replace("http", "ws"))

    class Shop(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            css = self.path.endswith(".css")
            body = STYLE if css else HOSTILE.format(origin=origin, filler="글 " * 2000)
            self.send_response(200)
            self.send_header("Content-Type", "text/css" if css else "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Shop) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture
def host(page: Page, shop: str) -> Page:
    page.goto(shop)
    return page


def test_it_works_on_a_strict_foreign_page_and_looks_the_same(
    page: Page, shop: str, make_chat: Callable[..., Any]
) -> None:
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    page.goto(shop)
    home = make_chat().open()
    guest = type(home)(page)
    guest.launcher.click()
    expect(guest.panel).to_be_visible()
    guest.say("안녕하세요")
    expect(guest.bot).to_have_count(2)
    assert guest.panel.bounding_box() == home.panel.bounding_box()
    look = "(one) => { const s = getComputedStyle(one); return [s.fontSize, s.lineHeight, s.fontFamily, s.color, s.padding]; }"
    assert guest.bot.first.evaluate(look) == home.bot.first.evaluate(look)
    assert [text for text in refused if "favicon" not in text] == []


def test_a_yellow_brand_gets_black_text(host: Page) -> None:
    launcher = host.locator("sangdam-chat .launcher")
    colours = launcher.evaluate(
        "(one) => [getComputedStyle(one).backgroundColor, getComputedStyle(one).color]"
    )
    assert colours == ["rgb(255, 232, 18)", "rgb(0, 0, 0)"]


def test_calls_before_and_after_loading(page: Page) -> None:
    page.add_init_script(
        """window.heard = [];
        window.Sangdam = [['on', 'open', () => heard.push('open')], ['on', 'message', (m) => heard.push(m)],
          (api) => api.on('close', () => heard.push('close')), ['prefill', '카드 '], ['open']];"""
    )
    page.goto("/")
    field = page.locator("sangdam-chat textarea")
    expect(field).to_be_visible()
    expect(field).to_have_value("카드 ")
    page.evaluate("() => Sangdam.open({message: '안녕하세요'})")
    expect(page.locator("sangdam-chat .line.bot:not(.typing)")).to_have_count(2)
    page.evaluate("() => Sangdam.toggle()")
    expect(field).to_be_hidden()
    heard = page.evaluate("() => heard")
    assert heard == [
        "open",
        {"direction": "out", "kind": "text"},
        {"direction": "in", "kind": "bot"},
        "close",
    ]


def test_a_question_of_the_host_page_is_asked_even_before_anything_is_loaded(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="카드 분실 신고").click()
    expect(page.locator("sangdam-chat .line.customer .bubble")).to_have_text(["카드를 잃어버렸어요"])
    expect(page.locator("sangdam-chat .line.bot:not(.typing)")).to_have_count(2)


def test_the_theme_can_be_set(page: Page) -> None:
    page.goto("/")
    page.locator("sangdam-chat .launcher").click()
    panel = page.locator("sangdam-chat .panel")
    expect(panel).to_have_css("background-color", "rgb(255, 255, 255)")
    page.evaluate("() => Sangdam.setTheme({mode: 'dark'})")
    expect(panel).to_have_css("background-color", "rgb(20, 23, 28)")
    page.evaluate("() => Sangdam.setTheme({mode: 'auto', accent: '#0a7d4f'})")
    expect(page.locator("sangdam-chat .send")).to_have_css("background-color", "rgb(10, 125, 79)")


def test_a_page_may_ask_for_the_font_and_others_fetch_none(page: Page) -> None:
    wanted = '<!doctype html><html lang="ko"><body><script src="/widget.js" data-font="pretendard"></script>'
    page.route("**/with-font", lambda route: route.fulfill(body=wanted, content_type="text/html"))
    loaded = "() => [...document.fonts].some((f) => f.family.includes('Pretendard') && f.status === 'loaded')"
    page.goto("/with-font")
    page.locator("sangdam-chat .launcher").click()
    page.wait_for_function(loaded)
    page.evaluate("() => Sangdam.destroy()")
    assert page.evaluate("() => document.fonts.size") == 0
    fonts: list[str] = []
    page.on("request", lambda request: fonts.append(request.url) if "woff" in request.url else None)
    page.goto("/")
    page.locator("sangdam-chat .launcher").click()
    expect(page.locator("sangdam-chat .bubble").first).to_be_visible()
    assert fonts == []


def test_destroy_leaves_the_page_as_it_was(page: Page) -> None:
    page.goto("/")
    page.locator("sangdam-chat .launcher").click()
    expect(page.locator("sangdam-chat .panel")).to_be_visible()
    page.evaluate("() => Sangdam.destroy()")
    expect(page.locator("sangdam-chat")).to_have_count(0)
    left = page.evaluate(
        """() => [typeof window.Sangdam, document.adoptedStyleSheets.length, document.documentElement.style.cssText,
          document.documentElement.lastElementChild.tagName]"""
    )
    assert left == ["undefined", 0, "", "BODY"]


def test_nothing_shifts_and_little_is_fetched(page: Page, live_server: Any) -> None:
    sizes: dict[str, int] = {}
    page.on(
        "response",
        lambda response: (
            sizes.update({response.url: int(response.headers.get("content-length", 0))})
            if "widget" in response.url
            else None
        ),
    )
    page.add_init_script(
        """window.shift = 0;
        new PerformanceObserver((list) => list.getEntries().forEach((one) => (shift += one.value)))
          .observe({type: 'layout-shift', buffered: true});"""
    )
    page.goto("/")
    expect(page.locator("sangdam-chat .launcher")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert [url for url in sizes if "/assets/" in url] == [], "the panel waits until it is wanted"
    assert sum(sizes.values()) <= 3 * 1024
    page.locator("sangdam-chat .launcher").click()
    expect(page.locator("sangdam-chat .panel")).to_be_visible()
    page.wait_for_timeout(300)
    assert sum(sizes.values()) <= 35 * 1024
    assert page.evaluate("() => shift") == 0


def test_hashed_files_are_kept_for_good_and_the_loader_is_not(page: Page) -> None:
    kept: dict[str, str] = {}
    page.on(
        "response", lambda response: kept.update({response.url: response.headers.get("cache-control", "")})
    )
    page.goto("/")
    page.locator("sangdam-chat .launcher").click()
    expect(page.locator("sangdam-chat .panel")).to_be_visible()
    for url, rule in kept.items():
        if "/assets/" in url:
            assert "immutable" in rule, url
        elif url.endswith("/widget.js"):
            assert rule == "no-cache"
