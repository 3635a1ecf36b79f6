"""Actions run bounded and contained: whatever one does, the conversation goes on."""

from __future__ import annotations

import asyncio
import math
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk.events import AllSlotsReset, FollowupAction, SlotSet
from rasa_sdk.interfaces import ActionExecutionRejection

from actions.services import CalendarService, HandoffService
from bot.conversation.actions_port import ActionError
from bot.conversation.assistant import Assistant
from bot.conversation.rich import Button
from bot.conversation.tracker import Tracker
from bot.execution.in_process import ActionsUnavailable, InProcessRunner

Run = Callable[..., Any]


async def test_events_and_words_come_through(run: Run) -> None:
    def act(dispatcher: Any, tracker: Any, domain: Any) -> Any:
        dispatcher.utter_message(
            text="안녕", buttons=[{"title": "네", "payload": "/affirm"}], image="https://x/y.png"
        )
        dispatcher.utter_message(response="utter_done", color="빨강")
        dispatcher.utter_message(json_message={"a": 1})
        return [SlotSet("color", "빨강"), FollowupAction("action_listen")]

    result = await run(act)
    assert [(event.name, event.value, event.source) for event in result.events] == [
        ("color", "빨강", "action")
    ]
    first, second, third = result.said
    assert (first.text, first.buttons, first.image) == (
        "안녕",
        (Button(title="네", payload="/affirm"),),
        "https://x/y.png",
    )
    assert (second.response, second.variables) == ("utter_done", {"color": "빨강"})
    assert third.custom == {"a": 1}


async def test_the_tracker_is_rasas(run: Run) -> None:
    seen: dict[str, Any] = {}

    def act(dispatcher: Any, tracker: Any, domain: Any) -> Any:
        seen.update(
            sender=tracker.sender_id, slots=dict(tracker.slots), stack=list(tracker.stack), domain=domain
        )

    await run(act, {"turn_id": "m1"})
    assert seen["sender"] == "c1" and seen["slots"] == {"color": None, "done": False}
    assert seen["stack"][-1]["turn_id"] == "m1"
    assert "utter_done" in seen["domain"]["responses"]


async def test_an_action_cannot_change_what_it_is_shown(run: Run) -> None:
    def spoil(dispatcher: Any, tracker: Any, domain: Any) -> Any:
        seen.append(dict(domain))
        domain.clear()
        tracker.slots.clear()
        tracker.latest_message["text"] = "나쁜 말"

    seen: list[Any] = []
    await run(spoil)
    await run(spoil)
    assert seen[0] == seen[1] and seen[0]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ValueError("주민번호 900101-1234567"), "raised"),
        (ActionExecutionRejection("action_work"), "raised"),
        (TimeoutError(), "raised"),
        (SystemExit(3), "raised"),
        (RecursionError(), "raised"),
    ],
)
async def test_what_an_action_raises_stays_inside(run: Run, error: BaseException, code: str) -> None:
    def act(*_: Any) -> Any:
        raise error

    with pytest.raises(ActionError) as caught:
        await run(act)
    assert (caught.value.failure, caught.value.action) == (code, "action_work")
    assert "900101" not in caught.value.detail + caught.value.en


async def test_an_action_that_hangs_is_stopped(run: Run) -> None:
    async def act(*_: Any) -> Any:
        await asyncio.sleep(60)

    with pytest.raises(ActionError) as caught:
        await run(act)
    assert (caught.value.failure, caught.value.detail) == ("timeout", "over 0.25 s")


async def test_an_action_that_blocks_does_not_block_the_others(run: Run, blocking: Any) -> None:
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.01)
            ticks += 1

    ticking = asyncio.create_task(tick())
    with pytest.raises(ActionError) as caught:
        await run(blocking)
    ticking.cancel()
    assert caught.value.failure == "timeout" and ticks > 10


async def test_an_unknown_action(runner: InProcessRunner) -> None:
    with pytest.raises(ActionError) as caught:
        await runner.run("action_nowhere", Tracker("c1"), {})
    assert caught.value.failure == "unknown_action"


@pytest.mark.parametrize(
    "answer",
    [
        {"event": "slot"},
        "done",
        [1],
        [{"name": "color"}],
        [{"event": "rewind"}],
        [{"event": "slot", "name": "color", "value": date(2026, 1, 1)}],
        [{"event": "slot", "name": "color", "value": math.nan}],
        [{"event": "slot", "name": "color", "value": "\ud800"}],
        [{"event": "slot", "name": "color", "value": {1, 2}}],
        [{"event": "knowledge_answered", "outcome": "maybe"}],
        [{"event": "handoff_requested", "urgency": 7}],
    ],
)
async def test_wrong_answers_are_refused(run: Run, answer: Any) -> None:
    with pytest.raises(ActionError) as caught:
        await run(lambda *_: answer)
    assert caught.value.failure == "bad_result"


