"""Fits the no-answer decision of an assistant: `sangdam kb calibrate`.

The threshold for an answer is the lowest one that refuses 95 % of the unanswerable questions in cross-validation. The
questions must not be those of the evaluation, or its figures mean nothing.
`python -m knowledge_base.calibrate DOCUMENTS QUESTIONS SYNONYMS CACHE` fits the model that is shipped.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from encoder import load_encoder
from knowledge_base.build import build
from knowledge_base.errors import IndexProblem
from knowledge_base.evaluation import Question, auroc, read_questions
from knowledge_base.filters import Filter
from knowledge_base.knowledge_base import CANDIDATES, KnowledgeBase
from knowledge_base.no_answer import FEATURES, FITTED, RESOURCE, features_of
from knowledge_base.own_questions import own_questions
from knowledge_base.retrieval import Searching, load_synonyms
from knowledge_base.risk_coverage import Point, curve
from korean.morphology import morphology

REFUSE = 0.95
SILENT = 0.75
"""Share of the unanswerable questions to which nothing is offered either: where "is it this?" begins."""
OBSERVATIONS = RESOURCE.with_name("no_answer_observations.json")
FOLDS = 5
MADE_UP = 0.1
"""Weight of a question that the index asked of itself: easier than those of people, and more of them at hand."""
ENOUGH = 30
"""Given unanswerable questions from which on they alone set the threshold."""
FEWEST = 10
"""Questions of either kind that a fit needs."""

Tell = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Observed:
    """A question put to the index: what the decision sees, whether it has an answer, whether the best passage gives it."""

    features: list[float]
    answerable: bool
    right: bool
    made_up: bool = False


@dataclass(frozen=True, slots=True)
class Calibration:
    """The model as JSON, and the risk-coverage curve of the questions when held out."""

    model: dict[str, Any]
    points: list[Point]


def observe(
    base: KnowledgeBase, questions: Sequence[Question], today: date | None = None, tell: Tell = lambda _: None
) -> list[Observed]:
    """Given questions, asked as customers would."""
    index, wanted = base.index, Filter.on(today)
    seen = []
    for number, question in enumerate(questions, 1):
        found = base.find(index, question.query, CANDIDATES, wanted)
        first = index.chunks[found.hits[0].row].document_id if found.hits else ""
        answerable = bool(question.gold)
        seen.append(
            Observed(features_of(index, found), answerable, answerable and question.answered_by(first))
        )
        tell(number / len(questions))
    return seen


def observe_own(
    base: KnowledgeBase, today: date | None = None, tell: Tell = lambda _: None
) -> list[Observed]:
    """Questions that the index asks of itself."""
    seen = observe(base, own_questions(base.index, morphology()), today, tell)
    return [replace(one, made_up=True) for one in seen]


def shipped_observations(encoder_name: str) -> list[Observed]:
    """What the shipped model was fitted on, so that few questions of one's own are enough; none for another encoder."""
    data = json.loads(OBSERVATIONS.read_text(encoding="utf-8"))
    if data["encoder"] != encoder_name or data["features"] != list(FEATURES):
        return []
    return [Observed(list(row[:-3]), *map(bool, row[-3:])) for row in data["observed"]]


