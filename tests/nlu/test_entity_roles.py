"""Roles and groups as Rasa annotates them are learned from what stands beside the words."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from nlu.entities import BUILT_IN, EntityExtractor, RoleModel, annotated_words
from nlu.pipeline import KOREA
from nlu.training import load_model
from nlu.training_data import load_training_data
from nlu.updating import train

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=KOREA)
TRIPS = """
version: "3.1"
nlu:
  - intent: book_trip
    examples: |
      - [서울]{"entity": "city", "role": "from"}에서 [부산]{"entity": "city", "role": "to"}까지 가고 싶어요
      - [대전]{"entity": "city", "role": "from"}에서 [광주]{"entity": "city", "role": "to"}로 가는 표요
      - [부산]{"entity": "city", "role": "to"}으로 가요
      - [대구]{"entity": "city", "role": "to"}까지 한 장이요
      - [인천]{"entity": "city", "role": "from"}에서 출발해요
      - [울산]{"entity": "city", "role": "from"}부터 [제주]{"entity": "city", "role": "to"}까지요
  - intent: order
    examples: |
      - [작은]{"entity": "size", "group": "1"} 피자랑 [큰거]{"entity": "size", "group": "2"} 하나요
      - [작은]{"entity": "size", "group": "1"} 콜라하고 [큰거]{"entity": "size", "group": "2"} 주세요
      - [민트](flavour) 아이스크림이요
      - 내일 [5만원](amount)어치요
"""


@pytest.fixture
def learned(tmp_path: Path) -> EntityExtractor:
    path = tmp_path / "nlu.yml"
    path.write_text(TRIPS, encoding="utf-8")
    examples = load_training_data(path).examples
    roles = json.loads(json.dumps(RoleModel.learn(examples).to_json()))
    return EntityExtractor(learned={"words": annotated_words(examples, BUILT_IN), "roles": roles})


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("부산에서 서울까지 얼마예요", [("부산", "from"), ("서울", "to")]),
        ("제주에서 출발할게요", [("제주", "from")]),
        ("인천으로 가려고요", [("인천", "to")]),
        ("광주부터 대전까지", [("광주", "from"), ("대전", "to")]),
    ],
)
def test_roles_by_particles(learned: EntityExtractor, text: str, wanted: list[tuple[str, str]]) -> None:
    assert [(e.value, e.role) for e in learned.extract(text, NOW)] == wanted


def test_groups(learned: EntityExtractor) -> None:
    found = learned.extract("작은 피자랑 큰거 하나요", NOW)
    assert [(e.value, e.group) for e in found if e.entity == "size"] == [("작은", "1"), ("큰거", "2")]


def test_an_entity_without_roles_gets_none(learned: EntityExtractor) -> None:
    (entity,) = learned.extract("민트에서", NOW)
    assert (entity.role, entity.group) == (None, None)


def test_built_in_entities_are_not_learned_as_words(learned: EntityExtractor) -> None:
    assert [(e.entity, e.value) for e in learned.extract("3만원", NOW)] == [("amount", 30_000)]


def test_the_trained_model_has_them(tmp_path: Path) -> None:
    data, config, model = tmp_path / "nlu.yml", tmp_path / "config.yml", tmp_path / "model.npz"
    data.write_text(TRIPS, encoding="utf-8")
    config.write_text(
        "pipeline:\n  - name: KoreanIntentClassifier\n  - name: KoreanEntityExtractor\n    typos: true\n"
    )
    first = train(config, data, model, tmp_path)
    pipeline = load_model(model, config, tmp_path)
    found = pipeline.understand("서울에서 부산까지요", NOW).entities
    assert [(e.entity, e.value, e.role) for e in found] == [("city", "서울", "from"), ("city", "부산", "to")]
    data.write_text(TRIPS.replace('"role": "to"', '"role": "goal"'), encoding="utf-8")
    assert train(config, data, model, tmp_path).version != first.version
