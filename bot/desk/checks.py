"""What an agent should look at before a reply goes out: personal data, an unkind tone, a question that was missed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from bot.conversation.events import AgentUttered, Event, UserUttered
from korean.morphology import morphology
from korean.privacy import detect
from korean.privacy.kinds import LABELS, NUMBERS
from korean.speech_act import asks
from nlu.feelings import abuse_of

ABUSIVE = 0.6
"""Score from which words count as unkind."""
_CASUAL = re.compile(
    r"(?:했어|없어|있어|됐어|줬어|왔어|갔어|[가-힣]잖아|거야|거든|하지\s?마|해라|해줘|몰라|알아서\s?해|기다려|그래서\s?뭐|어쩌라고)$"
)
"""Endings of plain speech, which nobody uses to customers."""
_SENTENCES = re.compile(r"[.!?~\n]+")
LOOK_BACK = 4
"""Questions since the last reply that are looked at."""


def check_reply(text: str, events: Sequence[Event]) -> list[dict[str, Any]]:
    """`[{code, text, seq}]`: `personal_data` and `unkind` quote the reply, `missed_question` the customer's message.

    Nothing is forbidden: the agent decides.
    """
    found: list[dict[str, Any]] = [
        {"code": "personal_data", "text": f"{LABELS[item.kind]}: {item.text}", "seq": None}
        for item in detect(text, NUMBERS)
    ]
    found += [{"code": "unkind", "text": words, "seq": None} for words in _unkind(text)]
    found += [
        {"code": "missed_question", "text": said.text[:80], "seq": said.seq} for said in _missed(text, events)
    ]
    return found


def _unkind(text: str) -> list[str]:
    sentences = [part.strip() for part in _SENTENCES.split(text) if part.strip()]
    return [part[:80] for part in sentences if _CASUAL.search(part) or abuse_of(part).score >= ABUSIVE]


def _missed(text: str, events: Sequence[Event]) -> list[UserUttered]:
    """Of several open questions those that share no word with the reply, if it has one in common with another."""
    since = max((at for at, event in enumerate(events) if isinstance(event, AgentUttered)), default=-1)
    asked = [e for e in events[since + 1 :] if isinstance(e, UserUttered) and asks(e.text)][-LOOK_BACK:]
    if len(asked) < 2 or not text.strip():
        return []
    reply = set(morphology().content_terms(text))
    answered = [bool(reply & set(morphology().content_terms(event.text))) for event in asked]
    return [event for event, done in zip(asked, answered, strict=True) if not done] if any(answered) else []
