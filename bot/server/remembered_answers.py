"""Answers that were found before: customers ask the same things, often in the same words, as frequent questions are offered."""

from __future__ import annotations

from collections import OrderedDict
from datetime import date

from knowledge_base.filters import today_in_korea
from knowledge_base.knowledge_base import KnowledgeBase
from knowledge_base.types import Answer

REMEMBERED = 2_000
"""Answers that are kept, a few kilobytes each; those asked last stay."""
Asked = tuple[str, int, tuple[str, ...]]
"""(question, characters, questions before)."""


class RememberedAnswers:
    """Of one version of the index on one day: what may be quoted tomorrow is another thing. Asked from one thread."""

    def __init__(self) -> None:
        self._answers: OrderedDict[Asked, Answer] = OrderedDict()
        self._of: tuple[str, date] | None = None

    def knows(self, asked: Asked) -> bool:
        """Whether it is likely to be found without a search; from any thread."""
        return asked in self._answers

    def of(self, base: KnowledgeBase, asked: Asked) -> Answer:
        """The answer, searched for if it isn't remembered."""
        now = (base.version, today_in_korea())
        if now != self._of:
            self._answers.clear()
            self._of = now
        found = self._answers.get(asked)
        if found is not None:
            self._answers.move_to_end(asked)
            return found
        question, max_chars, earlier = asked
        found = self._answers[asked] = base.answer(question, max_chars, now[1], earlier=earlier)
        if len(self._answers) > REMEMBERED:
            self._answers.popitem(last=False)
        return found
