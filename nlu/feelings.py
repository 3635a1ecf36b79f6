"""Mood, abuse and signals of a message, by the small models that the package ships (resources/MODEL_CARD.md)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from korean.normalise import has_words
from nlu.features import numbers_alike
from nlu.hashed import HashedModel, hashed_ngrams, to_probability
from nlu.hashed_bank import HashedBank
from nlu.types import Abuse, Sentiment, SentimentLabel, Signals

RESOURCES = Path(__file__).parent / "resources"
SIGNALS = tuple(Signals.model_fields)
"""Each has a model of its name in the folder `signals`."""


@dataclass(frozen=True, slots=True)
class Feelings:
    """How a message is meant, besides what it is about."""

    sentiment: Sentiment
    abuse: Abuse
    signals: Signals


CALM = Feelings(
    Sentiment(label="neutral", score=1.0, scores={"positive": 0.0, "neutral": 1.0, "negative": 0.0}),
    Abuse(score=0.0),
    Signals(),
)
"""Of a text without a letter or digit."""


@dataclass(frozen=True, slots=True)
class _Models:
    worded: HashedBank
    """polarity (positive rather than negative), abuse."""
    numberless: HashedBank
    """mood (is there any), then the signals: they were taught without numbers."""


@lru_cache(maxsize=1)
def _models() -> _Models:
    def bank(*names: str) -> HashedBank:
        return HashedBank.of([HashedModel.load(RESOURCES / f"{name}.npz") for name in names])

    return _Models(bank("polarity", "abuse"), bank("mood", *(f"signals/{name}" for name in SIGNALS)))


def feelings_of(text: str) -> Feelings:
    """All of them at once, in about a tenth of a millisecond."""
    if not has_words(text):
        return CALM
    models, plain = _models(), numbers_alike(text)
    hashes = hashed_ngrams(text)
    good, abusive = map(to_probability, models.worded.scores(hashes))
    if plain != text:
        hashes = hashed_ngrams(plain)
    moved, *shown = map(to_probability, models.numberless.scores(hashes))
    signals = {name: round(value, 4) for name, value in zip(SIGNALS, shown, strict=True)}
    return Feelings(_sentiment(moved, good), Abuse(score=round(abusive, 4)), Signals(**signals))


def _sentiment(moved: float, good: float) -> Sentiment:
    """Two questions, as what teaches one teaches little of the other: is a mood shown at all, and is it a good one?"""
    scores: dict[SentimentLabel, float] = {
        "positive": moved * good,
        "neutral": 1 - moved,
        "negative": moved * (1 - good),
    }
    label = max(scores, key=lambda name: scores[name])
    rounded = {str(name): round(score, 4) for name, score in scores.items()}
    return Sentiment(label=label, score=rounded[label], scores=rounded)


def sentiment_of(text: str) -> Sentiment:
    """The mood alone."""
    return feelings_of(text).sentiment


def abuse_of(text: str) -> Abuse:
    """Probability that the message abuses somebody."""
    return feelings_of(text).abuse


def signals_of(text: str) -> Signals:
    """What else it shows that matters in service: one probability a signal; several may be high."""
    return feelings_of(text).signals


def warm_up() -> None:
    """Load the models."""
    _models()
