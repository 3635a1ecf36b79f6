"""Documents that change while the service runs: taken up when they have settled, in the background, whole or not at all."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.server import knowledge_keeper
from bot.server.knowledge_keeper import KnowledgeKeeper
from bot.server.prepare import places
from bot.server.settings import Settings, load_settings
from encoder.hashing import HashingEncoder
from knowledge_base.errors import IndexProblem
from knowledge_base.index import current_version

CONFIG = """assistant_id: small
name: 작은 은행
pipeline: [{name: KoreanNormalizer}]
knowledge: {documents: knowledge, encoder: hashing, watch: true}
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "knowledge").mkdir()
    (tmp_path / "knowledge" / "가.md").write_text("# 가\n가나다 안내예요.\n")
    (tmp_path / "config.yml").write_text(CONFIG)
    return load_settings(tmp_path, {"SANGDAM_DATA_DIR": str(tmp_path / "var")})


@pytest.fixture
async def keeper(settings: Settings) -> AsyncIterator[KnowledgeKeeper]:
    """One that looks often."""
    found = KnowledgeKeeper(settings, HashingEncoder, every=0.01)
    task = asyncio.create_task(found.follow())
    await asyncio.sleep(0.05)
    yield found
    task.cancel()
    found.close()


async def until(what: Callable[[], object]) -> None:
    for _ in range(1000):
        if what():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it didn't come to that in time")


def documents(keeper: KnowledgeKeeper) -> int:
    return keeper.report.documents if keeper.report else 0


async def test_a_new_changed_and_removed_file_are_taken_up(
    keeper: KnowledgeKeeper, settings: Settings
) -> None:
    folder = settings.assistant_dir / "knowledge"
    (folder / "나.md").write_text("# 나\n나다라 안내예요.\n")
    await until(lambda: documents(keeper) == 2)
    first = keeper.report
    (folder / "나.md").write_text("# 나\n바뀐 안내예요.\n")
    await until(lambda: keeper.report is not first)
    assert keeper.report is not None and keeper.report.encoded == 1
    (folder / "나.md").unlink()
    await until(lambda: documents(keeper) == 1)
    index = places(settings).index("small")
    assert current_version(index) == keeper.report.version


async def test_what_stands_beside_a_document_is_watched_too(
    keeper: KnowledgeKeeper, settings: Settings
) -> None:
    (settings.assistant_dir / "knowledge" / "가.md.meta.yml").write_text("audience: staff\n")
    await until(lambda: documents(keeper) == 1)


async def test_a_file_that_is_still_growing_is_waited_for(
    keeper: KnowledgeKeeper, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    builds = []
    usual = keeper._built
    monkeypatch.setattr(keeper, "_built", lambda: builds.append(1) or usual())
    path = settings.assistant_dir / "knowledge" / "나.md"
    with path.open("a") as file:
        for number in range(60):
            file.write(f"{number}번째 줄이에요.\n")
            file.flush()
            await asyncio.sleep(0.005)
    await until(lambda: documents(keeper) == 2)
    assert len(builds) <= 15


async def test_without_change_nothing_is_built(keeper: KnowledgeKeeper) -> None:
    await asyncio.sleep(0.3)
    assert keeper.report is None


async def test_a_build_that_fails_is_told_and_the_next_one_mends_it(
    keeper: KnowledgeKeeper, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise IndexProblem("index_unwritable", "No space left on device.", "Free some disk space.")

    with monkeypatch.context() as broken:
        broken.setattr(knowledge_keeper, "build_knowledge", full)
        keeper.wake()
        await until(lambda: keeper.problem)
    keeper.wake()
    await until(lambda: keeper.report)
    assert keeper.problem is None


async def test_a_stop_ends_a_build_under_way(settings: Settings) -> None:
    class Slow(HashingEncoder):
        def encode(self, texts, role="query"):  # type: ignore[no-untyped-def]
            keeper.close()
            return super().encode(texts, role)

    keeper = KnowledgeKeeper(settings, Slow)
    task = asyncio.create_task(keeper.follow())
    keeper.wake()
    await until(lambda: keeper._closing and not keeper.building)
    assert keeper.report is None and keeper.problem is None
    task.cancel()


async def test_unwatched_folders_are_built_only_when_asked(settings: Settings) -> None:
    text = (settings.assistant_dir / "config.yml").read_text().replace("watch: true", "watch: false")
    (settings.assistant_dir / "config.yml").write_text(text)
    quiet = load_settings(settings.assistant_dir, {"SANGDAM_DATA_DIR": os.fspath(settings.data_dir)})
    keeper = KnowledgeKeeper(quiet, HashingEncoder, every=0.01)
    task = asyncio.create_task(keeper.follow())
    (settings.assistant_dir / "knowledge" / "나.md").write_text("# 나\n나다라 안내예요.\n")
    await asyncio.sleep(0.2)
    assert keeper.report is None
    keeper.wake()
    await until(lambda: documents(keeper) == 2)
    task.cancel()
    keeper.close()
