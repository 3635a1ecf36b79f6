"""A foreign customer at the widget, an agent who reads Korean at the desk, a language model between them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from ..conftest import TranslatingModel
from .conftest import Service, serve
from .test_desk_work import Agent

ENGLISH = "I lost my card yesterday"
KOREAN = "어제 카드를 잃어버렸어요"
REPLY, SENT = "지금 카드를 정지할게요", "I will block your card now."


@pytest.fixture(scope="module")
def model() -> Iterator[TranslatingModel]:
    """Knows what is said here."""
    made = TranslatingModel()
    made.book = {ENGLISH: f"en\n{KOREAN}", REPLY: f"ko\n{SENT}"}
    yield made
    made.close()


@pytest.fixture(scope="module")
def live_server(start_server: Callable[..., Any], model: TranslatingModel) -> Service:
    """With a language model."""
    return serve(start_server, SANGDAM_LLM_URL=model.url, SANGDAM_LLM_MODEL="test")


@pytest.fixture
def talk(chat: Any, desk: Any, new_page: Callable[..., Page], model: TranslatingModel) -> Any:
    """A customer who has asked for a person, and the agent who took the case."""
    model.down = False
    chat.open()
    chat.say("상담원 바꿔 주세요")
    case_id = desk.case_of(chat.conversation_id)["id"]
    page = new_page()
    page.add_init_script(f"localStorage.setItem('sangdam.desk.token', JSON.stringify('{desk.api.token}'))")
    page.goto("/desk")
    agent = Agent(page)
    agent.accept(case_id)
    return chat, agent


def test_each_reads_and_writes_their_own_language(talk: Any, violations: Any) -> None:
    chat, agent = talk
    chat.say(ENGLISH)
    said = agent.thread.locator(".line-box", has_text=ENGLISH)
    expect(said.locator(".translated")).to_contain_text(KOREAN)
    assert said.locator(".bubble").get_attribute("lang") == "en"

    agent.field.fill(REPLY)
    agent.field.press("Enter")
    preview = agent.page.locator(".reply-language")
    expect(preview.locator("blockquote")).to_have_text(SENT)
    expect(agent.field).to_have_value(REPLY)
    assert violations(agent.page, within=".composer") == []
    # Nothing has gone out; other words need another look.
    expect(chat.log.locator(".line.agent:not(.typing)")).to_have_count(0)
    agent.field.press("!")
    expect(preview.locator("blockquote")).to_have_count(0)
    agent.field.press("Backspace")
    expect(preview.locator("blockquote")).to_have_text(SENT)
    agent.field.press("Enter")

    expect(chat.log.locator(".line.agent .bubble")).to_have_text(SENT)
    sent = agent.thread.locator(".line-box", has_text=SENT)
    expect(sent.locator(".translated")).to_contain_text(REPLY)
    expect(agent.field).to_have_value("")
    agent.page.reload()
    agent.page.locator(".row[data-id]").first.click()
    expect(agent.thread.locator(".line-box", has_text=SENT).locator(".translated")).to_contain_text(REPLY)
    expect(agent.thread.locator(".line-box", has_text=ENGLISH).locator(".translated")).to_contain_text(KOREAN)


def test_words_may_go_out_as_they_are(talk: Any) -> None:
    chat, agent = talk
    chat.say(ENGLISH)
    expect(agent.page.locator(".reply-language")).to_contain_text("영어로 번역해서 보내요")
    agent.page.get_by_role("button", name="그대로 보내기").click()
    agent.field.fill("Hello, one moment please.")
    agent.field.press("Enter")
    expect(chat.log.locator(".line.agent .bubble")).to_have_text("Hello, one moment please.")


def test_a_model_that_is_gone_stops_nobody(talk: Any, model: TranslatingModel) -> None:
    chat, agent = talk
    model.down = True
    other = "My transfer has failed, what can I do?"
    chat.say(other)
    said = agent.thread.locator(".line-box", has_text=other)
    expect(said.locator(".translated")).to_contain_text("번역하지 못했어요")
    agent.field.fill("확인할게요")
    agent.field.press("Enter")
    failed = agent.page.locator(".reply-language .failed")
    expect(failed).to_contain_text("번역하지 못했어요")
    expect(agent.field).to_have_value("확인할게요")

    model.down = False
    model.book |= {other: "en\n이체에 실패했어요. 어떻게 하나요?", "확인할게요": "ko\nLet me check."}
    failed.get_by_role("button", name="다시 번역하기").click()
    expect(agent.page.locator(".reply-language blockquote")).to_have_text("Let me check.")
    said.get_by_role("button", name="다시 번역하기").click()
    expect(said.locator(".translated")).to_have_text(re.compile("이체에 실패했어요"))
