"""A real server, a real browser, and the two people at its ends: `chat` (the widget on a page) and `desk` (HTTP).

All browser tests run in one worker, on one server.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    CDPSession,
    Locator,
    Page,
    Playwright,
    expect,
    sync_playwright,
)

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
CHROMIUM_ARGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--use-fake-device-for-media-stream",  # a microphone that beeps
]

PATIENCE = int(os.environ.get("BROWSER_PATIENCE", "5000"))
"""Milliseconds; more where a machine is busy with other things."""

expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what lies here; `make test` runs it apart, in one process: one server, one browser."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


# -- the server -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Service:
    """A running service, and an agent who may sign in to it."""

    url: str
    username: str
    password: str
    data_dir: Path
    identity_secret: str


@pytest.fixture(scope="session")
def live_server(start_server: Callable[..., Any]) -> Service:
    """One server for all browser tests; each test is a customer of its own."""
    if not (ROOT / "bot" / "server" / "static" / "widget.js").is_file():
        pytest.fail("The web parts are not built: run 'make web'.")
    return serve(start_server)


def serve(start_server: Callable[..., Any], **environ: str) -> Service:
    """A server with an agent who may sign in; tests that need other settings start their own."""
    identity_secret = secrets.token_urlsafe(32)
    server = start_server(SANGDAM_IDENTITY_SECRET=identity_secret, **environ)
    password = secrets.token_urlsafe(12)
    subprocess.run(
        [
            sys.executable,
            "-m",
            "bot.cli",
            "user",
            "add",
            "minji",
            "--name",
            "김민지",
            "--role",
            "supervisor",
            "--password-stdin",
        ],
        cwd=ROOT,
        env={**os.environ, "SANGDAM_DATA_DIR": str(server.data_dir)},
        input=password,
        text=True,
        check=True,
        capture_output=True,
    )
    return Service(server.url, "minji", password, server.data_dir, identity_secret)


# -- people without a browser ---------------------------------------------------------------------------------------


@dataclass
class Api:
    """JSON over HTTP with a bearer token."""

    url: str
    token: str = ""

    def __call__(self, method: str, path: str, body: Any = None) -> Any:
        request = urllib.request.Request(
            self.url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"},
        )
        with urllib.request.urlopen(request, timeout=10) as response:
            text = response.read()
        return json.loads(text) if text else None


@dataclass
class DeskClient:
    """An agent at work, over the desk's API."""

    api: Api
    name: str

    def case_of(self, conversation_id: str, state: str = "all") -> dict[str, Any]:
        """The newest case of a conversation, waited for."""
        for _ in range(50):
            for case in self.api("GET", f"/api/desk/cases?state={state}")["cases"]:
                if case["conversation_id"] == conversation_id:
                    return dict(case)
            time.sleep(0.1)
        raise AssertionError(f"no case of {conversation_id}")

    def accept(self, case_id: str) -> dict[str, Any]:
        """Take it."""
        return dict(self.api("POST", f"/api/desk/cases/{case_id}/accept", {}))

    def say(self, case_id: str, text: str) -> None:
        """Write to the customer."""
        body = {"text": text, "client_msg_id": uuid.uuid4().hex}
        self.api("POST", f"/api/desk/cases/{case_id}/messages", body)

    def clear(self) -> None:
        """End all that waits and all that is held, so that there is room for offers."""
        self.let_go()
        for case in self.api("GET", "/api/desk/cases?state=waiting")["cases"]:
            self._end(case["id"], "accept")

    def let_go(self) -> None:
        """End what earlier tests left with agents: nobody holds more than fits."""
        for case in self.api("GET", "/api/desk/cases?state=all")["cases"]:
            if case["state"] == "agent":
                self._end(case["id"], "take-over")

    def _end(self, case_id: str, act: str) -> None:
        # One that another test is just ending is none of ours.
        with suppress(urllib.error.HTTPError):
            self.api("POST", f"/api/desk/cases/{case_id}/{act}", {})
            self.close(case_id)

    def close(self, case_id: str) -> None:
        """End it."""
        self.api("POST", f"/api/desk/cases/{case_id}/close", {"code": "resolved", "note": "해결했어요"})


