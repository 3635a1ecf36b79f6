"""Who is it: a customer by telephone number, the PIN with its lock, and the session that a right one opens."""

from __future__ import annotations

import hmac
from typing import Any

from aiohttp import web

from examples.core_banking.state import State, body_of

TRIES = 3
"""Wrong PINs in a row after which it is locked until a person unlocks it."""


class Identity:
    """Routes about the customer's person."""

    def __init__(self, state: State) -> None:
        self._state = state

    def routes(self) -> list[web.RouteDef]:
        """For the application."""
        return [
            web.get("/customers", self.find),
            web.post("/customers/{id}/sessions", self.sign_in),
            web.get("/sessions/{token}", self.session),
        ]

    async def find(self, request: web.Request) -> web.Response:
        """A customer by telephone number; 404 if there is none."""
        phone = request.query.get("phone", "")
        found = next((c for c in self._state.customers.values() if c["phone"] == phone), None)
        if found is None:
            return web.json_response({"error": "unknown_customer"}, status=404)
        return web.json_response({"id": found["id"], "name": found["name"]})

    async def sign_in(self, request: web.Request) -> web.Response:
        """A session for the right PIN; 401 with the tries that are left; 423 once there are none."""
        customer = self._state.customer(request)
        pin = str((await body_of(request)).get("pin", ""))

        def work() -> dict[str, Any] | tuple[dict[str, Any], int]:
            if customer["tries_left"] <= 0:
                return {"error": "locked"}, 423
            if hmac.compare_digest(pin.encode(), customer["pin"].encode()):
                customer["tries_left"] = TRIES
                return {"session": self._state.open_session(customer)}
            customer["tries_left"] -= 1
            if customer["tries_left"] == 0:
                return {"error": "locked"}, 423
            return {"error": "wrong_pin", "left": customer["tries_left"]}, 401

        return self._state.once(request, work)

    async def session(self, request: web.Request) -> web.Response:
        """The customer of an open session; 404 if it is none any more."""
        customer_id = self._state.session(request.match_info["token"])
        if customer_id is None:
            return web.json_response({"error": "no_session"}, status=404)
        customer = self._state.customers[customer_id]
        return web.json_response({"id": customer["id"], "phone": customer["phone"]})
