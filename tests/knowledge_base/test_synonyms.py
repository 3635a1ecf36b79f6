"""The operator's synonyms: strict in the file, forgiving in the question."""

from __future__ import annotations

from pathlib import Path

import pytest

from formats import FormatError
from knowledge_base.retrieval import Synonyms, load_synonyms


def test_the_longest_word_wins_and_what_is_said_is_not_said_again() -> None:
    synonyms = Synonyms([["카드", "플라스틱"], ["체크카드", "직불카드"], ["앱", "어플"]])
    assert synonyms.of("체크 카드 만들기") == [("직불카드", "체크카드")]
    assert synonyms.of("어플(앱)이 안 열려요") == []
    assert synonyms.of("아무 말") == [] and Synonyms().of("카드") == []


def test_no_file_means_no_synonyms(tmp_path: Path) -> None:
    assert len(load_synonyms(tmp_path / "synonyms.yml")) == 0


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("synonyms:\n  - [비번, 비밀번호]\n  - [비밀 번호, 암호]\n", 3, "twice"),
        ("synonyms:\n  - [비번]\n", 2, "group of 1"),
        ("synonyms:\n  - [비번, '?!']\n", 2, "no letter"),
        ("synonym:\n  - [비번, 암호]\n", 1, "synonym"),
        ("synonyms:\n  - 비번\n", 2, ""),
    ],
)
def test_mistakes_are_refused_with_their_line(tmp_path: Path, text: str, line: int, problem: str) -> None:
    file = tmp_path / "synonyms.yml"
    file.write_text(text)
    with pytest.raises(FormatError) as caught:
        load_synonyms(file)
    assert caught.value.line == line and problem in caught.value.problem


def test_those_of_the_reference_bank_load() -> None:
    assert len(load_synonyms(Path("data/synonyms.yml"))) > 20