@dataclass
class Customer:
    """A customer over HTTP, for tests of the desk's side."""

    api: Api
    conversation_id: str

    def say(self, text: str) -> None:
        """Say something; returns when the turn is done."""
        self.api("POST", "/api/chat/messages", {"message": text, "client_msg_id": uuid.uuid4().hex})

    def messages(self) -> list[dict[str, Any]]:
        """What the customer sees."""
        return list(self.api("GET", "/api/chat/messages?after=0")["messages"])


@pytest.fixture
def desk(live_server: Service) -> DeskClient:
    """The demo agent, signed in and available."""
    login = {"username": live_server.username, "password": live_server.password}
    answer = Api(live_server.url)("POST", "/api/desk/login", login)
    client = DeskClient(Api(live_server.url, answer["token"]), answer["user"]["name"])
    client.let_go()
    return client


@pytest.fixture
def new_customer(live_server: Service) -> Callable[[], Customer]:
    """Makes customers, each with a new conversation."""

    def make() -> Customer:
        session = Api(live_server.url)("POST", "/api/chat/session", {})
        return Customer(Api(live_server.url, session["token"]), session["conversation_id"])

    return make


# -- the browser ----------------------------------------------------------------------------------------------------


def _chromium() -> str | None:
    named = os.environ.get("CHROMIUM") or "/usr/bin/chromium"
    return named if os.access(named, os.X_OK) else shutil.which("chromium") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """The driver."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Chromium as the system has it; nothing is downloaded."""
    path = _chromium()
    if path is None:
        pytest.skip("No Chromium found at /usr/bin/chromium or on PATH; set CHROMIUM to its path.")
    launched = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGS)
    yield launched
    launched.close()


DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
PHONE: dict[str, Any] = {
    "viewport": {"width": 375, "height": 812},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
}


_NO_UNDO = """
  if (location.pathname.startsWith('/desk')) {
    const kept = JSON.parse(localStorage.getItem('sangdam.desk.settings') ?? '{}');
    localStorage.setItem('sangdam.desk.settings', JSON.stringify({ undo: false, ...kept }));
  }
"""
"""Words leave at once: a moment to call each one back would only make tests wait."""


@pytest.fixture
def new_page(browser: Browser, live_server: Service) -> Iterator[Callable[..., Page]]:
    """Makes pages in contexts of their own (no storage is shared): `new_page(**PHONE, color_scheme="dark")`.

    With `undo=True` the desk gives its moment to call a sent message back.
    """
    contexts: list[BrowserContext] = []

    def make(undo: bool = False, **options: Any) -> Page:
        context = browser.new_context(
            **{**DESKTOP, "locale": "ko-KR", "timezone_id": "UTC", "base_url": live_server.url, **options}
        )
        context.set_default_timeout(PATIENCE)
        if not undo:
            context.add_init_script(_NO_UNDO)
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        with suppress(Exception):
            context.close()


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """A desktop page, light."""
    return new_page()


# -- the widget -----------------------------------------------------------------------------------------------------


