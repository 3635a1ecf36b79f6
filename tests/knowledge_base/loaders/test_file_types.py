"""What a file is not, what it must not unpack to, and parsers that go wrong."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge_base.errors import DocumentProblem
from knowledge_base.loaders import file_type, isolation, load_folder
from knowledge_base.loaders.file_type import check_type
from knowledge_base.loaders.isolation import ParserProcess

Make = Callable[..., bytes]
Write = Callable[[str, str | bytes], Path]


def refused(data: bytes, suffix: str) -> DocumentProblem:
    with pytest.raises(DocumentProblem) as caught:
        check_type(data, suffix)
    assert caught.value.remedy
    return caught.value


def archive(entries: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in entries.items():
            packed.writestr(name, data)
    return out.getvalue()


def test_the_wrong_name_is_told_with_the_right_one(word: Make, workbook: Make, make_pdf: Make) -> None:
    document = word(("Normal", "글"))
    assert refused(document, ".pdf").remedy == "Rename it to end in .docx."
    assert refused(document, ".md").code == "wrong_type"
    assert refused(make_pdf([[(50, 40, 10, "글")]]), ".docx").remedy == "Rename it to end in .pdf."
    assert refused(workbook({"가": [["나", "다"]]}), ".hwpx").remedy == "Rename it to end in .xlsx."
    assert refused("<html>표</html>".encode(), ".xlsx").code == "broken_file"
    assert refused(b"\x89PNG....", ".txt").code == "wrong_type"
    check_type(document, ".docx")


def test_old_and_broken_files() -> None:
    assert refused(b"HWP Document File V3.00 \x1a", ".hwp").code == "old_format"
    assert refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), ".hwp").code == "broken_file"
    assert refused(b"PK\x03\x04 and then nothing", ".docx").code == "broken_file"
    assert refused(b" \n", ".pdf").code == "empty"


def test_an_archive_that_would_burst_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = archive({"word/document.xml": bytes(20 * 2**20)})
    assert len(bomb) < 50_000
    assert refused(bomb, ".docx").code == "zip_bomb"
    monkeypatch.setattr(file_type, "MAX_UNPACKED", 1000)
    assert refused(archive({"word/document.xml": b"x" * 1001}), ".docx").code == "zip_bomb"
    monkeypatch.setattr(file_type, "MAX_ENTRIES", 2)
    assert refused(archive({str(n): b"" for n in range(3)}), ".docx").code == "zip_bomb"


def test_an_archive_with_a_password_is_refused() -> None:
    packed = bytearray(archive({"word/document.xml": b"x"}))
    for at in (packed.find(b"PK\x03\x04") + 6, packed.find(b"PK\x01\x02") + 8):
        packed[at] |= 1
    assert refused(bytes(packed), ".docx").code == "encrypted"


@pytest.fixture
def trouble(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], None]:
    """Puts a parser into the worker that does what the given code does."""

    def put(code: str) -> None:
        (tmp_path / "trouble.py").write_text(
            "from knowledge_base.loaders import readers, worker\n"
            f"def fails(data):\n    import os, time\n    {code}\n"
            "readers.READERS['.pdf'] = fails\nworker.main()\n"
        )
        monkeypatch.setattr(isolation, "WORKER", "trouble")
        usual = isolation._environment
        monkeypatch.setattr(
            isolation,
            "_environment",
            lambda: {**(e := usual()), "PYTHONPATH": f"{tmp_path}:{e['PYTHONPATH']}"},
        )

    return put


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("time.sleep(600)", "too_slow"),
        ("os._exit(9)", "parser_died"),
        ("os.kill(os.getpid(), 11)", "parser_died"),
        ("x = bytearray(3_000_000_000)", "too_much_memory"),
        ("raise KeyError(1)", "unreadable"),
    ],
)
def test_a_parser_that_goes_wrong_costs_one_document(
    bank: Path,
    write: Write,
    trouble: Callable[[str], None],
    code: str,
    problem: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trouble(code)
    # Long enough for a loaded machine to start the process; only the parser that sleeps waits so long.
    usual = ParserProcess.__init__
    monkeypatch.setattr(ParserProcess, "__init__", lambda self: usual(self, seconds=8.0))
    write("a.pdf", b"%PDF-1.4 x")
    report = load_folder(bank)
    assert len(report.documents) == 3
    assert [(found.file, found.code) for found in report.problems] == [("a.pdf", problem)]


def test_the_worker_reads_what_it_is_given_and_knows_no_secret(
    tmp_path: Path, make_pdf: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SANGDAM_API_TOKEN", "geheim")
    assert "SANGDAM_API_TOKEN" not in isolation._environment()
    path = tmp_path / "글.pdf"
    path.write_bytes(make_pdf([[(50, 40, 20, "제목"), (50, 90, 10, "글이에요.")]]))
    with ParserProcess() as parsers:
        first = parsers.read(path)
        assert (first.title, first.sections[0].text, first.sections[0].page) == ("제목", "글이에요.", 1)
        path.write_bytes(b"%PDF-1.4 broken")
        with pytest.raises(DocumentProblem) as caught:
            parsers.read(path)
        assert caught.value.code == "broken_pdf"


def test_what_was_read_is_kept_and_what_changed_is_read_anew(
    bank: Path, write: Write, tmp_path: Path
) -> None:
    from knowledge_base.loaders import KeptReadings

    kept = KeptReadings(tmp_path / "kept")
    write("깨짐.pdf", b"%PDF-1.4 broken")
    first = load_folder(bank, kept=kept)
    assert load_folder(bank, kept=kept) == first and first.problems
    write("카드/분실.md", "# 새 제목\n새 글이에요.\n")
    titles = [document.title for document in load_folder(bank, kept=kept).documents]
    assert "새 제목" in titles and "카드를 잃어버렸을 때" not in titles
    kept.drop_others([])
    assert list((tmp_path / "kept").iterdir()) == []


def test_a_kept_reading_that_is_damaged_is_made_anew(bank: Path, tmp_path: Path) -> None:
    from knowledge_base.loaders import KeptReadings

    kept = KeptReadings(tmp_path / "kept")
    first = load_folder(bank, kept=kept)
    for path in (tmp_path / "kept").iterdir():
        path.write_text("{")
    assert load_folder(bank, kept=kept) == first


def renamed_stream(name: str) -> bytes:
    """An OLE file whose stream has another name: what tells a locked office file and an old one from a Hangul file."""
    data = bytearray(Path("data/knowledge/accounts/proxy.hwp").read_bytes())
    at = data.find("FileHeader".encode("utf-16-le"))
    data[at : at + 64] = name.encode("utf-16-le").ljust(64, b"\0")
    data[at + 64 : at + 66] = (2 * len(name) + 2).to_bytes(2, "little")
    return bytes(data)


@pytest.mark.parametrize(
    ("stream", "suffix", "code", "remedy"),
    [
        ("EncryptedPackage", ".docx", "encrypted", "password"),
        ("EncryptedPackage", ".xlsx", "encrypted", "password"),
        ("WordDocument", ".docx", "old_format", ".docx"),
        ("Workbook", ".xlsx", "old_format", ".xlsx"),
        ("PowerPoint Document", ".pptx", "old_format", ".pptx"),
    ],
)
def test_locked_and_old_office_files(stream: str, suffix: str, code: str, remedy: str) -> None:
    problem = refused(renamed_stream(stream), suffix)
    assert problem.code == code and remedy in problem.remedy
