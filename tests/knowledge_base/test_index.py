"""The index on disk: built once, swapped as a whole, refused when it is damaged."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from encoder.hashing import HashingEncoder
from encoder.port import Role, Vectors
from knowledge_base.build import build
from knowledge_base.errors import IndexProblem
from knowledge_base.index import current_version, go_back, load_index, store
from knowledge_base.index.versions import KEEP
from knowledge_base.knowledge_base import KnowledgeBase

Write = Callable[[str, str | bytes], Path]


class CountingEncoder(HashingEncoder):
    """Counts the passages that it is given."""

    def __init__(self, name: str = "counting") -> None:
        self.name = name
        self.passages = 0

    def encode(self, texts: Sequence[str], role: Role = "query") -> Vectors:
        self.passages += len(texts) if role == "passage" else 0
        return super().encode(texts, role)


@pytest.fixture
def counting() -> CountingEncoder:
    return CountingEncoder()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "index"


def test_only_what_changed_is_encoded(
    bank: Path, write: Write, place: Path, counting: CountingEncoder
) -> None:
    first = build(bank, place, counting)
    assert (first.documents, first.encoded, first.reused) == (3, first.chunks, False)
    again = build(bank, place, counting)
    assert (again.encoded, again.reused, again.version, again.chunks) == (
        0,
        True,
        first.version,
        first.chunks,
    )
    assert counting.passages == first.chunks
    write("새.md", "# 새 안내\n새로 생긴 글이에요.\n")
    more = build(bank, place, counting)
    assert (more.encoded, more.chunks) == (1, first.chunks + 1)
    (bank / "새.md").unlink()
    less = build(bank, place, counting)
    assert (less.encoded, less.version) == (0, first.version)


def test_a_moved_passage_is_not_encoded_again(
    folder: Path, write: Write, place: Path, counting: CountingEncoder
) -> None:
    write("a.md", "# 안내\n## 가\n하나예요.\n## 나\n둘이에요.\n")
    build(folder, place, counting)
    write("a.md", "# 안내\n## 나\n둘이에요.\n## 다\n셋이에요.\n## 가\n하나예요.\n")
    assert build(folder, place, counting).encoded == 1


def test_problems_are_reported_and_progress_told(
    bank: Path, write: Write, place: Path, counting: CountingEncoder
) -> None:
    write("x.bin", b"\x00")
    told: list[float] = []
    report = build(bank, place, counting, lambda _what, share: told.append(share))
    assert [problem.code for problem in report.problems] == ["unknown_type"]
    assert told == sorted(told) and told[-1] == 1.0


def test_an_empty_folder_gives_an_index_that_knows_nothing(
    folder: Path, place: Path, counting: CountingEncoder
) -> None:
    assert build(folder, place, counting).chunks == 0
    base = KnowledgeBase.open(place, counting)
    assert base.answer("수수료가 얼마예요?").outcome == "none"
    assert base.search("수수료") == []


def test_missing_documents_are_an_error(tmp_path: Path, place: Path, counting: CountingEncoder) -> None:
    with pytest.raises(IndexProblem) as caught:
        build(tmp_path / "nowhere", place, counting)
    assert caught.value.code == "no_documents"
    assert current_version(place) is None


@pytest.mark.parametrize(
    "file",
    [
        "header.json",
        "passages.json",
        "vectors.npy",
        "lexical/grams/data.csc.index.npy",
        "sentences/terms.npy",
    ],
)
@pytest.mark.parametrize("harm", ["cut", "flip", "gone"])
def test_a_damaged_index_is_refused_and_the_old_one_serves_on(
    bank: Path, write: Write, place: Path, counting: CountingEncoder, file: str, harm: str
) -> None:
    build(bank, place, counting)
    base = KnowledgeBase.open(place, counting)
    old = base.version
    write("새.md", "# 새 안내\n새로 생긴 글이에요.\n")
    report = build(bank, place, counting)
    _harm(place / f"v-{report.version}" / file, harm)
    with pytest.raises(IndexProblem) as caught:
        load_index(place, counting)
    assert caught.value.code == "index_broken" and "kb build" in caught.value.remedy
    assert not base.reload_if_changed() and not base.reload_if_changed()
    assert base.version == old and base.search("분실 신고")
    assert not build(bank, place, counting).reused
    assert base.reload_if_changed() is False  # the same version was refused once; only a new one is tried
    write("더.md", "# 더\n글이에요.\n")
    build(bank, place, counting)
    assert base.reload_if_changed()


def _harm(path: Path, harm: str) -> None:
    data = path.read_bytes()
    if harm == "gone":
        path.unlink()
    elif harm == "cut":
        path.write_bytes(data[: len(data) // 2])
    else:
        path.write_bytes(data[:-20] + bytes(255 - byte for byte in data[-20:]))


def test_an_index_of_another_encoder_or_format_is_refused(
    bank: Path, place: Path, counting: CountingEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(bank, place, counting)
    with pytest.raises(IndexProblem) as caught:
        load_index(place, CountingEncoder("another"))
    assert caught.value.code == "index_encoder"
    monkeypatch.setattr(store, "FORMAT", 99)
    with pytest.raises(IndexProblem) as caught:
        load_index(place, counting)
    assert caught.value.code == "index_version"


def test_another_encoder_makes_an_index_of_its_own(
    bank: Path, place: Path, counting: CountingEncoder
) -> None:
    first = build(bank, place, counting)
    other = CountingEncoder("another")
    second = build(bank, place, other)
    assert second.version != first.version and other.passages == second.chunks


def test_a_full_disk_leaves_the_old_index(
    bank: Path, write: Write, place: Path, counting: CountingEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = build(bank, place, counting)
    write("새.md", "# 새 안내\n글이에요.\n")

    def full(path: Path, data: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store, "_write_json", full)
    with pytest.raises(IndexProblem) as caught:
        build(bank, place, counting)
    assert caught.value.code == "index_unwritable" and "No space" in caught.value.en
    assert load_index(place, counting).version == first.version
    assert not list(place.glob(".building-*"))


def test_old_versions_are_dropped_but_a_few(
    bank: Path, write: Write, place: Path, counting: CountingEncoder
) -> None:
    for number in range(6):
        write("새.md", f"# 새 안내\n{number}번째 글이에요.\n")
        build(bank, place, counting)
    kept = list(place.glob("v-*"))
    assert len(kept) == KEEP
    assert place / f"v-{current_version(place)}" in kept


def test_an_older_version_is_served_again(
    bank: Path, write: Write, place: Path, counting: CountingEncoder
) -> None:
    first = build(bank, place, counting).version
    with pytest.raises(IndexProblem) as caught:
        go_back(place)
    assert caught.value.code == "no_such_version"
    write("새.md", "# 새 안내\n새로 생긴 글이에요.\n")
    second = build(bank, place, counting).version
    base = KnowledgeBase.open(place, counting)
    assert go_back(place) == first and base.reload_if_changed() and base.version == first
    assert go_back(place, second) == second
    with pytest.raises(IndexProblem):
        go_back(place, "nowhere")


def test_readers_see_one_version_or_the_other_while_it_is_swapped(
    bank: Path, write: Write, place: Path, counting: CountingEncoder
) -> None:
    build(bank, place, counting)
    base = KnowledgeBase.open(place, counting)
    stop = threading.Event()
    failures: list[Exception] = []

    def read() -> None:
        while not stop.is_set():
            try:
                found = base.search("카드 분실 신고", 3)
                assert found and found[0].chunk.document_id == "카드/분실.md"
                base.answer("재발급 수수료가 얼마예요?")
            except Exception as error:
                failures.append(error)
                return

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(5):
        write("새.md", f"# 새 안내\n{number}번째 글이에요.\n")
        build(bank, place, counting)
        assert base.reload_if_changed()
    stop.set()
    for reader in readers:
        reader.join()
    assert failures == []
    assert not base.reload_if_changed()


def test_an_index_that_disappears_is_not_missed_by_those_who_serve_it(
    bank: Path, place: Path, counting: CountingEncoder
) -> None:
    build(bank, place, counting)
    base = KnowledgeBase.open(place, counting)
    shutil.rmtree(place)
    assert not base.reload_if_changed()
    assert base.search("분실")


def test_without_an_index_it_knows_nothing_until_one_is_built(
    bank: Path, place: Path, counting: CountingEncoder
) -> None:
    base = KnowledgeBase.open_or_wait(place, counting)
    assert base.answer("분실 신고").outcome == "none" and base.places("카드/분실.md") == []
    build(bank, place, counting)
    assert base.reload_if_changed() and base.search("분실 신고")


def test_a_broken_index_at_the_start_is_waited_out(
    bank: Path, write: Write, place: Path, counting: CountingEncoder
) -> None:
    report = build(bank, place, counting)
    (place / f"v-{report.version}" / "passages.json").write_text("[]")
    base = KnowledgeBase.open_or_wait(place, counting)
    assert base.search("분실") == [] and not base.reload_if_changed()
    write("새.md", "# 새 안내\n글이에요.\n")
    build(bank, place, counting)
    assert base.reload_if_changed() and base.search("분실")
