"""Customers over HTTP: profiles, merging, one line of all that was said, and forgetting."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from aiohttp import web

from bot.conversation.customers import UnknownCustomer
from bot.conversation.errors import UnknownCase
from bot.conversation.store import Case
from bot.desk.accounts import User
from bot.desk.bodies import (
    BadRequest,
    CustomerBody,
    IdentityBody,
    LineBody,
    MergeBody,
    NoteText,
    UndoBody,
    VerifiedBody,
)
from bot.desk.customers.history import history
from bot.desk.customers.service import CustomerService
from bot.desk.http import Door, body_of, json_answer
from bot.desk.live import DeskSockets
from bot.desk.service import DeskService

CASE = "/api/desk/cases/{case_id}"
CUSTOMER = "/api/desk/customers/{customer_id}"
IDENTITY = f"{CUSTOMER}/identities/{{ref}}"
MAX_QUERY = 200


class CustomerRoutes:
    """Thin: parse, check, call, render. Whoever looks at an open case of a customer who changes is told."""

    def __init__(
        self, desk: DeskService, customers: CustomerService, door: Door, sockets: DeskSockets
    ) -> None:
        self._desk = desk
        self._customers = customers
        self._door = door
        self._sockets = sockets

    def routes(self) -> Iterable[web.RouteDef]:
        """What changes or unmasks something is recorded."""
        signed_in = self._door.signed_in
        return [
            web.get(f"{CASE}/customer", signed_in(self.of_case)),
            web.get(f"{CASE}/history", signed_in(self.history)),
            web.post(f"{CASE}/history/reveal", signed_in(self.reveal_line)),
            web.get("/api/desk/customers", signed_in(self.find, audited="find_customers")),
            web.get(CUSTOMER, signed_in(self.show)),
            web.put(CUSTOMER, signed_in(self.change, audited="change_customer")),
            web.delete(CUSTOMER, signed_in(self.erase, role="admin", audited="erase_customer")),
            web.delete(
                f"{CUSTOMER}/facts", signed_in(self.forget_facts, role="supervisor", audited="forget_facts")
            ),
            web.post(f"{CUSTOMER}/notes", signed_in(self.note, audited="customer_note")),
            web.post(f"{CUSTOMER}/identities", signed_in(self.add_identity, audited="add_identity")),
            web.put(IDENTITY, signed_in(self.verify, audited="verify_identity")),
            web.delete(IDENTITY, signed_in(self.remove_identity, audited="remove_identity")),
            web.post(f"{IDENTITY}/reveal", signed_in(self.reveal, audited="reveal_identity")),
            web.post(f"{CUSTOMER}/merge", signed_in(self.merge)),
            web.post(f"{CUSTOMER}/merges/{{merge_id}}/undo", signed_in(self.undo, audited="undo_merge")),
        ]

    # -- of a case ----------------------------------------------------------------------------------------------

    async def of_case(self, request: web.Request, user: User) -> web.Response:
        """The customer behind a case."""
        customer_id = await self._customers.of_case(await self._case(request))
        return json_answer(await self._customers.show(customer_id))

    async def history(self, request: web.Request, user: User) -> web.Response:
        """What was said in the customer's other conversations."""
        case = await self._case(request)
        profile = await self._customers.store.profile(await self._customers.of_case(case))
        page = await history(
            self._customers.store,
            profile,
            case.conversation_id,
            self._desk.bot_name,
            home=self._desk.interpreter.home,
            cursor=request.query.get("before"),
            since=_since(request.query.get("since")),
        )
        return json_answer(page)

    async def reveal_line(self, request: web.Request, user: User) -> web.Response:
        """A line of another conversation without its mask, for who has the case and for supervisors."""
        body, case = await body_of(request, LineBody), await self._case(request)
        self._desk.check_may_see(case, user)
        profile = await self._customers.store.profile(await self._customers.of_case(case))
        found = await self._customers.store.line(body.conversation_id, body.seq)
        if found is None or body.conversation_id not in profile.conversations:
            raise BadRequest("seq: no such line of this customer")
        await self._door.record(user, "reveal_line", case.id, body.model_dump())
        return json_answer({"value": str(getattr(found.event, "text", ""))})

    async def _case(self, request: web.Request) -> Case:
        case = await self._desk.find(request.match_info["case_id"])
        if case is None:
            raise UnknownCase()
        return case

    # -- customers ----------------------------------------------------------------------------------------------

    async def find(self, request: web.Request, user: User) -> web.Response:
        """By name, number, address or account."""
        query = request.query.get("q", "")
        if len(query) > MAX_QUERY:
            raise BadRequest(f"'q' is longer than {MAX_QUERY} characters")
        return json_answer({"customers": await self._customers.find(query)})

    async def show(self, request: web.Request, user: User) -> web.Response:
        """One of them."""
        return json_answer(await self._customers.show(_id(request)))

    async def change(self, request: web.Request, user: User) -> web.Response:
        """Name or segment."""
        body = await body_of(request, CustomerBody)
        changes = body.model_dump(exclude={"version"}, exclude_none=True)
        await self._customers.change(_id(request), user, changes, body.version)
        return await self._changed(_id(request))

    async def note(self, request: web.Request, user: User) -> web.Response:
        """Something to know of the customer."""
        await self._customers.note(_id(request), user, (await body_of(request, NoteText)).text)
        return await self._changed(_id(request))

    async def add_identity(self, request: web.Request, user: User) -> web.Response:
        """A number or address."""
        body = await body_of(request, IdentityBody)
        await self._customers.add_identity(_id(request), user, body.kind, body.value, body.verified)
        return await self._changed(_id(request))

    async def verify(self, request: web.Request, user: User) -> web.Response:
        """An agent has checked it, or takes that back."""
        body = await body_of(request, VerifiedBody)
        await self._customers.verify(_id(request), user, request.match_info["ref"], body.verified)
        return await self._changed(_id(request))

    async def remove_identity(self, request: web.Request, user: User) -> web.Response:
        """It isn't theirs."""
        await self._customers.remove_identity(_id(request), user, request.match_info["ref"])
        return await self._changed(_id(request))

    async def reveal(self, request: web.Request, user: User) -> web.Response:
        """An identity without its mask."""
        return json_answer(
            {"value": await self._customers.reveal(_id(request), user, request.match_info["ref"])}
        )

    async def merge(self, request: web.Request, user: User) -> web.Response:
        """Take another customer for the same person, or say that it is somebody else."""
        body = await body_of(request, MergeBody)
        done = await self._customers.merge(
            _id(request),
            body.other,
            user,
            (body.version, body.other_version),
            body.reason,
            refuse=not body.same,
        )
        told = {"customer_id": done.kept_id, "other": done.gone_id, "merge_id": str(done.id)}
        action = "merge_customers" if body.same else "refuse_merge"
        await self._door.record(user, action, None, told)
        return await self._changed(_id(request))

    async def undo(self, request: web.Request, user: User) -> web.Response:
        """Part what was put together."""
        body, merge_id = await body_of(request, UndoBody), request.match_info["merge_id"]
        if not (merge_id.isascii() and merge_id.isdigit() and len(merge_id) < 16):
            raise UnknownCustomer()
        done = await self._customers.undo(_id(request), int(merge_id), user, body.version)
        return await self._changed(_id(request), done.gone_id)

    async def erase(self, request: web.Request, user: User) -> web.Response:
        """Forget everything that was said and is known."""
        await self._customers.erase(_id(request))
        return web.Response(status=204)

    async def forget_facts(self, request: web.Request, user: User) -> web.Response:
        """Delete what the bot remembers of the customer; what was said stays."""
        await self._customers.forget_facts(_id(request))
        return await self._changed(_id(request))

    async def _changed(self, customer_id: str, parted: str | None = None) -> web.Response:
        """The customer as it is now; open pages are told to look again."""
        cases = await self._customers.follow(customer_id)
        if parted is not None:
            cases += await self._customers.follow(parted, parted=True)
        for case_id in cases:
            await self._sockets.packet_changed(case_id)
        return json_answer(await self._customers.show(customer_id))


def _id(request: web.Request) -> str:
    return request.match_info["customer_id"]


def _since(text: str | None) -> float:
    """Seconds since the epoch of an ISO 8601 time with its zone; 0 for none."""
    if text is None:
        return 0.0
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise BadRequest("'since' is no ISO 8601 time") from None
    if at.tzinfo is None:
        raise BadRequest("'since' has no time zone")
    return max(at.timestamp(), 1.0)
