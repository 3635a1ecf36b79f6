"""The desk's HTTP API (docs/reference/desk-api.md). Everything but signing in needs a bearer token."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from aiohttp import web

from bot.conversation.transcript import iso
from bot.desk.accounts import AccountService, User
from bot.desk.bodies import (
    BadRequest,
    DeclineBody,
    LoginBody,
    NoteBody,
    OutcomeBody,
    ReplyBody,
    ReturnBody,
    StateBody,
    TagsBody,
    TransferBody,
)
from bot.desk.case_json import case_json
from bot.desk.http import Door, body_of, json_answer, token_of
from bot.desk.live import DeskSockets
from bot.desk.search import search
from bot.desk.service import VIEWS, DeskService

MAX_QUERY = 200
_NUMBER = re.compile(r"[0-9]{1,15}")
"""Digits of a `seq`; more than the database's integers hold is none."""


class DeskRoutes:
    """Thin: parse, check, call the service, render."""

    def __init__(
        self,
        service: DeskService,
        accounts: AccountService,
        door: Door,
        sockets: DeskSockets,
        *,
        codes: list[Mapping[str, str]],
        templates: list[Mapping[str, str]],
        options: Mapping[str, Any] | None = None,
    ) -> None:
        self._service = service
        self._accounts = accounts
        self._door = door
        self._sockets = sockets
        self._codes = codes
        self._templates = templates
        self._options = options or {}

    def routes(self) -> Iterable[web.RouteDef]:
        """All of `/api/desk`."""
        case, signed_in = "/api/desk/cases/{case_id}", self._door.signed_in
        return [
            web.post("/api/desk/login", self.login),
            web.post("/api/desk/logout", signed_in(self.logout, audited="logout")),
            web.get("/api/desk/me", signed_in(self.me)),
            web.put("/api/desk/me/state", signed_in(self.set_state, audited="set_state")),
            web.get("/api/desk/cases", signed_in(self.cases)),
            web.get(case, signed_in(self.case)),
            web.get(f"{case}/messages", signed_in(self.messages)),
            web.get(f"{case}/packet", signed_in(self.packet, audited="packet")),
            web.post(f"{case}/accept", signed_in(self.accept, audited="accept")),
            web.post(f"{case}/decline", signed_in(self.decline, audited="decline")),
            web.post(f"{case}/messages", signed_in(self.say, audited="say")),
            web.post(f"{case}/notes", signed_in(self.note, audited="note")),
            web.put(f"{case}/tags", signed_in(self.tag, audited="tag")),
            web.get("/api/desk/tags", signed_in(self.tags)),
            web.get("/api/desk/search", signed_in(self.search, audited="search")),
            web.post(f"{case}/transfer", signed_in(self.transfer, audited="transfer")),
            web.post(f"{case}/return", signed_in(self.give_back, audited="give_back")),
            web.post(f"{case}/close", signed_in(self.close, audited="close")),
            web.get("/api/desk/wrapup-codes", signed_in(self.wrapup_codes)),
            web.get("/api/desk/templates", signed_in(self.ready_replies)),
            web.get("/api/desk/labels", signed_in(self.labels)),
            web.get("/api/desk/options", signed_in(self.options)),
        ]

    # -- accounts -----------------------------------------------------------------------------------------------

    async def login(self, request: web.Request) -> web.Response:
        """Public, as it is the way in; wrong attempts are throttled by user and address."""
        body = await body_of(request, LoginBody)
        signed_in = await self._accounts.authenticate(body.username, body.password, request.remote or "")
        user = await self._service.set_state(signed_in.user, "available")
        return json_answer(
            {
                "token": signed_in.token,
                "expires_at": iso(signed_in.expires_at),
                "user": await self._service.user_json(user),
            }
        )

    async def logout(self, request: web.Request, user: User) -> web.Response:
        """The token is void from then on, its sockets are closed."""
        await self._accounts.revoke(token_of(request))
        await self._service.set_state(user, "offline")
        await self._sockets.sign_out(token_of(request))
        return web.Response(status=204)

    async def me(self, request: web.Request, user: User) -> web.Response:
        """Who I am."""
        return json_answer(await self._service.user_json(user))

    async def set_state(self, request: web.Request, user: User) -> web.Response:
        """Whether I take new cases."""
        changed = await self._service.set_state(user, (await body_of(request, StateBody)).state)
        return json_answer(await self._service.user_json(changed))

    # -- reading ------------------------------------------------------------------------------------------------

    async def cases(self, request: web.Request, user: User) -> web.Response:
        """One tab of the inbox."""
        view = request.query.get("state", "all")
        if view not in VIEWS:
            raise BadRequest(f"'state' is none of {', '.join(VIEWS)}")
        return json_answer(await self._service.cases(view, user, request.query.get("cursor")))

    async def case(self, request: web.Request, user: User) -> web.Response:
        """One case."""
        return json_answer(case_json(await self._service.store.case(_case_id(request))))

    async def messages(self, request: web.Request, user: User) -> web.Response:
        """The transcript after a cursor."""
        after = request.query.get("after", "0")
        if not _NUMBER.fullmatch(after):
            raise BadRequest("'after' is not a number")
        return json_answer(await self._service.messages(_case_id(request), int(after)))

    async def packet(self, request: web.Request, user: User) -> web.Response:
        """The handoff packet."""
        return json_answer((await self._service.packet(_case_id(request))).model_dump())

    # -- acting -------------------------------------------------------------------------------------------------

    async def accept(self, request: web.Request, user: User) -> web.Response:
        """Take it."""
        return json_answer(case_json(await self._service.accept(_case_id(request), user)))

    async def decline(self, request: web.Request, user: User) -> web.Response:
        """Leave it to others."""
        body = await body_of(request, DeclineBody)
        return json_answer(case_json(await self._service.decline(_case_id(request), user, body.reason)))

    async def say(self, request: web.Request, user: User) -> web.Response:
        """Write to the customer."""
        body = await body_of(request, ReplyBody)
        return json_answer(await self._service.say(_case_id(request), user, body))

    async def note(self, request: web.Request, user: User) -> web.Response:
        """Write to colleagues; those who are named are told."""
        body, case_id = await body_of(request, NoteBody), _case_id(request)
        line = await self._service.note(case_id, user, body.text, body.client_msg_id)
        others = [agent_id for agent_id in body.mentions if agent_id != user.id]
        if others:
            case = await self._service.store.case(case_id)
            await self._sockets.mentioned(others, case, user, str(line.get("text", "")))
        return json_answer(line)

    async def tag(self, request: web.Request, user: User) -> web.Response:
        """What the case is called."""
        body = await body_of(request, TagsBody)
        return json_answer(case_json(await self._service.tag(_case_id(request), body.tags)))

    async def tags(self, request: web.Request, user: User) -> web.Response:
        """Tags in use."""
        return json_answer({"tags": await self._service.tags()})

    async def search(self, request: web.Request, user: User) -> web.Response:
        """Everything that was said in cases."""
        query = request.query.get("q", "")
        if len(query) > MAX_QUERY:
            raise BadRequest(f"'q' is longer than {MAX_QUERY} characters")
        return json_answer(await search(self._service.store, query, request.query.get("cursor")))

    async def transfer(self, request: web.Request, user: User) -> web.Response:
        """Back to the queue."""
        body = await body_of(request, TransferBody)
        case = await self._service.transfer(_case_id(request), user, body)
        return json_answer(case_json(case))

    async def give_back(self, request: web.Request, user: User) -> web.Response:
        """Back to the bot."""
        body = await body_of(request, ReturnBody)
        self._check_code(body.code)
        case = await self._service.give_back(
            _case_id(request), user, body.code, body.note, body.slots, body.version
        )
        return json_answer(case_json(case))

    async def close(self, request: web.Request, user: User) -> web.Response:
        """End it."""
        body = await body_of(request, OutcomeBody)
        self._check_code(body.code)
        case = await self._service.close(_case_id(request), user, body.code, body.note, body.version)
        return json_answer(case_json(case))

    def _check_code(self, code: str) -> None:
        known = [item["code"] for item in self._codes]
        if code not in known:
            raise BadRequest(f"'code' is none of {', '.join(known)}")

    async def wrapup_codes(self, request: web.Request, user: User) -> web.Response:
        """Codes to end a case with."""
        return json_answer({"codes": self._codes})

    async def ready_replies(self, request: web.Request, user: User) -> web.Response:
        """Ready-made replies."""
        return json_answer({"templates": self._templates})

    async def labels(self, request: web.Request, user: User) -> web.Response:
        """Names that people give to what was understood."""
        queues = {queue.name: queue.label for queue in self._service.floor.queues.queues.values()}
        return json_answer({"intents": self._service.intent_labels(), "queues": queues})

    async def options(self, request: web.Request, user: User) -> web.Response:
        """What the desk may do here."""
        return json_answer(self._options)


def _case_id(request: web.Request) -> str:
    return request.match_info["case_id"]
