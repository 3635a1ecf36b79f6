"""The HTTP API. Bearer key, idempotent POSTs; one customer's calls fail and another's hang."""

from __future__ import annotations

import asyncio
import hmac
import itertools
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from examples.core_banking.data import Customer, customers

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
KEY: web.AppKey[str] = web.AppKey("key")
SLOW = 30.0
"""Seconds that the slow customer's calls take."""


class CoreBanking:
    """State in memory, gone with the process."""

    def __init__(self) -> None:
        self._customers = {customer["id"]: customer for customer in customers()}
        self._answers: dict[str, dict[str, Any]] = {}
        self._numbers = itertools.count(1)
        self.callbacks: list[dict[str, Any]] = []

    def application(self, key: str) -> web.Application:
        """The application; every call but the health check needs the key."""
        app = web.Application(middlewares=[_authorised])
        app[KEY] = key
        app.router.add_routes(
            [
                web.get("/healthz", self.health),
                web.get("/customers", self.find),
                web.get("/customers/{id}/cards", self.cards),
                web.get("/customers/{id}/limit", self.limit),
                web.post("/cards/{id}/block", self.block),
                web.post("/cards/{id}/reissue", self.reissue),
                web.post("/callbacks", self.book),
            ]
        )
        return app

    async def health(self, request: web.Request) -> web.Response:
        """Alive."""
        return web.json_response({"status": "ok"})

    async def find(self, request: web.Request) -> web.Response:
        """A customer by telephone number; 404 if there is none."""
        phone = request.query.get("phone", "")
        found = next((c for c in self._customers.values() if c["phone"] == phone), None)
        if found is None:
            return web.json_response({"error": "unknown_customer"}, status=404)
        return web.json_response({"id": found["id"], "name": found["name"]})

    async def cards(self, request: web.Request) -> web.Response:
        """Cards of a customer."""
        cards = self._customer(request)["cards"]
        shown = ("id", "type", "last4", "status")
        return web.json_response({"cards": [{key: card[key] for key in shown} for card in cards]})

    async def limit(self, request: web.Request) -> web.Response:
        """Daily transfer limit in won."""
        return web.json_response({"daily_limit": self._customer(request)["daily_limit"]})

    def _customer(self, request: web.Request) -> Customer:
        found = self._customers.get(request.match_info["id"])
        if found is None:
            raise web.HTTPNotFound()
        return found

    async def block(self, request: web.Request) -> web.Response:
        """Block a card; blocking it again gives the same reference."""
        customer, card = self._card(request)
        await _maybe_fail(customer)

        def work() -> dict[str, Any]:
            if card["status"] != "blocked":
                card.update(status="blocked", reference=f"B{next(self._numbers):06d}")
            return {"reference": card["reference"], "status": "blocked"}

        return self._once(request, work)

    async def reissue(self, request: web.Request) -> web.Response:
        """Order a new card."""
        customer, _ = self._card(request)
        await _maybe_fail(customer)
        return self._once(request, lambda: {"reference": f"R{next(self._numbers):06d}", "days": "5영업일"})

    async def book(self, request: web.Request) -> web.Response:
        """Book a call-back."""
        try:
            body = await request.json()
        except ValueError:
            return web.json_response({"error": "bad_json"}, status=400)

        def work() -> dict[str, Any]:
            self.callbacks.append(body)
            return {"reference": f"C{next(self._numbers):06d}"}

        return self._once(request, work)

    def _card(self, request: web.Request) -> tuple[Customer, dict[str, Any]]:
        for customer in self._customers.values():
            for card in customer["cards"]:
                if card["id"] == request.match_info["id"]:
                    return customer, card
        raise web.HTTPNotFound()

    def _once(self, request: web.Request, work: Callable[[], dict[str, Any]]) -> web.Response:
        """The first answer again for a repeated Idempotency-Key."""
        key = f"{request.path} {request.headers.get('Idempotency-Key', '')}"
        if not request.headers.get("Idempotency-Key"):
            return web.json_response(work())
        if key not in self._answers:
            self._answers[key] = work()
        return web.json_response(self._answers[key])


async def _maybe_fail(customer: Customer) -> None:
    if customer["fails"] == "error":
        raise web.HTTPInternalServerError()
    if customer["fails"] == "slow":
        await asyncio.sleep(SLOW)


@web.middleware
async def _authorised(request: web.Request, handler: Handler) -> web.StreamResponse:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if request.path != "/healthz" and not hmac.compare_digest(
        given.encode("utf-8", "surrogateescape"), request.app[KEY].encode()
    ):
        return web.json_response({"error": "unauthorised"}, status=401)
    return await handler(request)
