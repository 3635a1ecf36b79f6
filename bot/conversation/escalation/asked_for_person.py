"""`asked_for_person`: the customer wants a person, at once or after the bot has tried."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field

from bot.conversation.commands import Command, Handoff
from bot.conversation.events import UserUttered
from bot.conversation.store import Urgency
from bot.conversation.tracker import Tracker
from nlu.types import Understanding


class AskedForPerson(BaseModel):
    """Without this policy a wish for a person is granted at once, with normal urgency."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    urgency: Urgency = "normal"
    urgent_after: int = Field(default=2, ge=1, le=20)
    """Who asks for the so-manieth time within the last turns is served as a high one."""

    def check(
        self, tracker: Tracker, understanding: Understanding | None, commands: Sequence[Command]
    ) -> Handoff | None:
        """The wish as it was understood, with the urgency that is due to it."""
        asked = next(
            (c for c in commands if isinstance(c, Handoff) and c.reason_code == "asked_for_person"), None
        )
        if asked is None or understanding is None or understanding.intent is None:
            return asked
        name = understanding.intent.name
        times = sum(
            isinstance(event, UserUttered) and (event.parse_data.get("intent") or {}).get("name") == name
            for event in tracker.recent
        )
        urgency = "high" if times >= self.urgent_after and self.urgency == "normal" else self.urgency
        return asked.model_copy(update={"urgency": urgency, "evidence": {"times": times}})
