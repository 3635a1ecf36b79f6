"""Intents: linear models of letters that cost nothing, and one of letters and the sentence encoder that is asked when they
are unsure.

Three are learned: of character n-grams alone, with the student's vector (`nlu.student`), with the encoder's as well. Which is
right how often differs with the number of examples and with what is to be told apart, so held-out examples say how much each
counts (`nlu.pooling`). As all are linear, what they say together is one linear model again.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlu.features import Floats, NgramVocabulary, softmax
from nlu.linear import COMPARED, LinearModel
from nlu.student import Student, load_student

STRENGTH = 20.0
"""Inverse regularisation; a flat optimum, found by cross-validation on few examples an intent."""
STUDENT_MOST, STUDENT_LEAST, STUDENT_FADES = 1.2, 0.5, 3.5
"""Length of the student's vector beside n-grams of length 1: where examples are few it says more than their letters, where
they are many their letters do. Fades with the square root of the examples an intent."""
ENCODER_LENGTH = 1.4
"""Mean length of the encoder's vectors beside them, once they are centred."""
MANY = 2_000
"""Texts from which n-grams that occur in one of them only are left out."""


VALUE, STRANGER = "value", "stranger"
"""What is learned beside the intents: messages that are only a value, and such as are no business of ours."""


@dataclass(frozen=True, slots=True)
class Split:
    """Probabilities of the intents; `value` and `stranger` are shares of the whole."""

    intents: Floats
    value: float
    stranger: float


@dataclass(frozen=True, slots=True)
class Glance:
    """What letters alone tell of a text."""

    probabilities: Floats
    coverage: float
    """Share of the text's n-grams that the vocabulary knows."""
    vector: Floats
    """The student's."""
    columns: NDArray[np.int64]
    weights: Floats
    """Of the text's known n-grams."""


@dataclass(frozen=True, slots=True)
class Rows:
    """What is seen of many texts."""

    grams: Any
    coverage: Floats
    student: Floats
    encoder: Floats | None


class Part:
    """What the models are of; each later one sees more."""

    NGRAMS, STUDENT, ENCODER = range(3)


@dataclass(slots=True)
class IntentParts:
    """The models before it is known how much each counts."""

    names: list[str]
    others: tuple[str, ...]
    vocabulary: NgramVocabulary
    student: Student
    centre: Floats | None
    """Mean of the encoder's training vectors: e5's lie in a narrow cone, which a linear model needs centred."""
    models: list[LinearModel]
    """In the order of `Part`; the last one is missing without an encoder."""

    @classmethod
    def fit(
        cls,
        names: list[str],
        texts: Sequence[str],
        labels: Sequence[int],
        vectors: Floats | None,
        others: tuple[str, ...] = (),
    ) -> IntentParts:
        """Train all. `vectors` are the encoder's. Labels count through `names`, then `others`."""
        vocabulary = NgramVocabulary.learn(texts, 2 if len(texts) > MANY else 1)
        centre = None if vectors is None else vectors.mean(0)
        parts = cls(names, others, vocabulary, load_student(), centre, [])
        rows = parts.rows(texts, vectors)
        classes = len(names) + len(others)
        count = sum(label < len(names) for label in labels) / max(1, len(names))
        lengths = [_student_length(count)] * rows.student.shape[1]
        if rows.encoder is not None:
            mean = float(np.linalg.norm(rows.encoder, axis=1).mean())
            lengths += [ENCODER_LENGTH / max(mean, 1e-6)] * rows.encoder.shape[1]
        scale = np.array(lengths, np.float32)
        likeness = (rows.grams @ rows.grams.T).toarray() if len(texts) <= COMPARED else None
        for part in range(3 if vectors is not None else 2):
            dense = _dense(rows, part)
            used = scale[: dense.shape[1]]
            model = LinearModel.fit(rows.grams, dense * used, labels, classes, STRENGTH, likeness)
            model.weights[rows.grams.shape[1] :] *= used[:, None]
            parts.models.append(model)
        return parts

    def rows(self, texts: Sequence[str], vectors: Floats | None) -> Rows:
        """What the models see of the texts."""
        grams, coverage = self.vocabulary.matrix(texts)
        centred = None if vectors is None or self.centre is None else vectors - self.centre
        return Rows(grams, coverage, self.student.encode(texts), centred)

    def scores(self, rows: Rows) -> list[Floats]:
        """Of each model, a row a text and a column a class."""
        return [model.scores(rows.grams, _dense(rows, part)) for part, model in enumerate(self.models)]

    def together(self, by_letters: Sequence[float], by_all: Sequence[float] | None) -> IntentModel:
        """One model for letters and one for everything, by the weights of each part in them."""
        letters = _sum(self.models[: len(by_letters)], by_letters)
        whole = None if by_all is None else _sum(self.models, by_all)
        return IntentModel(
            self.names, self.vocabulary, letters, whole, self.centre, self.student, self.others
        )


