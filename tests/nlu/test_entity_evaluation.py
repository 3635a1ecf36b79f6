"""The figures of entities: right on tables that can be worked out by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from formats import FormatError
from nlu.entity_evaluation import evaluate_entities


def table(tmp_path: Path, *lines: tuple[str, list[tuple[str, Any]]]) -> Path:
    path = tmp_path / "entities.jsonl"
    rows = [
        {
            "text": text,
            "now": "2026-11-25T10:00:00+09:00",
            "entities": [{"entity": entity, "value": value} for entity, value in expected],
        }
        for text, expected in lines
    ]
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def test_values_count_exactly(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        ("내일 5만원", [("date", "2026-11-26"), ("amount", 50_000)]),
        ("모레", [("date", "2026-11-26")]),
        ("안녕하세요", []),
        ("어제", []),
    )
    report = evaluate_entities(path)
    assert (report["lines"], report["expressions"], report["exact"]) == (4, 3, round(2 / 3, 4))
    assert report["by_entity"] == {"amount": 1.0, "date": 0.5}
    assert (report["spurious"], report["clean"]) == (2, 0.5)
    assert report["missed"] == [
        {"line": 2, "text": "모레", "expected": ("date", "2026-11-26"), "found": [("date", "2026-11-27")]}
    ]


@pytest.mark.parametrize(
    ("text", "entity", "ends"),
    [
        ("다음 주", "period", {"from": "2026-11-30", "to": "2026-12-06"}),
        ("이번 주말", "date", {"from": "2026-11-28", "to": "2026-11-29"}),
        ("3일 전부터 어제까지", "date", {"from": "2026-11-22", "to": "2026-11-24"}),
        ("서너 명", "number", {"from": 3, "to": 4}),
    ],
)
def test_two_ends_are_met_in_three_ways(tmp_path: Path, text: str, entity: str, ends: dict[str, Any]) -> None:
    report = evaluate_entities(table(tmp_path, (text, [(entity, ends)])))
    assert (report["exact"], report["spurious"]) == (1.0, 0)


def test_a_table_without_negatives_has_no_share_of_them(tmp_path: Path) -> None:
    assert evaluate_entities(table(tmp_path, ("오늘", [("date", "2026-11-25")])))["clean"] is None


@pytest.mark.parametrize(
    "line", ["no json", "[]", '{"text": "a"}', '{"text": "a", "now": "x", "entities": []}']
)
def test_a_wrong_expression_is_refused_with_its_line(tmp_path: Path, line: str) -> None:
    path = tmp_path / "entities.jsonl"
    path.write_text(f'{{"text": "a", "now": "2026-11-25", "entities": []}}\n{line}\n')
    with pytest.raises(FormatError) as caught:
        evaluate_entities(path)
    assert caught.value.line == 2


def test_an_empty_table_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "entities.jsonl"
    path.write_text("\n")
    with pytest.raises(FormatError):
        evaluate_entities(path)
