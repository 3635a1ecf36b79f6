"""Counters and timings for Prometheus, fed by commits and requests. Labels never hold customers' data."""

from __future__ import annotations

import time

from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

from bot.conversation.store import Commit
from bot.conversation.tracker import Tracker
from bot.server.problems import Handler

METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
"""Others share one label: a client may write anything there."""
_SECONDS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """One registry a service, so that several may live in one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.events = Counter("sangdam_events_total", "Committed events", ["event"], registry=self.registry)
        self.handoffs = Counter(
            "sangdam_handoffs_total", "Handoffs by reason", ["reason"], registry=self.registry
        )
        self.requests = Histogram(
            "sangdam_request_seconds",
            "HTTP requests by route",
            ["method", "route", "status"],
            buckets=_SECONDS,
            registry=self.registry,
        )

        self._of_kind: dict[str, Counter] = {}
        """Found by their label once: looking it up takes longer than counting."""
        self._of_route: dict[tuple[str, str, int], Histogram] = {}

    async def committed(self, commit: Commit, tracker: Tracker) -> None:
        """A listener of `Conversations`."""
        for event in commit.events:
            counter = self._of_kind.get(event.event)
            if counter is None:
                counter = self._of_kind[event.event] = self.events.labels(event.event)
            counter.inc()
            if event.event == "handoff_requested":
                self.handoffs.labels(event.reason_code).inc()

    @web.middleware
    async def timed(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Times a request under its route's pattern, never its path."""
        start, status = time.perf_counter(), 500
        try:
            response = await handler(request)
            status = response.status
            return response
        finally:
            resource = request.match_info.route.resource
            route = resource.canonical if resource else "unknown"
            method = request.method if request.method in METHODS else "other"
            key = (method, route, status)
            timed = self._of_route.get(key)
            if timed is None:
                timed = self._of_route[key] = self.requests.labels(method, route, str(status))
            timed.observe(time.perf_counter() - start)

    async def show(self, request: web.Request) -> web.Response:
        """`GET /metrics`. Public like the other operations endpoints: counts only."""
        return web.Response(body=generate_latest(self.registry), content_type="text/plain")
