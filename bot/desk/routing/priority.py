"""`priority`: urgent matters and important customers are served earlier, by a finite head start."""

from __future__ import annotations

from pydantic import Field

from bot.conversation.store import HEAD_START, Case
from bot.desk.routing.policy import RoutingPolicy


class Priority(RoutingPolicy):
    """Ageing by construction: a case with a head start of five minutes overtakes those who came in the last five minutes,
    and nobody else; however many such cases come, everybody's turn comes too."""

    urgency: dict[str, float] = Field(default_factory=lambda: dict(HEAD_START))
    segments: dict[str, float] = Field(default_factory=dict)
    """Segment of the customer -> seconds."""
    reasons: dict[str, float] = Field(default_factory=dict)
    """Reason code of the handoff -> seconds."""

    def head_start(self, case: Case) -> float:
        """The sum of what applies."""
        found = self.urgency.get(case.urgency, 0.0) + self.reasons.get(case.reason_code, 0.0)
        return found + self.segments.get(case.segment, 0.0)
