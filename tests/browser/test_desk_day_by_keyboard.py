"""A whole day's work without a mouse: only keys are pressed, and what has the focus is always to be seen."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, expect

from .test_desk_work import second_user, until_said, waiting  # noqa: F401

MOST_TABS = 80
"""Presses of Tab within which everything that a step needs is reached."""
RING = """() => {
  const at = document.activeElement;
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(at);
  const box = at.closest('.composer-box, .search');
  return (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none'
    || (box !== null && getComputedStyle(box).boxShadow !== 'none');
}"""


def reach(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """By Tab alone."""
    for _ in range(MOST_TABS):
        if wanted.evaluate("(element) => element === document.activeElement"):
            assert page.evaluate(RING), f"the focus can't be seen on {wanted}"
            return
        page.keyboard.press(key)
    raise AssertionError(f"not reached by {key}: {wanted}")


def type_(page: Page, text: str) -> None:
    """Into what has the focus."""
    page.keyboard.insert_text(text)


def command(page: Page, key: str) -> None:
    """A single key of the command layer, from wherever one is."""
    page.keyboard.press("Escape")
    page.keyboard.press(key)


def sign_in(page: Page, username: str, password: str) -> None:
    page.goto("/desk")
    reach(page, page.get_by_label("아이디"))
    type_(page, username)
    reach(page, page.get_by_label("비밀번호"))
    type_(page, password)
    page.keyboard.press("Enter")
    expect(page.get_by_role("tab", name=re.compile("^내 대화"))).to_be_visible()


def change_state(page: Page, state: str) -> None:
    command(page, "q")
    wanted = page.get_by_role("menuitemradio", name=state)
    reach(page, wanted, "ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#state-menu")).to_contain_text(state)


def test_from_sign_in_to_wrap_up(
    new_page: Callable[..., Page],
    live_server: Any,
    second_user: tuple[str, str],  # noqa: F811
    waiting: Any,  # noqa: F811
    desk: Any,
) -> None:
    customer, case_id = waiting
    colleague = new_page()
    sign_in(colleague, *second_user)
    page = new_page()
    sign_in(page, live_server.username, live_server.password)

    # The agent's state: away for a moment, and back.
    change_state(page, "휴식")
    change_state(page, "상담 가능")

    # The case, from the list of those who wait.
    tab = page.get_by_role("tab", name=re.compile("^내 대화"))
    reach(page, tab)
    page.keyboard.press("ArrowRight")
    row = page.locator(f'.row[data-id="{case_id}"]')
    reach(page, row)
    page.keyboard.press("Enter")
    expect(page.get_by_role("log", name="메시지").locator(".bubble").first).to_be_visible()
    page.keyboard.press("F2")
    field = page.locator(".composer textarea")
    expect(page.get_by_role("button", name="답장", exact=True)).to_be_enabled()

    # A ready-made reply, a note, a tag.
    command(page, "r")
    expect(field).to_be_focused()
    type_(page, "/확인")
    expect(page.get_by_role("listbox", name="템플릿")).to_be_visible()
    page.keyboard.press("Enter")
    expect(field).to_have_value(re.compile("^지금 확인하고 있어요"))
    page.keyboard.press("Enter")
    expect(page.locator(".group.agent .bubble")).to_contain_text(["지금 확인하고 있어요"])
    command(page, "o")
    expect(field).to_be_focused()
    type_(page, "분실 신고를 먼저 봄")
    page.keyboard.press("Enter")
    expect(page.locator(".group.note .bubble")).to_have_text(["분실 신고를 먼저 봄"])
    page.keyboard.press("Escape")
    reach(page, page.get_by_role("group", name="태그").get_by_role("button", name="태그", exact=True))
    page.keyboard.press("Enter")
    expect(page.get_by_label("새 태그")).to_be_focused()
    type_(page, "분실")
    page.keyboard.press("Enter")
    expect(page.locator(".tag-chip")).to_contain_text("#분실")

    # Advice of a colleague; the case stays where it is.
    command(page, "p")
    sheet = page.get_by_role("dialog", name="다른 상담원에게 전달")
    # One stop for the group of choices; arrows move in it.
    first = sheet.get_by_role("radio", name="다음 상담원")
    reach(page, first, "Shift+Tab")
    page.keyboard.press("ArrowDown")
    reach(page, sheet.locator("input[name=agent]").first)
    while "박준호" not in sheet.locator("label.colleague", has=page.locator("input:focus")).inner_text():
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    reach(page, sheet.locator("#sheet-note"))
    type_(page, "재발급을 바로 해도 될까요?")
    reach(page, sheet.get_by_role("button", name="먼저 물어보기"))
    page.keyboard.press("Enter")
    expect(sheet).to_have_count(0)
    expect(colleague.locator(".toast, [role=status]").filter(has_text="의견을 물어요").first).to_be_visible()

    # The end of it, by the button.
    page.keyboard.press("Escape")
    reach(page, page.get_by_role("button", name="마무리", exact=True))
    page.keyboard.press("Enter")
    sheet = page.get_by_role("dialog", name="상담 마무리")
    expect(sheet.get_by_role("radio", name="해결")).to_be_focused()
    page.keyboard.press("Space")
    reach(page, sheet.locator("#sheet-note"))
    type_(page, "분실 신고를 마쳤어요")
    reach(page, sheet.get_by_role("button", name="마무리하기"))
    page.keyboard.press("Enter")
    expect(page.locator(".closed-bar")).to_contain_text("해결")
    until_said(customer, "agent", ["지금 확인하고 있어요. 잠시만 기다려 주세요."])
    closed = desk.api("GET", f"/api/desk/cases/{case_id}")
    assert (closed["state"], closed["tags"]) == ("closed", ["분실"])
    # After the summary that the note begins with.
    assert closed["outcome"]["note"].endswith("분실 신고를 마쳤어요")


def test_a_case_changes_hands_and_the_customer_judges_it_by_keyboard(
    new_page: Callable[..., Page],
    live_server: Any,
    second_user: tuple[str, str],  # noqa: F811
    chat: Any,
    desk: Any,
) -> None:
    chat.open()
    chat.say("상담원 바꿔 주세요")
    case = desk.case_of(chat.conversation_id)
    desk.accept(case["id"])
    colleague = new_page()
    sign_in(colleague, *second_user)
    page = new_page()
    sign_in(page, live_server.username, live_server.password)
    reach(page, page.locator(f'.row[data-id="{case["id"]}"]'))
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="답장", exact=True)).to_be_enabled()
    command(page, "p")
    sheet = page.get_by_role("dialog", name="다른 상담원에게 전달")
    expect(sheet.locator("#sheet-note")).to_be_focused()
    type_(page, "카드 담당에게 부탁드려요")
    page.keyboard.press("Tab")
    reach(page, sheet.get_by_role("button", name="전달하기"))
    page.keyboard.press("Enter")
    expect(sheet).to_have_count(0)
    # Offered to the colleague, who takes it without leaving the keyboard, and ends it.
    expect(colleague.locator(".offer")).to_be_visible()
    colleague.keyboard.press("F2")
    expect(colleague.get_by_role("button", name="답장", exact=True)).to_be_enabled()
    command(colleague, "w")
    sheet = colleague.get_by_role("dialog", name="상담 마무리")
    expect(sheet.get_by_role("radio", name="해결")).to_be_focused()
    colleague.keyboard.press("Space")
    reach(colleague, sheet.get_by_role("button", name="마무리하기"))
    colleague.keyboard.press("Enter")
    expect(colleague.locator(".closed-bar")).to_be_visible()
    # The customer's end of it: faces and scale by arrows, then the button.
    faces = chat.log.get_by_role("radiogroup", name="상담은 어떠셨나요?")
    faces.get_by_role("radio", name="보통이에요").focus()
    chat.page.keyboard.press("ArrowRight")
    for _ in range(3):
        chat.page.keyboard.press("Tab")
    chat.log.get_by_role("button", name="보내기").focus()
    chat.page.keyboard.press("Enter")
    expect(chat.log).to_contain_text("의견을 남겨 주셔서 고마워요")
    answer = desk.api("GET", f"/api/desk/cases/{case['id']}/survey")["survey"]
    assert (answer["score"], answer["agent"]["name"]) == (4, "박준호")
