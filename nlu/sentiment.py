"""Mood and abuse of a message, by the small models that the package ships (resources/MODEL_CARD.md)."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np

from korean.normalise import has_words
from nlu.features import numbers_alike
from nlu.hashed import HashedModel
from nlu.types import Abuse, Sentiment

RESOURCES = Path(__file__).parent / "resources"
_CALM = Sentiment(label="neutral", score=1.0, scores={"positive": 0.0, "neutral": 1.0, "negative": 0.0})


@lru_cache(maxsize=1)
def _sentiment_model() -> HashedModel:
    return HashedModel.load(RESOURCES / "sentiment.npz")


@lru_cache(maxsize=1)
def _abuse_model() -> HashedModel:
    return HashedModel.load(RESOURCES / "abuse.npz")


def sentiment_of(text: str) -> Sentiment:
    """The mood. Text without a letter or digit is neutral."""
    if not has_words(text):
        return _CALM
    model = _sentiment_model()
    probabilities = model.probabilities(numbers_alike(text))
    scores = {label: round(float(p), 4) for label, p in zip(model.labels, probabilities, strict=True)}
    label = model.labels[int(np.argmax(probabilities))]
    return Sentiment.model_validate({"label": label, "score": scores[label], "scores": scores})


def abuse_of(text: str) -> Abuse:
    """Probability that the message abuses somebody."""
    if not has_words(text):
        return Abuse(score=0.0)
    model = _abuse_model()
    return Abuse(score=round(float(model.probabilities(text)[model.labels.index("1")]), 4))


def warm_up() -> None:
    """Load both models."""
    _sentiment_model()
    _abuse_model()
