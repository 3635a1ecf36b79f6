"""Sites on a schedule: read when due, by one worker, into the index that is served; failures are told and lose nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from pathlib import Path

import pytest
from aiohttp import web

from bot.conversation.clock import KOREA
from bot.server import scheduled_crawls
from bot.server.crawl_schedule import RETRY, CrawlSpec, CrawlState, CrawlStates, next_run
from bot.server.knowledge_keeper import KnowledgeKeeper
from bot.server.prepare import open_knowledge, places
from bot.server.scheduled_crawls import LEASE, ScheduledCrawls
from bot.server.settings import Settings, load_settings
from bot.storage.memory import MemoryStore
from encoder.hashing import HashingEncoder
from formats import FormatError
from tests.knowledge_base.crawl.site import Site, page, served

CONFIG = """assistant_id: small
name: 작은 은행
pipeline: [{name: KoreanNormalizer}]
knowledge:
  documents: knowledge
  encoder: hashing
  crawls:
    - name: 공지
      starts: [START]
      every: 6h
      delay: 0.1
      allow_private: ["127.0.0.1"]
      metadata: {category: 공지}
"""


class Clock:
    """Time that the test moves."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with served() as found:
        found.pages = {"/": page("첫 쪽", "/a"), "/a": page("이체 수수료")}
        yield found


def settings_for(folder: Path, site: Site, config: str = CONFIG) -> Settings:
    (folder / "config.yml").write_text(config.replace("START", site.url + "/"))
    return load_settings(folder, {"SANGDAM_DATA_DIR": str(folder / "var")})


@pytest.fixture
def settings(site: Site, tmp_path: Path) -> Settings:
    return settings_for(tmp_path, site)


async def until(what: Callable[[], object]) -> None:
    for _ in range(500):
        if what():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it didn't come to that in time")


async def test_pages_come_into_the_index_and_leave_it(settings: Settings, site: Site) -> None:
    keeper, clock = KnowledgeKeeper(settings, HashingEncoder), Clock()
    crawls = ScheduledCrawls(settings, MemoryStore(), keeper.wake, clock=clock)
    following = asyncio.create_task(keeper.follow())
    documents = lambda: keeper.report.documents if keeper.report else 0  # noqa: E731
    assert await crawls.run_once() == 1
    await until(lambda: documents() == 2)
    found = open_knowledge(settings, HashingEncoder()).search("이체 수수료", 1)[0].chunk
    assert found.title == "이체 수수료" and found.document_id.startswith("web/")
    assert await crawls.run_once() == 0
    clock.now += 6 * 3600
    site.pages["/"] = page("첫 쪽")
    assert await crawls.run_once() == 1
    await until(lambda: documents() == 1)
    ((_, state),) = crawls.states()
    assert (state.gone, state.new, state.finished_at) == (1, 1, clock.now)
    following.cancel()
    keeper.close()


async def test_pages_that_fail_are_told_and_what_was_read_stays(settings: Settings, site: Site) -> None:
    woken: list[int] = []
    clock = Clock()
    crawls = ScheduledCrawls(settings, MemoryStore(), lambda: woken.append(1), clock=clock)
    await crawls.run_once()
    site.pages["/a"] = lambda _: web.Response(status=500)
    clock.now += 6 * 3600
    await crawls.run_once()
    ((_, state),) = crawls.states()
    assert [(one.file, one.code) for one in state.problems] == [(f"{site.url}/a", "refused")]
    assert (state.failed, state.unchanged, len(woken)) == (1, 1, 1)
    kept = places(settings).added("small")
    assert len(list(kept.rglob("*.html"))) == 2


