"""The floor over HTTP: agents and what they can do, the board, call-backs, slots of a case, consultation, history."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from aiohttp import web

from bot.conversation.errors import UnknownCase
from bot.conversation.transcript import iso
from bot.conversation.workforce import AgentProfile, Callback
from bot.desk.accounts import User
from bot.desk.board import board
from bot.desk.bodies import (
    AttemptBody,
    BadRequest,
    ConsultBody,
    FollowUpBody,
    MoveBody,
    SlotsBody,
    StateBody,
    TextNote,
)
from bot.desk.callbacks import Callbacks
from bot.desk.case_json import agent_json, case_json
from bot.desk.cursors import PAGE, next_cursor, place_of
from bot.desk.http import Door, body_of, json_answer
from bot.desk.live import DeskSockets
from bot.desk.service import DeskService, agent_of
from korean.privacy import mask

CASE = "/api/desk/cases/{case_id}"
AGENT = "/api/desk/agents/{agent_id}"
FARTHEST = 60 * 86_400.0
"""Seconds ahead that a follow-up may lie."""


class FloorRoutes:
    """Thin: parse, check, call, render."""

    def __init__(self, service: DeskService, door: Door, sockets: DeskSockets, callbacks: Callbacks) -> None:
        self._service = service
        self._floor = service.floor
        self._door = door
        self._sockets = sockets
        self._callbacks = callbacks

    def routes(self) -> Iterable[web.RouteDef]:
        """Those that change something are recorded."""
        signed_in = self._door.signed_in
        return [
            web.get("/api/desk/agents", signed_in(self.agents)),
            web.put(
                f"{AGENT}/profile", signed_in(self.set_profile, role="supervisor", audited="set_profile")
            ),
            web.put(
                f"{AGENT}/state", signed_in(self.set_state, role="supervisor", audited="set_agent_state")
            ),
            web.get("/api/desk/board", signed_in(self.board)),
            web.get("/api/desk/audit", signed_in(self.audit, role="supervisor")),
            web.get("/api/desk/callbacks", signed_in(self.list_callbacks)),
            web.get("/api/desk/callback-slots", signed_in(self.slots)),
            web.post(f"{CASE}/callback/attempts", signed_in(self.attempt, audited="callback_attempt")),
            web.put(f"{CASE}/callback", signed_in(self.move, audited="callback_move")),
            web.post(f"{CASE}/callback/cancel", signed_in(self.cancel, audited="callback_cancel")),
            web.post(f"{CASE}/follow-up", signed_in(self.follow_up, audited="follow_up")),
            web.put(f"{CASE}/slots", signed_in(self.set_slots, audited="set_slots")),
            web.post(f"{CASE}/consult", signed_in(self.consult, audited="consult")),
        ]

    async def agents(self, request: web.Request, user: User) -> web.Response:
        """Everybody who has been at the desk, with state and profile."""
        return json_answer({"agents": [agent_json(row) for row in await self._floor.store.agents()]})

    async def set_profile(self, request: web.Request, user: User) -> web.Response:
        """Queues, skills, languages, team, capacity."""
        name = await self._name_of(request)
        profile = await body_of(request, AgentProfile)
        unknown = next((q for q in profile.queues if q not in self._floor.queues.queues), None)
        if unknown is not None:
            raise BadRequest(f"queues: {unknown!r} is none of {', '.join(self._floor.queues.queues)}")
        if not all(1 <= level <= 5 for level in profile.skills.values()):
            raise BadRequest("skills: levels are 1 to 5")
        row = await self._floor.presence.set_profile(request.match_info["agent_id"], name, profile)
        return json_answer(agent_json(row))

    async def set_state(self, request: web.Request, user: User) -> web.Response:
        """A supervisor corrects an agent's state."""
        name, body = await self._name_of(request), await body_of(request, StateBody)
        row = await self._floor.presence.set_state(request.match_info["agent_id"], name, body.state)
        return json_answer(agent_json(row))

    async def _name_of(self, request: web.Request) -> str:
        wanted = request.match_info["agent_id"]
        found = next((u for u in await self._service.accounts.users() if u.id == wanted), None)
        if found is None:
            raise BadRequest("agent_id: no such user")
        return found.name

    async def board(self, request: web.Request, user: User) -> web.Response:
        """Queues and people as of now."""
        return json_answer(await board(self._floor))

    async def audit(self, request: web.Request, user: User) -> web.Response:
        """Who did what, newest first; `case`, `actor` and `cursor` narrow it."""
        cursor = request.query.get("cursor")
        if cursor is not None and not (cursor.isascii() and cursor.isdigit() and len(cursor) < 16):
            raise BadRequest("'cursor' is not one that this API gave")
        rows = await self._floor.store.audit(
            case_id=request.query.get("case"),
            actor_id=request.query.get("actor"),
            before=int(cursor) if cursor else None,
        )
        told = [
            {
                "id": row.id,
                "at": iso(row.at),
                "actor": {"id": row.actor_id, "name": row.actor_name},
                "action": row.action,
                "case_id": row.case_id,
                "detail": row.detail,
            }
            for row in rows
        ]
        return json_answer({"rows": told, "cursor": str(rows[-1].id) if len(rows) == 200 else None})

    # -- call-backs ---------------------------------------------------------------------------------------------

    async def list_callbacks(self, request: web.Request, user: User) -> web.Response:
        """By the time when they are due."""
        state = request.query.get("state", "open")
        if state not in ("open", "ended", "all"):
            raise BadRequest("'state' is none of open, ended, all")
        found = await self._callbacks.list(state, after=place_of(request.query.get("cursor")), limit=PAGE)
        cursor = next_cursor([(callback.due_at, callback.id) for callback in found])
        return json_answer({"callbacks": [callback_json(callback) for callback in found], "cursor": cursor})

    async def slots(self, request: web.Request, user: User) -> web.Response:
        """Slots with free seats."""
        found = await self._callbacks.slots(request.query.get("queue", ""))
        told = [{"at": iso(slot["at"]), "end": iso(slot["end"]), "free": slot["free"]} for slot in found]
        return json_answer({"slots": told})

    async def attempt(self, request: web.Request, user: User) -> web.Response:
        """The customer was called."""
        body, case = await body_of(request, AttemptBody), await self._case(request)
        done = await self._callbacks.attempt(case, agent_of(user), body.result, body.note)
        return json_answer(callback_json(done))

    async def move(self, request: web.Request, user: User) -> web.Response:
        """Another slot."""
        body, case = await body_of(request, MoveBody), await self._case(request)
        return json_answer(callback_json(await self._callbacks.move(case, body.at.timestamp())))

    async def cancel(self, request: web.Request, user: User) -> web.Response:
        """Not wanted any more."""
        body, case = await body_of(request, TextNote), await self._case(request)
        return json_answer(case_json(await self._callbacks.cancel(case, agent_of(user), body.note)))

    async def follow_up(self, request: web.Request, user: User) -> web.Response:
        """Later again: the case comes back in time."""
        body, case = await body_of(request, FollowUpBody), await self._case(request)
        at = body.at.timestamp()
        if not 0 < at - self._floor.clock() <= FARTHEST:
            raise BadRequest("at: not within the coming 60 days")
        return json_answer(case_json(await self._callbacks.later(case, agent_of(user), at, body.note)))

    # -- a case -------------------------------------------------------------------------------------------------

    async def set_slots(self, request: web.Request, user: User) -> web.Response:
        """Values that the agent found out."""
        body, case = await body_of(request, SlotsBody), await self._case(request)
        values = self._service.values_of(body.slots)
        return json_answer(case_json(await self._service.handover.set_slots(case, agent_of(user), values)))

    async def consult(self, request: web.Request, user: User) -> web.Response:
        """Ask a colleague without giving the case away: a note, which they are told of."""
        body, case = await body_of(request, ConsultBody), await self._case(request)
        colleague = await self._floor.store.agent(body.agent_id)
        if colleague is None or colleague.user_id == user.id:
            raise BadRequest("agent_id: no such colleague")
        await self._service.handover.note(case, agent_of(user), f"@{colleague.name} {body.note}")
        await self._sockets.consulted(colleague.user_id, case, user, body.note)
        return json_answer(case_json(case))

    async def _case(self, request: web.Request) -> Any:
        case = await self._service.find(request.match_info["case_id"])
        if case is None:
            raise UnknownCase()
        return case


def callback_json(callback: Callback) -> dict[str, Any]:
    """A call-back as the desk's `Callback` JSON; the number is masked, whoever calls reads it in the packet."""
    return {
        "case_id": callback.case_id,
        "conversation_id": callback.conversation_id,
        "queue": callback.queue,
        "slot_at": iso(callback.slot_at),
        "slot_end": iso(callback.slot_end),
        "booked": callback.seat >= 0,
        "state": callback.state,
        "due_at": iso(callback.due_at),
        "phone": mask(callback.phone),
        "topic": mask(callback.topic),
        "attempts": callback.attempts,
        "notes": [mask(note) for note in callback.notes],
    }
