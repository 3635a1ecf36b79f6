"""Customers who fall silent, and those who insult: a word first, then what the settings say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.conversation import clock
from bot.conversation.e2e.files import load_cases
from bot.conversation.e2e.recording import as_test_file, recorded
from bot.conversation.e2e.run import CaseRunner
from bot.conversation.engine import Engine
from bot.conversation.escalation import AbuseEscalation
from bot.conversation.silence import SilenceSettings
from bot.conversation.testing import understood
from bot.server.silence import SilenceWatch
from nlu.types import Abuse, Understanding

SILENCE = SilenceSettings(channels=("webchat",), remind_after=180, close_after=600)


@pytest.fixture
def waiting(engine: Engine, talk: Any) -> Any:
    """A customer of the web chat, with an engine that looks after silence."""
    engine.silence = SILENCE
    talk.channel = "webchat"
    return talk


async def words_after(talk: Any, seconds: float) -> list[str]:
    """What the bot says by itself after so much silence."""
    before = (await talk.tracker()).seq
    with clock.moved(seconds):
        await talk.engine.tend_silence(talk.id)
    return [event.text for event in await talk.events() if event.seq > before and event.event == "bot"]


async def test_a_reminder_once_and_then_a_polite_close(waiting: Any) -> None:
    await waiting.say("카드를 잃어버렸어요")
    assert await words_after(waiting, 100) == []
    assert await words_after(waiting, 200) == [
        "아직 계신가요? 하시던 카드 분실 신고를 이어 가려면 위 질문에 답해 주세요."
    ]
    assert await words_after(waiting, 400) == []
    [close] = await words_after(waiting, 700)
    assert close.startswith("답이 없으셔서 카드 분실 신고는 여기서 멈춰 둘게요.")
    tracker = await waiting.tracker()
    assert tracker.stack == [] and tracker.state.ended
    assert await words_after(waiting, 5_000) == []
    assert await waiting.texts("안녕하세요") == [
        "안녕하세요.",
        "지난번에 하시던 카드 분실 신고를 이어서 진행할까요?",
    ]
    assert [event.event for event in await waiting.events()].count("session_started") == 2


async def test_who_answers_the_reminder_goes_on_and_may_be_reminded_again(waiting: Any) -> None:
    await waiting.say("카드를 잃어버렸어요")
    await words_after(waiting, 200)
    assert await waiting.texts("010-1234-5678이요") == ["어떤 카드인가요?"]
    assert len(await words_after(waiting, 200)) == 1


@pytest.mark.parametrize(
    ("channel", "said"),
    [("kakao", "카드를 잃어버렸어요"), ("webchat", "안녕하세요"), ("webchat", "상담원 바꿔 주세요")],
)
async def test_nobody_is_disturbed_whose_matter_is_done_or_who_can_not_be_told(
    waiting: Any, channel: str, said: str
) -> None:
    waiting.channel = channel
    await waiting.say(said)
    assert await words_after(waiting, 10_000) == []


async def test_rounds_find_those_who_wait(waiting: Any, engine: Engine) -> None:
    await waiting.say("카드를 잃어버렸어요")
    watch = SilenceWatch(engine)
    assert await watch.run_once() == 0
    with clock.moved(200):
        assert await watch.run_once() == 1
        assert await watch.run_once() == 0
    engine.silence = None
    with clock.moved(900):
        assert await watch.run_once() == 0


def test_a_close_before_the_reminder_is_refused() -> None:
    with pytest.raises(ValueError, match="after remind_after"):
        SilenceSettings(remind_after=100, close_after=60)


async def test_time_that_passes_in_a_test_brings_the_reminder_and_is_recorded(
    engine: Engine, waiting: Any, tmp_path: Path
) -> None:
    await waiting.say("카드를 잃어버렸어요")
    await words_after(waiting, 200)
    with clock.moved(260):
        await waiting.say("010-1234-5678이요")
    made = recorded("x", await waiting.events())
    assert [step.get("later") or step["user"] for step in made["steps"]] == [
        "카드를 잃어버렸어요",
        "4 minutes",
        "010-1234-5678이요",
    ]
    assert {"bot_uttered": {"utter_name": "utter_still_there"}} in made["steps"][1]["assertions"]
    path = tmp_path / "x.yml"
    path.write_text(as_test_file([made]), encoding="utf-8")
    [case] = load_cases(path)
    result = await CaseRunner(engine).run(case)
    assert result.passed, result.failures


def insulting(text: str, intent: str = "unknown", confidence: float = 0.1) -> Understanding:
    return understood(text, intent, confidence=confidence).model_copy(update={"abuse": Abuse(score=0.99)})


@pytest.fixture
def rude(make_engine: Callable[..., Engine], talk: Any) -> Callable[..., Any]:
    """A customer who insults, before a policy."""

    def with_policy(**options: Any) -> Any:
        insults = {
            "야 이 멍청아": insulting("야 이 멍청아"),
            "카드 잃어버렸다고 멍청아": insulting("카드 잃어버렸다고 멍청아", "card_loss", 0.95),
        }
        talk.engine = make_engine(table=insults, escalation=(AbuseEscalation(**options),))
        return talk

    return with_policy


async def test_one_warning_then_a_person(rude: Callable[..., Any]) -> None:
    talk = rude()
    [warning] = await talk.texts("야 이 멍청아")
    assert "거친 말씀이 이어지면" in warning
    await talk.say("야 이 멍청아")
    [handoff] = [event for event in await talk.events() if event.event == "handoff_requested"]
    assert handoff.reason_code == "abuse"


async def test_what_an_insulting_message_asks_for_is_done_all_the_same(rude: Callable[..., Any]) -> None:
    talk = rude()
    warning, question = await talk.texts("카드 잃어버렸다고 멍청아")
    assert "거친 말씀" in warning and question == "전화번호를 알려 주세요."


async def test_the_open_question_comes_after_the_warning(rude: Callable[..., Any]) -> None:
    talk = rude()
    await talk.say("카드를 잃어버렸어요")
    warning, question = await talk.texts("야 이 멍청아")
    assert "거친 말씀" in warning and question == "전화번호를 알려 주세요."


async def test_the_matter_may_be_closed_instead(rude: Callable[..., Any]) -> None:
    talk = rude(then="close", warnings=2)
    await talk.say("카드를 잃어버렸어요")
    for _ in range(2):
        await talk.say("야 이 멍청아")
    assert await talk.texts("야 이 멍청아") == [
        "거친 말씀이 이어져 상담을 마칠게요. 도움이 필요하시면 다시 찾아 주세요."
    ]
    tracker = await talk.tracker()
    assert tracker.stack == [] and tracker.state.ended and tracker.owner == "bot"
    # A new session begins without the old warnings.
    assert "거친 말씀이 이어지면" in (await talk.texts("야 이 멍청아"))[-1]


async def test_or_never_more_than_warned_of(rude: Callable[..., Any]) -> None:
    talk = rude(then="warn")
    for _ in range(4):
        assert "거친 말씀이 이어지면" in (await talk.texts("야 이 멍청아"))[0]
