"""`negative_sentiment`: several angry messages in a row."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field

from bot.conversation.commands import Command, Handoff
from bot.conversation.tracker import Tracker
from nlu.types import Understanding


class NegativeSentiment(BaseModel):
    """Hand over after `messages` negative ones in a row, each at least `score` sure."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    messages: int = Field(default=3, ge=1, le=20)
    score: float = Field(default=0.6, ge=0, le=1)

    def check(
        self, tracker: Tracker, understanding: Understanding | None, commands: Sequence[Command]
    ) -> Handoff | None:
        """Counts back from the message that just came in."""
        moods = [mood for mood in tracker.state.moods if mood.seq > tracker.state.angry_since]
        last = moods[-self.messages :]
        if len(last) < self.messages or any(m.label != "negative" or m.score < self.score for m in last):
            return None
        return Handoff(
            reason_code="negative_sentiment",
            reason_text=f"불편을 나타내는 메시지가 {self.messages}번 이어졌어요",
            urgency="high",
        )
