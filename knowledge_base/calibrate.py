"""Fits the no-answer decision: `python -m knowledge_base.calibrate DOCUMENTS QUESTIONS CACHE`.

The threshold for an answer is the lowest one that refuses 95 % of the unanswerable questions in cross-validation. The
questions must not be those of the evaluation, or its figures mean nothing.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from encoder import Encoder, load_encoder
from knowledge_base.build import build
from knowledge_base.evaluation import Question, auroc, read_questions
from knowledge_base.knowledge_base import KnowledgeBase
from knowledge_base.no_answer import FEATURES, RESOURCE

REFUSE = 0.95
CLOSEST = 0.6
"""The threshold for "is it this?", as a share of that for an answer."""
FOLDS = 5


def calibrate(documents: Path, questions: Sequence[Question], encoder: Encoder) -> dict[str, Any]:
    """The model as it is shipped, with what cross-validation says of it under `figures`."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    x, y = _rows(documents, questions, encoder)
    means, scales = x.mean(0), np.maximum(x.std(0), 1e-6)
    scaled = (x - means) / scales
    model = LogisticRegression(C=1.0, class_weight="balanced")
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=7)
    held_out = cross_val_predict(model, scaled, y, cv=folds, method="predict_proba")[:, 1]
    answer_from = float(np.clip(np.quantile(held_out[~y], REFUSE), 0.4, 0.9))
    model.fit(scaled, y)
    pairs = [(bool(label), float(score)) for label, score in zip(y, held_out, strict=True)]
    return {
        "features": list(FEATURES),
        "weights": [round(float(w), 5) for w in model.coef_[0]],
        "bias": round(float(model.intercept_[0]), 5),
        "means": [round(float(v), 5) for v in means],
        "scales": [round(float(v), 5) for v in scales],
        "answer_from": round(answer_from, 3),
        "closest_from": round(answer_from * CLOSEST, 3),
        "fitted_on": {"encoder": encoder.name, "answerable": int(y.sum()), "others": int((~y).sum())},
        "figures": {
            "auroc": auroc(pairs),
            "answered": round(float((held_out[y] >= answer_from).mean()), 4),
            "refused": round(float((held_out[~y] < answer_from).mean()), 4),
        },
    }


def _rows(
    documents: Path, questions: Sequence[Question], encoder: Encoder
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Features of each question, and whether the passage that would be quoted answers it."""
    with tempfile.TemporaryDirectory() as folder:
        build(documents, Path(folder), encoder)
        base = KnowledgeBase.open(Path(folder), encoder)
        rows, labels = [], []
        for question in questions:
            features, found = base.features(question.query)
            rows.append(features)
            labels.append(bool(found) and question.answered_by(found[0]))
    return np.array(rows), np.array(labels)


def main() -> None:
    """Fit and write the shipped file; prints what it reached."""
    documents, questions, cache = map(Path, sys.argv[1:4])
    result = calibrate(documents, read_questions(questions), load_encoder(cache_dir=cache))
    RESOURCE.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result))


if __name__ == "__main__":
    main()
