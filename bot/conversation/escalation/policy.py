"""When a person is needed: small policies, one a file, chosen by name in config.yml under `escalation`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.conversation.commands import Abuse, Command, Handoff
from bot.conversation.tracker import Tracker
from nlu.types import Understanding


class EscalationPolicy(Protocol):
    """Looks at a turn before it is carried out. The tracker has the customer's message already."""

    def check(
        self, tracker: Tracker, understanding: Understanding | None, commands: Sequence[Command]
    ) -> Handoff | Abuse | None:
        """A handoff with its reason, a word against abuse, or None to leave it to the bot."""
