"""`no_answer`: the documents had no answer, several times in a row."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field

from bot.conversation.commands import AskKnowledge, Command, Handoff
from bot.conversation.tracker import Tracker
from nlu.types import Understanding


class NoAnswer(BaseModel):
    """Hand over at the question after `answers` unanswered ones in a row; an answer that the customer disliked counts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    answers: int = Field(default=2, ge=1, le=10)

    def check(
        self, tracker: Tracker, understanding: Understanding | None, commands: Sequence[Command]
    ) -> Handoff | None:
        """Only a new question hands over, not the thanks or the button in between."""
        asks = any(isinstance(command, AskKnowledge) for command in commands)
        last = tracker.state.answers[-self.answers :]
        if not asks or len(last) < self.answers:
            return None
        if any(answer.outcome != "none" and answer.feedback != "down" for answer in last):
            return None
        return Handoff(
            reason_code="no_answer",
            reason_text=f"자료에서 답을 {self.answers}번 찾지 못했어요",
            evidence={"unanswered": self.answers},
        )
