"""Replies as KakaoTalk skill templates, version 2.0, within the limits that Kakao states for each component."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from bot.channels.feedback import feedback_payload
from bot.channels.kakao_cards import (
    MAX_ALT,
    MAX_CARD,
    MAX_LABEL,
    MAX_TITLE,
    absolute,
    button_of,
    cards,
    clip,
    file,
    text_card,
)
from bot.conversation.in_words import in_words
from bot.conversation.messages import Button, Reply

__all__ = [
    "ANEW",
    "MAX_CARD",
    "MAX_LABEL",
    "MAX_OUTPUTS",
    "MAX_QUICK_REPLIES",
    "MAX_TEXT",
    "MAX_TITLE",
    "callback_promise",
    "fitting",
    "plain",
    "simple_text",
    "skill_response",
    "split_text",
]

MAX_OUTPUTS = 3
MAX_QUICK_REPLIES = 10
MAX_TEXT = 1000
COMFORTABLE_TEXT = 500
"""Beyond it KakaoTalk folds the bubble."""

ANEW = "+"
"""Ends the id of a reply that waits once more; the message that it is a part of has the id without it."""

_SENTENCE_END = re.compile(r"(?<=[.!?…요다])\s+|\n+")


def skill_response(
    replies: Sequence[Reply], *, base_url: str, waiting_for_person: bool = False, more: str = ""
) -> dict[str, Any]:
    """The whole response. `base_url` makes links to sources absolute; no replies give a short honest line.

    `more` is the label of a quick reply that asks for what is still to come.
    """
    outputs = _outputs(replies, base_url, waiting_for_person) or [simple_text("메시지를 전달했어요.")]
    template: dict[str, Any] = {"outputs": outputs}
    asking = [{"label": more, "action": "message", "messageText": more}] if more else []
    judging = _judging(replies)
    quick = [*[*asking, *_quick_replies(replies)][: MAX_QUICK_REPLIES - len(judging)], *judging]
    if quick:
        template["quickReplies"] = quick
    return {"version": "2.0", "template": template}


def fitting(replies: Sequence[Reply], *, waiting_for_person: bool = False) -> tuple[list[Reply], list[Reply]]:
    """(replies that fit whole into one response, those that have to wait), in order; a giant one is parted."""
    for count in range(len(replies), 0, -1):
        if _fits(replies[:count], waiting_for_person):
            return list(replies[:count]), [_anew(reply) for reply in replies[count:]]
    if not replies:
        return [], []
    first, rest = _parted(replies[0])
    return [first], [*rest, *(_anew(reply) for reply in replies[1:])]


def _fits(replies: Sequence[Reply], waiting: bool) -> bool:
    cards = _cards_of(replies, "", waiting)
    texts = _texts_of(replies, waiting)
    room = MAX_OUTPUTS - min(len(cards), MAX_OUTPUTS - 1)
    return len(cards) < MAX_OUTPUTS and len(_packed(texts, room)) <= room


def _parted(reply: Reply) -> tuple[Reply, list[Reply]]:
    """A reply whose text is longer than all bubbles: what fits beside its card, and the rest."""
    room = MAX_OUTPUTS - min(len(list(_cards(reply, "", False))), MAX_OUTPUTS - 1)
    pieces = split_text(plain(reply.text), MAX_TEXT - 40)
    shown = reply.model_copy(update={"text": "\n\n".join(pieces[:room])})
    rest = Reply(
        message_id=reply.message_id,
        text="\n\n".join(pieces[room:]),
        speaker=reply.speaker,
        speaker_name=reply.speaker_name,
    )
    return shown, [_anew(rest)]


def _anew(reply: Reply) -> Reply:
    """Under an id of its own: the outbox takes each id once."""
    return reply.model_copy(update={"message_id": f"{reply.message_id}{ANEW}"})


def callback_promise(text: str) -> dict[str, Any]:
    """The first answer when the real one follows by callback."""
    return {"version": "2.0", "useCallback": True, "data": {"text": text}}


def simple_text(text: str) -> dict[str, Any]:
    """A text bubble."""
    return {"simpleText": {"text": clip(text, MAX_TEXT)}}


def plain(text: str) -> str:
    """Text without light markdown, which KakaoTalk would show as it is."""
    text = re.sub(r"\[([^\]]+)\]\((https?://[^)\s]+)\)", r"\1 \2", text)
    return re.sub(r"(\*\*|__|`)(.+?)\1", r"\2", text)


def _outputs(replies: Sequence[Reply], base_url: str, waiting: bool) -> list[dict[str, Any]]:
    """Sources, pictures and the operator's card have their place; texts share what is left."""
    cards = _cards_of(replies, base_url, waiting)[: MAX_OUTPUTS - 1]
    bubbles = _pack(_texts_of(replies, waiting), MAX_OUTPUTS - len(cards))
    return [*(simple_text(text) for text in bubbles), *cards]


