"""What customers said of their contacts, for the desk: of one case, and of all contacts."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from aiohttp import web

from bot.conversation.conversations import Conversations
from bot.conversation.errors import UnknownCase
from bot.conversation.events import Event, SurveyAnswered
from bot.conversation.store import Case, CaseStore
from bot.conversation.tracker import Survey
from bot.conversation.transcript import iso
from bot.desk.accounts import AccountService, User
from bot.desk.accounts.errors import NotSignedIn
from bot.desk.cursors import line_cursor, line_place

PAGE = 50
"""Answers of a page."""


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
        """What customers said of contacts with people and with the bot alone, newest first; `cursor` goes on."""
        await self._user(request)
        given = request.query.get("cursor")
        said = await self._cases.surveys(limit=PAGE, before=line_place(given) if given is not None else None)
        found = [await self._told(conversation_id, event) for conversation_id, event in said]
        last = said[-1] if len(said) == PAGE else None
        cursor = line_cursor((last[1].timestamp, last[0], last[1].seq)) if last else None
        return _json({"surveys": [one for one in found if one is not None], "cursor": cursor})

    async def _told(self, conversation_id: str, event: Event) -> dict[str, Any] | None:
        if not isinstance(event, SurveyAnswered):
            return None
        case = None
        if event.case_id:
            with suppress(UnknownCase):
                case = await self._cases.case(event.case_id)
        return _survey_json(conversation_id, case, event, event.timestamp)

    async def _survey(self, case: Case) -> dict[str, Any] | None:
        tracker = await self._conversations.tracker(case.conversation_id)
        found = next((survey for survey in tracker.state.surveys if survey.case_id == case.id), None)
        return _survey_json(case.conversation_id, case, found, found.at) if found else None

    async def _user(self, request: web.Request) -> User:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        if not token:
            raise NotSignedIn()
        return await self._accounts.user_of(token)


def _survey_json(
    conversation_id: str, case: Case | None, said: Survey | SurveyAnswered, at: float
) -> dict[str, Any]:
    return {
        "case_id": case.id if case else None,
        "conversation_id": conversation_id,
        "about": said.about,
        "agent": {"id": case.agent_id, "name": case.agent_name} if case and case.agent_id else None,
        "score": said.score,
        "recommend": said.recommend,
        "comment": said.comment,
        "skipped": said.score is None,
        "at": iso(at),
    }


def _json(body: Any) -> web.Response:
    return web.json_response(body, dumps=lambda value: json.dumps(value, ensure_ascii=False))
