"""When letters alone may decide, learned from what they and the encoder make of examples that neither has seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nlu.features import Floats

MARGINS = (0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.94, 0.97)
"""Never less than the first: an assistant's own examples are more alike than what its customers will write."""
STRANGERS_LET_IN = 0.01
"""Share of the strangers that letters alone may take for ours."""
SCORES = (0.5, 0.4, 0.3, 0.25, 0.2, 0.15, 0.1, 0.07, 0.05, 0.03, 0.02)


@dataclass(frozen=True, slots=True)
class Cascade:
    """Letters decide where they are this much surer of their first intent than of the second, and of its being our business."""

    margin: float
    strange: float
    """Probability of being out of scope from which the encoder is asked."""

    def decided(self, probabilities: Floats, strange: float) -> bool:
        """Whether the encoder needn't be asked."""
        second, first = np.partition(probabilities, -2)[-2:]
        return bool(first - second >= self.margin and strange < self.strange)


def fit_cascade(
    letters: Floats,
    both: Floats,
    labels: Sequence[int],
    strange: Floats,
    stranger: int,
    worth: Any = None,
) -> Cascade:
    """From held-out probabilities of either way (a row a text), and how strange letters find each text.

    `worth`: how much each text counts, None: all the same.
    """
    wanted = np.asarray(labels)
    theirs, ours = wanted == stranger, wanted != stranger
    limit = next(
        (score for score in SCORES if (strange[theirs] < score).mean() <= STRANGERS_LET_IN), SCORES[-1]
    )
    ordered = np.sort(letters, axis=1)
    gaps = ordered[:, -1] - ordered[:, -2]
    by_letters, by_both = letters.argmax(1) == wanted, both.argmax(1) == wanted
    counts = (np.ones(len(wanted)) if worth is None else np.asarray(worth))[ours]
    for margin in MARGINS:
        alone = (gaps >= margin) & (strange < limit)
        right = np.where(alone, by_letters, by_both)[ours]
        # Of all texts and of what they are worth: either alone is swayed by a few.
        if counts @ right >= counts @ by_both[ours] and right.sum() >= by_both[ours].sum():
            return Cascade(margin, limit)
    return Cascade(MARGINS[-1], limit)