async def test_a_full_disk_is_told(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    crawls = ScheduledCrawls(settings, MemoryStore(), lambda: None)
    with monkeypatch.context() as broken:
        broken.setattr(scheduled_crawls, "crawl", full)
        await crawls.run_once()
    ((_, state),) = crawls.states()
    assert state.problem == "No space left on device" and state.finished_at


async def test_one_worker_reads_for_all(settings: Settings, site: Site) -> None:
    store, clock = MemoryStore(), Clock()
    two = [ScheduledCrawls(settings, store, lambda: None, exclusive=False, clock=clock) for _ in range(2)]
    assert sorted(await asyncio.gather(*(one.run_once() for one in two))) == [0, 1]
    assert site.asked.count("/a") == 1
    clock.now += 6 * 3600
    assert await store.hold(LEASE, "somebody else", now=clock.now, seconds=60)
    assert [await one.run_once() for one in two] == [0, 0]


async def test_who_loses_the_lease_stops_and_the_crawl_begins_again(settings: Settings, site: Site) -> None:
    store, clock = MemoryStore(), Clock()
    reached = asyncio.Event()

    async def stuck(request: web.Request) -> web.Response:
        reached.set()
        await asyncio.sleep(30)
        return web.Response()

    usual, site.pages["/a"] = site.pages["/a"], stuck
    crawls = ScheduledCrawls(settings, store, lambda: None, exclusive=False, clock=clock, every=0.05)
    work = asyncio.create_task(crawls.run_once())
    await reached.wait()
    clock.now += 60
    await store.hold(LEASE, "somebody else", now=clock.now, seconds=1)
    assert await asyncio.wait_for(work, 5) == 0
    ((_, state),) = crawls.states()
    assert state.finished_at is None and next_run(crawls.states()[0][0], state) == state.alive_at + RETRY
    site.pages["/a"] = usual
    clock.now += RETRY + 60
    assert await crawls.run_once() == 1


def at(text: str) -> float:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=KOREA).timestamp()


@pytest.mark.parametrize(
    ("rhythm", "last", "due"),
    [
        ({"every": "90m"}, "2026-11-25 10:00", "2026-11-25 11:30"),
        ({"every": "1d"}, "2026-11-25 10:00", "2026-11-26 10:00"),
        ({"at": "03:00"}, "2026-11-25 03:00", "2026-11-26 03:00"),
        ({"at": "03:00"}, "2026-11-25 02:59", "2026-11-25 03:00"),
        ({"at": "03:00"}, "2026-11-25 23:10", "2026-11-26 03:00"),
    ],
)
def test_when_the_next_one_is_due(rhythm: dict[str, str], last: str, due: str) -> None:
    spec = CrawlSpec.model_validate({"name": "공지", "starts": ["https://a.example/"], **rhythm})
    assert next_run(spec, CrawlState(started_at=at(last), finished_at=at(last) + 60)) == at(due)
    assert next_run(spec, CrawlState()) == 0.0


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("every: 6h", "every: 5m", "every"),
        ("every: 6h", "every: soon", "every"),
        ("every: 6h", 'at: "25:00"', "at"),
        ("every: 6h", "follow: true", "one of 'every' and 'at'"),
        ("every: 6h", 'every: 6h\n      at: "03:00"', "one of 'every' and 'at'"),
        ("[START]", "[ftp://a.example/]", "starts"),
        ("[START]", "[]", "starts"),
        ("category: 공지", "audience: everybody", "audience"),
        (
            "    - name: 공지",
            "    - {name: 공지, starts: [https://a.example], every: 1d}\n    - name: 공지",
            "differ",
        ),
    ],
)
def test_a_wrong_schedule_is_refused(site: Site, tmp_path: Path, old: str, new: str, says: str) -> None:
    with pytest.raises(FormatError) as caught:
        settings_for(tmp_path, site, CONFIG.replace(old, new))
    assert says in caught.value.en


def test_states_that_cannot_be_read_count_as_never_crawled(tmp_path: Path) -> None:
    for text in ("", "[]", "{", '{"공지": {"started_at": "x"}}'):
        (tmp_path / ".crawls.json").write_text(text)
        assert CrawlStates(tmp_path).of("공지") == CrawlState()
