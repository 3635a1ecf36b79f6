"""The page that plays KakaoTalk: real skill payloads through our own webhook, both ways."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect


@pytest.fixture
def kakao(page: Page) -> Page:
    page.goto("/kakao")
    return page


def say(page: Page, text: str) -> None:
    page.get_by_role("textbox", name="메시지 입력").fill(text)
    page.get_by_role("button", name="보내기").click()


def test_an_answer_comes_with_its_source_as_a_card(kakao: Page) -> None:
    say(kakao, "예금자 보호 한도가 얼마예요?")
    expect(kakao.locator(".you .bubble").first).to_contain_text("1억원")
    card = kakao.locator(".card")
    expect(card).to_contain_text("예금자 보호 안내")
    assert "/knowledge/" in (card.get_by_role("link", name="원문 보기").get_attribute("href") or "")


def test_quick_replies_carry_their_payload_back(kakao: Page) -> None:
    say(kakao, "안녕하세요")
    kakao.get_by_role("group", name="빠른 답장").get_by_role("button", name="카드 분실 신고").click()
    expect(kakao.locator(".me .bubble").last).to_have_text("카드 분실 신고")
    expect(kakao.locator(".you .bubble").last).to_contain_text("휴대전화")


def test_an_agent_answers_in_the_messenger(kakao: Page, desk: Any) -> None:
    say(kakao, "상담원 연결해 주세요")
    expect(kakao.locator(".card").get_by_role("button", name="상담원 연결")).to_be_visible()
    case = next(
        one for one in desk.api("GET", "/api/desk/cases?state=waiting")["cases"] if one["channel"] == "kakao"
    )
    desk.accept(case["id"])
    desk.say(case["id"], "안녕하세요, 확인해 볼게요")
    expect(kakao.get_by_role("article", name=f"{desk.name} 상담원")).to_contain_text("확인해 볼게요")


def test_the_last_syllable_is_sent_too(kakao: Page) -> None:
    cdp = kakao.context.new_cdp_session(kakao)
    kakao.get_by_role("textbox", name="메시지 입력").focus()
    cdp.send("Input.insertText", {"text": "안"})
    for stage in ("ㄴ", "녀", "녕"):
        cdp.send("Input.imeSetComposition", {"text": stage, "selectionStart": 1, "selectionEnd": 1})
    kakao.get_by_role("button", name="보내기").click()
    expect(kakao.locator(".me .bubble")).to_have_text(["안녕"])
    expect(kakao.get_by_role("textbox", name="메시지 입력")).to_have_value("")
