"""Rasa's REST channel: `POST /webhooks/rest/webhook` `{sender, message, metadata?, message_id?}` -> a list of messages.

Protocol: the REST channel of Rasa 3. Ours beside it: `message_id` makes a message idempotent, `custom.citations` are
the sources of an answer, `custom.message_id` names it for `POST /webhooks/rest/feedback`, `custom.speaker` tells an
agent's words from the bot's.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from typing import Any

from aiohttp import web

from bot.channels.body import MAX_ID, is_id, json_body, storable
from bot.channels.contract import ChannelRefused, ChannelService, Reach
from bot.channels.feedback import feedback_of
from bot.conversation.messages import Element, Reply, UserMessage
from bot.conversation.surveys import THANKS, TOO_LATE, pressed_survey


class RestChannel:
    """Answers come with the response; what an agent writes comes with the answer to the customer's next message."""

    name = "rest"
    reach: Reach = "pull"

    def __init__(self, service: ChannelService) -> None:
        self._service = service

    def routes(self) -> Iterable[web.RouteDef]:
        """Verified by the API token's middleware."""
        return [
            web.get("/webhooks/rest/", self.health),
            web.post("/webhooks/rest/webhook", self.webhook),
            web.post("/webhooks/rest/feedback", self.feedback),
        ]

    async def feedback(self, request: web.Request) -> web.Response:
        """Whether an answer helped: `{sender, message_id, value, reason?}`."""
        body = await json_body(request)
        given = feedback_of(body)
        await self._service.judge(_sender(body), given.message_id, given.value, given.reason)
        return web.Response(status=204)

    async def health(self, request: web.Request) -> web.Response:
        """As Rasa's."""
        return web.json_response({"status": "ok"})

    async def webhook(self, request: web.Request) -> web.Response:
        """One turn."""
        message = parse(await json_body(request))
        if (judged := pressed_survey(message.text)) is not None:
            kept = await self._service.answer_survey(message.conversation_id, judged[0])
            thanks = Reply(text=THANKS if kept else TOO_LATE, speaker="system")
            return web.json_response([render(message.conversation_id, thanks)], dumps=_dumps)
        result = await self._service.handle(message)
        waiting = await self._service.collect(message.conversation_id)
        replies = [render(message.conversation_id, reply) for reply in [*waiting, *result.replies]]
        return web.json_response(replies, dumps=_dumps)


def parse(body: dict[str, Any]) -> UserMessage:
    """The message of a body. Raises `ChannelRefused` for missing or wrong parts."""
    sender, text = _sender(body), body.get("message")
    if not isinstance(text, str):
        raise ChannelRefused(
            "bad_message", ko="message가 없어요.", en="'message' is missing or not a string."
        )
    given = body.get("message_id")
    if given is not None and not is_id(given):
        raise ChannelRefused(
            "bad_message_id",
            ko="message_id가 올바르지 않아요.",
            en=f"'message_id' is not a string of 1 to {MAX_ID} printable characters.",
        )
    metadata = body.get("metadata") or {}
    if not isinstance(metadata, dict) or not storable(metadata):
        raise ChannelRefused(
            "bad_metadata",
            ko="metadata가 올바르지 않아요.",
            en="'metadata' is not an object, too deep, or holds what is no Unicode text.",
        )
    return UserMessage(
        conversation_id=sender,
        text=text,
        channel="rest",
        message_id=given or uuid.uuid4().hex,
        client_supplied_id=given is not None,
        metadata=metadata,
    )


def _sender(body: dict[str, Any]) -> str:
    sender = body.get("sender", "default")
    if not is_id(sender):
        raise ChannelRefused(
            "bad_sender",
            ko="sender가 올바르지 않아요.",
            en=f"'sender' is not a string of 1 to {MAX_ID} printable characters.",
        )
    return str(sender)


def render(recipient: str, reply: Reply) -> dict[str, Any]:
    """A reply in Rasa's shape."""
    body: dict[str, Any] = {"recipient_id": recipient}
    if reply.text:
        body["text"] = reply.text
    if reply.image:
        body["image"] = reply.image
    if reply.buttons:
        body["buttons"] = [button.model_dump(exclude_none=True) for button in reply.buttons]
    if attachment := _attachment(reply):
        body["attachment"] = attachment
    custom = dict(reply.custom)
    if reply.form:
        custom["form"] = reply.form.model_dump()
    if reply.citations:
        custom |= {"citations": list(reply.citations), "message_id": reply.message_id}
    speaker = "system" if reply.notice else reply.speaker
    if speaker != "bot":
        custom["speaker"] = {"kind": speaker, "name": reply.speaker_name}
    if custom:
        body["custom"] = custom
    return body


def _attachment(reply: Reply) -> dict[str, Any] | None:
    """Rasa's attachment: cards are its generic template, as the channels for Facebook and the web send it."""
    if not reply.elements:
        return reply.attachment.model_dump() if reply.attachment else None
    cards = [
        {**element.model_dump(exclude_none=True, exclude={"buttons"}), "buttons": _card_buttons(element)}
        for element in reply.elements
    ]
    return {"type": "template", "payload": {"template_type": "generic", "elements": cards}}


def _card_buttons(element: Element) -> list[dict[str, Any]]:
    """With the `type` that the generic template wants."""
    found: list[dict[str, Any]] = []
    for button in element.buttons:
        if button.url is None:
            found.append({"type": "postback", "title": button.title, "payload": button.payload})
        elif button.url.startswith("tel:"):
            number = button.url.removeprefix("tel:")
            found.append({"type": "phone_number", "title": button.title, "payload": number})
        else:
            found.append({"type": "web_url", "title": button.title, "url": button.url})
    return found


def _dumps(body: Any) -> str:
    return json.dumps(body, ensure_ascii=False)
