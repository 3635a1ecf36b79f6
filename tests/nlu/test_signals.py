"""Anger, anxiety, urgency, threats and the like, on sentences that the models haven't seen."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats import FormatError
from nlu.evaluation import read_labelled
from nlu.feelings import RESOURCES, SIGNALS, signals_of
from nlu.signal_evaluation import evaluate_signals, read_signalled
from nlu.training_data import read_rows
from nlu.types import Signals

TESTS = Path(__file__).parents[2] / "data" / "evaluation" / "signals.tsv"
MOODS = TESTS.with_name("mood.tsv")
WISHES = [
    text for text, mood in read_labelled(MOODS, ("positive", "neutral", "negative")) if mood == "neutral"
]
SURE = 0.8
"""`score` of the policy `threat`."""


def test_the_evaluation_file_was_not_learned_from() -> None:
    learned = {text for text, _ in read_signalled(RESOURCES / "service_signals.tsv")}
    learned |= {cells[0] for _, cells in read_rows(RESOURCES / "service_sentiment.tsv", 2)}
    assert not learned & {text for text, _ in read_signalled(TESTS)}


def test_most_signals_are_seen_and_few_are_made_up() -> None:
    report = evaluate_signals(read_signalled(TESTS), signals_of)
    precisions = [report[name]["precision"] for name in SIGNALS]
    recalls = [report[name]["recall"] for name in SIGNALS]
    assert min(precisions) >= 0.6 and sum(precisions) / len(SIGNALS) >= 0.85
    assert min(recalls) >= 0.5 and sum(recalls) / len(SIGNALS) >= 0.7


@pytest.mark.parametrize(
    "text", [*WISHES, "민원 넣고 싶어요", "금융사기 신고요", "분실 신고 부탁드려요", "소송 서류 떼 주세요"]
)
def test_business_is_no_threat(text: str) -> None:
    assert signals_of(text).threat < SURE


@pytest.mark.parametrize("text", ["", "😀", "..."])
def test_nothing_said_shows_nothing(text: str) -> None:
    assert signals_of(text) == Signals()


@given(st.text(max_size=80))
def test_any_text_has_probabilities(text: str) -> None:
    assert all(0 <= score <= 1 for score in signals_of(text).model_dump().values())


def test_an_unknown_signal_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "s.tsv"
    path.write_text("네\t-\n빨리요\turgent\n", encoding="utf-8")
    with pytest.raises(FormatError) as caught:
        read_signalled(path)
    assert ":2" in str(caught.value) and "urgent" in str(caught.value)
