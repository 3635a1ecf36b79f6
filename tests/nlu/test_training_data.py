"""nlu.yml and TSV: what is read, and how what can't be read is said: file, line, expected."""

from __future__ import annotations

from pathlib import Path

import pytest

from formats import FormatError
from nlu.config import load_pipeline_config
from nlu.training_data import load_training_data, read_rows

HEAD = 'version: "3.1"\nnlu:\n'
OTHER = "  - intent: other\n    examples: |\n      - 하나\n      - 둘\n"


def intent(*rows: str, name: str = "wish") -> str:
    return f"  - intent: {name}\n    examples: |\n" + "".join(f"      {row}\n" for row in rows)


@pytest.fixture
def nlu(tmp_path: Path) -> Path:
    return tmp_path / "nlu.yml"


def test_annotations_are_taken_out(nlu: Path) -> None:
    nlu.write_text(
        HEAD
        + OTHER
        + intent(
            "- [체크카드](card_type)를 [어제](date) 잃어버렸어요",
            "- [체카](card_type:체크카드) 분실",
            '- [서울](city){"entity": "x"}'.replace("(city)", ""),
            '- [부산]{"entity": "city", "role": "to", "group": "1", "value": "Busan"}으로',
        )
    )
    data = load_training_data(nlu)
    first, second, third, fourth = (example for example in data.examples if example.intent == "wish")
    assert first.text == "체크카드를 어제 잃어버렸어요"
    assert [(first.text[a.start : a.end], a.entity) for a in first.annotations] == [
        ("체크카드", "card_type"),
        ("어제", "date"),
    ]
    assert (second.text, second.annotations[0].value) == ("체카 분실", "체크카드")
    assert third.annotations[0].entity == "x"
    mark = fourth.annotations[0]
    assert (mark.entity, mark.role, mark.group, mark.value) == ("city", "to", "1", "Busan")
    assert data.synonyms == {"체카": "체크카드", "부산": "Busan"}
    assert (Path(first.file).name, first.line) == ("nlu.yml", 9)


def test_square_brackets_alone_are_text(nlu: Path) -> None:
    nlu.write_text(HEAD + OTHER + intent("- [긴급] 카드 정지", "- 카드 (체크) 정지"))
    assert [e.text for e in load_training_data(nlu).examples[2:]] == ["[긴급] 카드 정지", "카드 (체크) 정지"]


def test_examples_may_be_a_list(nlu: Path) -> None:
    nlu.write_text(
        HEAD
        + OTHER
        + "  - intent: wish\n    examples:\n      - 가나다\n      - text: |\n          - 라마바\n"
    )
    assert [e.text for e in load_training_data(nlu).examples[2:]] == ["가나다", "라마바"]


def test_a_folder_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(HEAD + OTHER)
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "b.tsv").write_text("가나다\twish\n라마바\twish\n")
    (tmp_path / "notes.txt").write_text("nothing")
    assert load_training_data(tmp_path).intents() == ["other", "wish"]


