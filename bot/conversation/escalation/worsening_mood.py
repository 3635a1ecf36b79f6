"""`worsening_mood`: the conversation turns sour, even if not every message is angry."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field

from bot.conversation.commands import Command, Handoff
from bot.conversation.mood_trend import change
from bot.conversation.store import Urgency
from bot.conversation.tracker import Tracker
from nlu.types import Understanding


class WorseningMood(BaseModel):
    """Hand over at a negative message when the later half of the last `messages` is by `drop` worse than the earlier."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    messages: int = Field(default=4, ge=2, le=20)
    drop: float = Field(default=0.6, gt=0, le=2)
    urgency: Urgency = "high"

    def check(
        self, tracker: Tracker, understanding: Understanding | None, commands: Sequence[Command]
    ) -> Handoff | None:
        """What was said before a person last had the case doesn't count."""
        moods = [mood for mood in tracker.state.moods if mood.seq > tracker.state.angry_since]
        last = moods[-self.messages :]
        if understanding is None or len(last) < self.messages or last[-1].label != "negative":
            return None
        fallen = -change(last, self.messages // 2)
        if fallen < self.drop:
            return None
        return Handoff(
            reason_code="worsening_mood",
            reason_text="대화하면서 고객의 기분이 나빠지고 있어요",
            urgency=self.urgency,
            evidence={"drop": round(fallen, 2)},
        )
