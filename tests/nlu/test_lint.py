"""What the lint finds, with its place; and that it finds nothing where nothing is wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from nlu.cross_validation import Answer
from nlu.lint import CODES, DomainNames, Finding, lint
from nlu.training_data import Annotation, Example, TrainingData


def data(**intents: list[str]) -> TrainingData:
    lines = [(text, intent) for intent, texts in intents.items() for text in texts]
    return TrainingData([Example(t, i, (), "nlu.yml", n) for n, (t, i) in enumerate(lines, 1)])


LOSS = [
    "카드를 잃어버렸어요",
    "지갑이 없어졌어요",
    "도난당했어요",
    "어디 흘렸나 봐요",
    "막아 주세요",
    "정지요",
    "분실 신고",
    "빨리요",
]
RATES = [
    "금리가 얼마예요",
    "이자 알려줘",
    "적금 이율",
    "예금은요",
    "얼마나 줘요",
    "연 몇 퍼센트",
    "우대 조건",
    "만기에 얼마",
]


def codes(found: list[Finding]) -> list[str]:
    return [finding.code for finding in found]


def test_good_data_have_no_findings() -> None:
    assert lint(data(loss=LOSS, rates=RATES)) == []


@pytest.mark.parametrize(
    ("text", "code", "level"),
    [
        ("카드를 잃어버렸어요", "same_in_two_intents", "error"),
        ("카드를잃어버렸어요!!", "same_in_two_intents", "error"),
        ("카드 잃어버렸어요", "near_in_two_intents", "warning"),
    ],
)
def test_contradictions_name_both_places(text: str, code: str, level: str) -> None:
    (found,) = lint(data(loss=LOSS, rates=[*RATES, text]))
    assert (found.code, found.level, str(found.place), str(found.other)) == (
        code,
        level,
        "nlu.yml:17",
        "nlu.yml:1",
    )
    assert "loss" in found.en and "rates" in found.ko


def test_a_repetition_within_an_intent_is_a_hint_other_spacing_is_fine() -> None:
    assert codes(lint(data(loss=[*LOSS, LOSS[0]], rates=RATES))) == ["repeated_example"]
    assert lint(data(loss=[*LOSS, "카드를잃어버렸어요"], rates=RATES)) == []


def test_too_few_and_unbalanced() -> None:
    many = ["".join(chr(0xAC00 + (n * 97 + k * 1009) % 11000) for k in range(6)) for n in range(120)]
    found = lint(data(loss=LOSS, rates=RATES, many=many, more=["하나뿐", "둘이네"]))
    assert codes(found) == ["too_few_examples", "unbalanced_intents"]
    assert found[0].en.startswith("more has 2") and found[1].en.startswith("many has 120")


def test_tests_that_were_learned_or_mean_nothing() -> None:
    tests = [Example("지갑이없어졌어요", "loss", (), "t.tsv", 1), Example("새 질문", "lose", (), "t.tsv", 2)]
    found = lint(data(loss=LOSS, rates=RATES), tests=tests)
    assert [(f.code, str(f.place)) for f in found] == [
        ("test_label_unknown", "t.tsv:2"),
        ("test_in_training", "t.tsv:1"),
    ]
    assert str(found[1].other) == "nlu.yml:2"


def test_names_that_only_one_file_knows() -> None:
    given = data(loss=LOSS, rates=RATES)
    given.examples[0] = Example("카드요", "loss", (Annotation(0, 2, "card_kind"),), "nlu.yml", 1)
    found = lint(given, DomainNames("domain.yml", {"loss": 3, "callback": 4}, {"card_type": 9}))
    assert [(f.code, str(f.place)) for f in found] == [
        ("intent_unknown", "nlu.yml:9"),
        ("entity_unknown", "nlu.yml:1"),
        ("intent_without_examples", "domain.yml:4"),
    ]


def test_a_label_is_suspicious_only_if_another_is_sure() -> None:
    example = Example("카드 분실", "rates", (), "nlu.yml", 7)
    sure = Answer(example, "loss", 0.95, 0.02, False)
    answers = [sure, Answer(example, "loss", 0.6, 0.3, False), Answer(example, "rates", 0.9, 0.9, False)]
    (found,) = lint(data(loss=LOSS, rates=RATES), answers=answers)
    assert (found.code, str(found.place)) == ("suspicious_label", "nlu.yml:7")


def test_worst_first_and_every_code_has_a_title() -> None:
    found = lint(data(loss=[*LOSS, LOSS[0]], rates=[*RATES, LOSS[1]]))
    assert [f.level for f in found] == ["error", "hint"]
    assert all(f.title == CODES[f.code] for f in found)
    assert found[0].to_json()["other"] == {"file": "nlu.yml", "line": 2}


def test_no_data_no_findings() -> None:
    assert lint(TrainingData()) == []


Write = Callable[[str], Path]


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ("      - [[카드](a) 분실](b)\n", "overlap"),
        ("      - [카드](a\n", "isn't closed"),
        ("", "has no examples"),
        ("      - 하나뿐\n", "has one example"),
    ],
    ids=["overlapping", "open", "empty", "one"],
)
def test_what_cannot_be_read_is_a_finding_too(tmp_path: Path, lines: str, problem: str) -> None:
    """Through the command, as a builder meets it."""
    import json

    from click.testing import CliRunner

    from bot.cli.main import cli

    folder = tmp_path / "data" / "nlu"
    folder.mkdir(parents=True)
    (tmp_path / "config.yml").write_text(
        "assistant_id: s\nname: s\npipeline:\n  - name: KoreanIntentClassifier\n"
    )
    body = "version: '3.1'\nnlu:\n  - intent: a\n    examples: |\n      - 하나\n      - 둘이요\n"
    (folder / "nlu.yml").write_text(f"{body}  - intent: b\n    examples: |\n{lines}")
    told = CliRunner().invoke(cli, ["lint", "nlu", "--json", "--assistant", str(tmp_path)])
    (found,) = json.loads(told.stdout)
    assert (told.exit_code, found["code"], found["level"]) == (1, "unreadable", "error")
    assert problem in found["en"] and found["file"].endswith("nlu.yml") and found["line"] >= 7
