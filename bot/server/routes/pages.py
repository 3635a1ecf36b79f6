"""Pages: the demo, the desk, the messenger that plays KakaoTalk, the widget's files, and documents that answers cite."""

from __future__ import annotations

import html
from collections.abc import Iterable
from pathlib import Path

from aiohttp import web

from bot.server.knowledge import Knowledge
from formats import SangdamError
from knowledge_base.types import Document

STATIC = Path(__file__).parent.parent / "static"
"""Built from `web/` by `make web`."""

_NOT_BUILT = """<!doctype html><html lang="ko"><meta charset="utf-8"><title>Sangdam</title>
<p>화면이 아직 만들어지지 않았어요. <code>make web</code>을 실행해 주세요.</p></html>"""

_DOCUMENT = """<!doctype html><html lang="ko"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>
<link rel="stylesheet" href="/document.css"></head><body><main><p class="source">{source}</p><h1>{title}</h1>
{body}</main></body></html>"""

_STYLE = """:root{color-scheme:light dark;--text:#191d24;--muted:#4a5261;--bg:#fff;--mark:#fff3dc}
@media(prefers-color-scheme:dark){:root{--text:#eceff4;--muted:#b7bfcc;--bg:#14171c;--mark:#3a2c12}}
body{margin:0;background:var(--bg);color:var(--text);font:16px/1.7 "Pretendard Variable",Pretendard,-apple-system,
"Apple SD Gothic Neo","Malgun Gothic","Noto Sans KR","Noto Sans CJK KR",sans-serif;word-break:keep-all}
main{max-width:42em;margin:0 auto;padding:24px 20px 80px}h1{font-size:26px;line-height:1.4}
h2{font-size:18px;margin:28px 0 4px}.source{color:var(--muted);font-size:13px}
section{white-space:pre-wrap;overflow-wrap:anywhere;scroll-margin-top:16px}section:target{background:var(--mark)}"""


class DocumentMissing(SangdamError):
    """Raised for a document that doesn't exist or isn't for customers."""

    status = 404

    def __init__(self) -> None:
        super().__init__("unknown_document", ko="문서를 찾을 수 없어요.", en="No such public document.")


class Pages:
    """Public on purpose: nothing here holds a conversation."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge

    def routes(self) -> Iterable[web.RouteDef]:
        """Fixed addresses first, then whatever was built."""
        return [
            web.get("/", self.page("index.html")),
            web.get("/desk", self.page("desk/index.html")),
            web.get("/desk/", self.page("desk/index.html")),
            web.get("/kakao", self.page("kakao.html")),
            web.get("/document.css", self.style),
            web.get("/knowledge/{document_id:.+}", self.document),
            web.get("/{path:(?!api/|voice/|webhooks/|socket\\.io/|model/|conversations/).+\\..+}", self.file),
        ]

    def page(self, name: str):  # type: ignore[no-untyped-def]
        """A handler for one built page."""

        async def serve(request: web.Request) -> web.StreamResponse:
            path = STATIC / name
            if not path.is_file():
                return web.Response(text=_NOT_BUILT, content_type="text/html", status=503)
            return web.FileResponse(path, headers={"Cache-Control": "no-cache"})

        return serve

    async def file(self, request: web.Request) -> web.StreamResponse:
        """A built file. Names with a hash never change and may be kept."""
        path = _built(request.match_info["path"])
        if path is None:
            raise web.HTTPNotFound()
        hashed = "/assets/" in request.path
        cache = "public, max-age=31536000, immutable" if hashed else "no-cache"
        headers = {"Cache-Control": cache}
        if path.suffix == ".js":
            # A classic script is read in the page's own encoding otherwise.
            headers["Content-Type"] = "text/javascript; charset=utf-8"
        return web.FileResponse(path, headers=headers)

    async def style(self, request: web.Request) -> web.Response:
        """For document pages; a file of its own, so that no inline style is needed."""
        return web.Response(text=_STYLE, content_type="text/css", headers={"Cache-Control": "max-age=3600"})

    async def document(self, request: web.Request) -> web.Response:
        """A document that an answer cites."""
        document = self._knowledge.document(request.match_info["document_id"])
        if document is None:
            raise DocumentMissing()
        return web.Response(
            text=render_document(document, self._knowledge.places(document.id)),
            content_type="text/html",
            headers={"Content-Security-Policy": "default-src 'none'; style-src 'self'"},
        )


def _built(name: str) -> Path | None:
    """The file of that name under `STATIC`; None for any other place, and for names that no file system takes."""
    try:
        path = (STATIC / name).resolve()
        return path if path.is_relative_to(STATIC.resolve()) and path.is_file() else None
    except (OSError, ValueError):
        return None


def render_document(document: Document, places: Iterable[tuple[str, str, str]]) -> str:
    """The document as a page. `places` are (chunk id, heading, text); each is a target of a citation's link."""
    parts, shown = [], ""
    for chunk_id, heading, text in places:
        title = f"<h2>{html.escape(heading)}</h2>" if heading and heading != shown else ""
        shown = heading or shown
        parts.append(
            f'{title}<section id="{html.escape(chunk_id, quote=True)}">{html.escape(text)}</section>'
        )
    return _DOCUMENT.format(
        title=html.escape(document.title), source=html.escape(document.source), body="\n".join(parts)
    )
