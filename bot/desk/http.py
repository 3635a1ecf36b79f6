"""What all routes of the desk share: who asks, with which body, and what is answered; repeated requests, and their history."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from aiohttp import web
from pydantic import BaseModel

from bot.conversation.workforce import AuditRow, WorkStore
from bot.desk.accounts import AccountService, User
from bot.desk.accounts.errors import NotSignedIn
from bot.desk.accounts.users import Role
from bot.desk.bodies import BadRequest, read_body
from bot.desk.presence import Presence
from formats import SangdamError

Body = TypeVar("Body", bound=BaseModel)
Handler = Callable[[web.Request, User], Awaitable[web.StreamResponse]]
KEY = "Idempotency-Key"
KEY_LENGTH = 200
KEPT = 24 * 3600.0
"""Seconds for which the answer to a request with a key is kept."""


class NotAllowed(SangdamError):
    """Raised for what needs a higher role."""

    status = 403

    def __init__(self, role: Role) -> None:
        super().__init__(
            "not_allowed",
            ko="이 작업을 할 수 있는 권한이 없어요. 관리자에게 요청해 주세요.",
            en=f"This needs the role {role!r} or a higher one.",
            remedy="Ask a supervisor.",
        )


class KeyReused(SangdamError):
    """Raised where an idempotency key comes with another request than before, or while that one is still being worked on."""

    status = 409

    def __init__(self, code: str, en: str) -> None:
        super().__init__(
            code, ko="같은 요청을 이미 처리하고 있어요.", en=en, remedy="Use a new key for a new request."
        )


class Door:
    """Checks who comes in."""

    def __init__(self, accounts: AccountService, presence: Presence, work: WorkStore) -> None:
        self._accounts = accounts
        self._presence = presence
        self._work = work

    def signed_in(
        self, handler: Handler, *, role: Role = "agent", audited: str = "", streamed: bool = False
    ) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        """A handler for those who are signed in and have at least that role.

        A request with an `Idempotency-Key` runs once. `audited` is the name under which what succeeded is recorded.
        A `streamed` body is too large to be read beforehand: the handler itself makes sure that it is taken once.
        """

        async def checked(request: web.Request) -> web.StreamResponse:
            user = await self._accounts.user_of(token_of(request))
            if not user.may(role):
                raise NotAllowed(role)
            await self._presence.seen(user.id)
            key = request.headers.get(KEY)
            if key is None or streamed or request.method == "GET":
                return await self._run(handler, request, user, audited)
            return await self._once(handler, request, user, audited, key)

        return checked

    async def _run(
        self, handler: Handler, request: web.Request, user: User, audited: str
    ) -> web.StreamResponse:
        response = await handler(request, user)
        if audited:
            await self.record(user, audited, request.match_info.get("case_id"), dict(request.match_info))
        return response

    async def record(self, user: User, action: str, case_id: str | None, detail: dict[str, Any]) -> None:
        """Add to the audit history. `detail` holds names and ids, never what was written."""
        kept = {key: value for key, value in detail.items() if key != "case_id"}
        await self._work.record(
            AuditRow(
                at=time.time(),
                actor_id=user.id,
                actor_name=user.name,
                action=action,
                case_id=case_id,
                detail=kept,
            )
        )

    async def _once(
        self, handler: Handler, request: web.Request, user: User, audited: str, key: str
    ) -> web.StreamResponse:
        told = f"{request.method} {request.path_qs}\0".encode() + await request.read()
        fingerprint = hashlib.sha256(told).hexdigest()
        return await self.once(user, key, fingerprint, lambda: self._run(handler, request, user, audited))

    async def once(
        self, user: User, key: str, fingerprint: str, run: Callable[[], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """Run it for the first one with the key; others get the same answer. What was refused may be tried again.

        Raises `BadRequest` for a key that is none, `KeyReused` for one that came with another `fingerprint`.
        """
        if not 1 <= len(key) <= KEY_LENGTH or not key.isprintable():
            raise BadRequest(f"{KEY}: 1 to {KEY_LENGTH} printable characters")
        known = await self._work.begin_request(user.id, key, fingerprint, now=time.time(), keep=KEPT)
        if known is not None:
            if known.fingerprint != fingerprint:
                raise KeyReused("key_reused", "This idempotency key came with another request.")
            if known.status == 0:
                raise KeyReused("in_progress", "The first request with this key is still being worked on.")
            return web.Response(text=known.body or None, status=known.status, content_type="application/json")
        status, body = 0, ""
        try:
            response = await run()
            if isinstance(response, web.Response):
                status, body = response.status, response.text or ""
            return response
        finally:
            await self._work.finish_request(user.id, key, status, body)


def token_of(request: web.Request) -> str:
    """The bearer token. Raises `NotSignedIn`."""
    token = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    if not token:
        raise NotSignedIn()
    return token


async def body_of(request: web.Request, model: type[Body]) -> Body:
    """The body as its model. Raises `BadRequest`."""
    return read_body(await request.read(), model)


def json_answer(body: Any) -> web.Response:
    """Readable JSON."""
    return web.json_response(body, dumps=lambda value: json.dumps(value, ensure_ascii=False))
