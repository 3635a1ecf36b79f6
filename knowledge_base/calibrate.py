"""Fits the no-answer decision: `python -m knowledge_base.calibrate DOCUMENTS QUESTIONS CACHE`.

The threshold for an answer is the lowest one that refuses 95 % of the unanswerable questions in cross-validation.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import numpy as np

from encoder import load_encoder
from knowledge_base.build import build
from knowledge_base.evaluation import read_questions
from knowledge_base.knowledge_base import KnowledgeBase
from knowledge_base.no_answer import RESOURCE

REFUSE = 0.95


def main() -> None:
    """Fit and write the shipped file; prints what it reached."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import cross_val_predict

    documents, questions, cache = map(Path, sys.argv[1:4])
    encoder = load_encoder(cache_dir=cache)
    with tempfile.TemporaryDirectory() as folder:
        build(documents, Path(folder), encoder)
        base = KnowledgeBase.open(Path(folder), encoder)
        asked = read_questions(questions)
        rows, labels = [], []
        for question in asked:
            features, found = base.features(question.query)
            rows.append(features)
            labels.append(bool(question.gold) and found[0] in question.gold)
    x, y = np.array(rows), np.array(labels)
    means, scales = x.mean(0), np.maximum(x.std(0), 1e-6)
    model = LogisticRegression(C=1.0, class_weight="balanced")
    held_out = cross_val_predict(model, (x - means) / scales, y, cv=5, method="predict_proba")[:, 1]
    answer_from = float(np.quantile(held_out[~y], REFUSE))
    model.fit((x - means) / scales, y)
    result = {
        "features": ["cosine", "coverage", "score", "margin", "terms"],
        "weights": [round(float(w), 5) for w in model.coef_[0]],
        "bias": round(float(model.intercept_[0]), 5),
        "means": [round(float(v), 5) for v in means],
        "scales": [round(float(v), 5) for v in scales],
        "answer_from": round(min(0.9, max(0.4, answer_from)), 3),
        "closest_from": round(min(0.9, max(0.4, answer_from)) * 0.6, 3),
        "fitted_on": {"answerable": int(y.sum()), "others": int((~y).sum())},
    }
    RESOURCE.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result))
    print("answered in cross-validation:", float((held_out[y] >= result["answer_from"]).mean()))


if __name__ == "__main__":
    main()
