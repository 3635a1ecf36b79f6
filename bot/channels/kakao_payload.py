"""What Kakao's chatbot sends to a skill, read tolerantly: it adds parts at any time."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from bot.channels.body import is_id, storable
from bot.channels.contract import ChannelRefused
from bot.channels.feedback import Feedback, pressed_feedback
from bot.conversation.errors import BadMessage
from bot.conversation.messages import UserMessage

CHANNEL = "kakao"
LATER_LABEL = "결과 보기"
"""The quick reply that asks for what came too late; it is no message to the bot."""
LONGEST_USER = 100


@dataclass(frozen=True, slots=True)
class SkillCall:
    """One call. `wants_result`: the customer pressed `LATER_LABEL` and says nothing new; with `feedback` neither."""

    message: UserMessage
    wants_result: bool
    feedback: Feedback | None
    callback_url: str | None


def read_call(body: dict[str, Any], request_id: str | None, allow_bots: Collection[str]) -> SkillCall:
    """Raises `ChannelRefused` for what is no skill payload, `BadMessage` for one without words."""
    user_request = _part(body, "userRequest")
    user = _part(user_request, "user", required=False)
    bot_id = str(_part(body, "bot", required=False).get("id") or "").rstrip("!")
    if not is_id(user.get("id"), LONGEST_USER) or (bot_id and not is_id(bot_id, LONGEST_USER)):
        raise ChannelRefused("bad_user", ko="사용자 id가 없어요.", en="userRequest.user.id is missing.")
    if allow_bots and bot_id not in allow_bots:
        raise ChannelRefused(
            "foreign_bot", ko="등록되지 않은 봇이에요.", en="bot.id is not allowed.", status=403
        )
    utterance = user_request.get("utterance")
    if not isinstance(utterance, str) or not utterance.strip():
        raise BadMessage("empty_message", "내용이 없어요. 메시지를 입력해 주세요.", "utterance is empty")
    payload = _payload(body)
    url = user_request.get("callbackUrl")
    message = UserMessage(
        conversation_id=conversation_id_of(bot_id, user["id"]),
        text=utterance,
        channel=CHANNEL,
        message_id=_message_id(request_id),
        client_supplied_id=bool(request_id),
        payload=payload,
        metadata=_identities(user),
    )
    wants_result = utterance.strip() == LATER_LABEL and payload is None
    return SkillCall(message, wants_result, pressed_feedback(payload), url if isinstance(url, str) else None)


def conversation_id_of(bot_id: str, user_id: str) -> str:
    """One conversation a bot and user; the development channel's `!` makes no difference."""
    return f"kakao-{bot_id or 'bot'}-{user_id}"


def _message_id(request_id: str | None) -> str:
    """Kakao's id of the call; one of another shape than Kakao's stands for itself by its digest."""
    if not request_id:
        return uuid.uuid4().hex
    if is_id(request_id, 200):
        return request_id
    return hashlib.sha256(request_id.encode("utf-8", "surrogatepass")).hexdigest()


def _payload(body: dict[str, Any]) -> str | None:
    """That of the pressed button; Kakao sends `clientExtra` as an object, null, or the word "null"."""
    extra = _part(body, "action", required=False).get("clientExtra")
    payload = extra.get("payload") if isinstance(extra, dict) else None
    return payload if isinstance(payload, str) and payload and storable(payload) else None


def _part(body: dict[str, Any], key: str, *, required: bool = True) -> dict[str, Any]:
    value = body.get(key)
    if isinstance(value, dict):
        return value
    if required:
        raise ChannelRefused(
            "bad_skill_payload",
            ko="카카오 요청 형식이 올바르지 않아요.",
            en=f"{key} is missing or no object.",
            remedy="Send the skill payload as Kakao's chatbot sends it.",
        )
    return {}


def _identities(user: dict[str, Any]) -> dict[str, Any]:
    """Keys under which the same person is known elsewhere at Kakao; never a proof of identity."""
    properties = _part(user, "properties", required=False)
    keys = {
        "plusfriend_user_key": properties.get("plusfriendUserKey") or properties.get("plusfriend_user_key"),
        "app_user_id": properties.get("appUserId"),
    }
    found = {key: str(value) for key, value in keys.items() if is_id(str(value or ""))}
    return {"identities": found} if found else {}
