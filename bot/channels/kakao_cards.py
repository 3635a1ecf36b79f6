"""Cards, carousels and files as KakaoTalk's components, each within the limits that Kakao states for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from bot.conversation.messages import Attachment, Button, Element

MAX_LABEL = 14
MAX_TITLE = 50
MAX_CARD = 400
"""Title and description of a text card together."""
MAX_BASIC = 230
"""Description of a card with a picture."""
MAX_CAROUSEL_CARD = 128
"""Title and description of a text card in a carousel together."""
MAX_CAROUSEL = 10
MAX_ALT = 50
MAX_BUTTONS = 3

Component = dict[str, Any]


def clip(text: str, limit: int) -> str:
    """`text` within `limit` characters, an ellipsis where it was cut."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def absolute(url: str, base_url: str) -> str:
    """An address that KakaoTalk can open."""
    return url if url.startswith(("https://", "http://", "tel:", "mailto:")) else f"{base_url}{url}"


def text_card(title: str, description: str, buttons: list[Component], limit: int = MAX_CARD) -> Component:
    """A card without a picture."""
    title = clip(title, MAX_TITLE)
    card: Component = {"title": title, "description": clip(description, limit - len(title))}
    if buttons:
        card["buttons"] = buttons
    return card


def cards(elements: Sequence[Element], base_url: str) -> Iterable[Component]:
    """One card, or a carousel of cards of one kind: with pictures only if each has one."""
    shown = elements[:MAX_CAROUSEL]
    if not shown:
        return
    pictures = all(element.image_url for element in shown)
    kind = "basicCard" if pictures else "textCard"
    several = len(shown) > 1
    items = [
        _basic_card(element, base_url) if pictures else _plain_card(element, base_url, several)
        for element in shown
    ]
    yield {"carousel": {"type": kind, "items": items}} if several else {kind: items[0]}


def file(attachment: Attachment, base_url: str) -> Component:
    """A picture as one, any other file as a card with a link."""
    url = absolute(attachment.payload.src, base_url)
    title = attachment.payload.title or "첨부 파일"
    if attachment.type == "image":
        return {"simpleImage": {"imageUrl": url, "altText": clip(title, MAX_ALT)}}
    return {
        "textCard": text_card(title, "", [{"action": "webLink", "label": "파일 열기", "webLinkUrl": url}])
    }


def _basic_card(element: Element, base_url: str) -> Component:
    card: Component = {
        "thumbnail": {
            "imageUrl": absolute(str(element.image_url), base_url),
            "altText": clip(element.image_alt, MAX_ALT),
        },
        "title": clip(element.title, MAX_TITLE),
        "description": clip(element.subtitle, MAX_BASIC),
    }
    if element.buttons:
        card["buttons"] = _buttons(element.buttons, base_url)
    return card


def _plain_card(element: Element, base_url: str, several: bool) -> Component:
    limit = MAX_CAROUSEL_CARD if several else MAX_CARD
    return text_card(element.title, element.subtitle, _buttons(element.buttons, base_url), limit)


def _buttons(buttons: Sequence[Button], base_url: str) -> list[Component]:
    return [button_of(button, base_url) for button in buttons[:MAX_BUTTONS] if button.title.strip()]


def button_of(button: Button, base_url: str) -> Component:
    """A button that says something, opens a page or calls a number."""
    label = clip(button.title, MAX_LABEL)
    if button.url and button.url.startswith("tel:"):
        return {"label": label, "action": "phone", "phoneNumber": button.url.removeprefix("tel:")}
    if button.url:
        return {"label": label, "action": "webLink", "webLinkUrl": absolute(button.url, base_url)}
    return {
        "label": label,
        "action": "message",
        "messageText": button.title,
        "extra": {"payload": button.payload},
    }
