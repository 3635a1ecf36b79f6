"""Pages are public, and hold nothing that isn't."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from yarl import URL

from bot.server.routes import pages
from encoder.hashing import HashingEncoder
from knowledge_base.build import build


async def raw(house: Any, path: str) -> Any:
    """A request whose path nobody tidies up."""
    url = URL(str(house.client.make_url("/")).rstrip("/") + path, encoded=True)
    return await house.client.session.get(url)


@pytest.fixture
def static(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Built pages of this test's own, and a secret beside them."""
    folder = tmp_path / "static"
    (folder / "assets").mkdir(parents=True)
    (folder / "desk").mkdir()
    (folder / "index.html").write_text("<h1>은행</h1>")
    (folder / "widget.js").write_text("1")
    (folder / "assets" / "app-123.js").write_text("2")
    (tmp_path / "secret.txt").write_text("비밀")
    (folder / "out.txt").symlink_to(tmp_path / "secret.txt")
    monkeypatch.setattr(pages, "STATIC", folder)
    return folder


async def test_built_files_and_how_long_they_may_be_kept(house: Any, static: Path) -> None:
    page = await house.client.get("/")
    assert page.status == 200 and "은행" in await page.text()
    assert page.headers["Cache-Control"] == "no-cache"
    widget = await house.client.get("/widget.js")
    assert "javascript" in widget.content_type and widget.headers["Access-Control-Allow-Origin"] == "*"
    assert "immutable" in (await house.client.get("/assets/app-123.js")).headers["Cache-Control"]


async def test_pages_that_were_not_built_say_so(house: Any, static: Path) -> None:
    answer = await house.client.get("/desk")
    assert answer.status == 503 and "make web" in await answer.text()
    assert answer.headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e/secret.txt",
        "/assets/..%2f..%2fsecret.txt",
        "/assets/%2e%2e%2f%2e%2e%2fsecret.txt",
        "/..%5csecret.txt",
        "//etc/passwd.txt",
        "/%2fetc%2fpasswd.txt",
        "/out.txt",
        "/a%00.txt",
        "/" + "x" * 5000 + ".txt",
        "/assets.",
        "/nothing.html",
    ],
)
async def test_no_path_leads_out(house: Any, static: Path, path: str) -> None:
    answer = await raw(house, path)
    assert answer.status in (400, 404)
    assert "비밀" not in await answer.text()


async def test_a_document_is_shown_and_its_places_can_be_aimed_at(house: Any) -> None:
    answer = await house.client.get(f"/knowledge/{quote('요금/수수료.md')}")
    text = await answer.text()
    assert answer.status == 200 and "<h1>이체 수수료 안내</h1>" in text and "<h2>출금</h2>" in text
    _, said = await house.call(
        "POST", "/webhooks/rest/webhook", {"sender": "r1", "message": "수수료가 얼마예요?"}
    )
    cited = [c for item in said for c in item.get("custom", {}).get("citations", [])]
    if cited:
        page, _, chunk = cited[0]["url"].partition("#")
        assert f'<section id="{chunk}">' in await (await house.client.get(page)).text()
    style = await house.client.get("/document.css")
    assert "section:target" in await style.text() and style.content_type == "text/css"


async def test_a_document_brings_no_markup(house: Any) -> None:
    answer = await house.client.get(f"/knowledge/{quote('나쁜 <b>문서.md')}")
    text = await answer.text()
    assert answer.status == 200
    for markup in ("<script>", "<img", "<b>굵게", "<b>문서"):
        assert markup not in text
    assert "&lt;b&gt;굵게&lt;/b&gt; &amp; &quot;따옴표&quot;" in text
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; style-src 'self'"


@pytest.mark.parametrize(
    "name", ["직원.md", "none.md", "../documents/직원.md", "요금", "요금/수수료.md/", "\u0000.md", "x" * 3000]
)
async def test_documents_that_are_not_for_customers(house: Any, name: str) -> None:
    answer = await raw(house, f"/knowledge/{quote(name)}")
    assert answer.status in (400, 404) and "4321" not in await answer.text()


async def test_a_new_index_is_served_without_a_restart(house: Any) -> None:
    (house.documents / "새.md").write_text("# 새 안내\n대여금고 이용료는 만원이에요.\n")
    build(house.documents, house.index, HashingEncoder())
    await house.server.service.knowledge.answer("대여금고 이용료", max_chars=200)
    assert (await house.client.get(f"/knowledge/{quote('새.md')}")).status == 200
    for path in house.index.glob("v-*/passages.json"):
        path.write_text("[]")
    (house.documents / "더.md").write_text("# 더\n글이에요.\n")
    build(house.documents, house.index, HashingEncoder())
    assert (await house.server.service.knowledge.answer("글", max_chars=200)).outcome in (
        "answer",
        "closest",
        "none",
    )
