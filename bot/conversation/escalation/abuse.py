"""`abuse`: a message that insults or threatens goes to a person, marked as such."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field

from bot.conversation.commands import Command, Handoff
from bot.conversation.tracker import Tracker
from nlu.types import Understanding


class AbuseEscalation(BaseModel):
    """Hand over when the abuse score reaches `score`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    score: float = Field(default=0.95, ge=0, le=1)

    def check(
        self, tracker: Tracker, understanding: Understanding | None, commands: Sequence[Command]
    ) -> Handoff | None:
        """Looks at this message alone."""
        if understanding is None or understanding.abuse.score < self.score:
            return None
        return Handoff(reason_code="abuse", reason_text="거친 말이 나왔어요", urgency="high")
