"""A disk that is full in the middle of a build: the old index goes on serving, and it is said what to do."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from encoder import Encoder
from knowledge_base.build import build
from knowledge_base.errors import IndexProblem
from knowledge_base.knowledge_base import KnowledgeBase

Write = Callable[[str, str | bytes], Path]
BUILD = """
import resource, signal, sys
from pathlib import Path
from encoder.hashing import HashingEncoder
from knowledge_base.build import build
from knowledge_base.errors import IndexProblem
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]),) * 2)
try:
    build(Path(sys.argv[1]), Path(sys.argv[2]), HashingEncoder())
except IndexProblem as problem:
    print(problem.code)
"""


@pytest.mark.parametrize("room", [0, 300, 2000])
def test_the_old_index_serves_on(
    bank: Path, write: Write, tmp_path: Path, hashing: Encoder, room: int
) -> None:
    index = tmp_path / "index"
    before = build(bank, index, hashing).version
    write("새 글.md", "# 새 글\n" + "새로 쓴 글이에요.\n" * 50)
    base = KnowledgeBase.open(index, hashing)
    # No file may grow beyond `room`: every write fails as on a full disk, whoever runs the test.
    said = subprocess.run(
        [sys.executable, "-c", BUILD, str(bank), str(index), str(room)],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "PYTHONPATH": os.getcwd(), "PYTHONDONTWRITEBYTECODE": "1"},
        check=False,
    )
    assert said.stdout.strip() == "index_unwritable", said.stderr[-500:]
    assert not base.reload_if_changed() and base.version == before
    assert KnowledgeBase.open(index, hashing).search("분실 신고")
    assert build(bank, index, hashing).documents == 4
    assert not list(index.glob(".building-*"))


def test_the_remedy_is_said(
    bank: Path, tmp_path: Path, hashing: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "rename", full)
    with pytest.raises(IndexProblem) as caught:
        build(bank, tmp_path / "index", hashing)
    assert "No space left" in caught.value.en and "space" in caught.value.remedy


def test_a_disk_that_cannot_be_written_serves_what_is_up_to_date(
    bank: Path, tmp_path: Path, hashing: Encoder
) -> None:
    index = tmp_path / "index"
    build(bank, index, hashing)
    (index / ".lock").unlink()
    (index / ".lock").mkdir()  # no lock can be had, as on a read-only disk
    assert build(bank, index, hashing).reused


def test_builds_wait_for_each_other(bank: Path, tmp_path: Path, hashing: Encoder) -> None:
    index = tmp_path / "index"
    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(lambda _: build(bank, index, hashing), range(4)))
    assert [report.reused for report in reports].count(False) == 1
    assert len({report.version for report in reports}) == 1
