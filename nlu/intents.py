"""Intents: a model of letters that costs nothing, and a head on the sentence encoder that is asked when it is unsure.

The model of letters is one linear model over character n-grams and the student's vector (`nlu.student`). The two halves are
averaged as probabilities; a temperature for each, found by cross-validation, makes them mean what they say.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nlu.features import Floats, NgramVocabulary, softmax
from nlu.student import Student, load_student

LETTERS_STRENGTH = 20.0
HEAD_STRENGTH = 10.0
"""Inverse regularisation of the two linear models; flat optima, found by cross-validation on few examples an intent."""
STUDENT_MOST, STUDENT_LEAST, STUDENT_FADES = 1.2, 0.5, 3.5
"""Length of the student's vector beside n-grams of length 1: where examples are few it says more than their letters, where
they are many their letters do. Fades with the square root of the examples an intent."""


VALUE, STRANGER = "value", "stranger"
"""What is learned beside the intents: messages that are only a value, and such as are no business of ours."""


@dataclass(frozen=True, slots=True)
class Split:
    """Probabilities of the intents; `value` and `stranger` are shares of the whole."""

    intents: Floats
    value: float
    stranger: float


@dataclass(slots=True)
class LinearModel:
    """Scores = features @ weights + bias; `weights` has a column a class."""

    weights: Floats
    bias: Floats

    @classmethod
    def fit(cls, features: Any, labels: Sequence[int], classes: int, strength: float) -> LinearModel:
        """Multinomial logistic regression, classes weighted by their rarity. Dense or sparse rows."""
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.linear_model import LogisticRegression
        from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

        model = LogisticRegression(C=strength, max_iter=400, class_weight="balanced")
        # Small matrices: threads cost twenty times what they gain where cores are shared.
        with warnings.catch_warnings(), threadpool_limits(1):
            warnings.simplefilter("ignore", ConvergenceWarning)
            rows, back = _reduced(features)
            model.fit(rows, np.asarray(labels))
        coefficients = model.coef_.T if back is None else features.T @ (back @ model.coef_.T)
        weights, bias = np.asarray(coefficients, np.float32), np.asarray(model.intercept_, np.float32)
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


FEW = 2_000
"""Rows up to which a wide matrix is reduced before it is learned from."""


def _reduced(features: Any) -> tuple[Any, Any]:
    """(rows, how coefficients come back): few rows with many columns span a small space, and ridge penalties are the same
    there. Anything else is returned as it is, with None.
    """
    count, columns = features.shape
    if not hasattr(features, "tocsr") or count > FEW or columns <= count:
        return features, None
    values, vectors = np.linalg.eigh((features @ features.T).toarray().astype(np.float64))
    kept = values > values.max() * 1e-9
    roots, vectors = np.sqrt(values[kept]), vectors[:, kept]
    return vectors * roots, vectors / roots


@dataclass(frozen=True, slots=True)
class Glance:
    """What letters alone tell of a text."""

    probabilities: Floats
    coverage: float
    """Share of the text's n-grams that the vocabulary knows."""
    vector: Floats
    """The student's."""


@dataclass(slots=True)
class IntentModel:
    """Both halves.

    Probabilities have a column a name, then one for each of `others`: what is learned beside the intents, so that it isn't
    taken for one of them, and is never told.
    """

    names: list[str]
    vocabulary: NgramVocabulary
    letters: LinearModel
    """Rows of weights: the vocabulary's n-grams, then the student's numbers."""
    head: LinearModel | None
    centre: Floats | None
    """Mean of the training vectors: e5's vectors lie in a narrow cone, which a linear model needs centred."""
    student: Student
    temperature: float = 1.0
    """For the logarithm of the mean probability of both halves."""
    letters_temperature: float = 1.0
    """For that of letters alone."""
    others: tuple[str, ...] = ()

    @classmethod
    def fit(
        cls,
        names: list[str],
        texts: Sequence[str],
        labels: Sequence[int],
        vectors: Floats | None,
        others: tuple[str, ...] = (),
    ) -> IntentModel:
        """Train both. `vectors` holds the texts' vectors, then those of the same texts without spaces.

        Labels count through `names`, then `others`.
        """
        from scipy.sparse import csr_matrix, hstack

        vocabulary, student = NgramVocabulary.learn(texts), load_student()
        classes = len(names) + len(others)
        weight = _student_weight(sum(label < len(names) for label in labels) / max(1, len(names)))
        dense = csr_matrix(student.encode(texts) * weight)
        rows = hstack([vocabulary.matrix(texts), dense], format="csr")
        letters = LinearModel.fit(rows, labels, classes, LETTERS_STRENGTH)
        letters.weights[len(vocabulary.index) :] *= weight
        if vectors is None:
            return cls(names, vocabulary, letters, None, None, student, others=others)
        centre = vectors.mean(0)
        doubled = list(labels) * (len(vectors) // len(texts))
        head = LinearModel.fit((vectors - centre) * 10, doubled, classes, HEAD_STRENGTH)
        return cls(names, vocabulary, letters, head, centre, student, others=others)

    def split(self, probabilities: Floats) -> Split:
        """The intents' part, as if the message were no stranger, and what the others take."""
        count = len(self.names)
        shares = dict(zip(self.others, (float(p) for p in probabilities[count:]), strict=True))
        stranger = shares.get(STRANGER, 0.0)
        intents: Floats = probabilities[:count] / np.float32(max(1 - stranger, 1e-6))
        return Split(intents, shares.get(VALUE, 0.0), stranger)

    def glance(self, text: str) -> Glance:
        """By letters alone."""
        vector = self.student.encode([text])[0]
        columns, weights, coverage = self.vocabulary.row(text)
        known = len(self.vocabulary.index)
        scores = weights @ self.letters.weights[columns] + self.letters.bias
        scores += vector @ self.letters.weights[known:]
        return Glance(softmax(scores), coverage, vector)

    def both(self, letters: Floats, vector: Floats) -> Floats:
        """Mean probabilities of letters and of the encoder's vector; of letters alone where there is no head."""
        if self.head is None or self.centre is None:
            return letters
        mean: Floats = (letters + softmax(self.head.scores((vector - self.centre) * 10))) / np.float32(2)
        return mean

    def calibrated(self, probabilities: Floats, *, by_letters: bool) -> Floats:
        """What the mean of the halves, or letters alone, is really worth."""
        logs: Floats = np.log(np.maximum(probabilities, 1e-9)).astype(np.float32)
        return softmax(logs / np.float32(self.letters_temperature if by_letters else self.temperature))


def _student_weight(examples: float) -> np.float32:
    """For so many examples an intent."""
    return np.float32(min(STUDENT_MOST, max(STUDENT_LEAST, STUDENT_FADES / max(examples, 1.0) ** 0.5)))


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
