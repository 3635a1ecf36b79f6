"""Fits the light reranker: `python -m knowledge_base.fit_reranker DOCUMENTS QUESTIONS CACHE`.

Learned from customers' questions with known documents, and from the documents themselves: each section, robbed of its
headings, must be found by them. Weights are never negative and are drawn towards 1, because a few hundred questions of
one company say little about the next one's; that of tokens towards 10, as it differs between candidates by a tenth of what the
others do.
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
from knowledge_base.evaluation import Question, read_questions
from knowledge_base.index import Index, load_index
from knowledge_base.loaders import load_folder
from knowledge_base.retrieval.candidates import candidates
from knowledge_base.retrieval.features import FEATURES, features
from knowledge_base.retrieval.query import make_query
from knowledge_base.retrieval.reranking import RESOURCE
from knowledge_base.retrieval.synonyms import Synonyms
from korean.morphology import morphology

LOOKED_AT = 40
TOWARDS_ONE = 0.03
"""Strength of the pull; chosen by cross-validation on the questions and on encyclopaedia questions not trained on."""

SCALE = np.ones(len(FEATURES))
SCALE[FEATURES.index("tokens")] = 10.0
"""What weights are drawn towards, and the measure of how strongly."""

Example = tuple[NDArray[np.float64], NDArray[np.float64]]
"""Features (candidates, features) of a question, and which candidates are right."""


def examples_of(index: Index, questions: Sequence[Question], encoder: Encoder) -> list[Example]:
    """Those of the questions whose document is among the candidates."""
    found: list[Example] = []
    for question in questions:
        query = make_query(question.query, encoder, morphology(), Synonyms())
        hits = candidates(index, query, LOOKED_AT)
        table = features(index, query, hits).astype(np.float64)
        right = [question.answered_by(index.chunks[row].document_id) for row in hits.rows]
        if any(right):
            found.append((table, np.array(right, np.float64)))
    return found


def bare_sections(documents: Path) -> tuple[list[dict[str, str]], list[Question]]:
    """Every section as a document of its own without its headings, and the question that its heading is."""
    sections, questions = [], []
    for document in load_folder(documents).documents:
        for number, section in enumerate(document.sections):
            name = f"{document.id}#{number}"
            sections.append({"id": name, "title": "", "text": section.text})
            asked = section.question or " ".join((document.title, *section.heading[-1:]))
            questions.append(Question(asked, (name,)))
    return sections, questions


def fit(groups: Sequence[Sequence[Example]]) -> list[float]:
    """Weights by softmax over each question's candidates; every group counts the same."""
    from scipy.optimize import minimize

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        away = weights / SCALE - 1
        total, slope = TOWARDS_ONE * float((away**2).sum()), 2 * TOWARDS_ONE * away / SCALE
        for group in groups:
            for table, right in group:
                scores = table @ weights
                chances = np.exp(scores - scores.max())
                chances /= chances.sum()
                good = float((chances * right).sum()) + 1e-12
                total -= np.log(good) / len(group)
                slope -= table.T @ (chances * right / good - chances) / len(group)
        return total, slope

    bounds = [(0.0, None)] * len(FEATURES)
    return [float(w) for w in minimize(loss, SCALE, jac=True, method="L-BFGS-B", bounds=bounds).x]


def recall_at_1(examples: Sequence[Example], weights: Sequence[float]) -> float:
    """Share of the questions whose best candidate is right."""
    right = [bool(y[int(np.argmax(x @ np.array(weights)))]) for x, y in examples]
    return round(float(np.mean(right)), 4)


def fitted(documents: Path, questions: Sequence[Question], encoder: Encoder) -> dict[str, Any]:
    """The weights as they are shipped, with what they were fitted on."""
    encoder.warm_up()
    sections, headings = bare_sections(documents)
    with tempfile.TemporaryDirectory() as folder:
        lines = "\n".join(json.dumps(section, ensure_ascii=False) for section in sections)
        bare = Path(folder) / "sections.jsonl"
        bare.write_text(lines, encoding="utf-8")
        groups: list[list[Example]] = []
        for source, asked in ((documents, questions), (bare, headings)):
            place = Path(folder) / f"index-{len(groups)}"
            build(source, place, encoder)
            groups.append(examples_of(load_index(place, encoder), asked, encoder))
    weights = fit(groups)
    return {
        "weights": {name: round(weight, 4) for name, weight in zip(FEATURES, weights, strict=True)},
        "fitted_on": {"encoder": encoder.name, "questions": len(groups[0]), "headings": len(groups[1])},
        "figures": {
            "recall@1_questions": recall_at_1(groups[0], weights),
            "recall@1_headings": recall_at_1(groups[1], weights),
        },
    }


def main() -> None:
    """Fit and write the shipped file; prints what it reached."""
    documents, questions, cache = map(Path, sys.argv[1:4])
    asked = [question for question in read_questions(questions) if question.gold]
    result = fitted(documents, asked, load_encoder(cache_dir=cache))
    RESOURCE.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result))


if __name__ == "__main__":
    main()
