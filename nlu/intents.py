"""Intents: a character model that costs nothing, and a head on the sentence encoder that is asked when it is unsure.

The two are averaged as probabilities; a temperature found by cross-validation makes them mean what they say.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nlu.features import Floats, NgramVocabulary, softmax

CHAR_STRENGTH = 20.0
HEAD_STRENGTH = 10.0
"""Inverse regularisation of the two linear models; flat optima, found by cross-validation on few examples an intent."""


@dataclass(slots=True)
class LinearModel:
    """Scores = features @ weights + bias; `weights` has a column a class."""

    weights: Floats
    bias: Floats

    @classmethod
    def fit(cls, features: object, labels: Sequence[int], classes: int, strength: float) -> LinearModel:
        """Multinomial logistic regression, classes weighted by their rarity."""
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.linear_model import LogisticRegression

        model = LogisticRegression(C=strength, max_iter=400, class_weight="balanced")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            model.fit(features, np.asarray(labels))
        weights, bias = np.asarray(model.coef_.T, np.float32), np.asarray(model.intercept_, np.float32)
        if weights.shape[1] == 1:
            weights, bias = np.hstack([-weights, weights]), np.array([-bias[0], bias[0]], np.float32)
        full = np.zeros((weights.shape[0], classes), np.float32)
        full_bias = np.full(classes, -20.0, np.float32)
        full[:, model.classes_], full_bias[model.classes_] = weights, bias
        return cls(full, full_bias)

    def scores(self, vectors: Floats) -> Floats:
        """Dense rows."""
        result: Floats = vectors @ self.weights + self.bias
        return result


@dataclass(slots=True)
class IntentModel:
    """Both halves. `temperature` applies to the logarithm of the mean probability."""

    names: list[str]
    vocabulary: NgramVocabulary
    chars: LinearModel
    head: LinearModel | None
    centre: Floats | None
    """Mean of the training vectors: e5's vectors lie in a narrow cone, which a linear model needs centred."""
    temperature: float = 1.0

    @classmethod
    def fit(
        cls, names: list[str], texts: Sequence[str], labels: Sequence[int], vectors: Floats | None
    ) -> IntentModel:
        """Train both. `vectors` holds the texts' vectors, then those of the same texts without spaces."""
        vocabulary = NgramVocabulary.learn(texts)
        chars = LinearModel.fit(vocabulary.matrix(texts), labels, len(names), CHAR_STRENGTH)
        if vectors is None:
            return cls(names, vocabulary, chars, None, None)
        centre = vectors.mean(0)
        doubled = list(labels) * (len(vectors) // len(texts))
        head = LinearModel.fit((vectors - centre) * 10, doubled, len(names), HEAD_STRENGTH)
        return cls(names, vocabulary, chars, head, centre)

    def char_probabilities(self, text: str) -> tuple[Floats, float]:
        """(probabilities by the character model alone, share of the text's n-grams that it knows)."""
        columns, weights, coverage = self.vocabulary.row(text)
        return softmax(weights @ self.chars.weights[columns] + self.chars.bias), coverage

    def head_probabilities(self, vector: Floats) -> Floats | None:
        """Probabilities by the encoder's head alone; one vector or rows of them."""
        if self.head is None or self.centre is None:
            return None
        return softmax(self.head.scores((vector - self.centre) * 10))

    def calibrated(self, probabilities: Floats) -> Floats:
        """What the mean of the halves is really worth."""
        logs: Floats = np.log(np.maximum(probabilities, 1e-9)).astype(np.float32)
        return softmax(logs / np.float32(self.temperature))


def fit_temperature(probabilities: Floats, labels: Sequence[int]) -> float:
    """The temperature under which held-out labels are likeliest, by search over a fixed grid."""
    logs = np.log(np.maximum(probabilities, 1e-9))
    rows = np.arange(len(labels))
    best, lowest = 1.0, np.inf
    for temperature in np.geomspace(0.2, 3.0, 60):
        likely = softmax((logs / temperature).astype(np.float32))[rows, list(labels)]
        loss = -np.log(np.maximum(likely, 1e-9)).mean()
        if loss < lowest:
            best, lowest = float(temperature), loss
    return best
