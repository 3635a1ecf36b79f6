"""Addresses that open one file for a while: for channels whose customers hold no token, such as KakaoTalk."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

import jwt
from aiohttp import web

from bot.channels.sent_files import SentFiles, UnknownFile
from bot.channels.webchat_files import file_response
from bot.conversation.messages import Attachment, Reply
from bot.conversation.rich import Media

AUDIENCE = "file"
ALGORITHM = "HS256"
LIFETIME_SECONDS = 7 * 86_400.0
"""An address is for the customer who got it; one that is found later opens nothing."""
LONGEST = 2_000
"""Characters of an address that are looked at."""
GONE = (
    "이 파일은 더 이상 열 수 없어요. 상담원에게 다시 보내 달라고 말씀해 주세요.\n"
    "This file can't be opened any more. Please ask for it again.\n"
)


class FileLinks:
    """Makes and reads the addresses: a signed JWT that names one file and its end. Nothing is stored."""

    def __init__(
        self, key: bytes, *, lifetime: float = LIFETIME_SECONDS, clock: Callable[[], float] = time.time
    ) -> None:
        self._key = key
        self._lifetime = lifetime
        self._clock = clock

    def path(self, conversation_id: str, file_id: str) -> str:
        """An address on this server."""
        claims = {
            "sub": conversation_id,
            "file": file_id,
            "aud": AUDIENCE,
            "exp": int(self._clock() + self._lifetime),
        }
        return f"/files/{jwt.encode(claims, self._key, algorithm=ALGORITHM)}"

    def read(self, token: str) -> tuple[str, str]:
        """Conversation and file. Raises `UnknownFile` for a token that is expired, foreign or none."""
        try:
            # The time is compared with our own clock, below.
            claims = jwt.decode(
                token[:LONGEST],
                self._key,
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                options={"require": ["sub", "file", "aud", "exp"], "verify_exp": False},
            )
            if float(claims["exp"]) > self._clock():
                return str(claims["sub"]), str(claims["file"])
        except (jwt.InvalidTokenError, UnicodeError, ValueError, TypeError) as error:
            raise UnknownFile() from error
        raise UnknownFile()

    def linked(self, conversation_id: str, reply: Reply) -> Reply:
        """The reply with its file as an attachment that anybody who gets it can open until the address ends."""
        if reply.file is None:
            return reply
        media = Media(src=self.path(conversation_id, reply.file.id), title=reply.file.name)
        kind = Attachment(type="image" if reply.file.is_image else "file", payload=media)
        return reply.model_copy(update={"attachment": kind, "file": None})


class LinkedFiles:
    """`GET /files/{token}`: public, as the address itself is the proof."""

    def __init__(self, links: FileLinks, files: SentFiles) -> None:
        self._links = links
        self._files = files

    def routes(self) -> Iterable[web.RouteDef]:
        """One."""
        return [web.get("/files/{token}", self.read)]

    async def read(self, request: web.Request) -> web.StreamResponse:
        """The file; a person whose address has ended reads why, in plain words."""
        try:
            return file_response(*await self._files.find(*self._links.read(request.match_info["token"])))
        except UnknownFile:
            return web.Response(status=404, text=GONE, headers={"Cache-Control": "no-store"})
