"""`sangdam evaluate`: one JSON object for machines, a table for people, clear words for wrong files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.cli.evaluate import evaluate
from formats import FormatError

TRAIN = "".join(
    f"{text}\t{intent}\n"
    for intent, texts in {
        "loss": ["카드를 잃어버렸어요", "카드 분실이요", "지갑을 잃어버렸어요", "카드 정지해 주세요"],
        "rates": ["금리가 얼마예요", "예금 이자 알려주세요", "적금 금리요", "이자 얼마나 줘요"],
    }.items()
    for text in texts
)
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the command inside this process, on a small assistant."""
    monkeypatch.setenv("SANGDAM_DATA_DIR", str(tmp_path / "var"))
    config = (
        "assistant_id: small\nname: 작은 상담\npipeline:\n  - name: SentenceEncoderFeaturizer\n    encoder: hashing\n"
        "  - name: KoreanIntentClassifier\n  - name: OutOfScopeDetector\nknowledge: {encoder: hashing}\n"
    )
    (tmp_path / "config.yml").write_text(config)
    (tmp_path / "train.tsv").write_text(TRAIN)
    (tmp_path / "test.tsv").write_text("카드 잃어버림\tloss\n금리 알려줘요\trates\n")
    (tmp_path / "oos.txt").write_text("피자 주문할래요\n오늘 날씨 어때\n")

    def call(*arguments: str) -> Result:
        files = [
            str(tmp_path / a) if a.endswith((".tsv", ".txt", ".jsonl", "docs")) else a for a in arguments
        ]
        if arguments[0] in ("nlu", "kb"):
            files += ["--assistant", str(tmp_path)]
        return CliRunner().invoke(evaluate, files)

    return call


def figures(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_understanding_in_one_object(run: Run) -> None:
    found = figures(run("nlu", "--train", "train.tsv", "--test", "test.tsv", "--json"))
    assert {"accuracy", "macro_f1", "ece", "latency_ms", "train_s"} <= set(found)
    assert (found["accuracy"], found["intents"], found["examples"], found["tests"]) == (1.0, 2, 8, 2)
    assert set(found["latency_ms"]) == {"p50", "p95"}


def test_out_of_scope_and_shots(run: Run) -> None:
    options = ["--oos", "oos.txt", "--shots", "3", "--seed", "4", "--json"]
    found = figures(run("nlu", "--train", "train.tsv", "--test", "test.tsv", *options))
    assert found["examples"] == 6
    assert {"auroc", "false_accept_rate"} <= set(found)


@pytest.mark.parametrize("way", ["spaces", "jamo", "typos"])
def test_spoiled_tests(run: Run, way: str) -> None:
    assert "accuracy" in figures(
        run("nlu", "--train", "train.tsv", "--test", "test.tsv", "--perturb", way, "--json")
    )


def test_a_table_for_people(run: Run) -> None:
    shown = run("nlu", "--train", "train.tsv", "--test", "test.tsv")
    assert "latency_ms.p95" in shown.stdout
    assert "accuracy" in shown.stdout


def test_knowledge(run: Run, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "loss.md").write_text(
        "# 카드 분실\n\n카드를 잃어버리면 1588-0000으로 바로 신고해 주세요.\n"
    )
    (tmp_path / "q.jsonl").write_text('{"query": "카드를 잃어버렸어요", "gold": ["loss.md"]}\n')
    found = figures(run("kb", "--documents", "docs", "--questions", "q.jsonl", "--json"))
    assert found["recall@1"] == 1.0


def test_mood_and_abuse(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mood.tsv").write_text("감사합니다\tpositive\n진짜 짜증나네요\tnegative\n")
    (tmp_path / "abuse.tsv").write_text("감사합니다\t0\n")
    assert figures(run("sentiment", "--test", "mood.tsv", "--json"))["accuracy"] == 1.0
    assert figures(run("abuse", "--test", "abuse.tsv", "--json"))["accuracy"] == 1.0


def test_entities(run: Run, tmp_path: Path) -> None:
    line = {
        "text": "내일",
        "now": "2026-11-25T09:00:00+09:00",
        "entities": [{"entity": "date", "value": "2026-11-26"}],
    }
    (tmp_path / "e.jsonl").write_text(json.dumps(line) + "\n")
    assert figures(run("entities", "--test", "e.jsonl", "--json"))["exact"] == 1.0


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("test.tsv", "카드\n", "test.tsv:1: 1 cells"),
        ("test.tsv", "", "nothing in it"),
        ("train.tsv", "카드\tloss\n통장\trates\n", "has one example"),
        ("oos.txt", "", "nothing in it"),
        (
            "test.tsv",
            "카드 잃어버림\tloss\n금리요\trate\n",
            "test.tsv:2: intent 'rate' isn't in the training data",
        ),
    ],
)
def test_wrong_files_are_named(run: Run, tmp_path: Path, name: str, content: str, problem: str) -> None:
    (tmp_path / name).write_text(content)
    result = run("nlu", "--train", "train.tsv", "--test", "test.tsv", "--oos", "oos.txt", "--json")
    assert isinstance(result.exception, FormatError)
    assert problem in str(result.exception)
    assert result.stdout == ""


def test_missing_options_and_files(run: Run) -> None:
    assert "go together" in run("nlu", "--train", "train.tsv", "--json").output
    assert "need --train and --test" in run("nlu", "--shots", "3", "--json").output
    assert isinstance(run("nlu", "--train", "none.tsv", "--test", "test.tsv").exception, FormatError)
    assert run("nlu", "--train", "train.tsv", "--test", "test.tsv", "--shots", "1").exit_code == 2
    assert run("nlu", "--train", "train.tsv", "--test", "test.tsv", "--perturb", "upside-down").exit_code == 2


def test_without_files_the_assistants_own_utterances_are_cross_validated(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "data" / "nlu"
    folder.mkdir(parents=True)
    (folder / "nlu.tsv").write_text(TRAIN + "카드 분실이요!\trates\n")
    found = figures(run("nlu", "--folds", "3", "--json"))
    assert found["tests"] == 9 and 0 <= found["accuracy"] <= 1 and found["last"] is None
    assert {row["intent"] for row in found["intents"]} == {"loss", "rates"}
    assert "same_in_two_intents" in {finding["code"] for finding in found["findings"]}
    page = Path(found["report"])
    assert page == tmp_path / "var" / "reports" / "small" / "report.html" and page.is_file()
    again = run("nlu", "--folds", "3", "--out", str(page.parent))
    assert "지난번보다 +0.0%p" in again.stdout and "보고서:" in again.stdout


def test_a_report_on_a_test_file(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    found = figures(run("nlu", "--train", "train.tsv", "--test", "test.tsv", "--out", str(out), "--json"))
    assert found["tests"] == 2
    assert {path.name for path in out.iterdir()} == {"report.html", "report.json", "confusion.svg"}