@dataclass
class Chat:
    """The widget on a page, by what a customer sees and does."""

    page: Page
    cdp: CDPSession | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self.root = self.page.locator("sangdam-chat")
        self.launcher = self.root.locator(".launcher")
        self.panel = self.root.get_by_role("dialog", name="상담 창")
        self.field = self.root.get_by_role("textbox", name="메시지를 입력해 주세요")
        self.send_button = self.root.get_by_role("button", name="보내기", exact=True)
        self.human = self.root.locator("header").get_by_role("button", name="사람 연결")
        self.log = self.root.get_by_role("log")

    def visit(self, path: str = "/") -> Chat:
        """Go to the page."""
        self.page.goto(path)
        return self

    def open(self, path: str = "/") -> Chat:
        """Go to the page, open the panel, wait until it is connected."""
        self.visit(path)
        self.launcher.click()
        expect(self.panel).to_be_visible()
        self.wait_connected()
        return self

    def wait_connected(self) -> None:
        """The token is there and the first sync done."""
        self.page.wait_for_function(
            "localStorage.length > 0 && localStorage.getItem(localStorage.key(0)).includes('token')"
        )

    def say(self, text: str) -> None:
        """Type and send by the button."""
        self.field.fill(text)
        self.send_button.click()

    @property
    def own(self) -> Locator:
        """The customer's bubbles."""
        return self.log.locator(".line.customer .bubble")

    @property
    def bot(self) -> Locator:
        """The bot's bubbles, the greeting first."""
        return self.log.locator(".line.bot:not(.typing) .bubble")

    @property
    def conversation_id(self) -> str:
        """As the widget keeps it."""
        kept = self.page.evaluate(
            "() => Object.entries(localStorage).find(([key]) => key.startsWith('sangdam:'))?.[1] ?? '{}'"
        )
        return str(json.loads(kept)["session"]["conversation_id"])

    # Hangul as the input method makes it: trusted composition events, which only the protocol can give.

    def compose(self, *stages: str) -> None:
        """One syllable in its stages: ㅎ, 하, 한. Stays in composition."""
        for stage in stages:
            self._cdp().send(
                "Input.imeSetComposition",
                {"text": stage, "selectionStart": len(stage), "selectionEnd": len(stage)},
            )

    def commit(self, text: str) -> None:
        """Ends the composition."""
        self._cdp().send("Input.insertText", {"text": text})

    def key(self, kind: str, code: int, *, shift: bool = False, repeat: bool = False) -> None:
        """A raw key event of Enter; 229 is how an input method reports the key that it took."""
        self._cdp().send(
            "Input.dispatchKeyEvent",
            {
                "type": kind,
                "key": "Enter" if code == 13 else "Process",
                "code": "Enter",
                "windowsVirtualKeyCode": code,
                "modifiers": 8 if shift else 0,
                "autoRepeat": repeat,
                **({"text": "\r"} if kind == "keyDown" and code == 13 else {}),
            },
        )

    def _cdp(self) -> CDPSession:
        self.cdp = self.cdp or self.page.context.new_cdp_session(self.page)
        return self.cdp


@pytest.fixture
def chat(page: Page) -> Chat:
    """The widget on the demo page, not yet visited."""
    return Chat(page)


@pytest.fixture
def make_chat(new_page: Callable[..., Page]) -> Callable[..., Chat]:
    """Widgets of other screens: `make_chat(**PHONE)`."""
    return lambda **options: Chat(new_page(**options))


@pytest.fixture
def phone_chat(new_page: Callable[..., Page]) -> Chat:
    """The widget on a telephone."""
    return Chat(new_page(**PHONE))


# -- accessibility --------------------------------------------------------------------------------------------------

AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

_LOOK = """async ([within, tags]) => {
  // Axe measures colours within <body> only, and the widget stands beside it.
  const chat = document.querySelector('html > sangdam-chat');
  if (chat) document.body.moveBefore(chat, null);
  try {
    return await axe.run(within ?? document, {runOnly: {type: 'tag', values: tags}});
  } finally {
    if (chat) document.documentElement.moveBefore(chat, null);
  }
}"""


@pytest.fixture
def violations() -> Callable[..., list[str]]:
    """Axe on a page, open shadow roots included: one line a violation, none if all is well."""

    def check(page: Page, *, within: str | None = None) -> list[str]:
        if not page.evaluate("() => 'axe' in window"):
            page.evaluate(AXE.read_text())
        result = page.evaluate(_LOOK, [within, _RULES])
        return [
            f"{found['id']}: {node['target']} {node.get('failureSummary', '')}"
            for found in result["violations"]
            for node in found["nodes"]
        ]

    return check
