"""`sangdam review` from a real database to the utterance file, key by key and by file."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.cli.main import cli
from bot.cli.review_terminal import matching
from bot.conversation.events import BotUttered, UserUttered
from bot.storage.kits.samples import commit_of
from bot.storage.sql import open_store
from formats import FormatError
from nlu.training_data import load_training_data

CONFIG = "assistant_id: small\nname: 작은 상담\npipeline:\n  - name: KoreanIntentClassifier\n"
DATA = """version: "3.1"
nlu:
  - intent: card_loss
    examples: |
      - 카드를 잃어버렸어요
      - 카드 분실이요
  - intent: card_fee
    examples: |
      - 수수료가 얼마예요
      - 연회비요
"""
SAID = [
    ("지갑 통째로 없어졌어요", "card_loss"),
    ("여긴 공짜 아닌가", "card_loss"),
    ("오늘 점심 뭐 먹지", "card_fee"),
    ("010-1234-5678이 제 번호예요", "card_fee"),
]
Run = Callable[..., Result]


def uttered(number: int, text: str, intent: str) -> list[Any]:
    ranking = [{"name": intent, "confidence": 0.3 - number / 100}, {"name": "card_fee", "confidence": 0.1}]
    parsed = {"intent": ranking[0], "intent_ranking": ranking}
    said = UserUttered(text=text, message_id=f"u{number}", parse_data=parsed, timestamp=time.time())
    return [said, BotUttered(text="다시 말씀해 주시겠어요?", message_id=f"b{number}")]


@pytest.fixture
def assistant(tmp_path: Path) -> Path:
    (tmp_path / "data" / "nlu").mkdir(parents=True)
    (tmp_path / "config.yml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "data" / "nlu" / "nlu.yml").write_text(DATA, encoding="utf-8")

    async def fill() -> None:
        store = await open_store(f"sqlite:///{tmp_path / 'var' / 'sangdam.db'}")
        for number, (text, intent) in enumerate(SAID):
            await store.commit(commit_of(f"c{number}", uttered(number, text, intent)))
        await store.close()

    (tmp_path / "var").mkdir()
    asyncio.run(fill())
    return tmp_path


@pytest.fixture
def run(assistant: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("SANGDAM_DATA_DIR", str(assistant / "var"))

    def call(*arguments: str, keys: str = "") -> Result:
        return CliRunner().invoke(cli, ["review", "--assistant", str(assistant), *arguments], input=keys)

    return call


def learned(assistant: Path) -> list[tuple[str, str]]:
    data = load_training_data(assistant / "data" / "nlu")
    return [(e.text, e.intent) for e in data.examples[2:]] + [(text, "") for text in data.outside]


def test_one_key_each_then_a_diff_then_the_file(run: Run, assistant: Path) -> None:
    # 번호: skip; 점심: out of scope; 공짜: typed; 지갑: Enter; then yes.
    told = run(keys="so" + "ifee\n" + "\r" + "y\n")
    assert told.exit_code == 0, told.output
    assert "> 010-0000-0000이 제 번호예요" in told.stdout and "1234" not in told.stdout
    assert "확신이 낮음" in told.stdout and "봇: 다시 말씀해 주시겠어요?" in told.stdout
    assert "+      - 지갑 통째로 없어졌어요" in told.stdout and "sangdam train" in told.stdout
    found = learned(assistant)
    assert ("지갑 통째로 없어졌어요", "card_loss") in found and ("여긴 공짜 아닌가", "card_fee") in found
    assert ("오늘 점심 뭐 먹지", "") in found and not any("번호" in text for text, _ in found)
    assert "살펴볼 말이 없어요" in run().stdout, "nothing is asked twice"


def test_what_was_decided_survives_no_and_quit(run: Run, assistant: Path) -> None:
    before = (assistant / "data" / "nlu" / "nlu.yml").read_text(encoding="utf-8")
    told = run(keys="1q" + "n\n")
    assert "적지 않았어요" in told.stdout
    assert (assistant / "data" / "nlu" / "nlu.yml").read_text(encoding="utf-8") == before
    again = run("--yes", keys="q")
    assert "살펴볼 말 3개" in again.stdout and "에 적었어요" in again.stdout


def test_a_decision_may_be_taken_back(run: Run, assistant: Path) -> None:
    told = run(keys="1u" + "sq")
    assert told.exit_code == 0 and told.stdout.count("> 010-0000-0000이") == 2
    assert learned(assistant)[2:] == [] and "에 적었어요" not in told.stdout


def test_machines_read_the_list_and_send_decisions(run: Run, assistant: Path, tmp_path: Path) -> None:
    items = json.loads(run("--json").stdout)
    assert [item["reasons"] for item in items] == [["low_confidence"]] * 4
    exported = tmp_path / "list.jsonl"
    assert run("--export", str(exported)).exit_code == 0
    keys = {item["text"]: item["key"] for item in map(json.loads, exported.read_text("utf-8").splitlines())}
    assert len(keys) == 4 and "5678" not in exported.read_text("utf-8")
    lines = [
        {"key": keys["지갑 통째로 없어졌어요"], "intent": "card_loss"},
        {"key": keys["오늘 점심 뭐 먹지"], "verdict": "out_of_scope"},
        {"key": keys["여긴 공짜 아닌가"], "verdict": "skip"},
    ]
    path = tmp_path / "decisions.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    told = run("--decisions", str(path), "--yes")
    assert told.exit_code == 0 and "3개를 정했어요" in told.stdout
    assert learned(assistant)[-2:] == [("연회비요", "card_fee"), ("오늘 점심 뭐 먹지", "")]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("no json", "no decision about"),
        ('{"key": "unknown", "intent": "card_loss"}', "no decision about"),
        ('{"key": "KEY", "intent": "lose"}', "no intent 'lose'"),
        ('{"key": "KEY", "verdict": "maybe"}', "no verdict 'maybe'"),
    ],
)
def test_decisions_that_mean_nothing_are_refused_with_their_line(
    run: Run, assistant: Path, tmp_path: Path, line: str, problem: str
) -> None:
    key = json.loads(run("--json").stdout)[0]["key"]
    path = tmp_path / "decisions.jsonl"
    good = json.dumps({"key": key, "verdict": "skip"})
    path.write_text(f"{good}\n{line.replace('KEY', key)}\n", encoding="utf-8")
    result = run("--decisions", str(path))
    assert isinstance(result.exception, FormatError)
    assert result.exception.line == 2 and problem in result.exception.problem
    assert len(json.loads(run("--json").stdout)) == 4, "all or nothing"


def test_an_intent_by_any_part_of_its_name() -> None:
    names = ["card_fee", "card_loss", "fee"]
    assert matching("fee", names) == ["fee"]
    assert matching("card", names) == ["card_fee", "card_loss"]
    assert matching("loss", names) == ["card_loss"]
    assert matching("x", names) == []
