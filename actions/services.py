"""The services that built-in actions are handed. `bot.server` composes them; tests may hand in their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from knowledge_base.types import Answer


class KnowledgeService(Protocol):
    """Answers questions from the company's documents."""

    async def answer(self, question: str, *, max_chars: int, earlier: Sequence[str] = ()) -> Answer:
        """Never raises for any question; `outcome` says whether there is an answer. Citations carry their `url`.

        `earlier` are the customer's questions before, oldest first: a question may take its subject from them.
        """

    async def open_passage(self, passage_id: str, *, max_chars: int) -> Answer:
        """What a passage says that the customer chose among the nearest; none if it is gone. Never raises."""