@pytest.mark.parametrize(
    ("text", "line", "problem", "expected"),
    [
        (
            HEAD + OTHER + "  - intnet: x\n    examples: |\n      - a\n",
            7,
            "unknown key 'intnet'",
            "did you mean 'intent'",
        ),
        (HEAD + OTHER + "  - intent: x\n", 7, "'examples' is missing", "examples: …"),
        (HEAD + OTHER + "  - intent: x\n    examples: |\n      -\n", 8, "'x' has no examples", ""),
        (
            HEAD + OTHER + "  - intent: x\n    synonym: y\n    examples: |\n      - a\n",
            7,
            "",
            "exactly one of intent",
        ),
        (HEAD + OTHER + "  - examples: |\n      - a\n", 7, "", "exactly one of intent"),
        (HEAD + OTHER + intent("- 하나 둘", "셋 넷"), 10, "'셋 넷' is no example", "starts with '- '"),
        (HEAD + OTHER + intent("- [카드](card", "- 둘째"), 9, "isn't closed", "[word](entity)"),
        (HEAD + OTHER + intent("- 첫째", "- [카드]{card_type}"), 10, "can't be read", "as JSON"),
        (HEAD + OTHER + intent("- 첫째", '- [카드]{"value": 3}'), 10, "can't be read", "as JSON"),
        (HEAD + OTHER + intent("- 첫째", "- [카드]() 정지"), 10, "has no name", "[word](entity)"),
        (HEAD + OTHER + intent("- 첫째", "- [](card_type) 정지"), 10, "has no name", "[word](entity)"),
        (HEAD + OTHER + intent("- 첫째", "- [체크 [카드](a)](b)"), 10, "overlap", "one mark after another"),
        (HEAD + OTHER + intent("- 하나뿐"), 9, "intent 'wish' has one example", "two or more"),
        (HEAD + OTHER, 1, "1 intents", "two or more"),
        (
            HEAD + OTHER + intent("- 가", "- 나") + "  - regex: code\n    examples: |\n      - (x\n",
            13,
            "regex",
            "regular expression",
        ),
        ("nlu: 3\n", 1, "nlu is 3", "list"),
        ("- a\n", 1, "the file is list", "dictionary"),
        ("version: [\n", 2, "", "valid YAML"),
        ("rules: []\n", 1, "unknown key 'rules'", "one of nlu, version"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(
    nlu: Path, text: str, line: int, problem: str, expected: str
) -> None:
    nlu.write_text(text)
    with pytest.raises(FormatError) as caught:
        load_training_data(nlu)
    assert (Path(caught.value.file).name, caught.value.line) == ("nlu.yml", line)
    assert problem in caught.value.problem
    assert expected in caught.value.expected


def test_an_empty_folder_is_no_data(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="no training data"):
        load_training_data(tmp_path)


@pytest.mark.parametrize(
    ("content", "line", "problem"),
    [
        (b"a\tx\nb\n", 2, "1 cells"),
        (b"a\t\n", 1, "2 cells"),
        (b"a\tx\n\xff\xfe\n", 1, "not UTF-8 text"),
    ],
)
def test_tables_that_cannot_be_read(tmp_path: Path, content: bytes, line: int, problem: str) -> None:
    path = tmp_path / "train.tsv"
    path.write_bytes(content)
    with pytest.raises(FormatError) as caught:
        load_training_data(path)
    assert (caught.value.line, caught.value.problem) == (line, problem)


def test_tables_skip_empty_lines_and_byte_order_marks(tmp_path: Path) -> None:
    path = tmp_path / "train.tsv"
    path.write_bytes("\ufeff카드\tx\r\n\r\n통장\ty\tnote\r\n".encode())
    assert read_rows(path, 2) == [(1, ["카드", "x"]), (3, ["통장", "y", "note"])]


def test_no_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.tsv", tmp_path):
        with pytest.raises(FormatError):
            read_rows(path, 2)


@pytest.mark.parametrize(
    ("text", "line", "problem", "expected"),
    [
        ("pipeline:\n  - name: DIETClassifier\n", 2, "unknown component 'DIETClassifier'", "KoreanIntentClassifier"),
        ("pipeline:\n  - KoreanNormalizer\n", 2, "unknown component None", "KoreanNormalizer"),
        ("pipeline:\n  - name: OutOfScopeDetector\n    threshold: 3\n", 3, "'threshold'", "threshold"),
        ("pipeline:\n  - name: OutOfScopeDetector\n    treshold: 0.3\n", 3, "'treshold'", "threshold"),
        ("pipeline:\n  - name: KoreanNormalizer\n    x: 1\n", 3, "'x'", "no parameters"),
        ("pipeline:\n  - name: KoreanIntentClassifier\n    ranking: 0\n", 3, "'ranking'", "ranking"),
        ("language: ko\n", 1, "no pipeline", "a list"),
        ("language: ko\npipeline: none\n", 2, "no pipeline", "a list"),
        ("- a\n", 1, "no pipeline", "a list"),
    ],
)  # fmt: skip
def test_a_wrong_pipeline_is_said_with_its_place(
    tmp_path: Path, text: str, line: int, problem: str, expected: str
) -> None:
    path = tmp_path / "config.yml"
    path.write_text(text)
    with pytest.raises(FormatError) as caught:
        load_pipeline_config(path)
    assert caught.value.line == line
    assert problem in caught.value.problem
    assert expected in caught.value.expected


def test_a_pipeline_is_read(tmp_path: Path) -> None:
    path = tmp_path / "config.yml"
    path.write_text(
        "pipeline:\n  - name: OutOfScopeDetector\n    threshold: 0.7\n  - name: KoreanIntentClassifier\n"
    )
    config = load_pipeline_config(path)
    assert config.scope is not None
    assert (config.scope.threshold, config.encoder, config.sentiment) == (0.7, None, None)
