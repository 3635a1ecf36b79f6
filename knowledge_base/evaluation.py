"""How good retrieval and answers are, on questions with known answers.

`python -m knowledge_base.evaluation DOCUMENTS QUESTIONS CACHE` prints the figures as JSON; `sangdam evaluate kb` too.
"""

from __future__ import annotations

import json
import math
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from encoder import Encoder, load_encoder
from formats import FormatError
from knowledge_base.build import Progress, build
from knowledge_base.knowledge_base import KnowledgeBase
from knowledge_base.retrieval import Searching

DEPTH = 10
"""Documents that are ranked."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question and the documents that answer it; none for an unanswerable one."""

    query: str
    gold: tuple[str, ...]

    def answered_by(self, document_id: str) -> bool:
        """Whether it is one of them; a file may be named without its suffix."""
        return document_id in self.gold or document_id.rpartition(".")[0] in self.gold


def read_questions(path: Path) -> list[Question]:
    """JSON lines `{"query", "gold": [ids]}`. Raises `FormatError` with the line."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise FormatError(path, 1, f"can't be read ({type(error).__name__})", "JSON lines in UTF-8") from None
    return [_question(path, number, line) for number, line in enumerate(lines, 1) if line.strip()]


def _question(path: Path, number: int, line: str) -> Question:
    expected = '{"query": "…", "gold": ["id", …]}, gold empty if there is no answer'
    try:
        item = json.loads(line)
        query, gold = item["query"], item["gold"]
    except (ValueError, KeyError, TypeError):
        raise FormatError(path, number, "not a question", expected) from None
    if not isinstance(query, str) or not isinstance(gold, list):
        raise FormatError(path, number, "not a question", expected)
    return Question(query, tuple(str(name) for name in gold))


def evaluate(
    documents: Path,
    questions: Path,
    encoder: Encoder,
    progress: Progress | None = None,
    ways: Searching | None = None,
) -> dict[str, Any]:
    """Build an index of `documents` (a folder or JSON lines) from nothing, ask all `questions`, and give the figures.

    Raises `FormatError` for a wrong question, `IndexProblem` for documents that aren't there.
    """
    asked = read_questions(questions)
    encoder.warm_up()
    with tempfile.TemporaryDirectory() as folder:
        report = build(documents, Path(folder), encoder, progress)
        figures = measure(KnowledgeBase.open(Path(folder), encoder, ways), asked)
    return {**figures, "build_s": round(report.seconds, 2), "chunks": report.chunks}


def measure(base: KnowledgeBase, questions: Sequence[Question], today: date | None = None) -> dict[str, Any]:
    """recall@1/5/10, mrr@10, ndcg@10 over documents; answered, refused, correct rates; auroc; latency."""
    ranks, scores, seconds, outcomes = [], [], [], []
    for question in questions:
        started = time.perf_counter()
        answer = base.answer(question.query, today=today)
        seconds.append(time.perf_counter() - started)
        right = bool(answer.citations) and question.answered_by(answer.citations[0].document_id)
        outcomes.append((bool(question.gold), answer.outcome, right))
        scores.append((bool(question.gold), answer.confidence))
        if question.gold:
            found = base.search(question.query, 40, today)
            ranks.append(_rank(question, (passage.chunk.document_id for passage in found)))
    return {**ranking(ranks), **decisions(outcomes), "auroc": auroc(scores), **_latency(seconds)}


def _rank(question: Question, found: Iterable[str]) -> int | None:
    """Place of the first right document, from 0."""
    documents = list(dict.fromkeys(found))[:DEPTH]
    return next((place for place, name in enumerate(documents) if question.answered_by(name)), None)


def ranking(ranks: Sequence[int | None]) -> dict[str, float]:
    """Means over the answerable questions; `ranks` are places from 0, None for not found."""
    count = max(len(ranks), 1)
    hit = [rank for rank in ranks if rank is not None]
    return {
        **{f"recall@{k}": round(sum(rank < k for rank in hit) / count, 4) for k in (1, 5, 10)},
        "mrr@10": round(sum(1 / (rank + 1) for rank in hit) / count, 4),
        "ndcg@10": round(sum(1 / math.log2(rank + 2) for rank in hit) / count, 4),
    }


def decisions(outcomes: Sequence[tuple[bool, str, bool]]) -> dict[str, float]:
    """Of (answerable, outcome, right source): answered and correct among the answerable, refused among the others."""
    answerable = [item for item in outcomes if item[0]]
    others = [item for item in outcomes if not item[0]]
    return {
        "answered": round(sum(o[1] == "answer" for o in answerable) / max(len(answerable), 1), 4),
        "correct": round(sum(o[1] == "answer" and o[2] for o in answerable) / max(len(answerable), 1), 4),
        "refused": round(sum(o[1] != "answer" for o in others) / max(len(others), 1), 4),
    }


def auroc(scores: Sequence[tuple[bool, float]]) -> float | None:
    """Chance that an answerable question scores above an unanswerable one, ties half; None without both kinds."""
    good = [score for positive, score in scores if positive]
    bad = [score for positive, score in scores if not positive]
    if not good or not bad:
        return None
    wins = sum((g > b) + 0.5 * (g == b) for g in good for b in bad)
    return round(wins / (len(good) * len(bad)), 4)


def _latency(seconds: Sequence[float]) -> dict[str, float]:
    ordered = sorted(seconds) or [0.0]
    return {
        "latency_ms_p50": round(1000 * ordered[len(ordered) // 2], 2),
        "latency_ms_p95": round(1000 * ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))], 2),
    }


def main() -> None:
    """See the module."""
    documents, questions, cache = map(Path, sys.argv[1:4])
    print(json.dumps(evaluate(documents, questions, load_encoder(cache_dir=cache))))


if __name__ == "__main__":
    main()
