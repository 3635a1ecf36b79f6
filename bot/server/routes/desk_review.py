"""What the bot got wrong with customers, for the desk: messages to label, and questions that the documents don't answer."""

from __future__ import annotations

import asyncio
import dataclasses
import time
from collections.abc import Callable, Iterable
from typing import Any

from aiohttp import web

from bot.conversation.store import ConversationStore
from bot.conversation.transcript import iso
from bot.desk.accounts import User
from bot.desk.bodies import BadRequest
from bot.desk.http import Door, json_answer
from bot.review import Decisions, collect, review_list
from bot.review.unanswered import unanswered_questions
from bot.server.prepare import places
from bot.server.settings import Settings
from encoder import Encoder
from knowledge_base.gaps import find_gaps

DAY = 86_400.0
MOST = 100
MOST_DAYS = 365


class DeskReview:
    """Read only: labels are given with `sangdam review`, which shows what they change in the files."""

    def __init__(
        self, settings: Settings, store: ConversationStore, door: Door, encoder: Callable[[], Encoder]
    ) -> None:
        self._settings = settings
        self._store = store
        self._door = door
        self._encoder = encoder

    def routes(self) -> Iterable[web.RouteDef]:
        """For supervisors."""
        signed_in = self._door.signed_in
        return [
            web.get("/api/desk/review", signed_in(self.review, role="supervisor")),
            web.get("/api/desk/knowledge/gaps", signed_in(self.gaps, role="supervisor")),
        ]

    async def review(self, request: web.Request, user: User) -> web.Response:
        """Messages that the bot wasn't sure of, got corrected or judged for, or handed over."""
        found = await collect(self._store, _since(request), self._settings.roles.nlu_threshold)
        kept = Decisions(places(self._settings).decisions(self._settings.config.assistant_id))
        decided = [decision.text for decision in kept.all().values()]
        items = await asyncio.to_thread(review_list, found, (), decided)
        told = [{**item.model_dump(mode="json"), "at": iso(item.at)} for item in items[:MOST]]
        return json_answer({"items": told, "total": len(items)})

    async def gaps(self, request: web.Request, user: User) -> web.Response:
        """Questions without a good answer, those about one matter together, the heaviest first."""
        asked = await unanswered_questions(self._store, _since(request))
        found = await asyncio.to_thread(lambda: find_gaps(asked, self._encoder()) if asked else [])
        told = [{**dataclasses.asdict(gap), "last_at": iso(gap.last_at)} for gap in found[:MOST]]
        return json_answer({"gaps": told, "questions": len(asked)})


def _since(request: web.Request) -> float:
    days: Any = request.query.get("days", "30")
    if not (days.isascii() and days.isdigit() and 1 <= int(days) <= MOST_DAYS):
        raise BadRequest(f"'days' is none of 1 to {MOST_DAYS}")
    return time.time() - int(days) * DAY
