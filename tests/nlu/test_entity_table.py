"""The public table of expressions: each class of entity with its value, inside what customers say; and what is no entity."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from nlu.entities import BUILT_IN
from nlu.entity_evaluation import evaluate_entities

TABLE = Path(__file__).parents[2] / "data" / "evaluation" / "entities.jsonl"


def test_the_table_covers_every_entity() -> None:
    lines = [json.loads(line) for line in TABLE.read_text(encoding="utf-8").splitlines()]
    kinds = Counter(entity["entity"] for line in lines for entity in line["entities"])
    assert kinds.total() >= 400
    assert set(kinds) == BUILT_IN
    assert sum(not line["entities"] for line in lines) >= 50


def test_every_expression_has_its_value() -> None:
    report = evaluate_entities(TABLE)
    assert report["missed"] == []
    assert report["clean"] == 1.0
