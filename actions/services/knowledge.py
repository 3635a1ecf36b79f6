"""Answers from the company's documents, and showing them while they are written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from knowledge_base.types import Answer


class LiveText(Protocol):
    """An answer that a customer sees grow, and may stop."""

    stopped: bool
    text: str
    """What was shown so far."""
    on_stop: Callable[[], None] | None

    async def begin(self) -> None:
        """Say that an answer is being written."""

    async def say(self, text: str) -> None:
        """Show all that is written by now."""

    async def __aenter__(self) -> LiveText:
        """From here on the customer may stop it."""

    async def __aexit__(self, *_: object) -> None:
        """It is whole, or stopped."""


class LiveService(Protocol):
    """Shows answers while they are written, on channels that can."""

    def open(self, conversation_id: str, message_id: str, channel: str) -> LiveText | None:
        """None where nobody would see it grow."""


class KnowledgeService(Protocol):
    """Answers questions from the company's documents."""

    async def answer(
        self, question: str, *, max_chars: int, earlier: Sequence[str] = (), live: LiveText | None = None
    ) -> Answer:
        """Never raises for any question; `outcome` says whether there is an answer. Citations carry their `url`.

        `earlier` are the customer's questions before, oldest first: a question may take its subject from them. An answer
        that is written by and by is shown in `live`; its text is empty where the customer stopped it before the first
        sentence.
        """

    async def open_passage(self, passage_id: str, *, max_chars: int) -> Answer:
        """What a passage says that the customer chose among the nearest; none if it is gone. Never raises."""
