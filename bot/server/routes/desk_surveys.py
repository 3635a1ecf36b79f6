"""What customers said of their contacts, for the desk: of one case, and of all that are closed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from aiohttp import web

from bot.conversation.conversations import Conversations
from bot.conversation.store import Case, CaseStore
from bot.conversation.transcript import iso
from bot.desk.accounts import AccountService, User
from bot.desk.accounts.errors import NotSignedIn
from bot.desk.cursors import next_cursor, place_of

PAGE = 50
"""Closed cases that one call looks through."""


class DeskSurveys:
    """Read from the conversations' log, where the answers stand."""

    def __init__(self, cases: CaseStore, conversations: Conversations, accounts: AccountService) -> None:
        self._cases = cases
        self._conversations = conversations
        self._accounts = accounts

    def routes(self) -> Iterable[web.RouteDef]:
        """Both need a bearer token."""
        return [
            web.get("/api/desk/cases/{case_id}/survey", self.one),
            web.get("/api/desk/surveys", self.listed),
        ]

    async def one(self, request: web.Request) -> web.Response:
        """`{survey: null}` while the customer hasn't answered."""
        await self._user(request)
        return _json({"survey": await self._survey(await self._cases.case(request.match_info["case_id"]))})

    async def listed(self, request: web.Request) -> web.Response:
        """Answers to cases that were closed, newest first, `PAGE` cases a call; `cursor` goes on, null is the end."""
        await self._user(request)
        before = place_of(request.query.get("cursor"))
        cases = await self._cases.cases(("closed",), limit=PAGE, before=before)
        found = [survey for case in cases if (survey := await self._survey(case)) is not None]
        cursor = next_cursor([(case.created_at, case.id) for case in cases], PAGE)
        return _json({"surveys": found, "cursor": cursor})

    async def _survey(self, case: Case) -> dict[str, Any] | None:
        tracker = await self._conversations.tracker(case.conversation_id)
        for survey in tracker.state.surveys:
            if survey.case_id == case.id:
                return {
                    "case_id": case.id,
                    "conversation_id": case.conversation_id,
                    "agent": {"id": case.agent_id, "name": case.agent_name} if case.agent_id else None,
                    "score": survey.score,
                    "recommend": survey.recommend,
                    "comment": survey.comment,
                    "skipped": survey.score is None,
                    "at": iso(survey.at),
                }
        return None

    async def _user(self, request: web.Request) -> User:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        if not token:
            raise NotSignedIn()
        return await self._accounts.user_of(token)


def _json(body: Any) -> web.Response:
    return web.json_response(body, dumps=lambda value: json.dumps(value, ensure_ascii=False))
