"""Conversations as the event log has them, told in short."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.conversation.events import BotUttered, CommandsIssued, Event, UserUttered

AT = 1_795_000_000.0


class Talk:
    """Builds the events of one conversation."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def add(self, *events: Event) -> Talk:
        for event in events:
            seq = len(self.events) + 1
            self.events.append(event.model_copy(update={"seq": seq, "timestamp": AT + seq}))
        return self

    def says(self, text: str, intent: str = "loss", confidence: float = 0.9, *commands: str) -> Talk:
        ranking = [{"name": intent, "confidence": confidence}, {"name": "rates", "confidence": 0.05}]
        parsed: dict[str, Any] = {"text": text, "intent": ranking[0], "intent_ranking": ranking}
        self.add(UserUttered(text=text, message_id=f"u{len(self.events)}", parse_data=parsed))
        if commands:
            self.add(CommandsIssued(commands=[{"command": name} for name in commands]))
        return self

    def presses(self, text: str) -> Talk:
        return self.add(UserUttered(text=text, message_id=f"u{len(self.events)}"))

    def answers(self, text: str, message_id: str = "") -> Talk:
        return self.add(BotUttered(text=text, message_id=message_id or f"b{len(self.events)}"))


@pytest.fixture
def talk() -> Callable[[], Talk]:
    return Talk
