"""`threat`: violence is announced, or complaints, courts and the press are."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field

from bot.conversation.commands import Command, Handoff
from bot.conversation.store import Urgency
from bot.conversation.tracker import Tracker
from nlu.types import Understanding


class ThreatEscalation(BaseModel):
    """Hand over as soon as a threat is at least `score` sure: no bot should answer it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    score: float = Field(default=0.8, ge=0, le=1)
    urgency: Urgency = "urgent"

    def check(
        self, tracker: Tracker, understanding: Understanding | None, commands: Sequence[Command]
    ) -> Handoff | None:
        """Looks at this message alone."""
        if understanding is None or understanding.signals.threat < self.score:
            return None
        return Handoff(
            reason_code="threat",
            reason_text="위협하거나 신고를 예고하는 말이 나왔어요",
            urgency=self.urgency,
            evidence={"threat": understanding.signals.threat},
        )
