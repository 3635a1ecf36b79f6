"""Scenario 4: a person is one press away; header, thread, badge and announcer agree on who speaks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import WebSocketRoute, expect


def listen(chat: Any) -> None:
    """Collects what the announcer says from here on."""
    chat.page.evaluate(
        """() => {
          window.said = [];
          for (const region of document.querySelector('sangdam-chat').shadowRoot.querySelectorAll('[aria-live]:not(.log)'))
            new MutationObserver(() => window.said.push(region.textContent)).observe(region, {childList: true});
        }"""
    )


def test_from_the_bot_to_a_person_and_to_the_end(chat: Any, desk: Any) -> None:
    chat.open()
    chat.say("안녕하세요")
    expect(chat.bot).to_have_count(2)
    listen(chat)
    chat.human.click()
    header = chat.root.locator("header")
    expect(header).to_contain_text("상담원 연결 중")
    expect(chat.root.locator(".waiting")).to_be_visible()
    bot_lines = chat.bot.count()

    case = desk.case_of(chat.conversation_id)
    desk.accept(case["id"])
    expect(header).to_contain_text(f"{desk.name} 상담원")
    expect(chat.log.locator(".notice").last).to_have_text(f"{desk.name} 상담원이 연결됐어요")
    expect(chat.root.locator(".waiting")).to_have_count(0)

    desk.say(case["id"], "안녕하세요, 무엇을 도와드릴까요?")
    expect(chat.log.locator(".line.agent .bubble")).to_have_text(["안녕하세요, 무엇을 도와드릴까요?"])
    chat.say("카드를 잃어버렸어요")
    expect(chat.log.locator(".line.customer").last.locator(".state.sent")).to_be_visible()
    assert chat.bot.count() == bot_lines, "the bot speaks no more"
    chat.page.wait_for_function(
        "(text) => window.said.some((words) => words.includes(text))", arg="무엇을 도와드릴까요"
    )

    desk.close(case["id"])
    expect(chat.root.locator(".ended")).to_contain_text("상담이 끝났어요")
    chat.root.get_by_role("button", name="새로 문의하기").click()
    expect(chat.field).to_be_visible()
    chat.say("고마워요")
    expect(header).to_contain_text("AI 상담")


def test_giving_up_waiting_returns_to_the_bot(chat: Any) -> None:
    chat.open()
    chat.human.click()
    chat.root.get_by_role("button", name="그만 기다리기").click()
    expect(chat.root.locator("header")).to_contain_text("AI 상담")
    expect(chat.human).to_be_visible()


def test_waiting_customers_choose_what_else_to_do(chat: Any, desk: Any) -> None:
    chat.open()
    chat.human.click()
    choices = chat.root.locator(".waiting .choices button")
    expect(choices).to_have_text(["도우미와 계속하기", "메모 남기기", "전화 상담 예약", "그만 기다리기"])
    choices.nth(1).click()
    expect(chat.log).to_contain_text("남길 말씀을 적어 주세요")
    chat.say("카드가 부러졌어요")
    expect(chat.own.last).to_have_text("카드가 부러졌어요")
    case = desk.case_of(chat.conversation_id)
    assert (case["state"], case["message_left"]) in (("queued", True), ("offered", True))
    choices.nth(0).click()
    expect(chat.root.locator("header")).to_contain_text("AI 상담")
    chat.say("카드를 잃어버렸어요")
    expect(chat.bot.last).not_to_have_text("")


def test_a_call_back_instead_of_waiting(chat: Any) -> None:
    chat.open()
    chat.human.click()
    chat.root.locator(".waiting").get_by_role("button", name="전화 상담 예약").click()
    expect(chat.own.last).to_have_text("전화 상담 예약")
    expect(chat.log.get_by_role("form", name="전화 상담 예약")).to_be_visible()


def test_the_place_in_the_queue_moves_up(make_chat: Callable[..., Any]) -> None:
    first, second = make_chat().open(), make_chat().open()
    for chat in (first, second):
        chat.human.click()
        expect(chat.root.locator(".waiting")).to_be_visible()
    place = second.root.locator(".waiting .place")
    expect(place).to_contain_text("앞에")
    before = place.inner_text()
    first.root.get_by_role("button", name="그만 기다리기").click()
    expect(place).not_to_have_text(before)


def test_the_badge_tells_of_an_answer_while_the_panel_is_closed(chat: Any, desk: Any) -> None:
    chat.open()
    chat.human.click()
    expect(chat.root.locator(".waiting")).to_be_visible()
    case = desk.case_of(chat.conversation_id)
    chat.page.keyboard.press("Escape")
    desk.accept(case["id"])
    desk.say(case["id"], "기다려 주셔서 고마워요")
    expect(chat.launcher).to_have_accessible_name("상담 열기, 안 읽은 메시지 2개")
    expect(chat.page).to_have_title("(2) 이음은행")
    chat.page.reload()
    expect(chat.launcher).to_have_accessible_name("상담 열기, 안 읽은 메시지 2개")
    chat.launcher.click()
    expect(chat.log.locator(".read-line")).to_be_visible()
    expect(chat.page).to_have_title("이음은행")


@pytest.fixture
def failing_chat(chat: Any) -> Any:
    """A server that takes messages and fails at each."""

    def dial(line: WebSocketRoute) -> None:
        server = line.connect_to_server()

        def answer(frame: str | bytes) -> None:
            text = str(frame)
            if text.startswith("42") and '"user_uttered"' in text and "/request_human" not in text:
                number = text[2 : text.index("[")]
                error = '{"code": "internal", "title": "잠시 문제가 생겼어요. 조금 뒤에 다시 해 주세요"}'
                line.send(f'43{number}[{{"ok": false, "error": {error}}}]')
            else:
                server.send(frame)

        line.on_message(answer)

    chat.page.context.route_web_socket("**/socket.io/**", dial)
    return chat.open()


def test_an_error_of_the_bot_offers_a_person(failing_chat: Any) -> None:
    chat = failing_chat
    chat.say("안녕하세요")
    failed = chat.log.locator(".meta.failed")
    expect(failed).to_contain_text("잠시 문제가 생겼어요", timeout=2_000)
    expect(failed.get_by_role("button", name="다시 보내기")).to_be_visible()
    failed.get_by_role("button", name="사람 연결").click()
    expect(chat.root.locator("header")).to_contain_text("상담원 연결 중")
    failed.get_by_role("button", name="지우기").click()
    expect(chat.own).to_have_text(["상담원 연결해 주세요"])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_at_the_end_the_customer_says_how_it_was_once(
    make_chat: Callable[..., Any], desk: Any, violations: Callable[..., list[str]], scheme: str
) -> None:
    chat = make_chat(color_scheme=scheme, reduced_motion="reduce").open()
    chat.human.click()
    case = desk.case_of(chat.conversation_id)
    desk.accept(case["id"])
    desk.close(case["id"])
    faces = chat.log.get_by_role("radiogroup", name="상담은 어떠셨나요?")
    expect(faces.get_by_role("radio")).to_have_count(5)
    assert violations(chat.page, within="sangdam-chat") == []
    faces.get_by_role("radio", name="보통이에요").focus()
    chat.page.keyboard.press("ArrowRight")
    expect(faces.get_by_role("radio", name="좋아요", exact=True)).to_be_checked()
    scale = chat.log.get_by_role("radiogroup", name="주변에 추천하고 싶으신가요? (선택)")
    scale.get_by_role("radio", name="8", exact=True).focus()
    scale.get_by_role("radio", name="8", exact=True).click()
    chat.page.keyboard.press("ArrowRight")
    expect(scale.get_by_role("radio", name="9", exact=True)).to_be_checked()
    assert violations(chat.page, within="sangdam-chat") == []
    chat.log.get_by_label("더 하실 말씀이 있으면 적어 주세요 (선택)").fill("빨랐어요")
    chat.log.get_by_role("button", name="보내기").click()
    expect(chat.log).to_contain_text("의견을 남겨 주셔서 고마워요")
    expect(faces).to_have_count(0)
    answer = desk.api("GET", f"/api/desk/cases/{case['id']}/survey")["survey"]
    assert (answer["score"], answer["recommend"], answer["comment"]) == (4, 9, "빨랐어요")
    chat.page.reload()
    chat.launcher.click()
    expect(chat.root.locator(".ended")).to_be_visible()
    expect(faces).to_have_count(0)


def test_the_survey_can_be_passed_over(chat: Any, desk: Any) -> None:
    chat.open()
    chat.human.click()
    case = desk.case_of(chat.conversation_id)
    desk.accept(case["id"])
    desk.close(case["id"])
    chat.log.get_by_role("button", name="건너뛰기").click()
    expect(chat.log.get_by_role("radiogroup")).to_have_count(0)
    assert desk.api("GET", f"/api/desk/cases/{case['id']}/survey")["survey"]["skipped"]
