"""`sangdam train` and `sangdam model` as a builder sees them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli.main import cli

CONFIG = "assistant_id: small\nname: 작은 상담\npipeline:\n  - name: KoreanIntentClassifier\n"
DATA = """version: "3.1"
nlu:
  - intent: loss
    examples: |
      - 카드를 잃어버렸어요
      - 카드 분실이요
      - 지갑을 잃어버렸어요
      - 카드 분실 신고요
  - intent: rates
    examples: |
      - 금리가 얼마예요
      - 예금 이자 알려주세요
      - 적금 금리요
      - 금리 알려주세요
"""
LOST = ["카드를 잃어버렸어요", "카드 분실이요", "지갑을 잃어버렸어요", "카드 분실 신고요"]
SPOILT = DATA + "".join(f"      - {line} 좀\n      - 그 {line}\n      - {line}요\n" for line in LOST)
Run = Callable[..., Result]


@pytest.fixture
def assistant(tmp_path: Path) -> Path:
    (tmp_path / "data" / "nlu").mkdir(parents=True)
    (tmp_path / "config.yml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "data" / "nlu" / "nlu.yml").write_text(DATA, encoding="utf-8")
    return tmp_path


@pytest.fixture
def run(assistant: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("SANGDAM_DATA_DIR", str(assistant / "var"))
    return lambda *arguments: CliRunner().invoke(cli, [*arguments, "--assistant", str(assistant)])


def spoil(assistant: Path) -> None:
    (assistant / "data" / "nlu" / "nlu.yml").write_text(SPOILT, encoding="utf-8")


def test_a_summary_then_nothing_to_do(run: Run) -> None:
    first = run("train")
    assert first.exit_code == 0, first.output
    assert "의도 2개, 예문 8개, 교차 검증 정확도" in first.stdout and "걸렸어요" in first.stdout
    assert "바뀐 것이 없어 그대로 써요" in run("train").stdout
    assert json.loads(run("train", "--json").stdout)["reused"] is True


def test_a_worse_model_is_told_with_what_it_lost(run: Run, assistant: Path) -> None:
    served = json.loads(run("train", "--json").stdout)["served"]
    spoil(assistant)
    told = run("train")
    assert told.exit_code == 1
    assert f"쓰던 모델을 그대로 써요: {served[:8]}" in told.stdout
    assert "nlu.yml:5  카드를 잃어버렸어요  loss → rates" in told.stdout
    assert "sangdam train --force" in told.stdout
    figures = json.loads(run("train", "--json").stdout)
    assert (figures["outcome"], figures["served"], figures["trained"]) == ("refused", served, False)
    assert figures["points"] < 0 < figures["lost"]


def test_versions_and_the_way_back(run: Run, assistant: Path) -> None:
    assert "아직 학습한 모델이 없어요" in run("model", "list").stdout
    first = json.loads(run("train", "--json").stdout)["served"]
    spoil(assistant)
    forced = json.loads(run("train", "--json", "--force").stdout)
    assert forced["outcome"] == "taken"
    listed = json.loads(run("model", "list", "--json").stdout)
    assert [(row["version"], row["served"]) for row in listed] == [(forced["served"], True), (first, False)]
    assert "사용 중" in run("model", "list").stdout
    assert first[:8] in run("model", "use", first[:6]).stdout
    assert json.loads(run("model", "list", "--json").stdout)[1]["served"] is True
    again = run("train")
    assert again.exit_code == 0 and "되돌린 모델이라 바꾸지 않았어요" in again.stdout
    refused = run("model", "use", "nothing")
    assert refused.exit_code != 0 and refused.exception is not None
