"""Files of a case, for agents: what customers sent is read, what customers should get is sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

from aiohttp import web

from bot.channels.body import is_id, storable
from bot.channels.sent_files import SentFile, SentFiles, empty, too_big
from bot.channels.throttle import Throttle
from bot.channels.webchat_files import CHUNK, file_response
from bot.conversation.errors import NotOwner
from bot.conversation.store import Case
from bot.conversation.transcript import desk_line
from bot.desk.accounts import User
from bot.desk.bodies import BadRequest
from bot.desk.http import Door, json_answer
from bot.desk.service import DeskService, agent_of
from formats import SangdamError


class TooManyFiles(SangdamError):
    """Raised for an agent who sends files faster than people do."""

    status = 429

    def __init__(self) -> None:
        super().__init__(
            "too_many_files",
            ko="파일을 너무 빨리 보내고 있어요. 잠시 뒤에 다시 보내 주세요.",
            en="Too many files.",
            remedy="Wait a minute.",
        )


class DeskFiles:
    """Any agent may read the files of any case, as they may read its messages; whoever has it may send one."""

    def __init__(self, service: DeskService, door: Door, files: SentFiles) -> None:
        self._service = service
        self._door = door
        self._files = files
        self._throttle = Throttle(limit=30, seconds=60)

    def routes(self) -> Iterable[web.RouteDef]:
        """Both need a bearer token."""
        files, signed_in = "/api/desk/cases/{case_id}/files", self._door.signed_in
        return [
            web.post(files, signed_in(self.send, audited="send_file", streamed=True)),
            web.get(f"{files}/{{file_id}}", signed_in(self.read)),
        ]

    async def read(self, request: web.Request, user: User) -> web.StreamResponse:
        """Raises `UnknownCase`, `UnknownFile`."""
        case = await self._case(request)
        return file_response(*await self._files.find(case.conversation_id, request.match_info["file_id"]))

    async def send(self, request: web.Request, user: User) -> web.Response:
        """The body is the file, `?name=` what it is called; it becomes a message with the id `?client_msg_id=`.

        Raises `NotOwner`, `FileRefused`, `TooManyFiles`; nothing of a refused file stays.
        """
        case = await self._case(request)
        given, name = request.query.get("client_msg_id"), request.query.get("name", "")
        if not is_id(given) or not storable(name):
            raise BadRequest("'client_msg_id' is missing or no id, or 'name' can't be stored")
        if not request.can_read_body:
            raise empty()
        seen = await self._service.store.find_message(case.conversation_id, str(given))
        if seen is not None:
            events = await self._service.store.events(case.conversation_id, after=seen - 1, limit=1)
            return json_answer(desk_line(events[0], self._service.bot_name))
        if case.state != "agent" or case.agent_id != user.id:
            raise NotOwner(case.agent_name or "")
        if (request.content_length or 0) > self._files.max_bytes:
            raise too_big(self._files.max_bytes)
        if not self._throttle.allow(user.id):
            raise TooManyFiles()
        kept = await self._files.save(case.conversation_id, name, request.content.iter_chunked(CHUNK))
        try:
            event = await self._service.handover.say(
                case, agent_of(user), words_of(kept), given, data={"file": asdict(kept)}
            )
        except BaseException:
            await self._files.discard(case.conversation_id, kept.id)
            raise
        return json_answer(desk_line(event, self._service.bot_name))

    async def _case(self, request: web.Request) -> Case:
        return await self._service.store.case(request.match_info["case_id"])


def words_of(file: SentFile) -> str:
    """What the message says where the file itself isn't shown."""
    return "사진을 보내 드려요" if file.is_image else f"파일을 보내 드려요: {file.name}"
