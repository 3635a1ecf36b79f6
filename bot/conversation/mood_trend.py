"""Which way the customer's mood goes over a conversation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from bot.conversation.tracker import Mood

Trend = Literal["worse", "same", "better"]
_NOTICEABLE = 0.2


def trend(moods: Sequence[Mood]) -> Trend:
    """The last three turns, or of few the last one, against those before."""
    if len(moods) < 2:
        return "same"
    last = change(moods, 3 if len(moods) > 3 else 1)
    return "worse" if last < -_NOTICEABLE else "better" if last > _NOTICEABLE else "same"


def change(moods: Sequence[Mood], late: int) -> float:
    """How much better the last `late` turns are than those before, in -2..2. Needs at least one turn on both sides."""
    return _mean(moods[-late:]) - _mean(moods[:-late])


def _mean(moods: Sequence[Mood]) -> float:
    return sum(map(_signed, moods)) / len(moods)


def _signed(mood: Mood) -> float:
    return {"positive": mood.score, "negative": -mood.score}.get(mood.label, 0.0)
