"""When a person is needed: each policy by itself, and that its decision is written down."""

from __future__ import annotations

from typing import Any

import pytest

from bot.conversation.commands import AskKnowledge, CannotHandle, Command, Handoff, SetSlot, StartFlow
from bot.conversation.escalation import POLICIES
from bot.conversation.events import Event, FeedbackGiven, KnowledgeAnswered, SlotSet, UserUttered
from bot.conversation.testing import understood
from bot.conversation.tracker import Tracker
from nlu.types import Signals


def tracker(*events: Event, channel: str = "webchat") -> Tracker:
    found = Tracker("c")
    said = UserUttered(text="네", message_id="m0", input_channel=channel)
    for seq, event in enumerate((said, *events), 1):
        found.apply(event.model_copy(update={"seq": seq}))
    return found


def check(
    name: str, of: Tracker, *commands: Command, text: str = "네", intent: str = "x", **options: Any
) -> Handoff | None:
    policy = POLICIES[name].model_validate(options)
    found: Handoff | None = policy.check(of, understood(text, intent), commands)  # type: ignore[attr-defined]
    return found


def answered(outcome: Any, number: int) -> KnowledgeAnswered:
    return KnowledgeAnswered(message_id=f"k{number}", question="?", outcome=outcome, confidence=0.1)


def asked(number: int) -> UserUttered:
    parsed = {"intent": {"name": "request_human", "confidence": 0.9}}
    return UserUttered(text="상담원", message_id=f"a{number}", parse_data=parsed)


def felt(*moods: tuple[str, float]) -> Tracker:
    said = [
        UserUttered(
            text="네",
            message_id=f"f{n}",
            parse_data={"sentiment": {"label": label, "score": score, "scores": {}}},
        )
        for n, (label, score) in enumerate(moods)
    ]
    return tracker(*said)


def test_a_conversation_that_turns_sour_goes_to_a_person() -> None:
    calm, good, bad = ("neutral", 0.9), ("positive", 0.8), ("negative", 0.8)
    found = check("worsening_mood", felt(good, calm, bad, bad))
    assert found is not None and (found.reason_code, found.evidence) == ("worsening_mood", {"drop": 1.2})
    assert check("worsening_mood", felt(calm, calm, bad, bad)) is not None
    assert check("worsening_mood", felt(bad, bad, bad, bad)) is None
    assert check("worsening_mood", felt(calm, bad, bad, calm)) is None
    assert check("worsening_mood", felt(good, bad)) is None
    assert check("worsening_mood", felt(good, bad), messages=2) is not None


def test_a_threat_goes_to_a_person_at_once() -> None:
    policy = POLICIES["threat"].model_validate({})
    said = understood("가만 안 둘 거야", "x")
    threat = said.model_copy(update={"signals": Signals(threat=0.9)})
    found = policy.check(tracker(), threat, ())  # type: ignore[attr-defined]
    assert (found.reason_code, found.urgency, found.evidence) == ("threat", "urgent", {"threat": 0.9})
    assert policy.check(tracker(), said, ()) is None  # type: ignore[attr-defined]
    assert policy.check(tracker(), None, ()) is None  # type: ignore[attr-defined]


def test_what_a_message_surely_shows_is_kept_with_its_mood() -> None:
    parsed = {
        "sentiment": {"label": "negative", "score": 0.8},
        "signals": {"anger": 0.7, "anxiety": 0.2, "urgency": 0.5},
    }
    of = tracker(UserUttered(text="빨리요", message_id="s", parse_data=parsed))
    assert of.state.moods[-1].signals == ["anger", "urgency"]


def test_who_asks_again_is_served_sooner() -> None:
    wish = Handoff(reason_code="asked_for_person")
    once = check("asked_for_person", tracker(asked(1)), wish, intent="request_human")
    twice = check("asked_for_person", tracker(asked(1), asked(2)), wish, intent="request_human")
    assert once is not None and twice is not None
    assert (once.urgency, twice.urgency) == ("normal", "high")
    assert twice.evidence == {"times": 2}
    assert check("asked_for_person", tracker(), CannotHandle()) is None


def test_questions_without_an_answer_add_up_and_one_answer_clears_them() -> None:
    none, good = [answered("none", n) for n in range(2)], answered("answer", 3)
    question = AskKnowledge(question="?")
    assert check("no_answer", tracker(*none), question) is not None
    assert check("no_answer", tracker(none[0]), question) is None
    assert check("no_answer", tracker(*none, good), question) is None
    disliked = FeedbackGiven(message_id="k3", value="down")
    assert check("no_answer", tracker(none[0], good, disliked), question) is not None
    assert check("no_answer", tracker(*none), CannotHandle()) is None


def test_certain_flows_are_a_persons_business() -> None:
    options = {"flows": ["phishing_report"], "urgency": "urgent"}
    found = check("flow", tracker(), StartFlow(flow="phishing_report"), **options)
    assert found is not None
    assert (found.urgency, found.evidence) == ("urgent", {"flow": "phishing_report"})
    assert check("flow", tracker(), StartFlow(flow="card_loss"), **options) is None


@pytest.mark.parametrize(
    ("on", "fails", "handed"), [("message", False, True), ("failure", False, False), ("failure", True, True)]
)
def test_important_customers_get_a_person_sooner(on: str, fails: bool, handed: bool) -> None:
    vip = tracker(SlotSet(name="grade", value="VIP"))
    commands: list[Command] = [CannotHandle()] if fails else []
    options = {"slot": "grade", "segments": ["VIP"], "on": on}
    assert (check("segment", vip, *commands, **options) is not None) is handed
    assert check("segment", tracker(), *commands, **options) is None


@pytest.mark.parametrize(
    ("text", "intent", "handed"),
    [
        ("보이스 피싱을 당한 것 같아요", "x", True),
        ("명의도용 신고요", "x", True),
        ("카드를 만들고 싶어요", "x", False),
        ("이상해요", "fraud", True),
    ],
)
def test_sensitive_topics_go_to_a_person_at_once(text: str, intent: str, handed: bool) -> None:
    found = check("sensitive_topic", tracker(), text=text, intent=intent, intents=["fraud"])
    assert (found is not None) is handed
    assert found is None or found.urgency == "urgent"


@pytest.mark.parametrize(
    ("value", "handed"), [(10_000_000, True), ("10,000,000", True), (9_999_999, False), ("많이", False)]
)
def test_large_sums_are_a_persons_business(value: Any, handed: bool) -> None:
    options = {"slot": "amount", "at_least": 10_000_000}
    found = check("value_at_risk", tracker(), SetSlot(name="amount", value=value), **options)
    assert (found is not None) is handed
    assert check("value_at_risk", tracker(), SetSlot(name="other", value=value), **options) is None


def test_callers_are_handed_over_sooner() -> None:
    call, chat = tracker(channel="voice"), tracker()
    options = {"channels": ["voice"], "failures": 0}
    assert check("channel", call, CannotHandle(), **options) is not None
    assert check("channel", chat, CannotHandle(), **options) is None
    assert check("channel", call, StartFlow(flow="x"), **options) is None
    assert check("channel", call, CannotHandle(), channels=["voice"], failures=1) is None
