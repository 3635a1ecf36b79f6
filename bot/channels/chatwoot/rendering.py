"""Replies, and the handoff packet, as Chatwoot shows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.conversation.in_words import in_words
from bot.conversation.messages import Reply
from bot.conversation.rich import Button, Element

MOST_ITEMS = 10
MOOD = {"positive": "좋음", "neutral": "보통", "negative": "불편"}
PRIORITY = {"urgent": "urgent", "high": "high", "normal": "medium", "low": "low"}


def messages_of(reply: Reply, base_url: str) -> list[dict[str, Any]]:
    """A reply as messages: its text with the sources, cards, then what can be chosen."""
    text = _text(reply, base_url)
    choices = [button for button in reply.buttons if not button.url]
    links = [f"{button.title}: {_absolute(button.url, base_url)}" for button in reply.buttons if button.url]
    text = "\n".join([text, *links]).strip()
    made: list[dict[str, Any]] = []
    if reply.elements:
        if text:
            made.append(_said(text))
        made.append(_cards(reply.elements, base_url))
        text = ""
    if choices:
        items = [{"title": b.title, "value": b.payload or b.title} for b in choices[:MOST_ITEMS]]
        content = text or "아래에서 골라 주세요."
        made.append(_said(content, content_type="input_select", content_attributes={"items": items}))
    elif text:
        made.append(_said(text))
    return made


def note_of(packet: dict[str, Any]) -> dict[str, Any]:
    """The packet as a private note: what an agent reads before the first word."""
    lines = [f"**{packet['reason']['text'] or packet['reason']['code']}**"]
    lines += [f"- {one['label']}: {one['text']}" for one in packet["summary"] if one["text"]]
    known = [f"- {slot['label']}: {slot['value']}" for slot in packet["slots"]]
    if known:
        lines += ["", "**확인된 정보**", *known]
    missing = [slot["label"] for slot in packet["missing_slots"]]
    if missing:
        lines += ["", f"**아직 모르는 것** {', '.join(missing)}"]
    tried = [
        f"- {one['question']} → {one['text'] or '답을 찾지 못했어요'}" for one in packet["answers_tried"]
    ]
    if tried:
        lines += ["", "**이미 드린 답**", *tried]
    replies = [f"- {one['text']}" for one in packet["suggested_replies"]]
    if replies:
        lines += ["", "**답변 제안**", *replies]
    return {"content": "\n".join(lines), "message_type": "outgoing", "private": True}


def attributes_of(packet: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """The conversation's attributes with ours among them; those of others stay."""
    turns = packet["sentiment"]["turns"]
    ours = {
        "sangdam_case": packet["case_id"],
        "sangdam_reason": packet["reason"]["code"],
        "sangdam_urgency": packet["urgency"],
        "sangdam_mood": MOOD.get(turns[-1]["label"], "") if turns else "",
        "sangdam_goal": str((packet["goal"] or {}).get("name") or ""),
        **{f"sangdam_{slot['name']}": str(slot["value"]) for slot in packet["slots"]},
    }
    return {**before, **{name: value for name, value in ours.items() if value}}


def priority_of(packet: dict[str, Any]) -> str | None:
    """Chatwoot's word for how urgent it is; None for what is as always."""
    found = PRIORITY.get(str(packet["urgency"]))
    return found if found in ("urgent", "high") else None


def _text(reply: Reply, base_url: str) -> str:
    lines = [reply.text]
    if reply.form is not None:
        lines = [in_words(reply.text, {"form": reply.form.model_dump()})]
    if reply.image:
        lines.append(_absolute(reply.image, base_url))
    if reply.attachment is not None:
        lines.append(_absolute(reply.attachment.payload.src, base_url))
    for citation in reply.citations:
        lines.append(
            f"출처: {citation.get('title', '')} {_absolute(str(citation.get('url') or ''), base_url)}".strip()
        )
    return "\n".join(line for line in lines if line)


def _cards(elements: Sequence[Element], base_url: str) -> dict[str, Any]:
    items = [
        {
            "title": element.title,
            "description": element.subtitle,
            **({"media_url": _absolute(element.image_url, base_url)} if element.image_url else {}),
            "actions": [_action(button, base_url) for button in element.buttons],
        }
        for element in elements[:MOST_ITEMS]
    ]
    return _said("카드", content_type="cards", content_attributes={"items": items})


def _action(button: Button, base_url: str) -> dict[str, str]:
    if button.url:
        return {"type": "link", "text": button.title, "uri": _absolute(button.url, base_url)}
    return {"type": "postback", "text": button.title, "payload": button.payload}


def _said(content: str, **rest: Any) -> dict[str, Any]:
    return {"content": content, "message_type": "outgoing", "private": False, **rest}


def _absolute(address: str | None, base_url: str) -> str:
    address = address or ""
    return f"{base_url}{address}" if address.startswith("/") else address
