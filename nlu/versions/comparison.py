"""Is the new model worse than the one that is served? Both are asked the examples that they share, which neither has seen.

Each answers by the models of its own cross-validation, trained without the example in question. What is new since is left
out: the old model never learned it, so it could only hide what was lost. Left out too are examples that were moved to
another intent: the old model can't be blamed for them, nor the new one praised.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from nlu.training_data import Example
from nlu.versions.card import HeldOut, ModelCard, example_key

TOLERANCE = 0.005
"""Share of the examples that a new model may lose on balance: folds that fall otherwise move as many."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """`before` and `after` are shares of the shared `examples` that are answered rightly."""

    examples: int
    before: float
    after: float
    lost: tuple[Example, ...] = ()
    """Right before, wrong now."""
    gained: tuple[Example, ...] = ()
    """Wrong before, right now."""
    wrong_now: Mapping[str, str] = field(default_factory=dict)
    """Text of a lost example -> the intent that is answered now."""

    @property
    def points(self) -> float:
        """Percentage points gained; negative if it is worse."""
        return round(100 * (self.after - self.before), 2)

    @property
    def worse(self) -> bool:
        """Whether more was lost than chance may explain."""
        return len(self.lost) - len(self.gained) > max(1.0, TOLERANCE * self.examples)


def compare(examples: Sequence[Example], new: Mapping[str, HeldOut], old: ModelCard) -> Comparison:
    """`new` is keyed as a card's `held_out`. Without an example in common nothing is compared, and nothing is worse."""
    before = [old.held_out.get(example_key(e.text)) for e in examples]
    after = [new.get(example_key(e.text)) for e in examples]
    shared = [
        (example, was.intent == example.intent, now.intent)
        for example, was, now in zip(examples, before, after, strict=True)
        if was is not None and now is not None and was.label == example.intent
    ]
    if not shared:
        return Comparison(0, 0.0, 0.0)
    lost = [(e, now) for e, was_right, now in shared if was_right and now != e.intent]
    gained = [e for e, was_right, now in shared if not was_right and now == e.intent]
    right_before = sum(was_right for _, was_right, _ in shared)
    return Comparison(
        len(shared),
        right_before / len(shared),
        (right_before - len(lost) + len(gained)) / len(shared),
        tuple(e for e, _ in lost),
        tuple(gained),
        {e.text: now for e, now in lost},
    )
