"""A folder is walked completely, and one bad file stops nothing."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge_base.loaders import load_folder, load_jsonl, readers

Write = Callable[[str, str | bytes], Path]


def codes(folder: Path) -> dict[str, str]:
    return {problem.file: problem.code for problem in load_folder(folder).problems}


def test_bad_files_are_reported_with_a_remedy_and_the_others_go_on(bank: Path, write: Write) -> None:
    write("깨짐.pdf", b"%PDF-1.4 broken")
    write("표.csv", "문의\n하나\n")
    write("그림.png", b"\x89PNG\x00")
    write("빈.md", "  \n")
    write("제목뿐.md", "# 제목\n")
    write("이진.txt", b"\x00\x01\x02")
    report = load_folder(bank)
    assert [document.id for document in report.documents] == ["faq.csv", "카드/분실.md", "카드/해외결제.md"]
    assert codes(bank) == {
        "깨짐.pdf": "broken_pdf",
        "표.csv": "no_table",
        "그림.png": "unknown_type",
        "빈.md": "empty",
        "제목뿐.md": "empty",
        "이진.txt": "not_text",
    }
    assert all(problem.remedy for problem in report.problems)


def test_hidden_files_and_office_locks_are_passed_over(bank: Path, write: Write) -> None:
    before = len(load_folder(bank).documents)
    for name in (".숨김.md", ".git/메모.md", "a/.cache/x.md", "~$문서.md"):
        write(name, "# 비밀\n글\n")
    assert len(load_folder(bank).documents) == before
    assert codes(bank) == {}


def test_links_out_of_the_folder_are_refused(bank: Path, tmp_path: Path) -> None:
    outside = tmp_path / "secret"
    outside.mkdir()
    (outside / "password.md").write_text("# 비밀\n비밀번호\n")
    (bank / "link.md").symlink_to(outside / "password.md")
    (bank / "linked").symlink_to(outside, target_is_directory=True)
    (bank / "alias.md").symlink_to(bank / "카드" / "분실.md")
    (bank / "nowhere.md").symlink_to(bank / "없음.md")
    report = load_folder(bank)
    assert "password" not in str(report.documents)
    assert "alias.md" in [document.id for document in report.documents]
    assert codes(bank) == {"link.md": "link_outside", "nowhere.md": "unreadable"}


def test_a_loop_of_links_ends(bank: Path) -> None:
    (bank / "again").symlink_to(bank, target_is_directory=True)
    assert len(load_folder(bank).documents) == 3


def test_a_huge_file_is_refused(bank: Path, write: Write) -> None:
    os.truncate(write("huge.txt", "x"), 500 * 1024 * 1024)  # sparse: no disk is used
    assert codes(bank) == {"huge.txt": "too_large"}


def test_a_reader_that_fails_in_its_own_way_is_contained(bank: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(data: bytes) -> None:
        raise RecursionError("too deep")

    monkeypatch.setitem(readers.READERS, ".csv", fails)
    assert codes(bank) == {"faq.csv": "unreadable"}


def test_json_lines_are_documents_too(tmp_path: Path) -> None:
    path = tmp_path / "docs.jsonl"
    path.write_text(
        '{"id": 1, "title": "가", "text": "글\\n## 나\\n더"}\n\nnot json\n{"id": "1", "text": "또"}\n'
        '{"id": "2", "text": " "}\n[1]\n'
        '{"id": "3", "title": "다", "text": "셋"}\n'
    )
    report = load_jsonl(path)
    assert [(document.id, document.title, len(document.sections)) for document in report.documents] == [
        ("1", "가", 2),
        ("3", "다", 1),
    ]
    assert [(problem.file, problem.code) for problem in report.problems] == [
        ("docs.jsonl:3", "bad_line"),
        ("docs.jsonl:4", "same_id"),
        ("docs.jsonl:5", "bad_line"),
        ("docs.jsonl:6", "bad_line"),
    ]
