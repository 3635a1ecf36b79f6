"""When letters alone may decide: where that costs nothing on examples that neither way has seen, and lets no strangers in."""

from __future__ import annotations

import numpy as np
import pytest

from nlu.cascade import MARGINS, SCORES, STRANGERS_LET_IN, Cascade, fit_cascade
from nlu.features import Floats

STRANGER = 2


def rows(*of: tuple[float, float, float]) -> Floats:
    return np.array(of, np.float32)


@pytest.mark.parametrize(
    ("probabilities", "strange", "alone"),
    [
        ((0.8, 0.1, 0.1), 0.05, True),
        ((0.5, 0.4, 0.1), 0.05, False),
        ((0.8, 0.1, 0.1), 0.25, False),
        ((0.1, 0.1, 0.8), 0.19, True),
    ],
)
def test_sure_of_the_intent_and_of_its_being_ours(
    probabilities: tuple[float, float, float], strange: float, alone: bool
) -> None:
    assert Cascade(0.5, 0.2).decided(np.array(probabilities, np.float32), strange) is alone


def test_where_letters_are_always_right_they_decide_as_soon_as_they_may() -> None:
    letters = rows((0.9, 0.1, 0), (0.1, 0.9, 0), (0.66, 0.33, 0.01), (0.1, 0.2, 0.7))
    found = fit_cascade(letters, letters, [0, 1, 0, STRANGER], np.array([0, 0, 0, 0.9], np.float32), STRANGER)
    assert found.margin == MARGINS[0]


def test_letters_that_are_wrong_with_a_margin_are_asked_about() -> None:
    letters = rows((0.9, 0.1, 0), (0.7, 0.3, 0), (0.1, 0.2, 0.7))
    both = rows((0.9, 0.1, 0), (0.2, 0.8, 0), (0.1, 0.2, 0.7))
    found = fit_cascade(letters, both, [0, 1, STRANGER], np.array([0, 0, 0.9], np.float32), STRANGER)
    assert not found.decided(letters[1], 0.0), "the second would come out as the first intent"
    assert found.decided(letters[0], 0.0)


def test_few_strangers_are_let_in() -> None:
    rng = np.random.default_rng(3)
    strange = np.concatenate([rng.uniform(0, 0.02, 100), rng.uniform(0.04, 1, 300)]).astype(np.float32)
    letters = np.tile(rows((0.9, 0.05, 0.05)), (400, 1))
    labels = [0] * 100 + [STRANGER] * 300
    found = fit_cascade(letters, letters, labels, strange, STRANGER)
    assert (strange[100:] < found.strange).mean() <= STRANGERS_LET_IN
    looser = SCORES[SCORES.index(found.strange) - 1]
    assert (strange[100:] < looser).mean() > STRANGERS_LET_IN, "no stricter than it must be"
