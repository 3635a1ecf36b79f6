"""Limits, addresses, transfers that went astray, and accounts that are frozen after a fraud."""

from __future__ import annotations

from datetime import date
from typing import Any

from aiohttp import web

from examples.core_banking.state import State, body_of, maybe_fail

GUARANTEE = (50_000, 100_000_000)
"""Won between which the deposit insurer helps to get a transfer back."""
RETURN_WITHIN = 365
"""Days."""


class Accounts:
    """Routes about accounts."""

    def __init__(self, state: State) -> None:
        self._state = state

    def routes(self) -> list[web.RouteDef]:
        """For the application."""
        return [
            web.get("/customers/{id}/limit", self.limit),
            web.post("/customers/{id}/limit", self.change_limit),
            web.post("/customers/{id}/address", self.change_address),
            web.get("/customers/{id}/transfers", self.transfers),
            web.post("/customers/{id}/transfers/{transfer}/return", self.take_back),
            web.post("/customers/{id}/freeze", self.freeze),
        ]

    async def limit(self, request: web.Request) -> web.Response:
        """Daily transfer limit in won."""
        return web.json_response({"daily_limit": self._state.customer(request)["daily_limit"]})

    async def change_limit(self, request: web.Request) -> web.Response:
        """Lower the daily limit; 409 for a higher one, which a person has to allow."""
        customer = self._state.verified(request)
        wanted = (await body_of(request)).get("daily_limit")
        await maybe_fail(customer)

        def work() -> dict[str, Any] | tuple[dict[str, Any], int]:
            if not isinstance(wanted, int | float) or wanted > customer["daily_limit"]:
                return {"error": "needs_person"}, 409
            customer["daily_limit"] = int(wanted)
            return {"daily_limit": customer["daily_limit"]}

        return self._state.once(request, work)

    async def change_address(self, request: web.Request) -> web.Response:
        """The new address for cards, deposits and loans; tells whether a card is already on its way to the old one."""
        customer = self._state.verified(request)
        address = str((await body_of(request)).get("address", ""))[:200]
        await maybe_fail(customer)

        def work() -> dict[str, Any]:
            customer["address"] = address
            under_way = customer["delivery"] is not None and customer["delivery"]["status"] == "on_the_way"
            return {"address": address, "card_under_way": under_way}

        return self._state.once(request, work)

    async def transfers(self, request: web.Request) -> web.Response:
        """What was sent, newest first; `day` and `amount` of the query leave out the rest."""
        customer = self._state.verified(request)
        wanted = {key: request.query[key] for key in ("day", "amount") if key in request.query}
        found = [
            transfer
            for transfer in customer["transfers"]
            if all(str(transfer[key]) == value for key, value in wanted.items())
        ]
        return web.json_response({"transfers": found})

    async def take_back(self, request: web.Request) -> web.Response:
        """Ask the receiver to give a transfer back; 409 after a year. Asking again gives the same reference."""
        customer = self._state.verified(request)
        transfer = next((t for t in customer["transfers"] if t["id"] == request.match_info["transfer"]), None)
        if transfer is None:
            raise web.HTTPNotFound()
        await maybe_fail(customer)

        def work() -> dict[str, Any] | tuple[dict[str, Any], int]:
            if (self._state.today() - date.fromisoformat(transfer["day"])).days > RETURN_WITHIN:
                return {"error": "too_old"}, 409
            repeated = bool(transfer["returned"])
            transfer["returned"] = transfer["returned"] or self._state.reference("W")
            low, high = GUARANTEE
            return {
                "reference": transfer["returned"],
                "already": repeated,
                "guaranteed": low <= transfer["amount"] <= high,
            }

        return self._state.once(request, work)

    async def freeze(self, request: web.Request) -> web.Response:
        """Stop all payments of the customer's accounts, at any hour and without a PIN: fraud doesn't wait."""
        customer = self._state.customer(request)
        if customer["fails"] != "maintenance":
            await maybe_fail(customer)

        def work() -> dict[str, Any]:
            customer["frozen"] = customer["frozen"] or self._state.reference("F")
            return {"reference": customer["frozen"]}

        return self._state.once(request, work)
