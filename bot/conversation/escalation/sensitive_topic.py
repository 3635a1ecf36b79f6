"""`sensitive_topic`: phishing, accidents and whatever else a person must see to at once."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field

from bot.conversation.commands import Command, Handoff
from bot.conversation.store import Urgency
from bot.conversation.tracker import Tracker
from nlu.types import Understanding

WORDS = (
    "보이스피싱",
    "보이스 피싱",
    "피싱",
    "스미싱",
    "사기당",
    "사기 당",
    "명의도용",
    "명의 도용",
    "해킹",
    "협박",
    "납치",
)


class SensitiveTopic(BaseModel):
    """Hand over at a message with one of the `intents` or `words`; the flow that it starts goes on afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    intents: tuple[str, ...] = ()
    words: tuple[str, ...] = WORDS
    """Compared without spaces and case."""
    score: float = Field(default=0.6, ge=0, le=1)
    """How sure the intent must be."""
    urgency: Urgency = "urgent"

    def check(
        self, tracker: Tracker, understanding: Understanding | None, commands: Sequence[Command]
    ) -> Handoff | None:
        """Looks at this message alone."""
        if understanding is None:
            return None
        intent, text = understanding.intent, "".join(understanding.text.split()).casefold()
        named = intent is not None and intent.name in self.intents and intent.confidence >= self.score
        word = next((word for word in self.words if "".join(word.split()).casefold() in text), None)
        if not named and word is None:
            return None
        topic = word or (intent.name if intent else "")
        return Handoff(
            reason_code="sensitive_topic",
            reason_text="바로 확인이 필요한 내용이에요",
            urgency=self.urgency,
            evidence={"topic": topic},
        )
