"""Documents that are added to the service's own store."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge_base.added import AddedDocuments, safe_name, safe_path
from knowledge_base.errors import DocumentProblem
from knowledge_base.loaders import load_folder

Write = Callable[[str, str | bytes], Path]


def test_a_file_is_copied_with_what_is_said_of_it(tmp_path: Path, write: Write) -> None:
    store = AddedDocuments(tmp_path / "store")
    name, reading = store.add(
        write("안내.md", "# 안내\n글이에요.\n"), metadata={"audience": "staff", "title": "새 안내"}
    )
    assert name == "added/안내.md" and reading.title == "안내"
    document = load_folder(store.folder).documents[0]
    assert (document.id, document.title, document.metadata["audience"]) == (name, "새 안내", "staff")
    assert list(store.names()) == [name]


def test_adding_again_replaces_and_forgets_what_was_said(tmp_path: Path, write: Write) -> None:
    store = AddedDocuments(tmp_path / "store")
    store.add(write("안내.md", "# 안내\n글이에요.\n"), metadata={"audience": "staff"})
    store.add(write("안내.md", "# 안내\n새 글이에요.\n"))
    document = load_folder(store.folder).documents[0]
    assert document.metadata["audience"] == "public" and document.sections[0].text == "새 글이에요."


def test_what_a_build_would_refuse_is_not_taken(tmp_path: Path, write: Write) -> None:
    store = AddedDocuments(tmp_path / "store")
    for name, content, code in (
        ("a.pdf", b"not a pdf", "broken_file"),
        ("b.md", b"", "empty"),
        ("c.exe", b"x", "bad_name"),
        ("d.docx", b"%PDF-1.4", "wrong_type"),
    ):
        with pytest.raises(DocumentProblem) as caught:
            store.add(write(name, content))
        assert caught.value.code == code
    with pytest.raises(DocumentProblem) as caught:
        store.add(write("e.md", "글"), metadata={"audience": "everybody"})
    assert caught.value.code == "bad_metadata"
    assert list(store.names()) == []
    assert load_folder(store.folder).problems == []


def test_names_stay_in_the_folder(tmp_path: Path) -> None:
    assert safe_name("../../etc/안내.md") == "안내.md"
    assert safe_name("C:\\Users\\a\\요금:표?.PDF") == "요금-표-.PDF"
    assert len(safe_name("가" * 500 + ".md")) < 200
    for name in ("", ".md", "..", "a", "/", "\x00.md" * 0 + ". .md"):
        with pytest.raises(DocumentProblem):
            safe_name(name)


def test_paths_stay_in_the_folder_too() -> None:
    assert safe_path("../../etc/./안내.md") == Path("etc/안내.md")
    assert safe_path("/a\\b:c/안내.md") == Path("a/b-c/안내.md")
    assert safe_path(".git/안내.md") == Path("git/안내.md")


def test_only_added_documents_are_removed(tmp_path: Path, write: Write) -> None:
    store = AddedDocuments(tmp_path / "store")
    name, _ = store.add(write("안내.md", "# 안내\n글이에요.\n"), metadata={"version": "2"})
    outside = tmp_path / "outside.md"
    outside.write_text("글")
    assert not store.remove("../outside.md") and outside.is_file()
    assert not store.remove("added/없음.md") and not store.remove("") and not store.remove("added")
    assert store.remove(name) and not store.remove(name)
    assert list((store.folder / "added").iterdir()) == []
