"""`value_at_risk`: large sums are a person's business."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field

from bot.conversation.commands import Command, Handoff, SetSlot
from bot.conversation.store import Urgency
from bot.conversation.tracker import Tracker
from nlu.types import Understanding


class ValueAtRisk(BaseModel):
    """Hand over as soon as the number in `slot` reaches `at_least`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    slot: str
    at_least: float = Field(gt=0)
    urgency: Urgency = "high"

    def check(
        self, tracker: Tracker, understanding: Understanding | None, commands: Sequence[Command]
    ) -> Handoff | None:
        """Looks at the value that is about to be set: one that a person has seen already is no news."""
        for command in commands:
            if isinstance(command, SetSlot) and command.name == self.slot:
                value = _number(command.value)
                if value is not None and value >= self.at_least:
                    return Handoff(
                        reason_code="value_at_risk",
                        reason_text="금액이 커서 상담원의 확인이 필요해요",
                        urgency=self.urgency,
                        evidence={"slot": self.slot, "at_least": self.at_least},
                    )
        return None


def _number(value: object) -> float | None:
    try:
        return float(str(value).replace(",", ""))
    except ValueError:
        return None