@pytest.mark.parametrize(
    "said",
    [
        {"buttons": "네"},
        {"buttons": ["네"]},
        {"json_message": [1]},
        {"citations": "a"},
        {"citations": [1]},
        {"text": "\udfff"},
        {"when": date(2026, 1, 1)},
    ],
)
async def test_wrong_words_are_refused(run: Run, said: dict[str, Any]) -> None:
    def act(dispatcher: Any, tracker: Any, domain: Any) -> Any:
        dispatcher.utter_message(**said)

    with pytest.raises(ActionError) as caught:
        await run(act)
    assert caught.value.failure == "bad_result"


async def test_slots_that_the_domain_has_not_are_passed_over_and_all_can_be_reset(run: Run) -> None:
    result = await run(lambda *_: [SlotSet("requested_slot", None), AllSlotsReset()])
    assert [(event.name, event.value) for event in result.events] == [("color", None), ("done", False)]


async def test_nothing_is_an_answer(run: Run) -> None:
    result = await run(lambda *_: None)
    assert result.events == () and result.said == ()


async def test_a_failed_action_apologises_offers_a_person_and_the_talk_goes_on(
    talk: Run, runner: InProcessRunner, work: Any
) -> None:
    def fails(*_: Any) -> Any:
        raise ValueError

    async def hangs(*_: Any) -> Any:
        await asyncio.sleep(60)

    for act, code in ((fails, "raised"), (hangs, "timeout"), (lambda *_: 1, "bad_result")):
        runner.register([work(act)])
        assert (await talk("시작"))[0] == ["어떤 색인가요?"]
        texts, events = await talk("파랑")
        assert texts == ["처리하는 중에 문제가 생겼어요. 죄송해요. 상담원에게 연결할까요?"]
        assert [event.code for event in events if event.event == "action_failed"][-1] == code
        offered = [event for event in events if event.event == "bot"][-1]
        assert offered.data["buttons"] == [{"title": "상담원 연결", "payload": "/request_human"}]
        assert (await talk("다른 거"))[0][0] == "다른 답이에요."
    runner.register([work(lambda *_: [])])
    await talk("시작")
    assert (await talk("초록"))[0][0] == "다 됐어요."


def test_packages_are_found_by_name(assistant: Assistant) -> None:
    runner = InProcessRunner(assistant.domain)
    names = runner.register_package("tests.execution.shop_actions")
    assert {"action_hello", "action_stock"} <= set(names)
    assert all(runner.knows(name) for name in names)


SERVED = """
from __future__ import annotations
from rasa_sdk import Action
from actions.services import CalendarService, HandoffService, LiveService


class Ask(Action):
    def __init__(self, calendar: CalendarService, live: LiveService | None = None, handoff: HandoffService | None = None):
        self.calendar, self.live, self.handoff = calendar, live, handoff

    def name(self):
        return "action_work"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text=self.calendar.today)
        assert self.live is None and self.handoff == "people"
        return []
"""


async def test_an_action_is_handed_the_services_that_it_asks_for(
    assistant: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "served_actions.py").write_text(SERVED)
    monkeypatch.syspath_prepend(str(tmp_path))

    class Today:
        today = "수요일"

    services: dict[type, Any] = {CalendarService: Today(), HandoffService: "people"}
    runner = InProcessRunner(assistant.domain, services=services)
    assert runner.register_package("served_actions") == ["action_work"]
    result = await runner.run("action_work", Tracker("c1"), {})
    assert [said.text for said in result.said] == ["수요일"]
    with pytest.raises(ActionsUnavailable) as caught:
        InProcessRunner(assistant.domain).register_package("served_actions")
    assert "calendar" in caught.value.en and "actions.services" in caught.value.remedy


def test_a_package_that_cannot_be_imported_says_why(
    assistant: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner = InProcessRunner(assistant.domain)
    with pytest.raises(ActionsUnavailable) as caught:
        runner.register_package("no.such.package")
    assert "no.such.package" in caught.value.en and "actions.packages" in caught.value.remedy
    codes = {
        "broken_actions": "import nowhere_at_all",
        "wrong_actions": "def (",
        "needy_actions": "from rasa_sdk import Action\nclass A(Action):\n    def __init__(self, x): ...\n",
    }
    for name, code in codes.items():
        (tmp_path / f"{name}.py").write_text(code)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    for name in codes:
        with pytest.raises(ActionsUnavailable):
            runner.register_package(name)
