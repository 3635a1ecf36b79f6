"""What a reply shows, as words: for callers, the terminal, and channels that have no such thing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from korean.josa import attach


def in_words(text: str, data: Mapping[str, Any]) -> str:
    """The text and after it cards, form and attachment of `Reply.data()`, each on lines of its own.

    >>> in_words("골라 보세요", {"elements": [{"title": "이음 체크카드", "subtitle": "연회비가 없어요"}]})
    '골라 보세요\\n이음 체크카드: 연회비가 없어요'
    """
    lines = [text, *_cards(data.get("elements") or ()), *_form(data.get("form"))]
    lines += _attachment(data.get("attachment"))
    return "\n".join(line for line in lines if line)


def _cards(elements: Iterable[Mapping[str, Any]]) -> list[str]:
    cards = [": ".join(filter(None, (card["title"], card.get("subtitle", "")))) for card in elements]
    if len(cards) < 2:
        return cards
    return [f"{number}. {card}" for number, card in enumerate(cards, 1)]


def _form(form: Mapping[str, Any] | None) -> list[str]:
    labels = [field["label"] for field in form["fields"] if field.get("label")] if form else []
    return [f"{attach(', '.join(labels), '을')} 차례로 여쭤볼게요."] if labels else []


def _attachment(attachment: Mapping[str, Any] | None) -> list[str]:
    if not attachment:
        return []
    payload = attachment["payload"]
    return [f"{payload.get('title') or '첨부 파일'}: {payload['src']}"]
