"""Cards, carousels and forms: seen, moved, filled in, corrected, by mouse and by keys, on large screens and small."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

SCREENS = {
    "desktop": {"viewport": {"width": 1280, "height": 800}},
    "phone": {"viewport": {"width": 375, "height": 812}, "has_touch": True, "is_mobile": True},
}


def ask_for_form(chat: Any) -> Any:
    """The call-back form, in the thread."""
    chat.say("전화로 상담받고 싶어요")
    form = chat.log.get_by_role("form", name="전화 상담 예약")
    expect(form).to_be_visible()
    return form


def fill(form: Any, phone: str = "01012345678") -> None:
    form.get_by_label("전화번호").fill(phone)
    form.get_by_label("날짜").select_option(index=2)
    form.get_by_label("시간").select_option("15:00")
    form.get_by_label("상담 내용").fill("대출 이자가 궁금해요")


def test_the_banks_cards_are_a_carousel_moved_by_its_buttons(chat: Any) -> None:
    chat.open()
    chat.say("어떤 카드가 있어요?")
    carousel = chat.log.get_by_role("region", name="카드 3장")
    expect(carousel).to_contain_text("1 / 3")
    before, after = (carousel.get_by_role("button", name=name) for name in ("이전 카드", "다음 카드"))
    expect(before).to_be_disabled()
    after.click()
    expect(carousel).to_contain_text("2 / 3")
    after.click()
    expect(carousel).to_contain_text("3 / 3")
    expect(after).to_be_disabled()
    expect(carousel.get_by_role("img", name="보랏빛 이음 국내외 겸용 신용카드")).to_be_visible()
    widths = carousel.locator("img").evaluate_all("(all) => all.map((one) => one.naturalWidth)")
    assert widths == [640, 640, 640]
    link = carousel.get_by_role("link", name="신용카드와 비교하기")
    assert (link.get_attribute("href") or "").endswith("/knowledge/cards/check-vs-credit.md")
    carousel.get_by_role("button", name="해외 수수료 묻기").last.click()
    expect(chat.own.last).to_have_text("해외 수수료 묻기")
    expect(chat.log.locator(".source").first).to_be_visible()


def test_a_lost_card_ends_with_what_to_do_next(chat: Any) -> None:
    chat.open()
    quick = chat.root.get_by_role("group", name="빠른 답장")
    chat.say("카드를 잃어버렸어요")
    expect(chat.bot.last).to_contain_text("휴대전화")
    chat.say("010-8901-2345")  # whose card no other test blocks
    quick.get_by_role("button", name="체크카드").click()
    quick.get_by_role("button", name="네, 정지할게요").click()
    quick.get_by_role("button", name="네, 재발급할게요").click()
    card = chat.log.get_by_role("group", name="정지한 체크카드 다음 할 일")
    expect(card.get_by_role("img", name="자물쇠가 걸린 카드 그림")).to_be_visible()
    assert card.get_by_role("link", name="고객센터에 전화하기").get_attribute("href") == "tel:1588-0000"


def test_a_form_books_the_call_and_is_corrected_before(chat: Any) -> None:
    form = ask_for_form(chat.open())
    fill(form)
    expect(form.get_by_label("전화번호")).to_have_value("010-1234-5678")
    assert form.get_by_label("전화번호").evaluate("(one) => [one.inputMode, one.autocomplete]") == [
        "tel",
        "tel",
    ]
    form.get_by_role("button", name="예약 내용 확인하기").click()
    expect(chat.bot.last).to_contain_text("오후 3:00에 010-1234-5678로 전화드릴게요")
    done = chat.log.get_by_role("group", name="전화 상담 예약")
    expect(done).to_contain_text("대출 이자가 궁금해요")
    done.get_by_role("button", name="고치기").click()
    form = chat.log.get_by_role("form", name="전화 상담 예약")
    expect(form.get_by_label("전화번호")).to_be_focused()
    form.get_by_label("시간").select_option("16:30")
    form.get_by_role("button", name="예약 내용 확인하기").click()
    expect(chat.bot.last).to_contain_text("오후 4:30에")
    chat.page.reload()
    chat.launcher.click()
    expect(chat.log.get_by_role("group", name="전화 상담 예약")).to_contain_text("오후 4:30")
    chat.root.get_by_role("button", name="네, 예약할게요").click()
    expect(chat.log).to_contain_text("예약했어요")
    expect(done.get_by_role("button", name="고치기")).to_have_count(0)


def test_errors_are_said_by_the_field_and_focus_goes_to_the_first(chat: Any) -> None:
    form = ask_for_form(chat.open())
    form.get_by_label("전화번호").fill("12")
    form.get_by_role("button", name="예약 내용 확인하기").click()
    expect(form.get_by_role("alert")).to_have_text("확인할 항목이 3개 있어요")
    phone = form.get_by_label("전화번호")
    expect(phone).to_be_focused()
    expect(phone).to_have_attribute("aria-invalid", "true")
    expect(phone).to_have_accessible_description("이 번호로 전화드려요 전화번호를 다시 확인해 주세요")
    phone.press_sequentially("34")
    phone.fill("010-1234-5678")
    expect(phone).not_to_have_attribute("aria-invalid", "true")


def test_secrets_are_masked_while_they_are_typed(chat: Any) -> None:
    form = ask_for_form(chat.open())
    topic = form.get_by_label("상담 내용")
    topic.press_sequentially("제 번호는 900101-1234567")
    expect(topic).to_have_value("제 번호는 900101-*******")
    expect(form).to_contain_text("개인정보라서 가렸어요")


def test_what_was_filled_in_is_there_after_a_reload(chat: Any) -> None:
    form = ask_for_form(chat.open())
    form.get_by_label("상담 내용").fill("이자가 궁금해요")
    chat.page.reload()
    chat.launcher.click()
    form = chat.log.get_by_role("form", name="전화 상담 예약")
    expect(form.get_by_label("상담 내용")).to_have_value("이자가 궁금해요")


def test_enter_of_the_input_method_does_not_send_the_form(chat: Any) -> None:
    form = ask_for_form(chat.open())
    form.get_by_label("전화번호").click()
    chat.compose("ㅎ", "하", "한")
    chat.key("rawKeyDown", 229)
    chat.commit("한")
    expect(form.get_by_role("alert")).to_have_count(0)
    chat.key("keyDown", 13)
    chat.key("keyUp", 13)
    expect(form.get_by_role("alert")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", SCREENS)
def test_axe_finds_nothing(
    make_chat: Callable[..., Any], violations: Callable[..., list[str]], screen: str, scheme: str
) -> None:
    chat = make_chat(**SCREENS[screen], color_scheme=scheme, reduced_motion="reduce").open()
    found: dict[str, list[str]] = {}
    chat.say("어떤 카드가 있어요?")
    expect(chat.log.get_by_role("region", name="카드 3장")).to_be_visible()
    found["carousel"] = violations(chat.page, within="sangdam-chat")
    form = ask_for_form(chat)
    form.get_by_role("button", name="예약 내용 확인하기").click()
    expect(form.get_by_role("alert")).to_be_visible()
    found["form with errors"] = violations(chat.page, within="sangdam-chat")
    fill(form)
    form.get_by_role("button", name="예약 내용 확인하기").click()
    expect(chat.log.get_by_role("button", name="고치기")).to_be_visible()
    found["form sent"] = violations(chat.page, within="sangdam-chat")
    assert {state: lines for state, lines in found.items() if lines} == {}
    assert no_sideways_scroll(chat.page)


def no_sideways_scroll(page: Page) -> bool:
    return bool(
        page.evaluate(
            """() => {
                const log = document.querySelector('sangdam-chat').shadowRoot.querySelector('.log');
                return document.documentElement.scrollWidth <= innerWidth && log.scrollWidth <= log.clientWidth;
            }"""
        )
    )
