"""The linear model finds what scikit-learn's finds; the pool gives models that know more to say more; a sum is one model."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

import nlu.linear as linear
from nlu.features import Floats, softmax
from nlu.intents import IntentParts
from nlu.linear import NEVER, LinearModel
from nlu.pooling import EXPECTED, fit_temperature, pool_weights

TEXTS = ["카드 분실", "카드를 잃어버렸어요", "금리가 얼마예요", "이자 알려줘", "전화 주세요", "콜백 신청이요"]
LABELS = [0, 0, 1, 1, 2, 2]


def problem(seed: int) -> tuple[csr_matrix, Floats, list[int]]:
    chance = np.random.default_rng(seed)
    labels = (list(range(3)) * 20 + [0] * 20)[:70]
    grams = chance.random((70, 40)) * (chance.random((70, 40)) < 0.2)
    vectors = chance.normal(size=(70, 5)) + np.eye(5)[labels]
    return csr_matrix(grams.astype(np.float32)), vectors.astype(np.float32), labels


@pytest.mark.parametrize("seed", range(3))
def test_the_same_as_by_scikit_learn(seed: int) -> None:
    grams, vectors, labels = problem(seed)
    ours = LinearModel.fit(grams, vectors, labels, 3, 1.0)
    theirs = LogisticRegression(C=1.0, class_weight="balanced", max_iter=2_000, fit_intercept=False)
    both = hstack([grams, csr_matrix(vectors), np.ones((70, 1))]).tocsr()
    theirs.fit(both, labels)
    assert np.allclose(softmax(ours.scores(grams, vectors)), theirs.predict_proba(both), atol=0.02)


def test_a_class_without_examples_is_never_found() -> None:
    grams, vectors, labels = problem(0)
    model = LinearModel.fit(grams, vectors, [label + (label > 1) for label in labels], 5, 1.0)
    assert model.bias[2] == model.bias[4] == NEVER
    assert not np.isin(model.scores(grams, vectors).argmax(1), [2, 4]).any()


def scores(labels: Floats, right: float, seed: int) -> Floats:
    """Of a model that gets this share right, and is as sure of the rest."""
    chance = np.random.default_rng(seed)
    told = np.where(chance.random(len(labels)) < right, labels, chance.integers(0, 4, len(labels)))
    return np.eye(4, dtype=np.float32)[told] * 3


def test_who_knows_more_says_more() -> None:
    labels = np.random.default_rng(0).integers(0, 4, 400)
    good, poor = scores(labels, 0.9, 1), scores(labels, 0.3, 2)
    weights = pool_weights([good, poor], labels)
    assert weights[0] > 3 * weights[1]
    together = weights[0] * good + weights[1] * poor
    assert (together.argmax(1) == labels).mean() >= (good.argmax(1) == labels).mean()


def test_probabilities_of_the_pool_mean_what_they_say() -> None:
    labels = np.random.default_rng(3).integers(0, 4, 2_000)
    overconfident = scores(labels, 0.6, 4) * np.float32(1.5)
    (weight,) = pool_weights([overconfident], labels)
    sure = softmax(overconfident * np.float32(weight))
    assert sure.max(1).mean() == pytest.approx((overconfident.argmax(1) == labels).mean(), abs=0.02)
    assert 1 / fit_temperature(softmax(overconfident), labels) == pytest.approx(weight, rel=0.1)


def test_without_held_out_texts_all_say_the_same() -> None:
    none = np.zeros((0, 4), np.float32)
    assert pool_weights([none, none], []) == pytest.approx([EXPECTED / 2] * 2)


def test_parts_together_are_one_model() -> None:
    vectors = np.random.default_rng(5).normal(size=(6, 8)).astype(np.float32)
    parts = IntentParts.fit(["a", "b", "c"], TEXTS, LABELS, vectors)
    model = parts.together([0.5, 1.0], [0.2, 0.3, 0.9])
    found = parts.scores(parts.rows(TEXTS, vectors))
    wanted = softmax(np.float32(0.2) * found[0] + np.float32(0.3) * found[1] + np.float32(0.9) * found[2])
    letters = softmax(np.float32(0.5) * found[0] + found[1])
    for at, text in enumerate(TEXTS):
        glance = model.glance(text)
        assert np.allclose(glance.probabilities, letters[at], atol=1e-4)
        assert np.allclose(model.both(glance, vectors[at]), wanted[at], atol=1e-4)


def test_a_model_without_vectors_ignores_them() -> None:
    parts = IntentParts.fit(["a", "b", "c"], TEXTS, LABELS, None)
    model = parts.together([0.5, 1.0], None)
    glance = model.glance("카드 분실이요")
    assert model.both(glance, np.zeros(8, np.float32)) is glance.probabilities


def test_without_the_matrix_of_all_with_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    grams, vectors, labels = problem(7)
    compared = LinearModel.fit(grams, vectors, labels, 3, 20.0)
    given = LinearModel.fit(grams, vectors, labels, 3, 20.0, (grams @ grams.T).toarray())
    monkeypatch.setattr(linear, "COMPARED", 10)
    anew = LinearModel.fit(grams, vectors, labels, 3, 20.0)
    for other in (given, anew):
        assert np.allclose(compared.scores(grams, vectors), other.scores(grams, vectors), atol=0.1)


def test_a_held_out_text_counts_for_what_it_is_worth() -> None:
    labels = np.array([0, 0, 1, 1])
    sure = np.array([[3, 0], [3, 0], [3, 0], [3, 0]], np.float32)
    trusted = pool_weights([sure] * 2, labels, [1.0, 1.0, 0.0, 0.0])
    doubted = pool_weights([sure] * 2, labels, [0.0, 0.0, 1.0, 1.0])
    assert trusted.sum() > EXPECTED > doubted.sum()
