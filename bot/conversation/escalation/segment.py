"""`segment`: customers of certain segments get a person sooner."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.conversation.commands import CannotHandle, Command, Handoff
from bot.conversation.store import Urgency
from bot.conversation.tracker import Tracker
from nlu.types import Understanding


class SegmentEscalation(BaseModel):
    """Hand over customers of `segments` at their first message, or with `on: failure` as soon as the bot fails once."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    slot: str
    """Slot that says which segment the customer belongs to."""
    segments: tuple[str, ...] = Field(min_length=1)
    on: Literal["message", "failure"] = "failure"
    urgency: Urgency = "high"

    def check(
        self, tracker: Tracker, understanding: Understanding | None, commands: Sequence[Command]
    ) -> Handoff | None:
        """Looks at the slot as it is before this turn."""
        segment = str(tracker.slot(self.slot) or "")
        failing = any(isinstance(command, CannotHandle) for command in commands) or tracker.state.failures > 0
        if segment not in self.segments or (self.on == "failure" and not failing):
            return None
        return Handoff(
            reason_code="segment",
            reason_text=f"{segment} 고객이에요",
            urgency=self.urgency,
            evidence={"segment": segment},
        )