def _student_length(examples: float) -> float:
    """For so many examples an intent."""
    return min(STUDENT_MOST, max(STUDENT_LEAST, STUDENT_FADES / math.sqrt(max(examples, 1.0))))


def _dense(rows: Rows, part: int) -> Floats:
    """The vectors that a part sees beside n-grams."""
    if part == Part.NGRAMS:
        return np.zeros((len(rows.student), 0), np.float32)
    if part == Part.STUDENT or rows.encoder is None:
        return rows.student
    return np.hstack([rows.student, rows.encoder])


def _sum(models: Sequence[LinearModel], weights: Sequence[float]) -> LinearModel:
    """The linear model that scores as these do together; what a model doesn't see weighs nothing in it."""
    rows = max(len(model.weights) for model in models)
    total = LinearModel(
        np.zeros((rows, len(models[0].bias)), np.float32), np.zeros(len(models[0].bias), np.float32)
    )
    for model, weight in zip(models, weights, strict=True):
        total.weights[: len(model.weights)] += np.float32(weight) * model.weights
        total.bias += np.float32(weight) * model.bias
    return total


@dataclass(slots=True)
class IntentModel:
    """What is served.

    Probabilities have a column a name, then one for each of `others`: what is learned beside the intents, so that it isn't
    taken for one of them, and is never told.
    """

    names: list[str]
    vocabulary: NgramVocabulary
    letters: LinearModel
    """Rows of weights: the vocabulary's n-grams, then the student's numbers."""
    whole: LinearModel | None
    """The same, then the encoder's numbers."""
    centre: Floats | None
    student: Student
    others: tuple[str, ...] = ()

    def split(self, probabilities: Floats) -> Split:
        """The intents' part, as if the message were no stranger, and what the others take.

        From the intents a bare value takes its share only where it is likelier than any of them: a wish said in a phrase, as
        a title is, resembles values without being one.
        """
        count = len(self.names)
        shares = dict(zip(self.others, (float(p) for p in probabilities[count:]), strict=True))
        stranger, value = shares.get(STRANGER, 0.0), shares.get(VALUE, 0.0)
        intents = probabilities[:count]
        taken = stranger if value > intents.max() else stranger + value
        given: Floats = intents / np.float32(max(1 - taken, 1e-6))
        return Split(given, value, stranger)

    def glance(self, text: str) -> Glance:
        """By letters alone."""
        vector = self.student.encode([text])[0]
        columns, weights, coverage = self.vocabulary.row(text)
        known = len(self.vocabulary.index)
        scores = weights @ self.letters.weights[columns] + self.letters.bias
        scores += vector @ self.letters.weights[known:]
        return Glance(softmax(scores), coverage, vector, columns, weights)

    def place(self, vectors: Floats) -> Floats:
        """Where the encoder's vectors lie around their centre, scaled to length 1; a row a text."""
        away = vectors if self.centre is None else vectors - self.centre
        result: Floats = away / np.maximum(np.linalg.norm(away, axis=-1, keepdims=True), 1e-9)
        return result

    def both(self, glance: Glance, vector: Floats) -> Floats:
        """Probabilities by letters and the encoder's vector; by letters alone where nothing is learned of vectors."""
        if self.whole is None or self.centre is None:
            return glance.probabilities
        known = len(self.vocabulary.index)
        dense = np.concatenate([glance.vector, vector - self.centre])
        scores = glance.weights @ self.whole.weights[glance.columns] + self.whole.bias
        scores += dense @ self.whole.weights[known:]
        return softmax(scores)
