"""A site walked politely, to its end, and only as far as it may be."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from aiohttp import web

from knowledge_base.crawl import CrawlOptions, CrawlReport, crawl, fetching
from knowledge_base.loaders import load_folder
from tests.knowledge_base.crawl.site import Site, page, served


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with served() as found:
        yield found


async def walk(store: Path, *starts: str, **options: object) -> CrawlReport:
    given = {"delay": 0.0, "private": ("127.0.0.1",), **options}
    return await crawl(store, starts, CrawlOptions(**given))  # type: ignore[arg-type]


async def test_pages_become_documents_with_their_address_as_source(site: Site, tmp_path: Path) -> None:
    site.pages = {"/": page("첫 쪽", "/fees?b=1#x", "https://elsewhere.example/"), "/fees": page("수수료")}
    report = await walk(tmp_path, site.url + "/", metadata={"audience": "staff"})
    assert (report.new, report.problems) == (2, [])
    found = {document.title: document for document in load_folder(tmp_path).documents}
    assert set(found) == {"첫 쪽", "수수료"}
    assert found["수수료"].source == f"{site.url}/fees?b=1" and found["수수료"].id.startswith("web/127.0.0.1")
    assert found["수수료"].metadata["audience"] == "staff"


async def test_the_second_time_only_what_changed_is_taken(site: Site, tmp_path: Path) -> None:
    site.pages = {"/": page("첫 쪽", "/a", "/b"), "/a": page("가"), "/b": page("나")}
    await walk(tmp_path, site.url + "/")
    site.pages["/a"] = page("가가")
    del site.pages["/b"]
    report = await walk(tmp_path, site.url + "/")
    assert (report.new, report.unchanged, report.gone) == (1, 1, 1)
    assert {document.title for document in load_folder(tmp_path).documents} == {"첫 쪽", "가가"}


async def test_robots_txt_is_respected(site: Site, tmp_path: Path) -> None:
    site.pages = {
        "/robots.txt": "User-agent: *\nDisallow: /secret\n\nUser-agent: SangdamBot\nDisallow: /not-us\n",
        "/": page("첫 쪽", "/secret", "/not-us", "/open"),
        "/open": page("공개", head='<meta name="robots" content="noindex">') + '<a href="/deep">더</a>',
        "/secret": page("비밀"),
        "/not-us": page("우리 말고"),
        "/deep": page("깊은 곳", head='<meta name="robots" content="nofollow">') + '<a href="/never">더</a>',
        "/never": page("안 돼요"),
    }
    report = await walk(tmp_path, site.url + "/")
    assert {document.title for document in load_folder(tmp_path).documents} == {"첫 쪽", "비밀", "깊은 곳"}
    assert "/not-us" not in site.asked and "/never" not in site.asked and report.skipped == 2


async def test_a_site_whose_rules_fail_is_left_alone(site: Site, tmp_path: Path) -> None:
    site.pages = {"/robots.txt": lambda _: web.Response(status=503), "/": page("첫 쪽")}
    report = await walk(tmp_path, site.url + "/")
    assert report.new == 0 and report.skipped == 1 and "/" not in site.asked
    assert [problem.code for problem in report.problems] == ["robots"]


async def test_loops_end(site: Site, tmp_path: Path) -> None:
    def endless(request: web.Request) -> web.Response:
        number = int(request.query.get("n", 0)) + 1
        text = page(
            "달력",
            f"/calendar?n={number}",
            f"{request.path}/again",
            "/same?x=1",
            "/same?x=2",
            text=f"{number}일",
        )
        return web.Response(text=text, content_type="text/html")

    site.pages = {"/calendar": endless, "/same": page("같은 글")}
    report = await walk(tmp_path, site.url + "/calendar", pages=12, depth=20)
    assert len(site.asked) <= 13 and report.skipped > 0
    assert sum(document.title == "같은 글" for document in load_folder(tmp_path).documents) == 1


async def test_redirects_are_followed_but_never_inside_or_for_ever(site: Site, tmp_path: Path) -> None:
    def to(where: str) -> Callable[[web.Request], web.Response]:
        return lambda _: web.Response(status=302, headers={"Location": where})

    site.pages = {
        "/old": to("/new"),
        "/new": page("새 자리"),
        "/meta": to("http://169.254.169.254/latest/"),
        "/inside": to("http://localhost:1/"),
        "/round": to("/round"),
        "/file": to("file:///etc/passwd"),
    }
    report = await walk(tmp_path, *(site.url + path for path in site.pages))
    assert report.new == 1
    codes = {problem.file.rpartition("/")[2]: problem.code for problem in report.problems}
    assert codes == {
        "meta": "private_address",
        "inside": "bad_address",
        "round": "too_many_redirects",
        "file": "bad_address",
    }


async def test_size_type_and_errors_are_told(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "MAX_PAGE", 2000)

    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/html"})
        await response.prepare(request)
        for _ in range(100):
            await response.write(b"x" * 1000)
        return response

    site.pages = {
        "/big": "x" * 3000,
        "/picture": lambda _: web.Response(body=b"x", content_type="image/png"),
        "/broken": lambda _: web.Response(status=500),
        "/fine": page(
            "좋아요",
            text="짧아도 괜찮은 글이에요. 앱에서 보내면 수수료가 없고 창구에서 보내면 수수료가 들어요.",
        ),
    }
    site.pages["/endless"] = endless
    report = await walk(tmp_path, *(site.url + path for path in [*site.pages, "/missing"]))
    codes = {problem.file.rpartition("/")[2]: problem.code for problem in report.problems}
    assert report.new == 1
    assert codes.pop("endless") == "too_large"
    assert codes == {
        "big": "too_large",
        "picture": "unknown_type",
        "broken": "refused",
        "missing": "not_found",
    }


async def test_sitemaps_name_the_pages(site: Site, tmp_path: Path) -> None:
    site.pages = {
        "/sitemap.xml": f"<sitemapindex><sitemap><loc>{site.url}/one.xml</loc></sitemap></sitemapindex>",
        "/one.xml": f"<urlset><url><loc>{site.url}/a?x=1&amp;y=2</loc></url><url><loc>https://other.example/</loc></url></urlset>",
        "/a": page("가", "/b"),
        "/b": page("나"),
    }
    report = await walk(tmp_path, site.url + "/sitemap.xml", follow=False)
    assert report.new == 1 and "/b" not in site.asked


async def test_sitemaps_that_name_each_other_end(site: Site, tmp_path: Path) -> None:
    def another(request: web.Request) -> web.Response:
        number = int(request.path.strip("/s.xml") or 0) + 1
        text = f"<sitemapindex><sitemap><loc>{site.url}/s{number}.xml</loc></sitemap></sitemapindex>"
        return web.Response(text=text, content_type="application/xml")

    site.pages = {f"/s{number}.xml": another for number in range(20)}
    report = await walk(tmp_path, site.url + "/s0.xml")
    assert [problem.code for problem in report.problems] == ["sitemap_loop"]


async def test_the_state_of_a_crawl_is_no_way_out_of_the_folder(site: Site, tmp_path: Path) -> None:
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / ".crawl.json").write_text('{"x": {"file": "../../etc/passwd"}, "y": 1}')
    site.pages = {"/": page("첫 쪽")}
    assert (await walk(tmp_path, site.url + "/")).new == 1


def titles(store: Path) -> set[str]:
    return {document.title for document in load_folder(store).documents}


async def test_pages_that_nothing_leads_to_any_more_are_dropped(site: Site, tmp_path: Path) -> None:
    site.pages = {"/": page("첫 쪽", "/a", "/b"), "/a": page("가"), "/b": page("나")}
    await walk(tmp_path, site.url + "/", name="공지")
    await walk(tmp_path, site.url + "/b")  # named by somebody: nobody's but theirs until the crawl finds it
    site.pages["/"] = page("첫 쪽", "/b")
    report = await walk(tmp_path, site.url + "/", name="공지")
    assert report.gone == 1 and titles(tmp_path) == {"첫 쪽", "나"}


async def test_pages_of_another_crawl_stay(site: Site, tmp_path: Path) -> None:
    site.pages = {"/a": page("가"), "/b": page("나"), "/c": page("다")}
    await walk(tmp_path, site.url + "/a", name="하나")
    await walk(tmp_path, site.url + "/b", name="둘")
    await walk(tmp_path, site.url + "/c")
    report = await walk(tmp_path, site.url + "/a", name="둘")
    assert report.gone == 1 and titles(tmp_path) == {"가", "다"}


async def test_behind_a_page_that_fails_only_what_is_gone_is_dropped(site: Site, tmp_path: Path) -> None:
    site.pages = {"/": page("첫 쪽", "/a", "/b"), "/a": page("가"), "/b": page("나")}
    await walk(tmp_path, site.url + "/", name="공지")
    site.pages["/"] = lambda _: web.Response(status=500)
    del site.pages["/b"]
    report = await walk(tmp_path, site.url + "/", name="공지")
    assert [problem.code for problem in report.problems] == ["refused"]
    assert titles(tmp_path) == {"첫 쪽", "가"}


async def test_a_site_that_is_down_loses_nothing(site: Site, tmp_path: Path) -> None:
    site.pages = {"/": page("첫 쪽", "/a"), "/a": page("가")}
    await walk(tmp_path, site.url + "/", name="공지")
    site.pages = {"/robots.txt": lambda _: web.Response(status=503)}
    report = await walk(tmp_path, site.url + "/", name="공지")
    assert (report.gone, [problem.code for problem in report.problems]) == (0, ["robots"])
    assert titles(tmp_path) == {"첫 쪽", "가"}


async def test_what_the_site_forbids_by_now_is_dropped(site: Site, tmp_path: Path) -> None:
    site.pages = {"/": page("첫 쪽", "/a", "/b"), "/a": page("가"), "/b": page("나")}
    await walk(tmp_path, site.url + "/", name="공지")
    site.pages["/robots.txt"] = "User-agent: *\nDisallow: /a\n"
    site.pages["/b"] = page("나", head='<meta name="robots" content="noindex">')
    report = await walk(tmp_path, site.url + "/", name="공지")
    assert report.gone == 2 and titles(tmp_path) == {"첫 쪽"}


async def test_what_is_said_of_pages_changes_without_them(site: Site, tmp_path: Path) -> None:
    site.pages = {"/": page("첫 쪽")}
    await walk(tmp_path, site.url + "/")
    report = await walk(tmp_path, site.url + "/", metadata={"audience": "staff"})
    (document,) = load_folder(tmp_path).documents
    assert report.new == 1 and document.metadata["audience"] == "staff"
    assert (await walk(tmp_path, site.url + "/", metadata={"audience": "staff"})).unchanged == 1


async def test_two_crawls_of_one_store_come_one_after_another(site: Site, tmp_path: Path) -> None:
    site.pages = {f"/{n}": page(f"쪽 {n}") for n in range(6)}
    starts = [site.url + path for path in site.pages]
    await asyncio.gather(walk(tmp_path, *starts[:3], name="하나"), walk(tmp_path, *starts[3:], name="둘"))
    again = await walk(tmp_path, *starts)
    assert again.unchanged == 6
