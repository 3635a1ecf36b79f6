"""Over HTTP: the trace of a conversation for who may read it, and the conversation test that is made of it."""

from __future__ import annotations

from collections.abc import Iterable

from aiohttp import web

from bot.conversation.errors import UnknownConversation
from bot.desk.accounts import User
from bot.desk.bodies import BadRequest
from bot.desk.http import Door, json_answer
from bot.desk.service import DeskService
from bot.desk.traces import Traces

CASE = "/api/desk/cases/{case_id}"
CONVERSATIONS = "/api/desk/conversations"
CONVERSATION = f"{CONVERSATIONS}/{{conversation_id}}"


class TraceRoutes:
    """Agents see the traces of cases, as they see their lines; supervisors those of all conversations, and record them."""

    def __init__(self, service: DeskService, traces: Traces, door: Door) -> None:
        self._service = service
        self._traces = traces
        self._door = door

    def routes(self) -> Iterable[web.RouteDef]:
        """Who recorded what is kept."""
        signed_in = self._door.signed_in
        return [
            web.get(f"{CASE}/trace", signed_in(self.case_trace)),
            web.post(
                f"{CASE}/recording", signed_in(self.case_recording, role="supervisor", audited="record_test")
            ),
            web.get(CONVERSATIONS, signed_in(self.going_on, role="supervisor")),
            web.get(f"{CONVERSATION}/trace", signed_in(self.trace, role="supervisor")),
            web.post(
                f"{CONVERSATION}/recording",
                signed_in(self.recording, role="supervisor", audited="record_test"),
            ),
        ]

    async def case_trace(self, request: web.Request, user: User) -> web.Response:
        """Of the conversation that the case belongs to."""
        return json_answer(await self._traces.trace(await self._conversation(request), _after(request)))

    async def case_recording(self, request: web.Request, user: User) -> web.Response:
        """Of the conversation that the case belongs to."""
        return json_answer(await self._traces.recording(await self._conversation(request)))

    async def going_on(self, request: web.Request, user: User) -> web.Response:
        """Conversations of the last day, those with the bot alone as well."""
        return json_answer({"conversations": await self._traces.going_on()})

    async def trace(self, request: web.Request, user: User) -> web.Response:
        """Of any conversation."""
        return json_answer(await self._traces.trace(_id(request), _after(request)))

    async def recording(self, request: web.Request, user: User) -> web.Response:
        """Of any conversation."""
        return json_answer(await self._traces.recording(_id(request)))

    async def _conversation(self, request: web.Request) -> str:
        return (await self._service.store.case(request.match_info["case_id"])).conversation_id


def _id(request: web.Request) -> str:
    conversation_id = request.match_info["conversation_id"]
    if not conversation_id.isprintable():
        # No database keeps such an id.
        raise UnknownConversation()
    return conversation_id


def _after(request: web.Request) -> int | None:
    after = request.query.get("after")
    if after is None:
        return None
    if not (after.isascii() and after.isdigit() and len(after) <= 15):
        raise BadRequest("'after' is not a number")
    return int(after)
