"""A site walked politely, to its end, and only as far as it may be."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from knowledge_base.crawl import CrawlOptions, CrawlReport, crawl, fetching
from knowledge_base.loaders import load_folder

Body = str | bytes | Callable[[web.Request], web.StreamResponse | Awaitable[web.StreamResponse]]
LONG = (
    "이 글은 수수료를 길게 안내하는 글이에요. 앱에서 보내면 수수료가 없고 창구에서 보내면 수수료가 들어요. "
    * 3
)


def page(title: str, *links: str, head: str = "", text: str = "") -> str:
    anchors = " ".join(f'<a href="{link}">가기</a>' for link in links)
    return (
        f"<html><head><title>{title}</title>{head}</head><body><main><h1>{title}</h1><p>{title}. {text or LONG}</p>"
        f"{anchors}</main></body></html>"
    )


class Site:
    """A web site of a few pages on this machine."""

    def __init__(self) -> None:
        self.pages: dict[str, Body] = {}
        self.asked: list[str] = []
        self.url = ""

    async def serve(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path_qs)
        body = self.pages.get(request.path_qs) or self.pages.get(request.path)
        if body is None:
            return web.Response(status=404)
        if callable(body):
            answer = body(request)
            return await answer if isinstance(answer, Awaitable) else answer
        kind = "application/xml" if request.path.endswith(".xml") else "text/html"
        if request.path.endswith(".txt"):
            kind = "text/plain"
        data = body.encode() if isinstance(body, str) else body
        tag = f'"{hash(data)}"'
        if request.headers.get("If-None-Match") == tag:
            return web.Response(status=304)
        return web.Response(body=data, headers={"Content-Type": kind, "ETag": tag})


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    found = Site()
    app = web.Application()
    app.router.add_get("/{path:.*}", found.serve)
    server = TestServer(app, host="127.0.0.1")
    await server.start_server()
    found.url = str(server.make_url("")).rstrip("/")
    yield found
    await server.close()


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
