"""Socket.IO namespace `/desk`: what agents see happen (docs/reference/desk-api.md)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Any

import socketio
import structlog

from bot.conversation.errors import UnknownCase
from bot.conversation.events import KnowledgeAnswered, MessageTranslated, SlotSet, UserUttered
from bot.conversation.store import Case, Commit
from bot.conversation.tracker import Tracker
from bot.conversation.transcript import iso
from bot.conversation.workforce import AgentRow
from bot.desk.accounts import User
from bot.desk.case_json import agent_json, case_json
from bot.desk.events import EVENTS
from bot.desk.http import NotAllowed
from bot.desk.presence import RENEW
from bot.desk.service import DeskService

EVERYBODY = "desk"
"""Room of all signed-in agents."""
SWEEP = 30.0
"""Seconds between looks at whether the tokens behind open sockets are still good."""
_TELLING = (UserUttered, SlotSet, KnowledgeAnswered, MessageTranslated)
"""Events after which a packet says more than before."""

log = structlog.get_logger(__name__)


class DeskSockets(socketio.AsyncNamespace):  # type: ignore[misc]
    """One room for all agents, one for each case that is watched."""

    def __init__(self, service: DeskService) -> None:
        super().__init__("/desk")
        self.service = service
        self.online: dict[str, User] = {}
        self.on_customer_signal: Any = None
        """Set by the server: what customers are told of typing and reading."""

    async def emit(self, event: str, *args: Any, **where: Any) -> None:
        """Only what `bot.desk.events` declares is told."""
        await super().emit(EVENTS.declared(event), *args, **where)

    async def on_connect(self, sid: str, environ: dict[str, Any], auth: Any = None) -> None:
        """Needs a valid sign-in token."""
        token = auth.get("token") if isinstance(auth, dict) else None
        user = await self.service.user_of(str(token)) if token else None
        if user is None:
            raise socketio.exceptions.ConnectionRefusedError(
                {"code": "bad_token", "title": "다시 로그인해 주세요", "detail": "", "remedy": ""}
            )
        await self.save_session(sid, {"user": user, "token": token})
        await self.enter_room(sid, EVERYBODY)
        await self.enter_room(sid, f"agent:{user.id}")
        self.online[sid] = user
        await self.service.floor.presence.seen(user.id)

    async def on_disconnect(self, sid: str, reason: str = "") -> None:
        """Forget the socket; after the agent's last one the lease soon ends."""
        user = self.online.pop(sid, None)
        if user is not None and all(other.id != user.id for other in self.online.values()):
            await self.service.floor.presence.left(user.id)

    async def agent_changed(self, row: AgentRow) -> None:
        """An agent's state changed: everybody sees it."""
        await self.emit("agent", agent_json(row), room=EVERYBODY)

    async def warned(self, case: Case, target: str, kind: str) -> None:
        """A target of the service level is about to be missed (`warning`), or was (`breach`)."""
        told = {"case_id": case.id, "queue": case.queue, "target": target, "kind": kind}
        await self.emit("service_level", told, room=EVERYBODY)

    async def consulted(self, agent_id: str, case: Case, asked_by: User, note: str) -> None:
        """A colleague is asked for advice."""
        told = {"case": case_json(case), "by": {"id": asked_by.id, "name": asked_by.name}, "note": note}
        await self.emit("consult", told, room=f"agent:{agent_id}")

    async def mentioned(self, agent_ids: Sequence[str], case: Case, by: User, note: str) -> None:
        """Colleagues are named in a note."""
        told = {"case": case_json(case), "by": {"id": by.id, "name": by.name}, "note": note}
        for agent_id in agent_ids:
            await self.emit("mention", told, room=f"agent:{agent_id}")

    async def packet_changed(self, case_id: str) -> None:
        """What is known of the customer changed."""
        await self.emit("packet", {"case_id": case_id}, room=f"case:{case_id}")

    async def sign_out(self, token: str) -> None:
        """Close the sockets of a token that is void."""
        for sid in list(self.online):
            session = await self.get_session(sid)
            if session.get("token") == token:
                await self._end(sid)

    async def sweep(self) -> None:
        """Close the sockets whose tokens ran out, were taken back on another worker, or belong to a disabled user."""
        for sid in list(self.online):
            try:
                session = await self.get_session(sid)
            except KeyError:
                # It has gone meanwhile, or its server's side of it has.
                self.online.pop(sid, None)
                continue
            user = await self.service.user_of(str(session.get("token")))
            if user is None:
                await self._end(sid)
            else:
                self.online[sid] = user

    async def keep_sweeping(self) -> None:
        """`sweep`, and renew the leases of those who are here, for as long as the server runs."""
        swept = time.monotonic()
        while True:
            await asyncio.sleep(RENEW)
            try:
                for user_id in {user.id for user in self.online.values()}:
                    await self.service.floor.presence.seen(user_id)
                if time.monotonic() - swept >= SWEEP:
                    swept = time.monotonic()
                    await self.sweep()
            except Exception as error:
                log.exception("desk_sweep_failed", error=type(error).__name__)

    async def _end(self, sid: str) -> None:
        await self.emit("session_over", {}, to=sid)
        await self.disconnect(sid)

    async def _user(self, sid: str) -> User:
        session = await self.get_session(sid)
        user: User = session["user"]
        return user

    async def on_watch(self, sid: str, data: Any = None) -> dict[str, Any]:
        """Follow a case; answers with what was missed."""
        case_id, after = _case_id(data), _number(data, "after")
        case = await self.service.find(case_id)
        if case is None:
            error = UnknownCase()
            return {"ok": False, "error": {"code": error.code, "title": error.ko}}
        await self.enter_room(sid, f"conversation:{case.conversation_id}")
        # First the room, then the reading: a line that comes in between is told twice rather than never.
        await self.enter_room(sid, f"case:{case_id}")
        return {"ok": True, **await self.service.messages(case_id, after)}

    async def on_unwatch(self, sid: str, data: Any = None) -> dict[str, Any]:
        """Follow it no longer."""
        case_id = _case_id(data)
        await self.leave_room(sid, f"case:{case_id}")
        if (case := await self.service.find(case_id)) is not None:
            await self.leave_room(sid, f"conversation:{case.conversation_id}")
        return {"ok": True}

    async def on_watch_conversation(self, sid: str, data: Any = None) -> dict[str, Any]:
        """Hear of a conversation that is no case, or any; supervisors."""
        if not (await self._user(sid)).may("supervisor"):
            error = NotAllowed("supervisor")
            return {"ok": False, "error": {"code": error.code, "title": error.ko}}
        await self.enter_room(sid, f"conversation:{_conversation_id(data)}")
        return {"ok": True}

    async def on_unwatch_conversation(self, sid: str, data: Any = None) -> dict[str, Any]:
        """Hear of it no longer."""
        await self.leave_room(sid, f"conversation:{_conversation_id(data)}")
        return {"ok": True}

    async def on_typing(self, sid: str, data: Any = None) -> None:
        """The agent types: the customer and other agents are told, if the case is theirs."""
        user = await self._user(sid)
        case = await self.service.find(_case_id(data))
        if case is None or case.agent_id != user.id or case.state != "agent":
            return
        payload = {"speaker": {"kind": "agent", "name": user.name}, "on": bool(data.get("on"))}
        await self.emit("typing", {"case_id": case.id, **payload}, room=f"case:{case.id}", skip_sid=sid)
        if self.on_customer_signal is not None:
            await self.on_customer_signal(case.conversation_id, "typing", payload)

    async def on_seen(self, sid: str, data: Any = None) -> None:
        """The agent has read up to here."""
        case = await self.service.find(_case_id(data))
        user = await self._user(sid)
        if case is None or case.agent_id != user.id:
            return
        await self.service.seen(case, user)
        if self.on_customer_signal is not None:
            await self.on_customer_signal(
                case.conversation_id, "seen", {"by": "agent", "seq": _number(data, "seq")}
            )

    async def customer_signal(self, conversation_id: str, kind: str, payload: dict[str, Any]) -> None:
        """A customer types or reads: those who watch the case are told."""
        case = await self.service.open_case(conversation_id)
        if case is None:
            return
        room = f"case:{case.id}"
        if kind == "typing":
            speaker = {"kind": "customer", "name": case.customer_name}
            on = bool(payload.get("on"))
            await self.emit("typing", {"case_id": case.id, "speaker": speaker, "on": on}, room=room)
        elif kind == "seen":
            told = {"case_id": case.id, "by": "customer", "seq": _number(payload, "seq")}
            await self.emit("seen", told, room=room)

    async def committed(self, commit: Commit, tracker: Tracker) -> None:
        """A listener of `Conversations`: rows, lines and packets that changed."""
        told = {"conversation_id": commit.conversation_id}
        await self.emit("trace", told, room=f"conversation:{commit.conversation_id}")
        case = commit.case or tracker.case
        if case is None:
            return
        if commit.case is not None:
            await self.emit("case", case_json(case), room=EVERYBODY)
            await self._tell_offer(commit, case)
        room = f"case:{case.id}"
        for message in await self.service.lines(commit.conversation_id, commit.events):
            body = {"case_id": case.id, "conversation_id": case.conversation_id, "message": message}
            await self.emit("message", body, room=room)
        if any(isinstance(event, _TELLING) for event in commit.events):
            await self.emit("packet", {"case_id": case.id}, room=room)

    async def _tell_offer(self, commit: Commit, case: Case) -> None:
        """The agent whom it is offered to, or was until now."""
        for event in commit.events:
            if event.event != "ownership":
                continue
            if event.after == "offered" and event.agent_id:
                offer = {"case": case_json(case), "expires_at": iso(case.offer_expires_at)}
                await self.emit("offer", offer, room=f"agent:{event.agent_id}")
            elif event.before == "offered":
                gone = {"case_id": case.id, "reason": event.reason}
                await self.emit("offer_gone", gone, room=EVERYBODY)


def _case_id(data: Any) -> str:
    return str(data.get("case_id", "")) if isinstance(data, dict) else ""


def _conversation_id(data: Any) -> str:
    return str(data.get("conversation_id", "")) if isinstance(data, dict) else ""


def _number(data: Any, key: str) -> int:
    """A cursor of the client; 0 for anything that is none."""
    value = data.get(key) if isinstance(data, dict) else None
    return value if type(value) is int and 0 < value < 10**15 else 0
