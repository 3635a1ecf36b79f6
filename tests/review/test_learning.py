"""Decisions: kept at once, planned as a diff, written once, and never lost or doubled."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.review import Decision, Decisions, ReviewItem, ReviewTarget, decide, plan, write
from bot.review.learning import ReviewError
from formats import FormatError
from nlu.training_data import load_training_data

NLU = """version: "3.1"
nlu:
  # what customers lose
  - intent: loss
    examples: |
      - 카드를 잃어버렸어요
      - 카드 분실이요
  - intent: rates
    examples: |
      - 금리가 얼마예요
      - 적금 금리요
"""


def item(text: str, key: str = "") -> ReviewItem:
    return ReviewItem(
        key=key or text,
        text=text,
        intent="loss",
        confidence=0.3,
        ranking=(("loss", 0.3),),
        reasons=("low_confidence",),
        count=1,
        variants=(),
        context=(),
        conversation_id="c",
        seq=1,
        at=1.0,
    )


@pytest.fixture
def target(tmp_path: Path) -> ReviewTarget:
    folder = tmp_path / "nlu"
    folder.mkdir()
    (folder / "nlu.yml").write_text(NLU, encoding="utf-8")
    return ReviewTarget(folder, Decisions(tmp_path / "var" / "d.jsonl"), ("loss", "rates"))


def test_from_decision_to_file_and_never_again(target: ReviewTarget) -> None:
    decide(target, item("지갑 통째로 없어졌어요"), "intent", "loss")
    decide(target, item("피자 주문할래요"), "out_of_scope")
    decide(target, item("음"), "skip")
    planned = plan(target)
    diff = "".join(change.diff() for change in planned.changes)
    assert "+      - 지갑 통째로 없어졌어요\n" in diff and "+피자 주문할래요\n" in diff
    assert (target.utterances / "nlu.yml").read_text(encoding="utf-8") == NLU, "planning writes nothing"
    write(target, planned)
    data = load_training_data(target.utterances)
    assert ("지갑 통째로 없어졌어요", "loss") in [(e.text, e.intent) for e in data.examples]
    assert data.outside == ["피자 주문할래요"]
    assert "# what customers lose" in (target.utterances / "nlu.yml").read_text(encoding="utf-8")
    assert plan(target).decisions == (), "once"


def test_the_last_decision_counts_and_may_be_taken_back(target: ReviewTarget) -> None:
    decide(target, item("그거요"), "intent", "loss")
    decide(target, item("그거요"), "intent", "rates")
    assert [d.intent for d in plan(target).decisions] == ["rates"]
    target.decisions.forget(["그거요"])
    assert target.decisions.all() == {} and plan(target).changes == ()


@pytest.mark.parametrize(
    ("verdict", "intent", "code"),
    [
        ("intent", "lose", "unknown_intent"),
        ("intent", "", "unknown_intent"),
        ("maybe", "", "unknown_verdict"),
    ],
)
def test_a_decision_that_means_nothing_is_refused(
    target: ReviewTarget, verdict: str, intent: str, code: str
) -> None:
    with pytest.raises(ReviewError) as caught:
        decide(target, item("가"), verdict, intent)
    assert caught.value.code == code and caught.value.remedy and caught.value.ko
    assert target.decisions.all() == {}


def test_a_file_that_was_changed_meanwhile_is_not_overwritten(target: ReviewTarget) -> None:
    decide(target, item("그거요"), "intent", "loss")
    planned = plan(target)
    (target.utterances / "nlu.yml").write_text(NLU + "# mine\n", encoding="utf-8")
    with pytest.raises(FormatError, match="changed meanwhile"):
        write(target, planned)
    assert plan(target).decisions, "still to be written"
    write(target, plan(target))
    assert "# mine" in (target.utterances / "nlu.yml").read_text(encoding="utf-8")


def test_two_reviewers_lose_nothing(tmp_path: Path) -> None:
    one, two = Decisions(tmp_path / "d.jsonl"), Decisions(tmp_path / "d.jsonl")
    one.add([Decision(key="a", text="a", verdict="skip")])
    two.add([Decision(key="b", text="b", verdict="skip")])
    one.add([Decision(key="c", text="c", verdict="skip")])
    assert list(two.all()) == ["a", "b", "c"]
    assert oct((tmp_path / "d.jsonl").stat().st_mode)[-3:] == "600"


def test_a_line_that_is_no_decision_is_named(tmp_path: Path) -> None:
    path = tmp_path / "d.jsonl"
    Decisions(path).add([Decision(key="a", text="a", verdict="skip")])
    path.write_text(path.read_text() + "{}\n")
    with pytest.raises(FormatError) as caught:
        Decisions(path).all()
    assert caught.value.line == 2
