"""Supervisors at the live board, and administrators' pages: watching, whispering, taking over, accounts, documents."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

PASSWORD = "바다위의등대 2026"
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def people(live_server: Any) -> dict[str, str]:
    """Tokens of an agent and an administrator of their own."""
    tokens = {}
    for username, name, role in (("haneul", "정하늘", "agent"), ("root", "문시스", "admin")):
        arguments = ["user", "add", username, "--name", name, "--role", role, "--password-stdin"]
        subprocess.run(
            [sys.executable, "-m", "bot.cli", *arguments],
            cwd=ROOT,
            env={**os.environ, "SANGDAM_DATA_DIR": str(live_server.data_dir)},
            input=PASSWORD,
            text=True,
            check=True,
            capture_output=True,
        )
        tokens[username] = username
    return tokens


@pytest.fixture
def open_page(new_page: Callable[..., Page], desk: Any) -> Callable[..., Page]:
    """The desk at a page of its own, for whom the token is."""

    def make(path: str = "", token: str = "", **options: Any) -> Page:
        page = new_page(**options)
        kept = token or desk.api.token
        page.add_init_script(f"localStorage.setItem('sangdam.desk.token', JSON.stringify('{kept}'))")
        page.goto(f"/desk{path}")
        return page

    return make


def sign_in(desk: Any, username: str) -> Any:
    """Another person's calls; nothing is offered to them."""
    other = type(desk.api)(desk.api.url)
    answer = other("POST", "/api/desk/login", {"username": username, "password": PASSWORD})
    other.token = answer["token"]
    other("PUT", "/api/desk/me/state", {"state": "meal"})
    return other


@pytest.fixture
def theirs(new_customer: Callable[[], Any], desk: Any, people: Any) -> tuple[Any, str, Any]:
    """A case that 정하늘 holds; the customer, the case and 정하늘's calls."""
    desk.clear()
    other = sign_in(desk, "haneul")
    customer = new_customer()
    for text in ("카드를 잃어버렸어요", "상담원 바꿔 주세요"):
        customer.say(text)
    case_id = desk.case_of(customer.conversation_id)["id"]
    other("POST", f"/api/desk/cases/{case_id}/accept", {})
    return customer, case_id, other


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_board_shows_queues_people_and_cases(
    open_page: Any, theirs: Any, violations: Any, scheme: str
) -> None:
    page = open_page("#/board", color_scheme=scheme)
    expect(page.locator(".tile")).to_have_count(9)
    expect(page.get_by_role("region", name="대기열")).to_contain_text("사고 신고")
    agents = page.get_by_role("region", name="상담원")
    expect(agents).to_contain_text("정하늘")
    expect(agents.get_by_role("button", name="정하늘 상태: 식사")).to_be_visible()
    expect(page.get_by_role("region", name="열린 상담")).to_contain_text("정하늘")
    assert not violations(page)


def test_a_supervisor_watches_whispers_and_takes_over(open_page: Any, theirs: Any, desk: Any) -> None:
    customer, case_id, _ = theirs
    page = open_page("#/board")
    cases = page.get_by_role("region", name="열린 상담")
    row = cases.get_by_role("row").filter(has_text="정하늘").first
    row.get_by_role("button", name="귓속말").click()
    field = page.get_by_role("textbox", name="메모", exact=True)
    expect(field).to_be_focused()
    expect(page.locator(".watching")).to_have_text("조용히 보는 중")
    field.fill("한도 예외를 안내해 주세요")
    page.keyboard.press("Enter")
    expect(page.locator(".group.note")).to_contain_text("한도 예외를 안내해 주세요")
    seen = [message["text"] for message in customer.messages()]
    assert "한도 예외를 안내해 주세요" not in seen
    page.locator(".head").get_by_role("button", name="가져오기").click()
    expect(page.get_by_role("textbox", name="답장")).to_be_visible()
    assert desk.api("GET", f"/api/desk/cases/{case_id}")["agent"]["name"] == "김민지"
    assert customer.messages()[-1]["text"] == "김민지 상담원이 이어서 도와드려요"
    desk.close(case_id)


def test_a_case_is_assigned_from_the_board(open_page: Any, theirs: Any, desk: Any) -> None:
    _, case_id, _ = theirs
    page = open_page("#/board")
    row = page.get_by_role("region", name="열린 상담").get_by_role("row").filter(has_text="정하늘").first
    row.get_by_role("button", name="배정").click()
    dialog = page.get_by_role("dialog", name="상담 배정")
    dialog.get_by_role("radio", name=re.compile("김민지")).check()
    dialog.get_by_role("button", name="배정하기").click()
    expect(page.locator(".toast")).to_contain_text("김민지 상담원에게 배정했어요")
    assert desk.api("GET", f"/api/desk/cases/{case_id}")["target"]["name"] == "김민지"
    desk.clear()


