"""Visits to a branch and calls back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import holidays
from aiohttp import web

from examples.core_banking.data import BRANCHES, BUSY
from examples.core_banking.state import State, body_of

AHEAD = 7
"""Days for which visits are booked."""


class Visits:
    """Routes about appointments."""

    def __init__(self, state: State) -> None:
        self._state = state

    def routes(self) -> list[web.RouteDef]:
        """For the application."""
        return [
            web.get("/branches/{branch}/times", self.times),
            web.post("/branches/{branch}/visits", self.visit),
            web.post("/callbacks", self.call_back),
        ]

    async def times(self, request: web.Request) -> web.Response:
        """`reason` closed, past or too_far with no times, or the free half hours of a day."""
        branch = _branch(request)
        reason, free = self._free(branch, request.query.get("day", ""))
        return web.json_response({"reason": reason, "times": free, "hours": list(BRANCHES[branch][:2])})

    async def visit(self, request: web.Request) -> web.Response:
        """Book a visit; 409 with the nearest free times if that one is taken."""
        branch, wish = _branch(request), await body_of(request)
        day, hour = str(wish.get("day", "")), str(wish.get("time", ""))

        def work() -> dict[str, Any] | tuple[dict[str, Any], int]:
            reason, free = self._free(branch, day)
            if hour not in free:
                return {"error": reason or "taken", "times": _nearest(hour, free)}, 409
            self._state.visits.append({**wish, "branch": branch})
            return {"reference": self._state.reference("V")}

        return self._state.once(request, work)

    async def call_back(self, request: web.Request) -> web.Response:
        """Book a call-back."""
        body = await body_of(request)

        def work() -> dict[str, Any]:
            self._state.callbacks.append(body)
            return {"reference": self._state.reference("C")}

        return self._state.once(request, work)

    def _free(self, branch: str, text: str) -> tuple[str, list[str]]:
        try:
            day = date.fromisoformat(text)
        except ValueError:
            return "closed", []
        opens, closes, always = BRANCHES[branch]
        today = self._state.today()
        if day < today:
            return "past", []
        if day > today + timedelta(days=AHEAD):
            return "too_far", []
        if not always and (day.weekday() > 4 or day in holidays.country_holidays("KR", years=day.year)):
            return "closed", []
        taken = {v["time"] for v in self._state.visits if v["branch"] == branch and v["day"] == text}
        taken.update(BUSY.get(branch, ()))
        return "", [hour for hour in _half_hours(opens, closes) if hour not in taken]


def _branch(request: web.Request) -> str:
    branch = request.match_info["branch"]
    if branch not in BRANCHES:
        raise web.HTTPNotFound()
    return branch


def _half_hours(opens: str, closes: str) -> list[str]:
    start, end = (int(hour[:2]) * 2 + int(hour[3:]) // 30 for hour in (opens, closes))
    return [f"{half // 2:02d}:{half % 2 * 30:02d}" for half in range(start, end)]


def _nearest(hour: str, free: list[str]) -> list[str]:
    """Three free times around the one that was wished for, in their order."""

    def minutes(text: str) -> int:
        try:
            return int(text[:2]) * 60 + int(text[3:5])
        except ValueError:
            return 0

    return sorted(sorted(free, key=lambda other: abs(minutes(other) - minutes(hour)))[:3])
