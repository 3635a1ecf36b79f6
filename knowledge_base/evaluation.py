"""How good retrieval and answers are, on questions with known answers."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from formats import FormatError
from knowledge_base.knowledge_base import KnowledgeBase


@dataclass(frozen=True, slots=True)
class Question:
    """A question and the documents that answer it; none for an unanswerable one."""

    query: str
    gold: tuple[str, ...]


def read_questions(path: Path) -> list[Question]:
    """JSON lines `{"query", "gold": [ids]}`. Raises `FormatError` with the line."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            item = json.loads(line)
            found.append(Question(str(item["query"]), tuple(item["gold"])))
        except (ValueError, KeyError, TypeError):
            raise FormatError(path, number, "not a question", '{"query": "…", "gold": ["id"]}') from None
    return found


def evaluate(base: KnowledgeBase, questions: Sequence[Question]) -> dict[str, Any]:
    """recall@1/5/10, mrr@10, ndcg@10 over documents; answered, refused, correct rates; auroc; latency."""
    ranks, scores, seconds, outcomes = [], [], [], []
    for question in questions:
        started = time.perf_counter()
        answer = base.answer(question.query)
        seconds.append(time.perf_counter() - started)
        cited = answer.citations[0].document_id if answer.citations else None
        outcomes.append((bool(question.gold), answer.outcome, cited in question.gold))
        scores.append((bool(question.gold), answer.confidence))
        if question.gold:
            documents = list(dict.fromkeys(p.chunk.document_id for p in base.search(question.query, 40)))[:10]
            ranks.append(next((i for i, d in enumerate(documents) if d in question.gold), None))
    return {**_ranking(ranks), **_decisions(outcomes), "auroc": auroc(scores), **_latency(seconds)}


def _ranking(ranks: Sequence[int | None]) -> dict[str, float]:
    count = max(len(ranks), 1)
    hit = [rank for rank in ranks if rank is not None]
    return {
        **{f"recall@{k}": round(sum(rank < k for rank in hit) / count, 4) for k in (1, 5, 10)},
        "mrr@10": round(sum(1 / (rank + 1) for rank in hit) / count, 4),
        "ndcg@10": round(sum(1 / math.log2(rank + 2) for rank in hit) / count, 4),
    }


def _decisions(outcomes: Sequence[tuple[bool, str, bool]]) -> dict[str, float]:
    answerable = [item for item in outcomes if item[0]]
    others = [item for item in outcomes if not item[0]]
    return {
        "answered": round(sum(o[1] == "answer" for o in answerable) / max(len(answerable), 1), 4),
        "correct": round(sum(o[1] == "answer" and o[2] for o in answerable) / max(len(answerable), 1), 4),
        "refused": round(sum(o[1] != "answer" for o in others) / max(len(others), 1), 4),
    }


def auroc(scores: Sequence[tuple[bool, float]]) -> float:
    """Chance that an answerable question scores above an unanswerable one; ties count half."""
    good = [score for positive, score in scores if positive]
    bad = [score for positive, score in scores if not positive]
    if not good or not bad:
        return float("nan")
    wins = sum((g > b) + 0.5 * (g == b) for g in good for b in bad)
    return round(wins / (len(good) * len(bad)), 4)


def _latency(seconds: Sequence[float]) -> dict[str, float]:
    ordered = sorted(seconds) or [0.0]
    return {
        "latency_ms_p50": round(1000 * ordered[len(ordered) // 2], 2),
        "latency_ms_p95": round(1000 * ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))], 2),
    }