def test_the_history_tells_who_did_what(open_page: Any, theirs: Any, violations: Any) -> None:
    page = open_page("#/audit")
    table = page.get_by_role("region", name="한 일")
    expect(table).to_contain_text("상담 받음")
    page.get_by_label("누가").select_option(label="정하늘")
    expect(table.get_by_role("row").nth(1)).to_contain_text("정하늘")
    assert not violations(page)
    table.get_by_role("button", name="상담 열기").first.click()
    expect(page.locator("#thread")).to_be_visible()


def test_agents_see_the_board_but_neither_history_nor_administration(
    open_page: Any, theirs: Any, desk: Any
) -> None:
    _, _, other = theirs
    page = open_page("#/admin", token=other.token)
    expect(page.get_by_role("tablist", name="상담 목록")).to_be_visible()
    rail = page.get_by_role("navigation", name="주 메뉴")
    expect(rail.get_by_role("button", name="현황")).to_be_visible()
    expect(rail.get_by_role("button", name="관리")).to_have_count(0)
    rail.get_by_role("button", name="현황").click()
    expect(page.locator(".tile").first).to_be_visible()
    expect(page.get_by_role("button", name="가져오기")).to_have_count(0)


def test_administrators_make_and_block_accounts(
    open_page: Any, desk: Any, people: Any, violations: Any
) -> None:
    root = sign_in(desk, "root")
    page = open_page("#/admin", token=root.token)
    form = page.locator("form.card")
    form.get_by_label("아이디").fill("seoyeon")
    form.get_by_label("이름").fill("김서연")
    form.get_by_label("첫 비밀번호").fill("1")
    form.get_by_role("button", name="만들기").click()
    expect(form.get_by_role("alert")).not_to_be_empty()
    form.get_by_label("첫 비밀번호").fill(PASSWORD)
    form.get_by_role("button", name="만들기").click()
    row = page.get_by_role("row").filter(has_text="seoyeon")
    expect(row).to_be_visible()
    row.get_by_label("김서연 역할").select_option("supervisor")
    expect(row.get_by_label("김서연 역할")).to_have_value("supervisor")
    row.get_by_role("button", name="로그인 막기").click()
    expect(row).to_contain_text("막음")
    assert not violations(page)


def test_a_profile_is_changed_and_other_settings_are_shown(
    open_page: Any, theirs: Any, desk: Any, violations: Any
) -> None:
    page = open_page("#/admin")
    card = page.locator("form.card").filter(has_text="정하늘")
    card.get_by_label("기술과 수준 (1~5)").fill("card 5, loan 2")
    expect(card).to_contain_text("저장하지 않은 변경이 있어요")
    card.get_by_role("button", name="저장").click()
    expect(card.locator(".save-bar")).to_have_count(0)
    agents = desk.api("GET", "/api/desk/agents")["agents"]
    assert next(a for a in agents if a["name"] == "정하늘")["profile"]["skills"] == {"card": 5, "loan": 2}
    for tab, words in (
        ("대기열과 시간", "사고 신고"),
        ("빠른 답장", "/인사"),
        ("상담원 연결 정책", "때"),
        ("자료", "올린 자료"),
        ("다시 볼 말", "다시 볼 말"),
    ):
        page.get_by_role("tab", name=tab).click()
        expect(page.get_by_role("tabpanel")).to_contain_text(words)
        assert not violations(page)


def test_a_document_is_added_and_removed(open_page: Any) -> None:
    page = open_page("#/admin")
    page.get_by_role("tab", name="자료").click()
    text = "# 우산 보관\n\n두고 가신 우산은 한 달 동안 보관해요.\n".encode()
    files = {"name": "umbrella.md", "mimeType": "text/markdown", "buffer": text}
    page.locator("input[type=file]").set_input_files(files)
    page.get_by_role("button", name="올리기").click()
    added = page.get_by_role("region", name="올린 자료", exact=True)
    expect(added).to_contain_text("umbrella")
    added.get_by_role("button", name=re.compile("umbrella.*지우기")).click()
    expect(added).not_to_contain_text("umbrella")


@pytest.mark.parametrize("name", ["board", "audit", "admin"])
def test_pages_fit_a_telephone(open_page: Any, theirs: Any, name: str) -> None:
    page = open_page(f"#/{name}", viewport={"width": 375, "height": 812}, has_touch=True, is_mobile=True)
    expect(page.locator(".page-body")).to_be_visible()
    expect(page.locator(".table-box, form.card").first).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0
    page.get_by_role("navigation", name="아래 메뉴").get_by_role("button", name=re.compile("^대화")).click()
    expect(page.get_by_role("tablist", name="상담 목록")).to_be_visible()