def calibrated(given: Sequence[Observed], others: Sequence[Observed], encoder_name: str) -> Calibration:
    """Fit on what was observed of given questions and of others. The threshold is set by the given unanswerable ones,
    which are harder than any that one can make up, if there are enough of them.

    Raises `IndexProblem` where there is too little of either kind.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold

    seen = [*given, *others]
    x = np.array([one.features for one in seen], np.float64).reshape(-1, len(FEATURES))
    right = np.array([one.right for one in seen], bool)
    answerable = np.array([one.answerable for one in seen], bool)
    if min(right.sum(), (~answerable).sum()) < FEWEST:
        raise IndexProblem(
            "too_few_questions",
            f"{int(right.sum())} questions that are found and {int((~answerable).sum())} unanswerable ones are too few.",
            f"Give at least {FEWEST} of each, or more documents.",
        )
    weights = _weights(right, np.array([one.made_up for one in seen], bool))
    means = np.average(x, axis=0, weights=weights)
    spread = np.sqrt(np.average((x - means) ** 2, axis=0, weights=weights))
    # What never differs among these questions tells nothing, and must not be blown up where it does.
    scales = np.where(spread > 1e-3, spread, 1.0)
    scaled = (x - means) / scales
    model = LogisticRegression(C=0.3)
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=7)
    held_out = np.zeros(len(seen))
    for learned, asked in folds.split(scaled, right):
        model.fit(scaled[learned], right[learned], sample_weight=weights[learned])
        held_out[asked] = model.predict_proba(scaled[asked])[:, 1]
    setting = ~answerable
    if sum(not one.answerable for one in given) >= ENOUGH:
        setting &= np.arange(len(seen)) < len(given)
    answer_from = float(np.clip(np.quantile(held_out[setting], REFUSE), 0.3, 0.95))
    closest_from = float(np.clip(np.quantile(held_out[~answerable], SILENT), 0.1, answer_from * 0.8))
    model.fit(scaled, right, sample_weight=weights)
    figures = _figures(held_out, right, answerable, answer_from)
    rows = zip(held_out.tolist(), answerable.tolist(), right.tolist(), strict=True)
    return Calibration(
        {
            "features": list(FEATURES),
            "weights": [round(float(w), 5) for w in model.coef_[0]],
            "bias": round(float(model.intercept_[0]), 5),
            "means": [round(float(v), 5) for v in means],
            "scales": [round(float(v), 5) for v in scales],
            "answer_from": round(answer_from, 3),
            "closest_from": round(closest_from, 3),
            "fitted_on": {
                "encoder": encoder_name,
                "answerable": int(answerable.sum()),
                "others": int((~answerable).sum()),
            },
            "figures": figures,
        },
        curve(list(rows)),
    )


def _weights(right: NDArray[np.bool_], made_up: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Of each question: what is right and what isn't count the same in all."""
    weights = np.where(made_up, MADE_UP, 1.0)
    for side in (right, ~right):
        weights[side] *= len(right) / 2 / weights[side].sum()
    return weights


def _figures(
    held_out: NDArray[np.float64], right: NDArray[np.bool_], answerable: NDArray[np.bool_], threshold: float
) -> dict[str, float | None]:
    answered = held_out >= threshold
    pairs = [(bool(label), float(score)) for label, score in zip(answerable, held_out, strict=True)]
    return {
        "auroc": auroc(pairs),
        "answered": round(float(answered[answerable].mean()), 4),
        "correct": round(float((answered & right)[answerable].mean()), 4),
        "refused": round(float((~answered)[~answerable].mean()), 4),
    }


def keep(model: dict[str, Any], index_dir: Path) -> Path:
    """Put the model beside the index, from where it is taken when the index is opened. Raises `IndexProblem`."""
    place = index_dir / FITTED
    try:
        working = place.with_suffix(f".{os.getpid()}")
        working.write_text(json.dumps(model, indent=1) + "\n", encoding="utf-8")
        working.replace(place)
    except OSError as error:
        raise IndexProblem("index_unwritable", f"{place} can't be written ({error.strerror}).") from error
    return place


def main() -> None:
    """Fit and write the shipped file; prints what it reached."""
    documents, questions, synonyms, cache = map(Path, sys.argv[1:5])
    encoder = load_encoder(cache_dir=cache)
    with tempfile.TemporaryDirectory() as folder:
        build(documents, Path(folder), encoder)
        base = KnowledgeBase.open(Path(folder), encoder, Searching(load_synonyms(synonyms)))
        given, own = observe(base, read_questions(questions)), observe_own(base)
    result = calibrated(given, own, encoder.name).model
    rows = [
        [*(round(v, 4) for v in o.features), int(o.answerable), int(o.right), int(o.made_up)]
        for o in (*given, *own)
    ]
    kept = {"encoder": encoder.name, "features": list(FEATURES), "observed": rows}
    OBSERVATIONS.write_text(json.dumps(kept) + "\n", encoding="utf-8")
    RESOURCE.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result))


if __name__ == "__main__":
    main()
