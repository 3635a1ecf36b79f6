"""`repeated_failure`: the bot failed several times in a row."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field

from bot.conversation.commands import CannotHandle, Command, Handoff
from bot.conversation.tracker import Tracker
from nlu.types import Understanding


class RepeatedFailure(BaseModel):
    """Hand over at the failure after `failures` ones in a row; before that the bot offers a person itself."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    failures: int = Field(default=3, ge=1, le=20)

    def check(
        self, tracker: Tracker, understanding: Understanding | None, commands: Sequence[Command]
    ) -> Handoff | None:
        """Only a message that fails again hands over."""
        failing = any(isinstance(command, CannotHandle) for command in commands)
        if not failing or tracker.state.failures < self.failures:
            return None
        return Handoff(
            reason_code="repeated_failure", reason_text=f"도우미가 {self.failures}번 넘게 이해하지 못했어요"
        )
