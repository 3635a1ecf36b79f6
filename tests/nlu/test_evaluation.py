"""The figures themselves: right on cases that can be worked out by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats import FormatError
from nlu.config import load_pipeline_config
from nlu.evaluation import (
    auroc,
    calibration_error,
    evaluate_intents,
    evaluate_labels,
    macro_f1,
    read_labelled,
    read_tests,
    sample,
    trained,
)
from nlu.perturb import WAYS, Way, perturb
from nlu.pipeline import Pipeline
from nlu.training_data import Example, load_training_data


def test_macro_f1() -> None:
    assert macro_f1(["a", "a", "b", "b"], ["a", "b", "b", "b"]) == round((2 / 3 + 0.8) / 2, 4)
    assert macro_f1(["a"], ["a"]) == 1.0
    assert macro_f1(["a", "b"], ["", ""]) == 0.0


def test_auroc() -> None:
    assert auroc([0.1, 0.2], [0.8, 0.9]) == 1.0
    assert auroc([0.8, 0.9], [0.1, 0.2]) == 0.0
    assert auroc([0.5, 0.5], [0.5]) == 0.5
    assert auroc([0.0, 0.4], [0.4, 0.6]) == 0.875


def test_calibration_error() -> None:
    assert calibration_error([1.0, 1.0], [True, True]) == 0.0
    assert calibration_error([1.0, 1.0], [True, False]) == 0.5
    assert calibration_error([0.5] * 4, [True, True, False, False]) == 0.0


def test_labels_that_occur_are_the_candidates() -> None:
    scores = {"positive": 0.3, "neutral": 0.5, "negative": 0.2}
    report = evaluate_labels([("가", "positive"), ("나", "negative")], lambda _: scores)
    assert (report["tests"], report["accuracy"]) == (2, 0.5)
    assert set(report["latency_ms"]) == {"p50", "p95"}


def test_report_of_intents(small: Pipeline) -> None:
    tests = [
        Example("카드를 잃어버렸어요", "card_loss"),
        Example("금리가 얼마예요", "rates"),
        Example("전화 주세요", "nothing"),
    ]
    report = evaluate_intents(small, tests, ["피자 주문할래요", "오늘 날씨 어때"])
    assert report["tests"] == 3
    assert report["accuracy"] == round(2 / 3, 4)
    assert 0 <= report["auroc"] <= 1
    assert 0 <= report["false_accept_rate"] <= 1
    assert report["latency_ms"]["p50"] <= report["latency_ms"]["p95"]
    assert "auroc" not in evaluate_intents(small, tests)


def test_shots_are_drawn_by_seed(project) -> None:  # type: ignore[no-untyped-def]
    data = load_training_data(project.data)
    one, same, other = sample(data, 3, 1), sample(data, 3, 1), sample(data, 3, 2)
    assert one.examples == same.examples != other.examples
    assert [sum(e.intent == name for e in one.examples) for name in one.intents()] == [3, 3, 3]
    assert len(sample(data, 100, 0).examples) == len(data.examples)


def test_a_pipeline_is_trained_in_memory(project) -> None:  # type: ignore[no-untyped-def]
    pipeline, seconds = trained(load_training_data(project.data), load_pipeline_config(project.config), None)
    assert pipeline.understand("카드 정지해 주세요").intent is not None
    assert seconds > 0


def test_unknown_labels_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "test.tsv"
    path.write_text("text\tlabel\n좋아요\tgood\n")
    with pytest.raises(FormatError) as caught:
        read_labelled(path, ("positive", "negative"))
    assert (caught.value.line, caught.value.problem) == (2, "label 'good'")


def test_a_head_line_is_no_test(tmp_path: Path) -> None:
    path = tmp_path / "test.tsv"
    path.write_text("text\tintent\n카드\tcard_loss\n")
    assert [example.text for example in read_tests(path)] == ["카드"]
    path.write_text("\n")
    with pytest.raises(FormatError, match="nothing in it"):
        read_tests(path)


@given(st.text(max_size=40), st.sampled_from(WAYS), st.integers(0, 3))
def test_any_text_can_be_spoiled(text: str, way: Way, seed: int) -> None:
    assert perturb(text, way, seed) == perturb(text, way, seed)
    if way == "spaces":
        assert not any(char.isspace() for char in perturb(text, way))
