"""Finding what was said, tags, colleagues named in notes, ready-made replies with values, call-backs."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect


@pytest.fixture
def open_desk(new_page: Callable[..., Page], desk: Any) -> Callable[..., Page]:
    """김민지's desk, with room."""
    desk.clear()

    def make(**options: Any) -> Page:
        page = new_page(**options)
        page.add_init_script(
            f"localStorage.setItem('sangdam.desk.token', JSON.stringify('{desk.api.token}'))"
        )
        page.goto("/desk")
        expect(page.locator(".state-btn")).to_be_visible()
        return page

    return make


@pytest.fixture
def held(new_customer: Callable[[], Any], desk: Any) -> tuple[Any, str]:
    """A case of 김민지; the customer and the case."""
    customer = new_customer()
    for text in ("카드를 잃어버렸어요", "010-1234-5678이에요", "상담원 바꿔 주세요"):
        customer.say(text)
    case_id = desk.case_of(customer.conversation_id)["id"]
    desk.accept(case_id)
    return customer, case_id


def test_what_was_said_is_found_whatever_the_spacing(
    open_desk: Any, held: Any, desk: Any, violations: Any
) -> None:
    customer, case_id = held
    customer.say("보라색 우산을 두고 왔어요")
    desk.close(case_id)
    page = open_desk()
    page.get_by_role("searchbox").fill("보라색우산")
    hits = page.get_by_role("region", name="모든 상담에서 찾은 것")
    expect(hits.locator("mark").first).to_have_text("보라색 우산")
    assert not violations(page)
    hits.locator(".hit-row").first.click()
    expect(page.locator(".closed-bar")).to_be_visible()
    expect(page.locator(".line-box", has_text="보라색 우산을 두고 왔어요")).to_be_in_viewport()
    page.get_by_role("searchbox").fill("아무도 하지 않은 말")
    expect(hits).to_contain_text("검색 결과가 없어요")


def test_tags_are_added_and_taken_away(open_desk: Any, held: Any, desk: Any) -> None:
    _, case_id = held
    page = open_desk()
    page.locator(f'.row[data-id="{case_id}"]').click()
    tags = page.get_by_role("group", name="태그")
    tags.get_by_role("button", name="태그", exact=True).click()
    page.get_by_label("새 태그").fill("#재발급")
    page.keyboard.press("Enter")
    expect(tags.locator(".tag-chip")).to_have_text(["#재발급"])
    assert desk.api("GET", f"/api/desk/cases/{case_id}")["tags"] == ["재발급"]
    tags.get_by_role("button", name="재발급 태그 지우기").click()
    expect(tags.locator(".tag-chip")).to_have_count(0)


def test_ready_made_replies_take_values_and_empty_ones_hold_the_message_back(
    open_desk: Any, held: Any, desk: Any
) -> None:
    customer, case_id = held
    page = open_desk()
    page.route(
        "**/api/desk/templates",
        lambda route: route.fulfill(
            json={
                "templates": [
                    {
                        "shortcode": "소개",
                        "title": "소개",
                        "text": "{{상담원.이름}}이에요. {{업무}} 도와드릴게요.",
                    },
                    {"shortcode": "주소", "title": "주소", "text": "{{값.주소}}로 보낼게요."},
                ]
            }
        ),
    )
    page.reload()
    page.locator(f'.row[data-id="{case_id}"]').click()
    field = page.locator(".composer textarea")
    field.press_sequentially("/소개")
    page.keyboard.press("Enter")
    expect(field).to_have_value("김민지이에요. 카드 분실 신고 도와드릴게요.")
    field.fill("")
    field.press_sequentially("/주소")
    page.keyboard.press("Tab")
    expect(field).to_have_value("{{값.주소}}로 보낼게요.")
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text("빈 항목이 1개 있어요: 값.주소")
    expect(field).to_have_value("{{값.주소}}로 보낼게요.")
    assert not [m for m in customer.messages() if m["speaker"]["kind"] == "agent"]


def test_a_colleague_is_named_in_a_note(open_desk: Any, held: Any, desk: Any) -> None:
    _, case_id = held
    page = open_desk()
    agents = {"agents": [*desk.api("GET", "/api/desk/agents")["agents"]]}
    agents["agents"].append({**agents["agents"][0], "id": "chaeyun", "name": "남궁채윤"})
    page.route("**/api/desk/agents", lambda route: route.fulfill(json=agents))
    page.reload()
    page.locator(f'.row[data-id="{case_id}"]').click()
    page.get_by_role("button", name="메모", exact=True).click()
    field = page.locator(".composer textarea")
    field.press_sequentially("@ㄴㄱㅊ")
    expect(page.get_by_role("option")).to_have_text([re.compile("남궁채윤")])
    page.keyboard.press("Enter")
    field.press_sequentially("한번 봐 주세요")
    with page.expect_request("**/notes") as request:
        page.keyboard.press("Enter")
    sent = request.value.post_data_json
    assert (sent["text"], sent["mentions"]) == ("@남궁채윤 한번 봐 주세요", ["chaeyun"])
    expect(page.locator(".group.note")).to_contain_text("@남궁채윤 한번 봐 주세요")
