"""Certificates for signing in: until when they count, and the link with which a new one is made."""

from __future__ import annotations

from datetime import date
from typing import Any

from aiohttp import web

from examples.core_banking.state import State, body_of, maybe_fail

RENEW_WITHIN = 30
"""Days before its end from which a certificate can be renewed."""


class Certificates:
    """Routes about certificates."""

    def __init__(self, state: State) -> None:
        self._state = state

    def routes(self) -> list[web.RouteDef]:
        """For the application."""
        return [
            web.get("/customers/{id}/certificates", self.status),
            web.post("/customers/{id}/certificates/link", self.link),
        ]

    async def status(self, request: web.Request) -> web.Response:
        """`state` expired, renewable, valid or none of the certificate that the query's `kind` names, and its last day."""
        until = self._state.customer(request)["certificates"].get(request.query.get("kind", ""))
        if until is None:
            return web.json_response({"state": "none", "until": None})
        days = (date.fromisoformat(until) - self._state.today()).days
        state = "expired" if days < 0 else "renewable" if days <= RENEW_WITHIN else "valid"
        return web.json_response({"state": state, "until": until})

    async def link(self, request: web.Request) -> web.Response:
        """Send a link for a new certificate to the registered telephone."""
        customer = self._state.customer(request)
        kind = str((await body_of(request)).get("kind", ""))[:20]
        await maybe_fail(customer)

        def work() -> dict[str, Any]:
            return {"reference": self._state.reference("L"), "kind": kind, "phone": customer["phone"]}

        return self._state.once(request, work)
