"""How fast the desk opens with many open cases, in a real Chromium; and, with `--pictures`, a picture of each of its pages.

    python benchmarks/desk_open.py [--assistant DIR] [--cases 500] [--times 10] [--pictures docs/images]

A whole server of the assistant on SQLite in a new folder. Every case comes of a conversation that went through the real
engine. Opening is measured in the page: from the beginning of the navigation until rows of the list are painted, once with
an empty browser (a first visit) and then with a filled cache. Needs Chromium (CHROMIUM or PATH) and playwright. Pictures are
written with a small palette, so that a folder of them stays small.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import logging
import os
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import structlog
from PIL import Image
from playwright.async_api import Browser, Page, async_playwright

from bot.bench.figures import summary_ms
from bot.conversation.messages import UserMessage
from bot.server.serve import listen, open_server, prepare
from bot.server.settings import load_settings

ROOT = Path(__file__).parents[1]
PORT = 18433
TALK = (
    ("안녕하세요", "카드 재발급 받으면 며칠 걸려요?"),
    ("카드를 잃어버렸어요", "010-1234-5678이에요", "진짜 짜증나네요"),
    ("이체 한도를 올리고 싶어요",),
    ("어제 보낸 돈이 다른 사람한테 갔어요", "빨리 좀 해 주세요"),
)
"""What customers say before they ask for a person."""
HELLO = "안녕하세요, 김민지예요. 앞에서 나누신 이야기를 모두 확인했어요."
OPENED = """
  window.opened = new Promise((resolve) => {
    const look = () => document.querySelector('.row[data-id]')
      ? requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now())))
      : requestAnimationFrame(look);
    look();
  });
"""
"""Milliseconds from the beginning of the navigation until rows are painted: the frame after the one that drew them."""
COLOURS = 128
"""Of a picture's palette: plain surfaces and text lose nothing that is seen."""


async def seed(server: Any, cases: int) -> None:
    """Conversations that ask for a person."""
    for number in range(cases):
        for text in TALK[number % len(TALK)]:
            await server.service.handle(
                UserMessage(conversation_id=f"web-{number:04}", text=text, channel="webchat")
            )
        asks = UserMessage(
            conversation_id=f"web-{number:04}",
            text="상담원 바꿔 주세요",
            channel="webchat",
            payload="/request_human",
        )
        await server.service.handle(asks)


@asynccontextmanager
async def served(assistant: Path, cases: int) -> AsyncIterator[tuple[str, str]]:
    """The server with its cases: its address, and the token of a supervisor who has three of them."""
    derived = load_settings(assistant)
    prepare(derived, lambda what, share: None)
    with tempfile.TemporaryDirectory() as folder:
        for name in ("encoder", "models", "index"):
            if (derived.data_dir / name).is_dir():
                shutil.copytree(derived.data_dir / name, Path(folder) / name)
        settings = load_settings(assistant, {"SANGDAM_DATA_DIR": folder, "SANGDAM_PORT": str(PORT)})
        server = await open_server(settings, prepare(settings, lambda what, share: None))
        password = secrets.token_urlsafe(12)
        await server.accounts.add_user("minji", "김민지", "admin", password)
        await server.accounts.add_user("junho", "박준호", "agent", password)
        await seed(server, cases)
        runner = await listen(server)
        url = f"http://127.0.0.1:{PORT}"
        async with aiohttp.ClientSession() as session:
            login = {"username": "minji", "password": password}
            async with session.post(f"{url}/api/desk/login", json=login) as response:
                token = str((await response.json())["token"])
            headers = {"Authorization": f"Bearer {token}"}
            for case in (await server.service.store.waiting_cases())[1:4]:
                accept = f"{url}/api/desk/cases/{case.id}/accept"
                async with session.post(accept, json={}, headers=headers) as response:
                    response.raise_for_status()
                write_to = f"{url}/api/desk/cases/{case.id}/messages"
                async with session.post(write_to, json={"text": HELLO}, headers=headers) as response:
                    response.raise_for_status()
        yield url, token
        await runner.cleanup()


