"""`channel`: on some channels, such as the telephone, people have less patience with a bot."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field

from bot.conversation.commands import CannotHandle, Command, Handoff
from bot.conversation.store import Urgency
from bot.conversation.tracker import Tracker
from nlu.types import Understanding


class ChannelEscalation(BaseModel):
    """Hand over on one of `channels` at the failure after `failures` ones in a row; 0 at the first."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    channels: tuple[str, ...] = Field(min_length=1)
    failures: int = Field(default=1, ge=0, le=20)
    urgency: Urgency = "normal"

    def check(
        self, tracker: Tracker, understanding: Understanding | None, commands: Sequence[Command]
    ) -> Handoff | None:
        """Only a message that fails hands over."""
        failing = any(isinstance(command, CannotHandle) for command in commands)
        if (
            tracker.state.channel not in self.channels
            or not failing
            or tracker.state.failures < self.failures
        ):
            return None
        return Handoff(
            reason_code="channel",
            reason_text="도우미가 이해하지 못해서 상담원에게 연결해요",
            urgency=self.urgency,
            evidence={"channel": tracker.state.channel, "failures": tracker.state.failures + 1},
        )
