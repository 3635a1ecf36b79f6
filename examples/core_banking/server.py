"""The HTTP API. Bearer key, idempotent POSTs; some customers' calls fail, hang or meet maintenance."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from examples.core_banking.accounts import Accounts
from examples.core_banking.cards import Cards
from examples.core_banking.certificates import Certificates
from examples.core_banking.identity import Identity
from examples.core_banking.loans import precheck
from examples.core_banking.state import State
from examples.core_banking.visits import Visits

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
KEY: web.AppKey[str] = web.AppKey("key")


class CoreBanking:
    """All of the bank over one state."""

    def __init__(self) -> None:
        self.state = State()

    @property
    def callbacks(self) -> list[dict[str, Any]]:
        """Calls that were booked."""
        return self.state.callbacks

    def application(self, key: str) -> web.Application:
        """The application; every call but the health check needs the key."""
        app = web.Application(middlewares=[_authorised])
        app[KEY] = key
        app.router.add_get("/healthz", _health)
        app.router.add_post("/reset", self.reset)
        app.router.add_post("/loans/precheck", precheck)
        for part in (Identity, Cards, Accounts, Visits, Certificates):
            app.router.add_routes(part(self.state).routes())
        return app

    async def reset(self, request: web.Request) -> web.Response:
        """As at the start, for tests that follow each other."""
        self.state.reset()
        return web.json_response({"status": "ok"})


async def _health(request: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})


@web.middleware
async def _authorised(request: web.Request, handler: Handler) -> web.StreamResponse:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if request.path != "/healthz" and not hmac.compare_digest(
        given.encode("utf-8", "surrogateescape"), request.app[KEY].encode()
    ):
        return web.json_response({"error": "unauthorised"}, status=401)
    return await handler(request)
