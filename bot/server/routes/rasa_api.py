"""Rasa's HTTP API, the part that other programs use: `/model/parse`, `/conversations/{id}/tracker`, `/status`, `/version`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from aiohttp import web

from bot.channels.body import is_id, json_body, storable
from bot.channels.contract import ChannelRefused
from bot.conversation.clock import KOREA
from bot.conversation.engine import Engine
from bot.conversation.errors import UnknownConversation
from bot.conversation.events import Event, Restarted
from bot.conversation.messages import MAX_TEXT
from bot.execution.tracker_json import tracker_json
from bot.server.model_watch import ModelWatch

PAGE = 1_000


class RasaApi:
    """Protected by the API token's middleware."""

    def __init__(self, engine: Engine, version: str, model: ModelWatch | None = None) -> None:
        self._engine = engine
        self._version = version
        self._model = model

    def routes(self) -> Iterable[web.RouteDef]:
        """Paths as Rasa has them."""
        return [
            web.get("/version", self.version),
            web.get("/status", self.status),
            web.post("/model/parse", self.parse),
            web.get("/conversations/{conversation_id}/tracker", self.tracker),
        ]

    async def version(self, request: web.Request) -> web.Response:
        """Which server this is."""
        return web.json_response({"version": self._version, "minimum_compatible_version": "3.0.0"})

    async def status(self, request: web.Request) -> web.Response:
        """Which model is served, and why a newer file isn't, if so."""
        nothing = {"model_file": "", "model_id": "", "num_active_training_jobs": 0, "problem": None}
        return web.json_response(self._model.status() if self._model else nothing)

    async def parse(self, request: web.Request) -> web.Response:
        """What is understood of a text."""
        body = await json_body(request)
        text = body.get("text")
        if not isinstance(text, str) or not storable(text.replace("\x00", "")):
            raise ChannelRefused("bad_text", ko="text가 없어요.", en="'text' is missing or no Unicode text.")
        if len(text) > MAX_TEXT:
            raise ChannelRefused(
                "text_too_long", ko="text가 너무 길어요.", en=f"Over {MAX_TEXT} characters.", status=413
            )
        understanding = await self._engine.understander.understand(text, datetime.now(KOREA))
        parsed: dict[str, Any] = understanding.to_rasa()
        if "message_id" in body:
            parsed["message_id"] = body["message_id"]
        return web.json_response(parsed)

    async def tracker(self, request: web.Request) -> web.Response:
        """A conversation as Rasa's tracker JSON. Unlike Rasa, an unknown id is 404, not a new conversation."""
        conversation_id = request.match_info["conversation_id"]
        if not is_id(conversation_id):
            raise UnknownConversation()
        include = request.query.get("include_events", "AFTER_RESTART").upper()
        if include not in ("ALL", "APPLIED", "AFTER_RESTART", "NONE"):
            raise ChannelRefused(
                "bad_include_events",
                ko="include_events 값이 올바르지 않아요.",
                en="'include_events' is none of ALL, APPLIED, AFTER_RESTART, NONE.",
            )
        tracker = await self._engine.conversations.tracker(conversation_id)
        if tracker.seq == 0:
            raise UnknownConversation()
        events = [] if include == "NONE" else await self._events(conversation_id)
        if include == "AFTER_RESTART":
            events = _after_restart(events)
        return web.json_response(tracker_json(tracker, self._engine.assistant.domain, events))

    async def _events(self, conversation_id: str) -> list[Event]:
        found: list[Event] = []
        while True:
            after = found[-1].seq if found else 0
            page = await self._engine.conversations.store.events(conversation_id, after=after, limit=PAGE)
            found += page
            if len(page) < PAGE:
                return found


def _after_restart(events: list[Event]) -> list[Event]:
    for index in range(len(events) - 1, -1, -1):
        if isinstance(events[index], Restarted):
            return events[index + 1 :]
    return events
