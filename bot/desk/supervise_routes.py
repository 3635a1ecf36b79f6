"""Over HTTP: what agents see and check of a case beyond its lines, and what supervisors do with cases of others."""

from __future__ import annotations

from collections.abc import Iterable

from aiohttp import web

from bot.desk.accounts import User
from bot.desk.bodies import AssignBody, DraftBody, RevealBody, TextNote
from bot.desk.case_json import case_json
from bot.desk.customers.service import CustomerService
from bot.desk.http import Door, body_of, json_answer
from bot.desk.service import DeskService, agent_of

CASE = "/api/desk/cases/{case_id}"


class SuperviseRoutes:
    """Thin: parse, check, call, render."""

    def __init__(self, service: DeskService, customers: CustomerService, door: Door) -> None:
        self._service = service
        self._customers = customers
        self._door = door

    def routes(self) -> Iterable[web.RouteDef]:
        """Unmasking, taking over and assigning are recorded."""
        signed_in = self._door.signed_in
        return [
            web.post(f"{CASE}/reveal", signed_in(self.reveal)),
            web.post(f"{CASE}/check", signed_in(self.check)),
            web.get(f"{CASE}/journey", signed_in(self.journey)),
            web.post(f"{CASE}/take-over", signed_in(self.take_over, role="supervisor", audited="take_over")),
            web.post(f"{CASE}/assign", signed_in(self.assign, role="supervisor", audited="assign")),
        ]

    async def reveal(self, request: web.Request, user: User) -> web.Response:
        """A value without its mask; who looked at what is recorded."""
        body, case_id = await body_of(request, RevealBody), request.match_info["case_id"]
        value = await self._service.reveal(case_id, user, body.field)
        await self._door.record(user, "reveal", case_id, {"field": body.field})
        return json_answer({"value": value})

    async def check(self, request: web.Request, user: User) -> web.Response:
        """A reply that isn't sent yet."""
        body = await body_of(request, DraftBody)
        return json_answer({"warnings": await self._service.check(request.match_info["case_id"], body.text)})

    async def journey(self, request: web.Request, user: User) -> web.Response:
        """All contacts of the customer over all channels, newest first."""
        case = await self._service.store.case(request.match_info["case_id"])
        profile = await self._customers.store.profile(await self._customers.of_case(case))
        contacts = await self._customers.contacts(profile)
        return json_answer({"contacts": contacts})

    async def take_over(self, request: web.Request, user: User) -> web.Response:
        """From the colleague who has it."""
        body = await body_of(request, TextNote)
        case = await self._service.store.case(request.match_info["case_id"])
        taken = await self._service.handover.take_over(case, agent_of(user), body.note)
        return json_answer(case_json(taken))

    async def assign(self, request: web.Request, user: User) -> web.Response:
        """For a colleague."""
        body, case_id = await body_of(request, AssignBody), request.match_info["case_id"]
        return json_answer(case_json(await self._service.reassign(case_id, user, body.agent_id, body.note)))
