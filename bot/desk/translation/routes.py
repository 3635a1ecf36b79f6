"""Translation over HTTP: a reply before it is sent, and a customer's message once more."""

from __future__ import annotations

from collections.abc import Iterable

from aiohttp import web

from bot.conversation.errors import NotOwner
from bot.conversation.store import Case
from bot.desk.accounts import User
from bot.desk.bodies import MessageIdBody, TranslateBody
from bot.desk.http import Door, body_of, json_answer
from bot.desk.service import DeskService

CASE = "/api/desk/cases/{case_id}"


class TranslationRoutes:
    """Thin: parse, check, call, render. Each call may cost money, so only those ask who work on the case."""

    def __init__(self, service: DeskService, door: Door) -> None:
        self._service = service
        self._door = door

    def routes(self) -> Iterable[web.RouteDef]:
        """Nothing is sent to the customer by either."""
        signed_in = self._door.signed_in
        return [
            web.post(f"{CASE}/translate", signed_in(self.translate)),
            web.post(f"{CASE}/translations", signed_in(self.again)),
        ]

    async def translate(self, request: web.Request, user: User) -> web.Response:
        """A reply in the customer's language, to look at."""
        body = await body_of(request, TranslateBody)
        case = await self._case(request)
        if case.agent_id != user.id:
            raise NotOwner(case.agent_name or "")
        found = await self._service.interpreter.reply(body.text, body.language)
        return json_answer({"language": found.language, "text": found.text})

    async def again(self, request: web.Request, user: User) -> web.Response:
        """A customer's message, whose translation failed or was never made."""
        body = await body_of(request, MessageIdBody)
        case = await self._case(request)
        self._service.check_may_see(case, user)
        event = await self._service.interpreter.again(case.conversation_id, body.message_id)
        return json_answer(await self._service.line(case.conversation_id, event))

    async def _case(self, request: web.Request) -> Case:
        return await self._service.store.case(request.match_info["case_id"])
