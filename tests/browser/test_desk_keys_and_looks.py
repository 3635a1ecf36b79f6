"""The desk by keyboard, in Hangul mode too; offers that take no focus; what axe finds; that nothing is cut off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

SIZES = {
    "375": (375, 812),
    "768": (768, 1024),
    "1280": (1280, 800),
    "1920": (1920, 1080),
    # 1280 by 800 at 200 % and 1280 by 1024 at 400 %.
    "zoom 200": (640, 400),
    "zoom 400": (320, 256),
}


@pytest.fixture
def open_desk(new_page: Callable[..., Page], desk: Any) -> Callable[..., Page]:
    """The desk on a page, signed in by the token that the HTTP client holds."""

    def make(**options: Any) -> Page:
        page = new_page(**options)
        token = desk.api.token
        page.add_init_script(f"localStorage.setItem('sangdam.desk.token', JSON.stringify('{token}'))")
        page.goto("/desk")
        expect(page.get_by_role("tablist", name="상담 목록")).to_be_visible()
        return page

    return make


@pytest.fixture
def ask(new_customer: Callable[[], Any], desk: Any) -> Callable[..., tuple[Any, str]]:
    """A new customer who asks for a person; the customer and the case."""

    def make(*texts: str) -> tuple[Any, str]:
        customer = new_customer()
        for text in (*texts, "상담원 바꿔 주세요"):
            customer.say(text)
        return customer, desk.case_of(customer.conversation_id)["id"]

    return make


def press(page: Page, code: str, key: str) -> None:
    """A key as the Korean layout reports it outside a text field."""
    page.evaluate(
        """([code, key]) => document.body.dispatchEvent(
             new KeyboardEvent('keydown', {code, key, bubbles: true, cancelable: true}))""",
        [code, key],
    )


def settle(page: Page) -> None:
    """Until nothing moves any more, but for what moves without end."""
    page.evaluate(
        """() => Promise.all(document.getAnimations()
             .filter((one) => one.effect.getTiming().iterations !== Infinity)
             .map((one) => one.finished.catch(() => 0)))"""
    )


def current(page: Page) -> str:
    return str(page.locator(".row[aria-current=true]").get_attribute("data-id"))


def test_j_and_k_move_in_hangul_mode(open_desk: Any, ask: Any) -> None:
    for _ in range(2):
        ask()
    page = open_desk()
    page.get_by_role("tab", name="전체").click()
    rows = page.locator(".row")
    expect(rows.nth(1)).to_be_visible()
    ids = [rows.nth(place).get_attribute("data-id") for place in range(2)]
    press(page, "Home", "Home")
    expect(rows.nth(0)).to_have_attribute("aria-current", "true")
    press(page, "KeyJ", "ㅓ")
    expect(rows.nth(1)).to_have_attribute("aria-current", "true")
    press(page, "KeyK", "ㅏ")
    expect(rows.nth(0)).to_have_attribute("aria-current", "true")
    assert current(page) == ids[0]
    press(page, "Slash", "/")
    expect(page.get_by_role("searchbox", name="목록에서 찾기")).to_be_focused()
    page.keyboard.type("j")
    page.keyboard.press("Escape")
    assert current(page) == ids[0], "a letter in a text field is a letter"


def test_an_offer_leaves_focus_and_draft_alone_and_f2_takes_it(open_desk: Any, ask: Any, desk: Any) -> None:
    desk.clear()
    _, first = ask()
    desk.accept(first)
    page = open_desk()
    page.locator(f'.row[data-id="{first}"]').click()
    field = page.locator(".composer textarea")
    field.fill("반품은")
    customer, second = ask("카드를 잃어버렸어요")
    offer = page.get_by_role("region", name="새 상담")
    expect(offer).to_contain_text("카드 분실 신고")
    expect(field).to_be_focused()
    page.keyboard.press("F2")
    expect(offer).to_have_count(0)
    expect(field).to_be_focused()
    expect(field).to_have_value("반품은")
    assert current(page) == first
    expect(page.locator(".toast")).to_contain_text("상담을 받았어요")
    expect(page.locator(f'.row[data-id="{second}"]')).to_be_visible()
    assert [m["text"] for m in customer.messages()][-1] == "김민지 상담원이 연결됐어요"
    for case_id in (first, second):
        desk.close(case_id)


def test_a_message_without_connection_waits_and_goes_out_once(open_desk: Any, ask: Any, desk: Any) -> None:
    customer, case_id = ask()
    desk.accept(case_id)
    page = open_desk()
    page.locator(f'.row[data-id="{case_id}"]').click()
    page.route("**/api/desk/cases/*/messages", lambda route: route.abort())
    page.locator(".composer textarea").fill("끊긴 사이에 쓴 말")
    page.keyboard.press("Enter")
    expect(page.locator(".outgoing .stamp")).to_contain_text("연결되면 보낼게요")
    page.unroute("**/api/desk/cases/*/messages")
    page.reload()
    page.locator(f'.row[data-id="{case_id}"]').click()
    expect(page.locator(".delivered")).to_have_text(["보냄"])
    sent = [m["text"] for m in customer.messages() if m["speaker"]["kind"] == "agent"]
    assert sent == ["끊긴 사이에 쓴 말"]
    desk.close(case_id)


def test_what_changed_meanwhile_is_said_before_closing(open_desk: Any, ask: Any, desk: Any) -> None:
    customer, case_id = ask()
    desk.accept(case_id)
    page = open_desk()
    page.locator(f'.row[data-id="{case_id}"]').click()
    press(page, "KeyW", "ㅈ")
    sheet = page.get_by_role("dialog", name="상담 마무리")
    sheet.get_by_text("해결", exact=True).click()
    # What the customer says now doesn't reach this page before the agent presses the button.
    answer = {
        "status": 409,
        "json": {"code": "case_changed", "title": "그사이 상태가 바뀌었어요. 새 내용을 확인해 주세요."},
    }
    page.route("**/close", lambda route: route.fulfill(**answer), times=1)
    sheet.get_by_role("button", name="마무리하기").click()
    expect(sheet.get_by_role("alert")).to_contain_text("그사이 상태가 바뀌었어요")
    sheet.get_by_role("button", name="마무리하기").click()
    expect(sheet).to_be_hidden()
    assert customer.messages()[-1]["text"].startswith("상담이 끝났어요")


def test_palette_finds_by_initial_consonants(open_desk: Any, ask: Any) -> None:
    _, case_id = ask("카드를 잃어버렸어요")
    page = open_desk()
    page.get_by_role("tab", name="전체").click()
    page.locator(f'.row[data-id="{case_id}"]').click()
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox")
    expect(field).to_be_focused()
    page.keyboard.insert_text("ㅋㄷㅂㅅ")
    expect(page.get_by_role("option").first).to_contain_text("카드 분실 신고")
    page.keyboard.press("Escape")
    expect(field).to_have_count(0)


def test_the_end_of_a_session_keeps_what_was_written(
    open_desk: Any, ask: Any, desk: Any, live_server: Any
) -> None:
    _, case_id = ask()
    desk.accept(case_id)
    page = open_desk()
    page.locator(f'.row[data-id="{case_id}"]').click()
    page.locator(".composer textarea").fill("쓰다 만 답장")
    desk.api("POST", "/api/desk/logout")
    expect(page.get_by_text("오래 쓰지 않아 로그아웃됐어요. 쓰던 글은 남아 있어요")).to_be_visible()
    page.get_by_label("아이디").fill(live_server.username)
    page.get_by_label("비밀번호").fill(live_server.password)
    page.get_by_role("button", name="로그인").click()
    page.locator(f'.row[data-id="{case_id}"]').click()
    expect(page.locator(".composer textarea")).to_have_value("쓰다 만 답장")


def test_a_server_that_cannot_be_reached_ends_no_session(open_desk: Any) -> None:
    page = open_desk()
    page.route("**/api/desk/me", lambda route: route.abort())
    page.reload()
    expect(page.get_by_text("인터넷 연결이 끊겼어요. 다시 연결되면 해 주세요.")).to_be_visible()
    page.unroute("**/api/desk/me")
    page.get_by_role("button", name="다시 시도").click()
    expect(page.get_by_role("tablist", name="상담 목록")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(open_desk: Any, ask: Any, desk: Any, violations: Any, scheme: str) -> None:
    desk.clear()
    customer, case_id = ask("카드 재발급 받으면 며칠 걸려요?", "카드를 잃어버렸어요", "진짜 짜증나네요")
    page = open_desk(color_scheme=scheme)
    # The case is offered: while the card comes in its colours aren't what they will be.
    expect(page.get_by_role("region", name="새 상담")).to_be_visible()
    settle(page)
    found = {"inbox": violations(page)}
    page.get_by_role("tab", name="대기").click()
    page.locator(f'.row[data-id="{case_id}"]').click()
    expect(page.locator(".summary")).to_be_visible()
    settle(page)
    found["waiting"] = violations(page)
    desk.accept(case_id)
    desk.say(case_id, "안녕하세요")
    customer.say("네, 안녕하세요")
    desk.api("POST", f"/api/desk/cases/{case_id}/notes", {"text": "확인함"})
    expect(page.locator(".group.note")).to_be_visible()
    ask()
    expect(page.get_by_role("region", name="새 상담")).to_be_visible()
    settle(page)
    found["conversation and offer"] = violations(page)
    page.get_by_role("tab", name="도움").click()
    page.get_by_role("button", name="메모", exact=True).click()
    found["assist and note"] = violations(page)
    page.keyboard.press("Escape")
    press(page, "KeyB", "ㅠ")
    expect(page.get_by_role("dialog")).to_be_visible()
    settle(page)
    found["return"] = violations(page)
    assert not any(found.values()), found
    page.keyboard.press("Escape")
    desk.close(case_id)


@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_cut_off(open_desk: Any, ask: Any, desk: Any, size: str) -> None:
    desk.clear()  # room for an offer
    long = "가" * 300
    _, case_id = ask("카드를 잃어버렸어요", long)
    desk.accept(case_id)
    desk.say(case_id, f"https://example.com/{'a' * 200} {long}")
    width, height = SIZES[size]
    page = open_desk(viewport={"width": width, "height": height})
    # What one works on stays within reach while somebody else is offered.
    _, other = ask("이체 한도를 올려 주세요")
    offer = page.get_by_role("region", name="새 상담")
    expect(offer).to_be_visible()
    assert offer.evaluate("one => one.scrollWidth - one.clientWidth") <= 0
    overflow = "() => document.documentElement.scrollWidth - innerWidth"
    assert page.evaluate(overflow) <= 0
    page.locator(f'.row[data-id="{case_id}"]').click()
    expect(page.locator(".group.agent .bubble")).to_be_visible()
    assert page.evaluate(overflow) <= 0
    thread = page.locator("#thread")
    assert thread.evaluate("list => list.scrollWidth - list.clientWidth") <= 0
    assert thread.evaluate("list => list.scrollHeight - list.scrollTop - list.clientHeight") < 2
    # Something of the conversation can be read, and all of the field is there to write in.
    read = thread.bounding_box()
    field = page.locator(".composer textarea").bounding_box()
    assert read is not None and read["height"] >= 60
    assert field is not None and field["y"] + field["height"] <= height
    if width < 1100:
        page.get_by_role("button", name="고객 정보", exact=True).click()
    expect(page.locator(".summary")).to_be_visible()
    settle(page)
    box = page.locator(".panel").bounding_box()
    assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= width + 1
    desk.close(case_id)
    desk.accept(other)
    desk.close(other)
