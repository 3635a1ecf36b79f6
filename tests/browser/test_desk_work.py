"""An agent at work: from signing in to the outcome, with the customer at the other end."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Locator, Page, expect

PASSWORD = "바다위의등대 2026"


@dataclass
class Agent:
    """The desk on a page, by what an agent sees and does."""

    page: Page
    cdp: CDPSession | None = None

    def sign_in(self, username: str, password: str) -> Agent:
        """To the inbox."""
        self.page.goto("/desk")
        self.page.get_by_label("아이디").fill(username)
        self.page.get_by_label("비밀번호").fill(password)
        self.page.get_by_role("button", name="로그인").click()
        expect(self.page.get_by_role("tab", name=re.compile("^내 대화"))).to_be_visible()
        return self

    def tab(self, name: str) -> None:
        """A tab of the inbox."""
        self.page.get_by_role("tablist", name="상담 목록").get_by_role(
            "tab", name=re.compile(f"^{name}")
        ).click()

    def row(self, case_id: str) -> Locator:
        """A row of the inbox."""
        return self.page.locator(f'.row[data-id="{case_id}"]')

    def open(self, case_id: str, tab: str = "전체") -> None:
        """Opens a case, and waits for what is in it."""
        self.tab(tab)
        self.row(case_id).click()
        expect(self.thread.locator(".bubble").first).to_be_visible()

    def accept(self, case_id: str) -> None:
        """Takes an open case."""
        self.open(case_id, "대기")
        self.page.locator(".take-bar").get_by_role("button", name="상담 받기").click()
        expect(self.field).to_be_enabled()
        expect(self.reply_mode).to_be_enabled()

    @property
    def thread(self) -> Locator:
        """The messages."""
        return self.page.get_by_role("log", name="메시지")

    @property
    def field(self) -> Locator:
        """Where one writes."""
        return self.page.locator(".composer textarea")

    @property
    def reply_mode(self) -> Locator:
        """The switch to replies."""
        return self.page.get_by_role("button", name="답장", exact=True)

    def panel(self, name: str) -> Locator:
        """A tab of the right panel, opened."""
        self.page.get_by_role("tablist", name="고객 정보와 도움").get_by_role("tab", name=name).click()
        return self.page.get_by_role("tabpanel", name=name)

    def ime(self, method: str, **params: Any) -> None:
        """What the input method does."""
        self.cdp = self.cdp or self.page.context.new_cdp_session(self.page)
        self.cdp.send(f"Input.{method}", params)


@pytest.fixture
def agent(page: Page, desk: Any) -> Agent:
    """김민지, signed in before."""
    page.add_init_script(f"localStorage.setItem('sangdam.desk.token', JSON.stringify('{desk.api.token}'))")
    page.goto("/desk")
    expect(page.get_by_role("tab", name=re.compile("^내 대화"))).to_be_visible()
    return Agent(page)


_ADDED: set[str] = set()
"""Servers that have the second user: a fixture that other modules import is made once for each of them."""


@pytest.fixture(scope="session")
def second_user(live_server: Any) -> tuple[str, str]:
    """박준호, who may sign in."""
    if live_server.url in _ADDED:
        return "junho", PASSWORD
    _ADDED.add(live_server.url)
    root = Path(__file__).parents[2]
    arguments = ["user", "add", "junho", "--name", "박준호", "--role", "agent", "--password-stdin"]
    subprocess.run(
        [sys.executable, "-m", "bot.cli", *arguments],
        cwd=root,
        env={**os.environ, "SANGDAM_DATA_DIR": str(live_server.data_dir)},
        input=PASSWORD,
        text=True,
        check=True,
        capture_output=True,
    )
    return "junho", PASSWORD


@pytest.fixture
def waiting(new_customer: Callable[[], Any], desk: Any) -> tuple[Any, str]:
    """A customer who asks for a person in the middle of reporting a lost card, and the case."""
    customer = new_customer()
    for text in (
        "안녕하세요",
        "카드 재발급 받으면 며칠 걸려요?",
        "카드를 잃어버렸어요",
        "010-1234-5678이에요",
        "진짜 짜증나네요",
        "상담원 바꿔 주세요",
    ):
        customer.say(text)
    return customer, desk.case_of(customer.conversation_id)["id"]


def said(customer: Any, kind: str) -> list[str]:
    """What the customer sees of one kind of speaker."""
    return [m["text"] for m in customer.messages() if m["speaker"]["kind"] == kind]


def until_said(customer: Any, kind: str, texts: list[str], seconds: float = 10) -> None:
    """Exactly these, soon: the desk shows its own word before it has come to the customer."""
    until = time.monotonic() + seconds
    while said(customer, kind) != texts and time.monotonic() < until:
        time.sleep(0.1)
    assert said(customer, kind) == texts


def test_sign_in_says_what_is_wrong_and_holds_over_a_reload(page: Page, live_server: Any) -> None:
    page.goto("/desk")
    page.get_by_role("button", name="로그인").click()
    expect(page.get_by_role("alert").filter(has_text="아이디를 입력해 주세요")).to_be_visible()
    page.get_by_label("아이디").fill("nobody")
    page.get_by_label("비밀번호").fill("wrong")
    page.get_by_role("button", name="로그인").click()
    expect(page.get_by_role("alert").filter(has_text="아이디나 비밀번호가 맞지 않아요")).to_be_visible()
    agent = Agent(page).sign_in(live_server.username, live_server.password)
    page.reload()
    expect(page.get_by_role("tab", name=re.compile("^내 대화"))).to_be_visible()
    page.get_by_role("button", name="설정").click()
    page.get_by_role("menuitem", name="로그아웃").click()
    page.get_by_role("dialog").get_by_role("button", name="로그아웃").click()
    expect(page.get_by_label("아이디")).to_be_visible()
    assert agent.page.evaluate("localStorage.getItem('sangdam.desk.token')") is None


def test_packet_tells_why_the_customer_is_here(agent: Agent, waiting: Any) -> None:
    _, case_id = waiting
    agent.open(case_id, "대기")
    panel = agent.panel("고객 정보")
    expect(panel.locator(".summary")).to_contain_text("“카드를 잃어버렸어요”")
    expect(panel.locator(".summary")).to_contain_text("상담원 연결을 요청했어요")
    expect(panel.locator(".goal-line")).to_contain_text("카드 분실 신고")
    expect(panel.locator(".slots")).to_contain_text("010-****-5678")
    expect(panel.locator(".slot.missing").first).to_contain_text("카드 종류")
    tried = panel.locator(".tried")
    expect(tried).to_contain_text("카드 재발급 받으면 며칠 걸려요?")
    expect(tried.locator(".sources a").first).to_have_attribute("href", re.compile("^/knowledge/"))
    expect(panel.locator(".curve svg")).to_have_attribute("aria-label", re.compile("기분"))
    # Each line of the summary leads to its message.
    panel.locator(".summary .jump").first.click()
    expect(agent.thread.locator(".line-box.marked")).to_contain_text("카드를 잃어버렸어요")


def test_hangul_reaches_the_customer_once_with_the_agents_name(agent: Agent, waiting: Any) -> None:
    customer, case_id = waiting
    agent.accept(case_id)
    agent.field.focus()
    agent.ime("imeSetComposition", text="안", selectionStart=1, selectionEnd=1)
    agent.ime("insertText", text="안")
    agent.ime("imeSetComposition", text="녕", selectionStart=1, selectionEnd=1)
    enter = {"key": "Enter", "code": "Enter"}
    agent.ime("dispatchKeyEvent", type="rawKeyDown", windowsVirtualKeyCode=229, **enter)
    agent.ime("insertText", text="녕")
    agent.ime("dispatchKeyEvent", type="keyDown", windowsVirtualKeyCode=13, text="\r", **enter)
    agent.ime("dispatchKeyEvent", type="keyUp", windowsVirtualKeyCode=13, **enter)
    expect(agent.thread.locator(".group.agent .bubble")).to_have_text(["안녕"])
    expect(agent.thread.locator(".delivered")).to_have_text(["보냄"])
    expect(agent.field).to_have_value("")
    lines = [m for m in customer.messages() if m["speaker"]["kind"] == "agent"]
    assert [(m["text"], m["speaker"]["name"]) for m in lines] == [("안녕", "김민지")]
    customer.say("네, 안녕하세요")
    expect(agent.thread.locator(".group.customer .bubble").last).to_have_text("네, 안녕하세요")


def test_notes_stay_inside_and_drafts_stay_where_they_were(agent: Agent, waiting: Any) -> None:
    customer, case_id = waiting
    agent.accept(case_id)
    agent.field.fill("아직 쓰는 중인 답장")
    agent.page.get_by_role("button", name="메모", exact=True).click()
    expect(agent.page.locator(".composer")).to_have_class(re.compile("note"))
    agent.field.fill("창고에 확인함")
    agent.field.press("Enter")
    expect(agent.thread.locator(".group.note .bubble")).to_have_text(["창고에 확인함"])
    assert "창고" not in str(customer.messages())
    agent.page.reload()
    agent.open(case_id, "내 대화")
    agent.reply_mode.click()
    expect(agent.field).to_have_value("아직 쓰는 중인 답장")


def test_suggestion_and_template_go_into_the_composer_and_no_further(agent: Agent, waiting: Any) -> None:
    customer, case_id = waiting
    agent.accept(case_id)
    panel = agent.panel("도움")
    text = panel.locator(".suggestion-text").first.inner_text()
    sources = panel.locator(".suggestion .sources").first.locator("li").all_inner_texts()
    agent.field.focus()
    agent.page.keyboard.press("F8")
    expect(agent.field).to_have_value(text)
    assert sources
    for source in sources:
        expect(agent.page.locator(".inserted")).to_contain_text(source)
    assert said(customer, "agent") == []
    agent.field.fill("직접 쓴 답이에요 ")
    expect(agent.page.locator(".inserted")).to_have_count(0)
    agent.field.press("End")
    agent.page.keyboard.type("/")
    expect(agent.page.get_by_role("option")).to_have_count(4)
    agent.page.keyboard.insert_text("ㅎㅇ")
    expect(agent.page.get_by_role("option").first).to_contain_text("확인 중")
    agent.page.keyboard.press("Enter")
    expect(agent.field).to_have_value("직접 쓴 답이에요 지금 확인하고 있어요. 잠시만 기다려 주세요.")
    assert said(customer, "agent") == []


def test_closing_needs_a_code_and_tells_both(agent: Agent, waiting: Any, desk: Any) -> None:
    customer, case_id = waiting
    agent.accept(case_id)
    agent.page.get_by_role("button", name="마무리", exact=True).click()
    sheet = agent.page.get_by_role("dialog", name="상담 마무리")
    sheet.get_by_role("button", name="마무리하기").click()
    expect(sheet.get_by_role("alert")).to_have_text("결과를 골라 주세요")
    sheet.get_by_text("해결", exact=True).click()
    sheet.get_by_label("메모").fill("카드를 정지했어요")
    sheet.get_by_role("button", name="마무리하기").click()
    expect(sheet).to_be_hidden()
    expect(agent.page.locator(".closed-bar")).to_contain_text("카드를 정지했어요")
    assert said(customer, "system")[-1].startswith("상담이 끝났어요")
    closed = desk.case_of(customer.conversation_id, "closed")
    assert closed["outcome"] == {"code": "resolved", "note": "카드를 정지했어요"}


def test_the_bot_goes_on_with_what_the_agent_found_out(agent: Agent, waiting: Any) -> None:
    customer, case_id = waiting
    agent.accept(case_id)
    agent.page.get_by_role("button", name="AI에게 돌려주기").click()
    sheet = agent.page.get_by_role("dialog", name="AI에게 돌려주기")
    sheet.get_by_text("해결", exact=True).click()
    sheet.get_by_label("카드 종류").select_option("신용카드")
    sheet.get_by_role("button", name="돌려주기", exact=True).click()
    expect(agent.page.locator(".closed-bar")).to_contain_text("AI에게 돌려준 상담이에요")
    last = said(customer, "bot")[-1]
    assert "4821" in last and "정지할까요" in last, "the bot asks for nothing that the agent has entered"


def test_transfer_needs_a_reason_and_waits_again(agent: Agent, waiting: Any) -> None:
    _, case_id = waiting
    agent.accept(case_id)
    agent.page.get_by_role("button", name="전달", exact=True).click()
    sheet = agent.page.get_by_role("dialog", name="다른 상담원에게 전달")
    sheet.get_by_role("button", name="전달하기").click()
    expect(sheet.get_by_role("alert")).to_have_text("전달하는 이유를 적어 주세요")
    sheet.get_by_label("전달하는 이유").fill("한도 담당이 필요해요")
    sheet.get_by_role("button", name="전달하기").click()
    expect(agent.page.locator(".take-bar")).to_be_visible()
    expect(agent.thread.locator(".group.note .bubble")).to_have_text(["한도 담당이 필요해요"])


def test_two_agents_race_and_the_second_is_told(
    agent: Agent, waiting: Any, new_page: Callable[..., Page], second_user: tuple[str, str]
) -> None:
    customer, case_id = waiting
    other = Agent(new_page()).sign_in(*second_user)
    for one in (agent, other):
        one.open(case_id, "대기")
    # The second agent's page hears of nothing: it acts on what it saw last.
    other.page.route("**/socket.io/**", lambda route: route.abort())
    other.page.evaluate("() => 0")
    agent.page.locator(".take-bar").get_by_role("button", name="상담 받기").click()
    expect(agent.field).to_be_visible()
    status, problem = other.page.evaluate(
        """async (id) => {
          const token = JSON.parse(localStorage.getItem('sangdam.desk.token'));
          const headers = {Authorization: `Bearer ${token}`};
          const answer = await fetch(`/api/desk/cases/${id}/accept`, {method: 'POST', headers});
          return [answer.status, await answer.json()];
        }""",
        case_id,
    )
    assert (status, problem["title"]) == (409, "김민지 상담원이 먼저 받았어요.")
    expect(other.page.locator(".composer .hint")).to_contain_text("김민지 상담원이 맡고 있어요")
    expect(other.reply_mode).to_be_disabled()
    assert said(customer, "system") == ["김민지 상담원이 연결됐어요"]
