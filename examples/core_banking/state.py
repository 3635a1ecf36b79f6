"""What all routes share: the customers, open sessions, answers that were given, and how calls go wrong."""

from __future__ import annotations

import asyncio
import itertools
import secrets
import time
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from examples.core_banking.data import Customer, customers

SLOW = 30.0
"""Seconds that the slow customer's calls take."""
SESSION = 600.0
"""Seconds for which a checked PIN counts."""
SESSION_HEADER = "X-Customer-Session"


def korean_today() -> date:
    """The day in Seoul, wherever the server runs."""
    return datetime.now(ZoneInfo("Asia/Seoul")).date()


class State:
    """State in memory, gone with the process."""

    def __init__(self, today: Callable[[], date] = korean_today) -> None:
        self.today = today
        self.reset()

    def reset(self) -> None:
        """As at the start: whatever was done to the customers is undone."""
        self.customers = {customer["id"]: customer for customer in customers(self.today())}
        self.callbacks: list[dict[str, Any]] = []
        self.visits: list[dict[str, Any]] = []
        self._answers: dict[str, tuple[dict[str, Any], int]] = {}
        self._sessions: dict[str, tuple[str, float]] = {}
        self._numbers = itertools.count(1)

    def reference(self, letter: str) -> str:
        """The next number of a receipt."""
        return f"{letter}{next(self._numbers):06d}"

    def customer(self, request: web.Request) -> Customer:
        """The customer whom the path names. Raises 404."""
        found = self.customers.get(request.match_info["id"])
        if found is None:
            raise web.HTTPNotFound()
        return found

    def verified(self, request: web.Request) -> Customer:
        """The customer of the path, whose PIN was checked. Raises 404, or 401 without an open session."""
        customer = self.customer(request)
        if self.session(request.headers.get(SESSION_HEADER, "")) != customer["id"]:
            raise web.HTTPUnauthorized(text='{"error": "session_needed"}', content_type="application/json")
        return customer

    def open_session(self, customer: Customer) -> str:
        """A token that stands for a checked PIN."""
        token = secrets.token_urlsafe(18)
        self._sessions[token] = (customer["id"], time.monotonic() + SESSION)
        return token

    def session(self, token: str) -> str | None:
        """The customer of a token that still counts."""
        customer_id, until = self._sessions.get(token, ("", 0.0))
        return customer_id if until > time.monotonic() else None

    def once(
        self, request: web.Request, work: Callable[[], dict[str, Any] | tuple[dict[str, Any], int]]
    ) -> web.Response:
        """Do the work and answer; the first answer again for a repeated Idempotency-Key. `work` may name a status."""
        given = request.headers.get("Idempotency-Key", "")
        key = f"{request.path} {given}"
        if not given or key not in self._answers:
            done = work()
            self._answers[key] = done if isinstance(done, tuple) else (done, 200)
        body, status = self._answers[key]
        return web.json_response(body, status=status)


async def maybe_fail(customer: Customer) -> None:
    """Errors, hangs and maintenance, for the customers who have them."""
    if customer["fails"] == "error":
        raise web.HTTPInternalServerError()
    if customer["fails"] == "slow":
        await asyncio.sleep(SLOW)
    if customer["fails"] == "maintenance":
        raise web.HTTPServiceUnavailable(
            text='{"error": "maintenance", "until": "06:00"}', content_type="application/json"
        )


async def body_of(request: web.Request) -> dict[str, Any]:
    """The JSON object of a request. Raises 400 for anything else."""
    try:
        body = await request.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise web.HTTPBadRequest(text='{"error": "bad_json"}', content_type="application/json")
    return body
