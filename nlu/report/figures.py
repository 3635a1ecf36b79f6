"""The figures of an evaluation, from answers to examples whose intent is known. Pure numbers, no pictures."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
from pydantic import BaseModel, ConfigDict

from nlu.cross_validation import Answer
from nlu.evaluation import calibration_error, macro_f1
from nlu.training_data import Example

BINS = 10
"""Of equal width, in the reliability diagram."""
POINTS = 200
"""At most so many points of a curve are kept."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class IntentFigures(_Frozen):
    """Of one intent. `support` is how many examples mean it."""

    intent: str
    precision: float
    recall: float
    f1: float
    support: int


class Utterance(_Frozen):
    """One that was taken for another intent, with its place."""

    text: str
    file: str
    line: int
    confidence: float


class Confusion(_Frozen):
    """Examples of `wanted` that were taken for `got`; the surest, hence most misleading, first."""

    wanted: str
    got: str
    utterances: tuple[Utterance, ...]


class Bin(_Frozen):
    """Answers whose confidence lies between `low` and `low` + 1 / `BINS`."""

    low: float
    confidence: float
    accuracy: float
    count: int


class Report(_Frozen):
    """One evaluation. `risk_coverage` is (share answered, share of these that is wrong), surest answers first."""

    name: str
    created_at: float
    how: str
    """In a sentence: on what, and by which split."""
    version: str = ""
    tests: int
    accuracy: float
    macro_f1: float
    ece: float
    area: float
    """Mean risk over all coverages: lower is better."""
    intents: tuple[IntentFigures, ...]
    labels: tuple[str, ...]
    matrix: tuple[tuple[int, ...], ...]
    """Rows are what was meant, columns what was understood; the last column is nothing at all."""
    confusions: tuple[Confusion, ...]
    risk_coverage: tuple[tuple[float, float], ...]
    reliability: tuple[Bin, ...]


def summarise(
    answers: Sequence[Answer], *, name: str, created_at: float, how: str, version: str = ""
) -> Report:
    """All figures of the answers; there must be at least one."""
    wanted, got = [a.example.intent for a in answers], [a.intent for a in answers]
    right = [a.right for a in answers]
    labels = tuple(sorted(set(wanted) | (set(got) - {""})))
    curve = risk_coverage(answers)
    return Report(
        name=name,
        created_at=created_at,
        how=how,
        version=version,
        tests=len(answers),
        accuracy=round(sum(right) / len(answers), 4),
        macro_f1=macro_f1(wanted, got),
        ece=calibration_error([a.confidence for a in answers], right),
        area=round(float(np.mean([risk for _, risk in curve])), 4),
        intents=per_intent(answers, labels),
        labels=labels,
        matrix=confusion_matrix(answers, labels),
        confusions=confusions(answers),
        risk_coverage=_thinned(curve),
        reliability=reliability(answers),
    )


def per_intent(answers: Sequence[Answer], labels: Sequence[str]) -> tuple[IntentFigures, ...]:
    """Precision, recall and F1 of each label, worst F1 first."""
    wanted = Counter(a.example.intent for a in answers)
    got = Counter(a.intent for a in answers)
    hits = Counter(a.intent for a in answers if a.right)
    found = []
    for label in labels:
        precision = hits[label] / got[label] if got[label] else 0.0
        recall = hits[label] / wanted[label] if wanted[label] else 0.0
        total = wanted[label] + got[label]
        f1 = 2 * hits[label] / total if total else 0.0
        found.append(
            IntentFigures(
                intent=label,
                precision=round(precision, 4),
                recall=round(recall, 4),
                f1=round(f1, 4),
                support=wanted[label],
            )
        )
    return tuple(sorted(found, key=lambda row: (row.f1, row.intent)))


def confusion_matrix(answers: Sequence[Answer], labels: Sequence[str]) -> tuple[tuple[int, ...], ...]:
    """Counts; see `Report.matrix`."""
    counts = Counter((a.example.intent, a.intent) for a in answers)
    return tuple(tuple(counts[row, column] for column in (*labels, "")) for row in labels)


def confusions(answers: Sequence[Answer]) -> tuple[Confusion, ...]:
    """Pairs that are taken for each other, most frequent first, with the utterances to blame."""
    groups: defaultdict[tuple[str, str], list[Answer]] = defaultdict(list)
    for answer in answers:
        if not answer.right:
            groups[answer.example.intent, answer.intent].append(answer)
    ordered = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    return tuple(
        Confusion(
            wanted=wanted,
            got=got,
            utterances=tuple(
                _utterance(a.example, a.confidence) for a in sorted(found, key=lambda a: -a.confidence)
            ),
        )
        for (wanted, got), found in ordered
    )


def _utterance(example: Example, confidence: float) -> Utterance:
    return Utterance(text=example.text, file=example.file, line=example.line, confidence=confidence)


def risk_coverage(answers: Sequence[Answer]) -> list[tuple[float, float]]:
    """(coverage, risk) when only the surest share of the messages is answered. Equal confidences come together."""
    ordered = sorted(answers, key=lambda a: -a.confidence)
    found: list[tuple[float, float]] = []
    wrong = 0
    for count, answer in enumerate(ordered, 1):
        wrong += not answer.right
        if count == len(ordered) or ordered[count].confidence < answer.confidence:
            found.append((count / len(ordered), wrong / count))
    return found


def reliability(answers: Sequence[Answer]) -> tuple[Bin, ...]:
    """Confidence against accuracy; bins without an answer are left out."""
    groups: defaultdict[int, list[Answer]] = defaultdict(list)
    for answer in answers:
        groups[min(int(answer.confidence * BINS), BINS - 1)].append(answer)
    return tuple(
        Bin(
            low=number / BINS,
            confidence=round(float(np.mean([a.confidence for a in found])), 4),
            accuracy=round(float(np.mean([a.right for a in found])), 4),
            count=len(found),
        )
        for number, found in sorted(groups.items())
    )


def _thinned(curve: Sequence[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    """At most `POINTS` of them, the last one always."""
    step = max(1, -(-len(curve) // POINTS))
    kept = [*curve[::step], *([curve[-1]] if (len(curve) - 1) % step else [])]
    return tuple((round(x, 4), round(y, 4)) for x, y in kept)
