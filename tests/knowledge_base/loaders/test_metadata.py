"""What a document says of itself, from beside it and from within, and what is refused with its line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge_base.errors import DocumentProblem
from knowledge_base.loaders import load_folder
from knowledge_base.loaders.metadata import parse_metadata

Write = Callable[[str, str | bytes], Path]
WHOLE = """title: 수수료표
source: https://www.example.com/fees
version: 2026-07
valid_from: 2026-07-01
valid_until: 2026-12-31
audience: staff
language: ko
category: 수수료
"""


def test_the_file_beside_wins_over_the_file_itself(bank: Path, write: Write) -> None:
    write("카드/분실.md.meta.yml", WHOLE)
    document = load_folder(bank).documents[1]
    assert (document.id, document.title, document.source) == (
        "카드/분실.md",
        "수수료표",
        "https://www.example.com/fees",
    )
    assert document.metadata["audience"] == "staff" and document.metadata["valid_until"] == "2026-12-31"
    assert document.metadata["version"] == "2026-07"


def test_a_change_beside_the_file_is_a_change(bank: Path, write: Write) -> None:
    before = load_folder(bank).documents[1].content_hash
    write("카드/분실.md.meta.yml", "version: 2\n")
    assert load_folder(bank).documents[1].content_hash != before


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("title: 가\naudience: everyone\n", 2, "public, staff"),
        ("title: 가\n\nvalid_until: 2026-02-30\n", 3, "2026-12-31"),
        ("valid_from: 2026-03-01\nvalid_until: 2026-02-01\n", 2, "after"),
        ("autor: 나\n", 1, "valid_until"),
        ("title: 가\ntitle: 나\n", 2, "key: value"),
        ("title: [\n", 2, "key: value"),
        ("title: {a: 1}\n", 1, "title: text"),
        ("- 하나\n", 1, "key: value"),
        ("language: 한국어\n", 1, "ko"),
        ("source: javascript:alert(1)\n", 1, "http"),
    ],
)
def test_a_wrong_value_is_refused_with_its_line(text: str, line: int, says: str) -> None:
    with pytest.raises(DocumentProblem) as caught:
        parse_metadata(text)
    assert caught.value.code == "bad_metadata"
    assert caught.value.line == line and f"line {line}:" in caught.value.en and says in caught.value.remedy


def test_the_report_names_the_file_in_which_the_fault_lies(bank: Path, write: Write) -> None:
    write("카드/분실.md.meta.yml", "audience: all\n")
    write("틀림.md", "---\ntitle: 가\naudience: all\n---\n글이에요.\n")
    report = load_folder(bank)
    assert {(problem.file, problem.reason.partition(":")[0]) for problem in report.problems} == {
        ("카드/분실.md.meta.yml", "line 1"),
        ("틀림.md", "line 3"),
    }
    assert len(report.documents) == 2


def test_names_that_differ_only_in_composition_are_one_id(bank: Path, write: Write) -> None:
    import unicodedata

    write(unicodedata.normalize("NFD", "faq-둘.md"), "# 하나\n글이에요.\n")
    write(unicodedata.normalize("NFC", "faq-둘.md"), "# 둘\n글이에요.\n")
    report = load_folder(bank)
    assert [problem.code for problem in report.problems] == ["same_id"]


def test_two_folders_with_the_same_name_inside(bank: Path, tmp_path: Path) -> None:
    other = tmp_path / "added"
    other.mkdir()
    (other / "faq.csv").write_text("질문,답변\n가?,나.\n")
    report = load_folder(bank, other)
    assert len(report.documents) == 3
    assert [(problem.file, problem.code) for problem in report.problems] == [("faq.csv", "same_id")]
