"""Files as they come after a broken download: a problem with a remedy, or what can still be read; never a crash."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from knowledge_base.errors import DocumentProblem
from knowledge_base.loaders.isolation import ParserProcess
from knowledge_base.loaders.readers import read_file

KNOWLEDGE = Path("data/knowledge")
FILES = (
    "accounts/proxy.hwp",
    "loans/mortgage.hwpx",
    "loans/overdue.docx",
    "service/app-tour.pptx",
    "service/branches.xlsx",
    "loans/cooling-off.pdf",
    "security/account-freeze.eml",
    "cards/cancel.html",
)


@pytest.mark.parametrize("name", FILES)
def test_cut_off_and_bitten(name: str, tmp_path: Path) -> None:
    whole = (KNOWLEDGE / name).read_bytes()
    path = tmp_path / Path(name).name
    damaged = [whole[: len(whole) * part // 8] for part in range(1, 8)]
    damaged += [
        whole[:at] + b"\x00\xff" * 50 + whole[at + 100 :] for at in range(0, len(whole), len(whole) // 7 + 1)
    ]
    for data in damaged:
        path.write_bytes(data)
        try:
            assert read_file(path).sections
        except DocumentProblem as problem:
            assert problem.code and problem.remedy and problem.ko != problem.en


@pytest.mark.parametrize("name", FILES)
def test_every_wrong_name_is_told(name: str, tmp_path: Path) -> None:
    suffix = Path(name).suffix
    text = suffix in (".eml", ".html")
    for other in (".pdf", ".docx", ".pptx", ".xlsx", ".hwp", ".hwpx", *(() if text else (".md", ".csv"))):
        if other == suffix:
            continue
        path = tmp_path / f"document{other}"
        shutil.copyfile(KNOWLEDGE / name, path)
        with pytest.raises(DocumentProblem) as caught:
            read_file(path)
        assert caught.value.code in ("wrong_type", "broken_file")
        if not text:
            assert suffix in caught.value.remedy


def test_a_truncated_hwp_is_no_empty_success(tmp_path: Path) -> None:
    whole = (KNOWLEDGE / "accounts/proxy.hwp").read_bytes()
    path = tmp_path / "a.hwp"
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DocumentProblem):
        read_file(path)


def test_entities_and_deep_nesting_do_not_blow_up(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY a{n} "{"&a" + str(n - 1 if n > 1 else "") + ";"}{("&a" + str(n - 1 if n > 1 else "") + ";") * 9}">'
        for n in range(1, 12)
    )
    path = tmp_path / "bomb.html"
    path.write_text(bomb + "]><html><body><main><p>&a11;</p></main></body></html>")
    deep = tmp_path / "deep.html"
    deep.write_text("<div>" * 100_000 + "글이에요." + "</div>" * 100_000)
    with ParserProcess(seconds=4) as parsers:
        for file in (path, deep):
            try:
                assert sum(len(section.text) for section in parsers.read(file).sections) < 100_000
            except DocumentProblem as problem:
                assert problem.remedy
