"""`flow`: matters that a person sees to from the beginning."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field

from bot.conversation.commands import Command, Handoff, StartFlow
from bot.conversation.store import Urgency
from bot.conversation.tracker import Tracker
from nlu.types import Understanding


class FlowEscalation(BaseModel):
    """Hand over instead of starting one of `flows`. A flow that only ends with a person calls action_request_handoff."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    flows: tuple[str, ...] = Field(min_length=1)
    urgency: Urgency = "normal"

    def check(
        self, tracker: Tracker, understanding: Understanding | None, commands: Sequence[Command]
    ) -> Handoff | None:
        """Looks at what is about to start."""
        for command in commands:
            if isinstance(command, StartFlow) and command.flow in self.flows:
                return Handoff(
                    reason_code="flow",
                    reason_text="상담원이 직접 도와드리는 업무예요",
                    urgency=self.urgency,
                    evidence={"flow": command.flow},
                )
        return None
