"""A customer who leaves a question open: a reminder, then a polite close. Nobody is disturbed whose matter is done."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bot.conversation.flows.stack import awaited_slot
from bot.conversation.tracker import Tracker

Due = Literal["reminder", "close"]


class SilenceSettings(BaseModel):
    """`silence` in config.yml. Calls have a patience of their own."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    channels: tuple[str, ...] = ("webchat",)
    """Where the bot may speak first. On a channel that only answers, the word would come with the next answer."""
    remind_after: float = Field(default=180.0, ge=10, le=86_400)
    """Seconds after the customer's last message."""
    close_after: float = Field(default=600.0, ge=20, le=604_800)
    """Seconds after it at which what is half done is given up."""

    @model_validator(mode="after")
    def _in_order(self) -> SilenceSettings:
        if self.close_after <= self.remind_after:
            raise ValueError("close_after has to come after remind_after")
        return self

    def due(self, tracker: Tracker, now: float) -> Due | None:
        """What the silence of this conversation asks for now, once each."""
        state = tracker.state
        if tracker.owner != "bot" or state.channel not in self.channels or state.latest_user_at is None:
            return None
        if awaited_slot(tracker.stack) is None:
            return None
        quiet = now - state.latest_user_at
        if state.reminders == 0:
            return "reminder" if quiet >= self.remind_after else None
        return "close" if quiet >= self.close_after else None
