"""`abuse`: a message that insults or threatens is warned of, and after the warnings goes to a person or ends the matter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.conversation.commands import Abuse, Command, Handoff
from bot.conversation.tracker import Tracker
from nlu.types import Understanding


class AbuseEscalation(BaseModel):
    """Act when the abuse score reaches `score`; the first `warnings` times of a session with a word of warning."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    score: float = Field(default=0.95, ge=0, le=1)
    warnings: int = Field(default=1, ge=0, le=10)
    then: Literal["handoff", "close", "warn"] = "handoff"
    """After the warnings: a person, marked as such; the end of the matter; or no more than warnings."""

    def check(
        self, tracker: Tracker, understanding: Understanding | None, commands: Sequence[Command]
    ) -> Handoff | Abuse | None:
        """Looks at this message, and at the warnings that were given."""
        if understanding is None or understanding.abuse.score < self.score:
            return None
        if tracker.state.warnings < self.warnings or self.then == "warn":
            return Abuse()
        if self.then == "close":
            return Abuse(close=True)
        return Handoff(reason_code="abuse", reason_text="거친 말이 나왔어요", urgency="high")
