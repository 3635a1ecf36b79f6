"""Orders to the language model hidden in documents or questions are taken out before it sees them."""

from __future__ import annotations

import re

_ORDERS = re.compile(
    r"(?:이전|위|앞|지금까지|모든|기존)[^\n.?!]{0,12}(?:지시|지침|명령|프롬프트|규칙|설정)[^\n.?!]{0,12}(?:무시|잊|버리|따르지)|"
    r"(?:시스템|system)\s*(?:프롬프트|prompt|메시지|message)|"
    r"(?:너는|넌|당신은)\s*(?:이제|지금부터|앞으로)|"
    r"(?:규칙|지침|지시)[^\n.?!]{0,10}(?:출력|공개|보여|알려)|"
    r"(?:ignore|disregard|forget|override)[^\n.?!]{0,30}(?:instruction|prompt|rule|above|previous)|"
    r"you are now\b|act as\b|jailbreak|developer mode|"
    r"^\s*(?:system|assistant|user|시스템|어시스턴트)\s*[:：]|"
    r"<\|[^>]*\|>|\[/?INST\]|<</?SYS>>|</?(?:system|passage|question)[^>]*>",
    re.IGNORECASE | re.MULTILINE,
)
_PARTS = re.compile(r"[^\n.?!]*[\n.?!]?")


def neutralised(text: str) -> str:
    """The text without the sentences that give orders to a model."""
    if not _ORDERS.search(text):
        return text
    parts = [part for part in _PARTS.findall(text) if part and not _ORDERS.search(part)]
    return "".join(parts).strip()


def gives_orders(text: str) -> bool:
    """Whether a text tries to."""
    return bool(_ORDERS.search(text))
