"""Which utterances count as nearly the same, and folds that keep them together."""

from __future__ import annotations

from collections import Counter

import pytest

import nlu.near as near
from nlu.config import load_pipeline_config
from nlu.cross_validation import cross_validate
from nlu.errors import TrainingError
from nlu.folds import folds_of
from nlu.near import near_groups, near_pairs, novelty
from nlu.training_data import Example, TrainingData, load_training_data


def test_spaces_marks_and_a_letter_make_no_other_utterance() -> None:
    texts = ["카드를 잃어버렸어요", "카드를잃어버렸어요!", "카드 잃어버렸어요", "금리가 얼마예요"]
    groups = near_groups(texts)
    assert len(set(groups[:3])) == 1 and groups[3] != groups[0]
    assert near_pairs(texts)[0] == (0, 1, pytest.approx(1.0))


def test_pairs_between_two_lists() -> None:
    found = near_pairs(["카드 정지", "없는 말"], ["날씨", "카드정지!"])
    assert [(one, other) for one, other, _ in found] == [(0, 1)]
    assert near_pairs([], ["날씨"]) == [] and near_pairs(["날씨"], []) == []


def test_texts_without_letters_are_near_nothing_that_has_some() -> None:
    assert near_groups(["", "?!", "카드"])[2] == 2


def test_blocks_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["카드 정지", "금리", "카드정지", "전화 주세요", "금리요", "금리!"]
    whole = near_pairs(texts, threshold=0.5)
    monkeypatch.setattr(near, "_BLOCK", 2)
    assert near_pairs(texts, threshold=0.5) == whole


def test_near_duplicates_are_in_one_fold_and_intents_in_all() -> None:
    examples = [Example(f"{'가나다라마바사아자차'[n]}" * 6, "a") for n in range(10)]
    examples += [Example(f"{'카타파하거너더러머버'[n]}" * 6, "b") for n in range(10)]
    examples += [Example("카드를 잃어버렸어요", "a"), Example("카드를 잃어버렸어요!", "a")]
    texts, intents = [e.text for e in examples], [e.intent for e in examples]
    folds = folds_of(texts, intents, 5, 0)
    assert folds[-1] == folds[-2]
    for intent in "ab":
        spread = Counter(f for f, e in zip(folds, examples, strict=True) if e.intent == intent)
        assert len(spread) == 5 and max(spread.values()) <= 4
    assert folds == folds_of(texts, intents, 5, 0) and folds != folds_of(texts, intents, 5, 1)


def test_what_another_part_nearly_repeats_tells_nothing_new() -> None:
    texts = [
        "카드를 잃어버렸어요",
        "카드를 잃어버렸어요!",
        "금리가 얼마예요",
        "금리가 얼마예요?",
        "전화 주세요",
    ]
    found = novelty(texts, [0, 0, 1, 2, 0], [0, 1, 0, 1, 1])
    assert found[:2] == pytest.approx([0, 0], abs=1e-6)
    assert found[2] == found[3] == 1, "the same words with another label are as new as any"
    assert 0.5 < found[4] <= 1
    assert novelty(texts, [0] * 5, [0] * 5) == pytest.approx([1] * 5), "nothing is in another part"


def test_each_example_is_answered_by_models_without_it(project: object) -> None:
    data = load_training_data(project.data)  # type: ignore[attr-defined]
    config = load_pipeline_config(project.config)  # type: ignore[attr-defined]
    told: list[float] = []
    answers = cross_validate(data, config, None, folds=3, progress=lambda _, share: told.append(share))
    assert [a.example for a in answers] == data.examples
    assert told == sorted(told) and told[-1] == 1.0
    assert all(0 <= a.confidence <= 1 and a.wanted_confidence <= a.confidence for a in answers)
    assert sum(a.right for a in answers) >= len(answers) / 2


def test_utterances_that_are_all_the_same_cannot_be_parted(project: object) -> None:
    config = load_pipeline_config(project.config)  # type: ignore[attr-defined]
    same = [Example("카드 정지", "a"), Example("카드 정지!", "a"), Example("카드  정지", "b")]
    with pytest.raises(TrainingError) as caught:
        cross_validate(TrainingData(same), config, None)
    assert caught.value.code == "bad_training_data" and caught.value.remedy
