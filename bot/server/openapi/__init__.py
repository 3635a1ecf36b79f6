"""`GET /openapi.json`: every call of the server in OpenAPI 3.1, made from the models that check bodies and shape answers."""

from __future__ import annotations

from aiohttp import web

from bot.server.openapi.customers import OPERATIONS as CUSTOMERS
from bot.server.openapi.desk import OPERATIONS as DESK
from bot.server.openapi.document import document
from bot.server.openapi.operation import Operation
from bot.server.openapi.others import CHAT, RASA, RUNNING

OPERATIONS: tuple[Operation, ...] = (*DESK, *CUSTOMERS, *CHAT, *RASA, *RUNNING)
NOT_DESCRIBED = {
    "/socket.io/": "Socket.IO, see /asyncapi.json",
    "/voice/": "WebSockets of telephony and of browsers, see docs/reference/voice.md",
    "/webhooks/kakao/skill": "KakaoTalk's protocol, which only KakaoTalk speaks",
    "/webhooks/chatwoot": "Chatwoot's protocol, which only Chatwoot speaks",
    "/api/demo/": "for the page that plays KakaoTalk, on loopback only",
}
"""Beginnings of the paths that no operation stands for, and why."""
PAGES = (
    "/",
    "/desk",
    "/desk/",
    "/kakao",
    "/document.css",
    "/knowledge/{document_id}",
    "/files/{token}",
    "/{path}",
)
"""For people and browsers: pages, and the files that belong to them."""


class OpenApi:
    """Serves the document; it holds nothing secret."""

    def __init__(self, version: str) -> None:
        self._document = document(OPERATIONS, version)

    def routes(self) -> list[web.RouteDef]:
        """One address."""
        return [web.get("/openapi.json", self.show)]

    async def show(self, request: web.Request) -> web.Response:
        """The document."""
        return web.json_response(self._document)


__all__ = ["NOT_DESCRIBED", "OPERATIONS", "PAGES", "OpenApi", "Operation", "document"]