async def desk(browser: Browser, url: str, token: str, **options: Any) -> Page:
    """A page of its own browser, signed in, not opened yet."""
    given = {"viewport": {"width": 1280, "height": 800}, "locale": "ko-KR", "timezone_id": "Asia/Seoul"}
    context = await browser.new_context(**{**given, **options})
    await context.add_init_script(
        f"localStorage.setItem('sangdam.desk.token', JSON.stringify('{token}'));{OPENED}"
    )
    return await context.new_page()


async def measure(browser: Browser, url: str, token: str, times: int) -> tuple[list[float], list[float]]:
    """Seconds of first visits, and of visits with a filled cache."""
    first, again = [], []
    for _ in range(times):
        page = await desk(browser, url, token)
        for took in (first, again):
            await page.goto(f"{url}/desk")
            took.append(await page.evaluate("window.opened") / 1000)
        await page.context.close()
    return first, again


async def keep(page: Page, file: Path) -> None:
    """A picture of what is there, once nothing moves and no word is in sight that is still being loaded."""
    still = 0
    while still < 3:
        await page.wait_for_timeout(250)
        still = 0 if await page.locator(".skeleton").count() else still + 1
    write(await page.screenshot(), file)


def write(png: bytes, file: Path) -> None:
    """With a palette."""
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS).save(file, optimize=True)
    print(f"{file}  {file.stat().st_size / 1024:.0f} KB")


def admin_tab(name: str) -> Callable[[Page], Awaitable[None]]:
    """Opens a tab of the administration."""

    async def go(page: Page) -> None:
        await page.locator(f"#admin-tab-{name}").click()

    return go


async def conversation(page: Page) -> None:
    """The first of the own cases."""
    await page.locator(".row[data-id]").first.click()
    await page.locator(".packet, #panel-packet").first.wait_for()


async def sheet(page: Page, key: str) -> None:
    """A sheet over the conversation, by its key."""
    await conversation(page)
    await page.keyboard.press("Escape")
    await page.keyboard.press(key)
    await page.get_by_role("dialog").wait_for()


async def pictures(browser: Browser, url: str, token: str, folder: Path) -> None:
    """One a page, and the sheets; a dark one and one of a telephone among them."""
    page = await desk(browser, url, "")
    await page.goto(f"{url}/desk")
    await page.get_by_label("비밀번호").wait_for()
    await keep(page, folder / "desk-sign-in.png")
    steps: list[tuple[str, str, Callable[[Page], Awaitable[None]] | None]] = [
        ("desk", "", conversation),
        ("desk-transfer", "", lambda page: sheet(page, "p")),
        ("desk-wrap-up", "", lambda page: sheet(page, "w")),
        ("desk-shortcuts", "", lambda page: sheet(page, "Shift+Slash")),
        ("desk-board", "#/board", None),
        ("desk-traces", "#/traces", None),
        ("desk-audit", "#/audit", None),
        *(
            (f"desk-admin-{name}", "#/admin", admin_tab(name))
            for name in ("users", "agents", "queues", "replies", "policies", "knowledge", "review")
        ),
    ]
    for name, place, act in steps:
        page = await desk(browser, url, token)
        await page.goto(f"{url}/desk{place}")
        await page.locator("main, .row").first.wait_for()
        if act is not None:
            await act(page)
        await keep(page, folder / f"{name}.png")
        await page.context.close()
    dark = await desk(browser, url, token, color_scheme="dark")
    await dark.goto(f"{url}/desk")
    await conversation(dark)
    await keep(dark, folder / "desk-dark.png")
    phone = await desk(browser, url, token, viewport={"width": 390, "height": 844})
    await phone.goto(f"{url}/desk")
    await phone.locator(".row[data-id]").first.click()
    await keep(phone, folder / "desk-phone.png")


async def main(options: argparse.Namespace) -> None:
    """Measures, then takes the pictures."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    async with served(options.assistant, options.cases) as (url, token), async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        if options.times:
            first, again = await measure(browser, url, token, options.times)
            print(f"desk opens, {options.cases} open cases, first visit: {summary_ms(first)}")
            print(f"desk opens, {options.cases} open cases, filled cache: {summary_ms(again)}")
        if options.pictures:
            await pictures(browser, url, token, options.pictures)
        await browser.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--assistant", type=Path, default=ROOT)
    parser.add_argument("--cases", type=int, default=500)
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--pictures", type=Path, help="folder to write pictures of the pages to")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    asyncio.run(main(parser.parse_args()))
