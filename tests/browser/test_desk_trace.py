"""The trace of a conversation at the desk, live, and conversations saved as tests: supervisors and agents, all screens."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from bot.conversation.e2e.files import load_cases

ROOT = Path(__file__).parents[2]
PASSWORD = "바다위의등대 2026"
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SCREENS = pytest.mark.parametrize(
    "screen", [{}, {"color_scheme": "dark"}, PHONE, {"viewport": {"width": 1920, "height": 1080}}], ids=str
)


@pytest.fixture
def open_page(new_page: Callable[..., Page], desk: Any) -> Callable[..., Page]:
    """The desk of the supervisor at a page of its own."""

    def make(path: str = "", **options: Any) -> Page:
        page = new_page(**options)
        page.add_init_script(
            f"localStorage.setItem('sangdam.desk.token', JSON.stringify('{desk.api.token}'))"
        )
        page.goto(f"/desk{path}")
        return page

    return make


@pytest.fixture
def agent_token(live_server: Any, desk: Any) -> str:
    """The token of an agent, who takes nothing."""
    arguments = ["user", "add", "tracer", "--name", "정하늘", "--role", "agent", "--password-stdin"]
    subprocess.run(
        [sys.executable, "-m", "bot.cli", *arguments],
        cwd=ROOT,
        env={**os.environ, "SANGDAM_DATA_DIR": str(live_server.data_dir)},
        input=PASSWORD,
        text=True,
        check=True,
        capture_output=True,
    )
    other = type(desk.api)(desk.api.url)
    other.token = other("POST", "/api/desk/login", {"username": "tracer", "password": PASSWORD})["token"]
    other("PUT", "/api/desk/me/state", {"state": "meal"})
    return str(other.token)


def picture(page: Page, name: str) -> None:
    """For eyes: only where PICTURES_OF_TESTS names a folder."""
    if folder := os.environ.get("PICTURES_OF_TESTS"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"))


def name_of(screen: dict[str, Any]) -> str:
    """Of a screen, for a file."""
    return f"{screen.get('viewport', {}).get('width', 1280)}{screen.get('color_scheme', '')}"


def fits(page: Page) -> bool:
    """Whether nothing scrolls sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@SCREENS
def test_a_conversation_with_the_bot_is_traced_live(
    open_page: Any, new_customer: Any, violations: Any, screen: dict[str, Any]
) -> None:
    customer = new_customer()
    customer.say("카드를 잃어버렸어요")
    page = open_page("#/traces", **screen)
    page.get_by_role("list", name="최근 대화").get_by_role("button").first.click()
    trace = page.get_by_role("region", name="대화 흐름")
    expect(trace.locator(".trace-turn").first).to_contain_text("카드를 잃어버렸어요")
    expect(trace).to_contain_text("‘카드 분실 신고’ 업무를 시작해요")
    expect(trace).to_contain_text("‘카드 분실 신고’: ‘전화번호’를 물어봤어요")
    customer.say("010-1234-5678이에요")
    newest = trace.locator(".trace-turn").first
    expect(newest).to_contain_text("010-****-5678이에요")
    expect(newest).to_contain_text("‘전화번호’ 값으로 010-****-5678을 받아요")
    expect(newest.locator(".why").first).to_contain_text("slots.")
    picture(page, f"traces-{name_of(screen)}")
    assert not violations(page) and fits(page)
    inner = trace.get_by_role("checkbox", name="내부 값도 보기")
    expect(trace.locator(".trace-line.of-inner")).to_have_count(0)
    inner.check()
    expect(trace.locator(".trace-line.of-inner").first).to_be_visible()


@SCREENS
def test_a_case_is_traced_beside_its_lines(
    open_page: Any, new_customer: Any, desk: Any, violations: Any, screen: dict[str, Any]
) -> None:
    desk.clear()
    customer = new_customer()
    for text in ("체크카드 잃어버렸어요", "상담원 바꿔 주세요"):
        customer.say(text)
    case_id = desk.case_of(customer.conversation_id)["id"]
    desk.accept(case_id)
    page = open_page(**screen)
    page.locator(f".row[data-id='{case_id}']").click()
    expect(page.locator("#thread .bubble").last).to_be_visible()
    page.keyboard.press("t")
    trace = page.get_by_role("region", name="대화 흐름")
    expect(trace).to_contain_text("상담원을 불러요")
    expect(page.locator("#panel-trace")).to_be_focused()
    customer.say("네 기다릴게요")
    expect(trace.locator(".trace-turn").first).to_contain_text("네 기다릴게요")
    picture(page, f"case-trace-{name_of(screen)}")
    assert not violations(page) and fits(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(trace.get_by_role("button", name="대화를 테스트로 저장")).to_be_focused()
    desk.close(case_id)


def test_a_saved_conversation_passes_as_a_test(
    open_page: Any, new_customer: Any, desk: Any, tmp_path: Path, trained: Path
) -> None:
    desk.clear()
    customer = new_customer()
    for text in ("체크카드 잃어버렸어요", "010-1234-5678이에요", "상담원 바꿔 주세요"):
        customer.say(text)
    case_id = desk.case_of(customer.conversation_id)["id"]
    desk.accept(case_id)
    desk.say(case_id, "박서준 고객님, 010-7777-6543으로 전화드릴게요")
    body = {"code": "resolved", "note": "확인"}
    desk.api("POST", f"/api/desk/cases/{case_id}/return", body)
    customer.say("네")
    page = open_page("#/traces")
    page.get_by_role("list", name="최근 대화").get_by_role("button").first.click()
    with page.expect_download() as downloading:
        page.get_by_role("button", name="대화를 테스트로 저장").click()
    file = tmp_path / downloading.value.suggested_filename
    downloading.value.save_as(file)
    expect(page.locator(".toast")).to_contain_text("단계를 테스트로 저장했어요")
    text = file.read_text(encoding="utf-8")
    assert "박서준" not in text and "7777" not in text and len(load_cases(file)) == 1
    told = subprocess.run(
        [sys.executable, "-m", "bot.cli", "test", str(file)],
        cwd=ROOT,
        env={**os.environ, "SANGDAM_DATA_DIR": str(trained)},
        text=True,
        capture_output=True,
        check=False,
    )
    assert told.returncode == 0, (told.stdout, text)


def test_agents_see_traces_of_cases_and_save_nothing(
    new_page: Any, new_customer: Any, desk: Any, agent_token: Any
) -> None:
    desk.clear()
    customer = new_customer()
    customer.say("상담원 바꿔 주세요")
    case_id = desk.case_of(customer.conversation_id)["id"]
    page = new_page()
    page.add_init_script(f"localStorage.setItem('sangdam.desk.token', JSON.stringify('{agent_token}'))")
    page.goto("/desk#/traces")
    expect(page.get_by_role("button", name="흐름", exact=True)).to_have_count(0)
    page.get_by_role("tab", name="대기").click()
    page.locator(f".row[data-id='{case_id}']").click()
    page.get_by_role("tab", name="흐름").click()
    expect(page.get_by_role("region", name="대화 흐름")).to_contain_text("상담원을 불러요")
    expect(page.get_by_role("button", name="대화를 테스트로 저장")).to_have_count(0)
    desk.clear()
