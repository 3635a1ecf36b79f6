"""The services that built-in actions are handed. `bot.server` composes them; tests may hand in their own."""

from __future__ import annotations

from typing import Protocol

from knowledge_base.types import Answer


class KnowledgeService(Protocol):
    """Answers questions from the company's documents."""

    async def answer(self, question: str, *, max_chars: int) -> Answer:
        """Never raises for any question; `outcome` says whether there is an answer. Citations carry their `url`."""
