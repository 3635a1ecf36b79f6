"""What customers sent, for agents: `GET /api/desk/cases/{case_id}/files/{file_id}` with a bearer token."""

from __future__ import annotations

from collections.abc import Iterable

from aiohttp import web

from bot.channels.sent_files import SentFiles
from bot.channels.webchat_files import file_response
from bot.conversation.store import CaseStore
from bot.desk.accounts import AccountService
from bot.desk.accounts.errors import NotSignedIn


class DeskFiles:
    """Any agent may read the files of any case, as they may read its messages."""

    def __init__(self, cases: CaseStore, accounts: AccountService, files: SentFiles) -> None:
        self._cases = cases
        self._accounts = accounts
        self._files = files

    def routes(self) -> Iterable[web.RouteDef]:
        """One."""
        return [web.get("/api/desk/cases/{case_id}/files/{file_id}", self.read)]

    async def read(self, request: web.Request) -> web.StreamResponse:
        """Raises `NotSignedIn`, `UnknownCase`, `UnknownFile`."""
        token = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        if not token:
            raise NotSignedIn()
        await self._accounts.user_of(token)
        case = await self._cases.case(request.match_info["case_id"])
        return file_response(*await self._files.find(case.conversation_id, request.match_info["file_id"]))
