"""Cards: blocking, ordering anew, and where a new one is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from aiohttp import web

from examples.core_banking.data import Customer
from examples.core_banking.state import State, maybe_fail

EXPRESS_FEE = 5_000
"""Won for a card that is brought tomorrow."""


class Cards:
    """Routes about cards."""

    def __init__(self, state: State) -> None:
        self._state = state

    def routes(self) -> list[web.RouteDef]:
        """For the application."""
        return [
            web.get("/customers/{id}/cards", self.cards),
            web.post("/cards/{id}/block", self.block),
            web.post("/cards/{id}/reissue", self.reissue),
            web.get("/customers/{id}/delivery", self.delivery),
            web.post("/customers/{id}/delivery/express", self.express),
            web.post("/customers/{id}/delivery/again", self.again),
        ]

    async def cards(self, request: web.Request) -> web.Response:
        """Cards of a customer."""
        cards = self._state.customer(request)["cards"]
        shown = ("id", "type", "last4", "status")
        return web.json_response({"cards": [{key: card[key] for key in shown} for card in cards]})

    async def block(self, request: web.Request) -> web.Response:
        """Block a card; blocking it again gives the same reference."""
        customer, card = self._card(request)
        if customer["fails"] != "maintenance":
            # A lost card is blocked at any hour.
            await maybe_fail(customer)

        def work() -> dict[str, Any]:
            if card["status"] != "blocked":
                card.update(status="blocked", reference=self._state.reference("B"))
            return {"reference": card["reference"], "status": "blocked"}

        return self._state.once(request, work)

    async def reissue(self, request: web.Request) -> web.Response:
        """Order a new card."""
        customer, _ = self._card(request)
        await maybe_fail(customer)
        return self._state.once(request, lambda: {"reference": self._state.reference("R"), "days": "5영업일"})

    async def delivery(self, request: web.Request) -> web.Response:
        """`status` making, on_the_way, delivered or returned, and the day; 404 if no card is under way."""
        customer = self._state.customer(request)
        if customer["delivery"] is None:
            return web.json_response({"error": "no_delivery"}, status=404)
        return web.json_response({"receiver": "", "address": customer["address"], **customer["delivery"]})

    async def express(self, request: web.Request) -> web.Response:
        """Bring a card that is being made tomorrow, for a fee; 402 if the balance doesn't cover it."""
        customer = self._state.verified(request)
        await maybe_fail(customer)

        def work() -> dict[str, Any] | tuple[dict[str, Any], int]:
            if customer["balance"] < EXPRESS_FEE:
                return {"error": "insufficient_balance", "balance": customer["balance"]}, 402
            if customer["delivery"]["status"] != "making":
                return {"error": "too_late"}, 409
            customer["balance"] -= EXPRESS_FEE
            return self._moved(customer, 1)

        return self._state.once(request, work)

    async def again(self, request: web.Request) -> web.Response:
        """Send a card again that came back."""
        customer = self._state.customer(request)
        await maybe_fail(customer)
        return self._state.once(request, lambda: self._moved(customer, 3))

    def _moved(self, customer: Customer, days: int) -> dict[str, Any]:
        day = (self._state.today() + timedelta(days=days)).isoformat()
        customer["delivery"] = {"status": "on_the_way", "day": day}
        return {"day": day, "balance": customer["balance"]}

    def _card(self, request: web.Request) -> tuple[Customer, dict[str, Any]]:
        for customer in self._state.customers.values():
            for card in customer["cards"]:
                if card["id"] == request.match_info["id"]:
                    return customer, card
        raise web.HTTPNotFound()
