"""A web site on this machine, to be crawled."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web
from aiohttp.test_utils import TestServer

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


@asynccontextmanager
async def served() -> AsyncIterator[Site]:
    """One that can be asked."""
    found = Site()
    app = web.Application()
    app.router.add_get("/{path:.*}", found.serve)
    async with TestServer(app, host="127.0.0.1") as server:
        found.url = str(server.make_url("")).rstrip("/")
        yield found
