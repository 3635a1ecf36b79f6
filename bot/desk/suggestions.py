"""What the agent could answer: passages of the documents for the customer's words, and the flow's open question."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.conversation.assistant import Assistant
from bot.conversation.events import Event, UserUttered
from bot.conversation.flows.stack import user_frame
from bot.conversation.responses import UnknownResponse
from bot.conversation.tracker import Tracker
from bot.desk.packet import Suggestion
from bot.desk.summary import says_something
from knowledge_base.types import Answer

MAX_SUGGESTIONS = 3
LOOK_BACK = 6
"""Customer messages that are looked at for a question."""
SHORTEST = 6
"""Characters of a text that may be a question."""


class Knowledge(Protocol):
    """The part of the knowledge service that the desk uses."""

    async def extract(self, question: str, *, max_chars: int, earlier: Sequence[str] = ()) -> Answer:
        """As `actions.services.KnowledgeService.answer`, without waiting for a language model."""


class Suggester:
    """Makes suggestions; each carries its source, and none is sent by itself."""

    def __init__(self, knowledge: Knowledge, assistant: Assistant) -> None:
        self._knowledge = knowledge
        self._assistant = assistant

    async def suggest(self, tracker: Tracker, events: Sequence[Event]) -> list[Suggestion]:
        """At most `MAX_SUGGESTIONS`, the likeliest first."""
        found: list[Suggestion] = []
        questions = _questions(events)
        for at, question in enumerate(questions):
            before = questions[at + 1 :][::-1]
            answer = await self._knowledge.extract(question, max_chars=400, earlier=before)
            suggestion = Suggestion(text=answer.text, citations=[c.model_dump() for c in answer.citations])
            if answer.outcome == "answer" and suggestion not in found:
                found.append(suggestion)
            if len(found) == MAX_SUGGESTIONS - 1:
                break
        return [*found, *self._open_question(tracker)][:MAX_SUGGESTIONS]

    def _open_question(self, tracker: Tracker) -> list[Suggestion]:
        frame = user_frame(tracker.stack)
        flow = self._assistant.flows.get(frame.flow_id) if frame else None
        step = flow.collect_step(frame.awaiting) if flow and frame and frame.awaiting else None
        if step is None:
            return []
        try:
            reply = self._assistant.responses.say(
                step.utter, slots=tracker.slot_values(), channel=tracker.state.channel
            )
        except UnknownResponse:
            return []
        return [Suggestion(text=reply.text)]


def _questions(events: Sequence[Event]) -> list[str]:
    """The customer's latest messages that may be questions, newest first."""
    said = [event for event in events if isinstance(event, UserUttered) and says_something(event)]
    return [event.text for event in reversed(said[-LOOK_BACK:]) if len(event.text) >= SHORTEST]