def _texts_of(replies: Sequence[Reply], waiting: bool) -> list[str]:
    said = [_said(reply) for reply in replies if not _is_operator_card(reply, waiting)]
    return [text for text in said if text]


def _cards_of(replies: Sequence[Reply], base_url: str, waiting: bool) -> list[dict[str, Any]]:
    return [card for reply in replies for card in _cards(reply, base_url, waiting)]


def _said(reply: Reply) -> str:
    name = f"[{reply.speaker_name} 상담원] " if reply.speaker == "agent" and reply.speaker_name else ""
    text = plain(in_words(reply.text, {"form": reply.form.model_dump()} if reply.form else {}))
    return name + text if text else ""


def _packed(texts: Sequence[str], room: int) -> list[str]:
    """As few bubbles as needed: comfortable ones if they fit, fuller ones if they must."""
    parts = [part for text in texts for part in split_text(text, COMFORTABLE_TEXT)]
    if len(parts) <= room:
        return parts
    parts = [part for text in texts for part in split_text(text, MAX_TEXT)]
    packed: list[str] = []
    for part in parts:
        if packed and len(packed[-1]) + len(part) + 2 <= MAX_TEXT:
            packed[-1] = f"{packed[-1]}\n\n{part}"
        else:
            packed.append(part)
    return packed


def _pack(texts: Sequence[str], room: int) -> list[str]:
    """`_packed` within `room` bubbles; an ellipsis tells of what was left out."""
    packed = _packed(texts, room)
    kept = packed[:room]
    if len(packed) > room:
        kept[-1] = clip(kept[-1] + "…", MAX_TEXT)
    return kept


def split_text(text: str, limit: int) -> list[str]:
    """Pieces of at most `limit` characters, cut between sentences where there is a place."""
    pieces: list[str] = []
    rest = text.strip()
    while len(rest) > limit:
        ends = [
            match.start() for match in _SENTENCE_END.finditer(rest[: limit + 1]) if match.start() > limit // 3
        ]
        cut = ends[-1] if ends else limit
        pieces.append(rest[:cut].strip())
        rest = rest[cut:].strip()
    return [*pieces, rest] if rest else pieces


def _is_operator_card(reply: Reply, waiting: bool) -> bool:
    return waiting and reply.response == "utter_handoff_started"


def _cards(reply: Reply, base_url: str, waiting: bool) -> Iterable[dict[str, Any]]:
    if _is_operator_card(reply, waiting):
        operator = [{"action": "operator", "label": "상담원 연결"}]
        yield {"textCard": text_card("상담원 연결", plain(reply.text), operator)}
    if reply.image and reply.image.startswith(("https://", "http://")):
        yield {"simpleImage": {"imageUrl": reply.image, "altText": clip(reply.text or "그림", MAX_ALT)}}
    yield from cards(reply.elements, base_url)
    if reply.attachment is not None:
        yield file(reply.attachment, base_url)
    for citation in reply.citations[:1]:
        url = str(citation.get("url") or "")
        title = f"출처: {citation.get('title', '')}"
        source = [{"action": "webLink", "label": "원문 보기", "webLinkUrl": absolute(url, base_url)}]
        yield {"textCard": text_card(title, str(citation.get("snippet", "")), source if url else [])}


def _quick_replies(replies: Sequence[Reply]) -> list[dict[str, Any]]:
    """The buttons of the last reply that has any. The payload comes back as `clientExtra`."""
    buttons = next((reply.buttons for reply in reversed(replies) if reply.buttons), ())
    return [button_of(button, "") for button in buttons if button.title.strip() and not button.url]


def _judging(replies: Sequence[Reply]) -> list[dict[str, Any]]:
    """Whether the last answer from the documents helped."""
    answer = next((reply for reply in reversed(replies) if reply.citations and reply.speaker == "bot"), None)
    if answer is None:
        return []
    message_id = answer.message_id.rstrip(ANEW)
    buttons = (
        Button(title="도움이 됐어요", payload=feedback_payload(message_id, "up")),
        Button(title="도움이 안 됐어요", payload=feedback_payload(message_id, "down")),
    )
    return [button_of(button, "") for button in buttons]
