"""The figures are right on a case worked out by hand, and honest on the reference documents."""

from __future__ import annotations

import json
import math
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from encoder import Encoder
from formats import FormatError
from knowledge_base.evaluation import (
    Question,
    auroc,
    decisions,
    evaluate,
    measure,
    ranking,
    read_questions,
)
from knowledge_base.knowledge_base import KnowledgeBase

"""One worker loads encoder and morphemes; the others run what needs neither."""

DOCUMENTS = Path("data/knowledge")
QUESTIONS = Path("data/evaluation/knowledge_questions.jsonl")
CALIBRATION = Path("data/evaluation/knowledge_calibration.jsonl")


def test_ranking_by_hand() -> None:
    # Found at places 1, 2, 6, 10, and once not at all.
    figures = ranking([0, 1, 5, 9, None])
    assert figures == {
        "recall@1": 0.2,
        "recall@5": 0.4,
        "recall@10": 0.8,
        "mrr@10": round((1 + 1 / 2 + 1 / 6 + 1 / 10) / 5, 4),
        "ndcg@10": round((1 + 1 / math.log2(3) + 1 / math.log2(7) + 1 / math.log2(11)) / 5, 4),
    }


def test_decisions_by_hand() -> None:
    outcomes = [
        (True, "answer", True),
        (True, "answer", False),
        (True, "closest", True),
        (True, "none", False),
        (False, "none", False),
        (False, "closest", False),
        (False, "answer", False),
        (False, "none", False),
    ]
    assert decisions(outcomes) == {"answered": 0.5, "correct": 0.25, "refused": 0.75}


def test_auroc_by_hand() -> None:
    # Pairs: 0.9>0.5, 0.9>0.1, 0.5=0.5 (half), 0.5>0.1.
    assert auroc([(True, 0.9), (True, 0.5), (False, 0.5), (False, 0.1)]) == 0.875
    assert auroc([(True, 0.9)]) is None


def test_no_questions_give_zeros_not_errors() -> None:
    assert ranking([])["recall@1"] == 0 and decisions([])["refused"] == 0


def test_a_file_may_be_named_without_suffix() -> None:
    question = Question("?", ("a/b",))
    assert question.answered_by("a/b.md") and question.answered_by("a/b") and not question.answered_by("b.md")


@pytest.mark.parametrize(
    "line", ["x", "[]", '{"query": "가"}', '{"query": 1, "gold": []}', '{"query": "가", "gold": "a"}']
)
def test_a_wrong_question_is_refused_with_its_line(tmp_path: Path, line: str) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text(f'{{"query": "가", "gold": []}}\n\n{line}\n')
    with pytest.raises(FormatError) as caught:
        read_questions(path)
    assert caught.value.line == 3 and "query" in caught.value.expected


def test_questions_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(FormatError):
        read_questions(tmp_path / "none.jsonl")
    (tmp_path / "q.jsonl").write_bytes(b"\xff\xff")
    with pytest.raises(FormatError):
        read_questions(tmp_path / "q.jsonl")


def test_evaluation_of_json_lines(tmp_path: Path, hashing: Encoder) -> None:
    documents, questions = tmp_path / "d.jsonl", tmp_path / "q.jsonl"
    rows = [
        ("a", "카드 분실", "카드를 잃어버리면 분실 신고를 해 주세요."),
        ("b", "이체 한도", "하루 한도는 오백만 원이에요."),
    ]
    documents.write_text("".join(json.dumps({"id": i, "title": t, "text": x}) + "\n" for i, t, x in rows))
    questions.write_text(
        '{"query": "카드 분실 신고", "gold": ["a"]}\n{"query": "이체 한도", "gold": ["b"]}\n{"query": "zzz", "gold": []}\n'
    )
    figures = evaluate(documents, questions, hashing)
    ranks = {"recall@1", "recall@5", "recall@10", "mrr@10", "ndcg@10"}
    rates = {"answered", "refused", "correct", "auroc"}
    assert set(figures) == ranks | rates | {"latency_ms_p50", "latency_ms_p95", "build_s", "chunks"}
    assert (figures["recall@1"], figures["refused"], figures["chunks"]) == (1.0, 1.0, 2)
    json.dumps(figures, allow_nan=False)


@pytest.fixture(scope="module")
def figures(reference: KnowledgeBase) -> dict[str, Any]:
    return measure(reference, read_questions(QUESTIONS), today=date(2026, 11, 25))


def test_questions_of_the_evaluation_were_not_used_for_fitting() -> None:
    fitted = {question.query for question in read_questions(CALIBRATION)}
    assert not fitted & {question.query for question in read_questions(QUESTIONS)}


@pytest.mark.parametrize(
    ("name", "floor"),
    [
        ("recall@1", 0.88),
        ("recall@5", 0.97),
        ("mrr@10", 0.92),
        ("answered", 0.69),
        ("correct", 0.66),
        ("refused", 0.88),
        ("auroc", 0.89),
    ],
)
def test_reference_documents_reach(figures: dict[str, Any], name: str, floor: float) -> None:
    assert figures[name] >= floor


def test_says_how_long_a_search_takes(figures: dict[str, Any]) -> None:
    assert 0 < figures["latency_ms_p50"] <= figures["latency_ms_p95"]
