"""Files of web chat customers: sent as a message of the conversation, read by whoever holds its token."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any
from urllib.parse import quote

from aiohttp import web

from bot.channels.body import is_id, storable
from bot.channels.contract import ChannelRefused
from bot.channels.sent_files import SentFile, SentFiles, empty, too_big
from bot.channels.throttle import Throttle
from bot.channels.webchat import WebChatChannel
from bot.conversation.errors import MessageIdReused
from bot.conversation.messages import UserMessage

CHUNK = 64 * 1024
RECEIVED = "/file_received"
"""Payload of such a message: the bot answers with `utter_file_received`."""


class WebChatFiles:
    """`/api/chat/files`."""

    def __init__(self, channel: WebChatChannel, files: SentFiles) -> None:
        self._channel = channel
        self._files = files
        self._throttle = Throttle(limit=10, seconds=60)

    def routes(self) -> Iterable[web.RouteDef]:
        """All need the customer's token."""
        return [
            web.post("/api/chat/files", self.send),
            web.get("/api/chat/files/{file_id}", self.read),
        ]

    async def send(self, request: web.Request) -> web.Response:
        """The body is the file, `?name=` what it is called; it becomes a message with the id `?client_msg_id=`."""
        conversation_id = self._channel.conversation_of(request)
        given, name = request.query.get("client_msg_id"), request.query.get("name", "")
        if not is_id(given) or not storable(name):
            raise ChannelRefused(
                "bad_message", ko="메시지 형식이 올바르지 않아요.", en="'client_msg_id' is missing or no id."
            )
        if not request.can_read_body:
            raise empty()
        seen = await self._channel.seen(conversation_id, str(given))
        if seen is not None:
            first = seen.metadata.get("attachment")
            if first is None or request.content_length not in (None, first["size"]):
                raise MessageIdReused()
            return web.json_response({"ok": True, "seq": seen.seq, "id": given})
        if (request.content_length or 0) > self._files.max_bytes:
            raise too_big(self._files.max_bytes)
        if not self._throttle.allow(conversation_id):
            raise ChannelRefused(
                "too_many_messages",
                ko="파일을 너무 빨리 보내고 있어요. 잠시 뒤에 다시 보내 주세요.",
                en="Too many files.",
                remedy="Wait a minute.",
                status=429,
            )
        kept = await self._files.save(conversation_id, name, request.content.iter_chunked(CHUNK))
        result = await self._channel.service.handle(
            UserMessage(
                conversation_id=conversation_id,
                text="사진을 보냈어요" if kept.is_image else f"파일을 보냈어요: {kept.name}",
                channel=self._channel.name,
                message_id=str(given),
                client_supplied_id=True,
                payload=RECEIVED,
                metadata={"attachment": asdict(kept)},
            )
        )
        body: dict[str, Any] = {"ok": True, "seq": result.seq, "id": given, "attachment": asdict(kept)}
        return web.json_response(body)

    async def read(self, request: web.Request) -> web.StreamResponse:
        """A file of the own conversation."""
        conversation_id = self._channel.conversation_of(request)
        return file_response(*await self._files.find(conversation_id, request.match_info["file_id"]))


def file_response(file: SentFile, path: Any) -> web.StreamResponse:
    """The bytes, to be saved and never to be run: a browser may not take them for anything but what they are."""
    return web.FileResponse(
        path,
        headers={
            "Content-Type": file.media_type,
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, max-age=3600",
        },
    )
