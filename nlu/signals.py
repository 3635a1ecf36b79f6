"""What besides the mood a message shows that matters in service, by small models that the package ships."""

from __future__ import annotations

import math
from functools import lru_cache
from pathlib import Path

from korean.normalise import has_words
from nlu.features import numbers_alike
from nlu.hashed import HashedModel, hashed_ngrams
from nlu.types import Signals

MODELS = Path(__file__).parent / "resources" / "signals"
NAMES = tuple(Signals.model_fields)
_NONE = Signals()


@lru_cache(maxsize=1)
def _models() -> dict[str, HashedModel]:
    return {name: HashedModel.load(MODELS / f"{name}.npz") for name in NAMES}


def signals_of(text: str) -> Signals:
    """One probability a signal; several may be high. Text without a letter or digit shows none."""
    if not has_words(text):
        return _NONE
    hashes = hashed_ngrams(numbers_alike(text))
    return Signals(
        **{name: round(1 / (1 + math.exp(-_bounded(m.score(hashes)))), 4) for name, m in _models().items()}
    )


def warm_up() -> None:
    """Load the models."""
    _models()


def _bounded(log_odds: float) -> float:
    return min(max(log_odds, -30.0), 30.0)
