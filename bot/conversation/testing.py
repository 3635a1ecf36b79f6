"""Twins of the engine's ports for tests of assistants and of the engine: understanding by table, actions by function."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from bot.conversation.actions_port import ActionError, ActionResult
from bot.conversation.tracker import Tracker
from nlu.types import Entity, Intent, OutOfScope, Sentiment, Understanding

Act = Callable[[Tracker, dict[str, Any]], Awaitable[ActionResult]]


def understood(
    text: str,
    intent: str | None,
    *,
    confidence: float = 0.95,
    sentiment: str = "neutral",
    out_of_scope: bool = False,
    **entities: Any,
) -> Understanding:
    """An understanding as a test needs it; `entities` are name=value."""
    return Understanding.model_validate(
        {
            "text": text,
            "intent": Intent(name=intent, confidence=confidence) if intent else None,
            "intent_ranking": (Intent(name=intent, confidence=confidence),) if intent else (),
            "entities": tuple(_entity(text, at, *item) for at, item in enumerate(entities.items())),
            "sentiment": Sentiment.model_validate({"label": sentiment, "score": 0.9, "scores": {}}),
            "out_of_scope": OutOfScope(score=0.9 if out_of_scope else 0.1, decision=out_of_scope),
        }
    )


def _entity(text: str, at: int, name: str, value: Any) -> Entity:
    """Where the value stands in the text; a value in other words gets a letter of its own."""
    start = text.find(str(value))
    start, end = (start, start + len(str(value))) if start >= 0 else (at, at + 1)
    return Entity(entity=name, start=start, end=end, text=str(value), value=value)


class TableUnderstander:
    """Understands what stands in the table, and nothing else."""

    def __init__(self, table: Mapping[str, Understanding]) -> None:
        self.table = dict(table)
        self.asked: list[str] = []

    async def understand(self, text: str, now: datetime) -> Understanding:
        """The entry for the text; an unknown text has an intent of low confidence."""
        self.asked.append(text)
        return self.table.get(text) or understood(text, "unknown", confidence=0.1)


class FunctionRunner:
    """Runs plain async functions as actions."""

    def __init__(self, actions: Mapping[str, Act] | None = None) -> None:
        self.actions = dict(actions or {})
        self.ran: list[str] = []

    def knows(self, name: str) -> bool:
        """Whether there is a function of that name."""
        return name in self.actions

    async def run(self, name: str, tracker: Tracker, context: dict[str, Any]) -> ActionResult:
        """Raises `ActionError` for an unknown name or a function that raises."""
        self.ran.append(name)
        if name not in self.actions:
            raise ActionError(name, "unknown_action")
        try:
            return await self.actions[name](tracker, context)
        except ActionError:
            raise
        except Exception as error:
            raise ActionError(name, "raised", type(error).__name__) from error

    async def close(self) -> None:
        """Nothing is held open."""
