"""Administration over HTTP: accounts, and what config.yml says of queues, hours and policies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import time
from typing import Any

from aiohttp import web
from pydantic import BaseModel

from bot.conversation.escalation import policy_name
from bot.desk.accounts import AccountService, User
from bot.desk.bodies import BadRequest, NewUserBody, UserChangeBody
from bot.desk.floor import Floor
from bot.desk.hours import Hours
from bot.desk.http import Door, body_of, json_answer
from bot.desk.live import DeskSockets
from bot.desk.queues import Queue
from bot.desk.routing import POLICIES, RoutingPolicy


class AdminRoutes:
    """Accounts are changed here, everything else is read: config.yml is where it stands."""

    def __init__(
        self,
        accounts: AccountService,
        floor: Floor,
        door: Door,
        sockets: DeskSockets,
        escalation: Sequence[Any],
    ) -> None:
        self._accounts = accounts
        self._floor = floor
        self._door = door
        self._sockets = sockets
        self._escalation = escalation

    def routes(self) -> Iterable[web.RouteDef]:
        """Accounts are administrators' business."""
        signed_in = self._door.signed_in
        return [
            web.get("/api/desk/users", signed_in(self.users, role="admin")),
            web.post("/api/desk/users", signed_in(self.add, role="admin", audited="add_user")),
            web.put(
                "/api/desk/users/{username}", signed_in(self.change, role="admin", audited="change_user")
            ),
            web.get("/api/desk/setup", signed_in(self.setup, role="supervisor")),
        ]

    async def users(self, request: web.Request, user: User) -> web.Response:
        """All accounts, by user name."""
        return json_answer({"users": [_account(one) for one in await self._accounts.users()]})

    async def add(self, request: web.Request, user: User) -> web.Response:
        """A new one."""
        body = await body_of(request, NewUserBody)
        added = await self._accounts.add_user(body.username, body.name, body.role, body.password)
        return json_answer(_account(added))

    async def change(self, request: web.Request, user: User) -> web.Response:
        """Role, password, whether it may sign in. One's own role and access stay: an administrator must be left."""
        body, username = await body_of(request, UserChangeBody), request.match_info["username"]
        if username == user.username and (body.disabled or body.role not in (None, user.role)):
            raise BadRequest("username: your own role and access can't be taken away by yourself")
        changed = await self._accounts.find(username)
        if body.role is not None:
            changed = await self._accounts.set_role(username, body.role)
        if body.password is not None:
            changed = await self._accounts.set_password(username, body.password)
        if body.disabled is not None:
            changed = await self._accounts.disable(username, body.disabled)
        if changed is None:
            raise BadRequest("username: no such user")
        await self._sockets.sweep()
        return json_answer(_account(changed))

    async def setup(self, request: web.Request, user: User) -> web.Response:
        """As config.yml has it."""
        settings, now = self._floor.settings, self._floor.clock()
        return json_answer(
            {
                "queues": [_queue(queue, now) for queue in self._floor.queues.queues.values()],
                "escalation": [
                    {"name": policy_name(policy), "settings": _fields(policy)} for policy in self._escalation
                ],
                "templates": [template.model_dump() for template in settings.templates],
                "capacity": settings.capacity.model_dump(),
                "offer_seconds": settings.offer_seconds,
                "take_from_queue": settings.take_from_queue,
            }
        )


def _account(user: User) -> dict[str, Any]:
    return user.model_dump(include={"id", "username", "name", "role", "disabled"})


def _fields(policy: Any) -> dict[str, Any]:
    return policy.model_dump(mode="json") if isinstance(policy, BaseModel) else {}


def _queue(queue: Queue, now: float) -> dict[str, Any]:
    spec, level = queue.spec, queue.spec.service_level
    return {
        "name": queue.name,
        "label": queue.label,
        "skills": list(spec.skills),
        "routing": [_routing_name(policy) for policy in queue.policies],
        "hours": spec.hours.text(now),
        "week": _week(spec.hours),
        "holidays": spec.hours.holidays,
        "closed_on": [day.isoformat() for day in spec.hours.closed_on],
        "answer_within": level.answer_within,
        "resolve_within": level.resolve_within,
        "target": level.target,
        "overflow": [overflow.model_dump() for overflow in spec.overflow],
    }


def _routing_name(policy: RoutingPolicy) -> str:
    return next((name for name, kind in POLICIES.items() if type(policy) is kind), type(policy).__name__)


def _week(hours: Hours) -> dict[str, str]:
    """Day -> `09:00-18:00` or `closed`; nothing for a queue that is always open."""
    return {day: f"{span[0]:%H:%M}-{_end(span[1])}" if span else "closed" for day, span in hours.week.items()}


def _end(at: time) -> str:
    return "24:00" if at == time.max else f"{at:%H:%M}"
