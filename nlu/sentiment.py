"""Mood and abuse of a message, by the small models that the package ships (resources/MODEL_CARD.md)."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from korean.normalise import has_words
from nlu.features import numbers_alike
from nlu.hashed import HashedModel
from nlu.types import Abuse, Sentiment, SentimentLabel

RESOURCES = Path(__file__).parent / "resources"
_CALM = Sentiment(label="neutral", score=1.0, scores={"positive": 0.0, "neutral": 1.0, "negative": 0.0})


@lru_cache(maxsize=4)
def shipped(name: str) -> HashedModel:
    """`mood` (is there any), `polarity` (positive rather than negative) or `abuse`."""
    return HashedModel.load(RESOURCES / f"{name}.npz")


def sentiment_of(text: str) -> Sentiment:
    """The mood. Text without a letter or digit is neutral.

    Two questions, as what teaches one teaches little of the other: is a mood shown at all, and is it a good one?
    """
    if not has_words(text):
        return _CALM
    moved = shipped("mood").probability(numbers_alike(text))
    good = shipped("polarity").probability(text)
    scores: dict[SentimentLabel, float] = {
        "positive": moved * good,
        "neutral": 1 - moved,
        "negative": moved * (1 - good),
    }
    label = max(scores, key=lambda name: scores[name])
    rounded = {str(name): round(score, 4) for name, score in scores.items()}
    return Sentiment(label=label, score=rounded[label], scores=rounded)


def abuse_of(text: str) -> Abuse:
    """Probability that the message abuses somebody."""
    if not has_words(text):
        return Abuse(score=0.0)
    return Abuse(score=round(shipped("abuse").probability(text), 4))


def warm_up() -> None:
    """Load the models."""
    for name in ("mood", "polarity", "abuse"):
        shipped(name)
