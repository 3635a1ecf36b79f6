"""The customer behind a case: contacts that are checked, a second customer who is the same, compared, merged, parted."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

ROOT = Path(__file__).parents[2]
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def picture(page: Page, name: str) -> None:
    """For eyes: only where PICTURES_OF_TESTS names a folder."""
    if folder := os.environ.get("PICTURES_OF_TESTS"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"))


@pytest.fixture
def two(new_customer: Callable[[], Any], desk: Any) -> tuple[str, str]:
    """Two customers with the same telephone number, and a case of each that 김민지 has."""
    desk.clear()
    cases = []
    for _ in range(2):
        customer = new_customer()
        for text in ("카드를 잃어버렸어요", "010-1234-5678이에요", "상담원 바꿔 주세요"):
            customer.say(text)
        case_id = desk.case_of(customer.conversation_id)["id"]
        desk.accept(case_id)
        cases.append(case_id)
    return cases[0], cases[1]


@pytest.fixture
def at_desk(new_page: Callable[..., Page], desk: Any) -> Callable[..., Page]:
    """A desk with a case open: `at_desk(case_id, **screen)`."""

    def make(case_id: str, **screen: Any) -> Page:
        page = new_page(**screen)
        page.add_init_script(
            f"localStorage.setItem('sangdam.desk.token', JSON.stringify('{desk.api.token}'))"
        )
        page.goto("/desk")
        page.locator(f'.row[data-id="{case_id}"]').click()
        if screen:
            page.get_by_role("button", name="고객 정보", exact=True).click()
        expect(page.locator(".customer-head")).to_be_visible()
        return page

    return make


def second_agent(service: Any, username: str) -> str:
    """The token of a new agent who is no supervisor."""
    password = "바다위의등대 2026"
    command = [
        sys.executable,
        "-m",
        "bot.cli",
        "user",
        "add",
        username,
        "--role",
        "agent",
        "--password-stdin",
    ]
    environment = {**os.environ, "SANGDAM_DATA_DIR": str(service.data_dir)}
    subprocess.run(
        command, cwd=ROOT, env=environment, input=password, text=True, check=True, capture_output=True
    )
    body = json.dumps({"username": username, "password": password}).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{service.url}/api/desk/login", body, headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return str(json.load(answer)["token"])


def profile(desk: Any, case_id: str) -> dict[str, Any]:
    return dict(desk.api("GET", f"/api/desk/cases/{case_id}/customer"))


def test_a_profile_is_corrected_and_contacts_are_shown_and_checked(
    two: Any, at_desk: Any, desk: Any, violations: Any
) -> None:
    page = at_desk(two[0])
    identities = page.locator(".identities")
    expect(identities).to_contain_text("010-****-5678")
    expect(identities).to_contain_text("미확인")
    identities.get_by_role("button", name="전화번호 보기").click()
    expect(identities).to_contain_text("010-1234-5678")
    identities.get_by_role("button", name="전화번호 확인했음").click()
    expect(identities).to_contain_text("확인됨")
    page.get_by_role("button", name="이름과 등급 고치기").click()
    form = page.get_by_role("group", name="이름과 등급")
    expect(form.get_by_label("이름")).to_be_focused()
    form.get_by_label("이름").fill("김서연")
    form.get_by_label("등급").fill("우수")
    form.get_by_label("등급").press("Enter")
    expect(page.locator(".customer-head")).to_contain_text("김서연")
    expect(page.locator(f'.row[data-id="{two[0]}"]')).to_contain_text("김서연")
    page.get_by_label("고객 메모 쓰기").fill("오후에 전화 받기 편함")
    page.get_by_role("button", name="메모 남기기").click()
    expect(page.get_by_role("list", name="고객 메모")).to_contain_text("오후에 전화 받기 편함")
    page.get_by_role("button", name="연락처 더하기").click()
    page.get_by_label("전화번호나 메일 주소").fill("seoyeon@example.com")
    page.get_by_role("group", name="연락처 더하기").get_by_role("button", name="저장").click()
    expect(identities.locator("li")).to_have_count(2)
    picture(page, "customer-profile")
    assert not violations(page, within=".panel")
    actions = {row["action"] for row in desk.api("GET", "/api/desk/audit")["rows"][:20]}
    assert {"reveal_identity", "verify_identity", "change_customer", "customer_note"} <= actions


@pytest.mark.parametrize("screen", [{}, {**PHONE, "color_scheme": "dark"}], ids=["desktop", "phone"])
def test_the_same_person_twice_is_compared_merged_and_parted_by_keyboard(
    two: Any, at_desk: Any, desk: Any, violations: Any, screen: Any
) -> None:
    for case_id in two:
        found = profile(desk, case_id)
        path = f"/api/desk/customers/{found['id']}/identities/{found['identities'][0]['ref']}"
        desk.api("PUT", path, {"verified": True})
    kept, gone = profile(desk, two[0]), profile(desk, two[1])
    page = at_desk(two[0], **screen)
    note = page.locator(".same-proof")
    expect(note.first).to_contain_text("확인된 연락처가 같은 고객이 있어요")
    suggested = note.filter(has_text=gone["name"])
    suggested.get_by_role("button", name="비교하기").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="다른 고객과 합치기")
    expect(dialog.get_by_role("row", name=re.compile("신원"))).to_contain_text("010-****-5678 (확인됨)")
    picture(page, f"merge-compare-{'phone' if screen else 'desktop'}")
    assert not violations(page, within="dialog")
    box = dialog.bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= page.viewport_size["width"]
    expect(dialog.get_by_label("같은 사람인 이유")).to_be_focused()
    page.keyboard.type("같은 번호로 본인 확인함")
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    merges = page.get_by_role("list", name="합친 기록")
    expect(merges).to_contain_text("같은 번호로 본인 확인함")
    assert profile(desk, two[1])["id"] == kept["id"]
    expect(page.locator(".section", has_text="진행 중인 다른 상담").locator("li")).to_have_count(1)
    picture(page, f"merged-{'phone' if screen else 'desktop'}")
    merges.get_by_role("button", name="되돌리기").first.click()
    expect(merges.get_by_role("alert")).to_contain_text("지워지는 것은 없어요")
    assert not violations(page, within=".panel")
    merges.get_by_role("button", name="나누기").click()
    expect(merges).to_contain_text("김민지 상담원이 되돌렸어요")
    assert profile(desk, two[1])["id"] == gone["id"]
    expect(page.locator(".section", has_text="진행 중인 다른 상담")).to_have_count(0)


def test_who_has_none_of_the_customer_s_cases_may_look_only(
    two: Any, new_page: Any, live_server: Any
) -> None:
    token = second_agent(live_server, f"u{two[0]}")
    page = new_page()
    page.add_init_script(f"localStorage.setItem('sangdam.desk.token', JSON.stringify('{token}'))")
    page.goto("/desk")
    page.get_by_role("tab", name=re.compile("전체")).click()
    page.locator(f'.row[data-id="{two[0]}"]').click()
    expect(page.locator(".customer-head")).to_be_visible()
    expect(page.locator(".identities")).to_contain_text("010-****-5678")
    for name in ("다른 고객과 합치기", "연락처 더하기", "이름과 등급 고치기"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    expect(page.locator(".identity-acts")).to_have_count(0)


def test_the_other_customer_is_looked_for_and_a_faster_colleague_is_told_of(
    two: Any, at_desk: Any, desk: Any
) -> None:
    other = profile(desk, two[1])
    renamed = {"version": other["version"], "name": "남궁채윤"}
    other = desk.api("PUT", f"/api/desk/customers/{other['id']}", renamed)
    page = at_desk(two[0])
    page.get_by_role("button", name="다른 고객과 합치기").click()
    dialog = page.get_by_role("dialog", name="다른 고객과 합치기")
    words = dialog.get_by_label("이름, 전화번호, 메일 주소")
    expect(words).to_be_focused()
    words.fill("남궁 채윤")
    words.press("Enter")
    dialog.get_by_role("button", name=re.compile("남궁채윤")).first.click()
    expect(dialog.get_by_role("table")).to_contain_text("남궁채윤")
    desk.api("PUT", f"/api/desk/customers/{other['id']}", {"version": other["version"], "segment": "우수"})
    dialog.get_by_role("button", name="합치기", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("그사이 고객 정보가 바뀌었어요")
    expect(dialog.get_by_role("table")).to_contain_text("우수")
    assert profile(desk, two[1])["id"] == other["id"]
    dialog.get_by_role("button", name="합치기", exact=True).click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("list", name="합친 기록")).to_contain_text("남궁채윤")
    undo = profile(desk, two[0])
    desk.api(
        "POST",
        f"/api/desk/customers/{undo['id']}/merges/{undo['merges'][0]['id']}/undo",
        {"version": undo["version"]},
    )


def role_of(name: str, role: str, live_server: Any, desk: Any) -> str:
    """The token of somebody with another role, who takes nothing."""
    subprocess.run(
        [sys.executable, "-m", "bot.cli", "user", "add", name, "--role", role, "--password-stdin"],
        cwd=ROOT,
        env={**os.environ, "SANGDAM_DATA_DIR": str(live_server.data_dir)},
        input="바다위의등대 2026",
        text=True,
        check=True,
        capture_output=True,
    )
    other = type(desk.api)(desk.api.url)
    body = {"username": name, "password": "바다위의등대 2026"}
    other.token = other("POST", "/api/desk/login", body)["token"]
    other("PUT", "/api/desk/me/state", {"state": "meal"})
    return str(other.token)


@pytest.mark.parametrize("screen", [{}, {**PHONE, "color_scheme": "dark"}], ids=["desktop", "dark phone"])
def test_what_is_remembered_is_shown_and_forgotten_then_the_customer_whole(
    at_desk: Any,
    new_customer: Any,
    live_server: Any,
    desk: Any,
    violations: Any,
    request: Any,
    screen: dict[str, Any],
) -> None:
    desk.clear()
    customer = new_customer()
    hour = "오후 2시" if screen else "오전 10시"  # an hour that nobody else has booked
    for text in (
        "지점 방문 예약할게요",
        "서울역점",
        "내일",
        hour,
        "통장 개설이요",
        "010-1234-5678",
        "네",
        "네",
    ):
        customer.say(text)
    customer.say("상담원 바꿔 주세요")
    case_id = desk.case_of(customer.conversation_id)["id"]
    desk.accept(case_id)
    page = at_desk(case_id, **screen)
    known = page.get_by_role("group", name="고객이 동의해서 기억하는 내용")
    expect(known).to_contain_text("서울역점")
    expect(known).to_contain_text("웹")
    known.scroll_into_view_if_needed()
    picture(page, f"facts-{request.node.callspec.id}")
    # A supervisor forgets what is remembered, once asked twice.
    known.get_by_role("button", name="기억 지우기").click()
    expect(known.get_by_role("alert")).to_contain_text("되돌릴 수 없어요")
    assert violations(page) == []
    known.get_by_role("button", name="지우기", exact=True).click()
    expect(known).to_have_count(0)
    # Forgetting the customer whole is for administrators.
    expect(page.get_by_role("button", name="이 고객 잊기")).to_have_count(0)
    desk.close(case_id)

    token = role_of(f"admin{request.node.callspec.id[:4].strip()}", "admin", live_server, desk)
    name = desk.api("GET", f"/api/desk/cases/{case_id}")["customer"]["name"]
    other = page.context.new_page()
    other.add_init_script(f"localStorage.setItem('sangdam.desk.token', JSON.stringify('{token}'))")
    other.goto("/desk")
    other.get_by_role("tablist", name="상담 목록").get_by_role("tab", name=re.compile("^마침")).click()
    other.locator(f'.row[data-id="{case_id}"]').click()
    if screen:
        other.get_by_role("button", name="고객 정보", exact=True).click()
    other.get_by_role("button", name="이 고객 잊기").click()
    dialog = other.get_by_role("dialog", name="이 고객 잊기")
    expect(dialog.get_by_role("textbox")).to_be_focused()
    dialog.get_by_role("textbox").fill("아무개")
    dialog.get_by_role("button", name="모두 지우기").click()
    expect(dialog.get_by_role("alert")).to_contain_text("이름이 달라요")
    picture(other, f"erase-{request.node.callspec.id}")
    assert violations(other) == []
    dialog.get_by_role("textbox").fill(name)
    dialog.get_by_role("textbox").press("Enter")
    expect(other.locator(".toast")).to_contain_text("정보를 모두 지웠어요")
    left = desk.api("GET", f"/api/desk/cases/{case_id}/messages")["messages"]
    assert all("서울역점" not in line["text"] for line in left)
    row = desk.api("GET", "/api/desk/audit")["rows"]
    assert {"forget_facts", "erase_customer"} <= {one["action"] for one in row}
