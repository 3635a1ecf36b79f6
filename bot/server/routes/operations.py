"""`/healthz`: the process lives. `/readyz`: it can take messages. Public: they hold nothing of anybody."""

from __future__ import annotations

from collections.abc import Iterable

from aiohttp import web

from bot.conversation.store import ConversationStore
from formats import SangdamError


class Operations:
    """For load balancers, containers and people."""

    def __init__(self, store: ConversationStore, version: str) -> None:
        self._store = store
        self._version = version

    def routes(self) -> Iterable[web.RouteDef]:
        """Both checks."""
        return [web.get("/healthz", self.health), web.get("/readyz", self.ready)]

    async def health(self, request: web.Request) -> web.Response:
        """The process answers."""
        return web.json_response({"status": "ok", "version": self._version})

    async def ready(self, request: web.Request) -> web.Response:
        """The database answers too; 503 with the reason if not."""
        try:
            await self._store.head("readyz")
        except SangdamError as error:
            return web.json_response({"status": "unavailable", "reason": error.code}, status=503)
        return web.json_response({"status": "ready"})
