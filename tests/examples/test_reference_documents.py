"""The office files of the reference bank are what their texts say."""

from __future__ import annotations

from pathlib import Path

import pytest

from examples.reference_documents.__main__ import DOCUMENTS, TEXTS, hangul, make
from examples.reference_documents.text import read
from knowledge_base.loaders import load_folder


def test_the_files_are_made_from_the_texts(tmp_path: Path) -> None:
    made = {path.relative_to(tmp_path) for path in make(documents=tmp_path)}
    assert {path.suffix for path in made} >= {".docx", ".pptx", ".xlsx", ".pdf", ".eml"}
    for path in made:
        assert (tmp_path / path).read_bytes() == (DOCUMENTS / path).read_bytes(), path


@pytest.mark.parametrize("name", sorted(p.relative_to(TEXTS).as_posix() for p in TEXTS.rglob("*.hwp*.md")))
def test_hangul_files_say_what_their_texts_say(name: str) -> None:
    path = DOCUMENTS / name.removesuffix(".md")
    text = read(TEXTS / name)
    document = next(document for document in load_folder(path.parent).documents if document.id == path.name)
    assert document.title == text.title
    assert [section.heading[0].split(". ")[-1] for section in document.sections] == [
        part.heading.split(". ")[-1] for part in text.parts
    ]
    for part in text.parts:
        for block in part.blocks:
            if isinstance(block, str):
                assert any(block in section.text for section in document.sections)


def test_without_the_library_hangul_files_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "hwp_converter_ai", None)
    assert hangul(read(TEXTS / "accounts" / "proxy.hwp.md"), ".hwp") is None
