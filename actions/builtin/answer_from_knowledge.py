"""`action_answer_from_knowledge`: put the customer's question to the documents and quote what they say."""

from __future__ import annotations

import uuid
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.services import KnowledgeService

MAX_CHARS = {"kakao": 400, "voice": 160}
"""Characters an answer may have on a channel: a KakaoTalk bubble folds, a caller must keep it in mind."""
DEFAULT_MAX_CHARS = 500


class AnswerFromKnowledge(Action):  # type: ignore[misc]
    """Answers with citations, or says nothing and reports that there is no answer; the engine chooses the words then."""

    def __init__(self, knowledge: KnowledgeService) -> None:
        self._knowledge = knowledge

    def name(self) -> str:
        """The name under which flows call it."""
        return "action_answer_from_knowledge"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Adds a `knowledge_answered` event, whatever the outcome."""
        frame = tracker.stack[-1] if tracker.stack else {}
        question = str(frame.get("question") or tracker.latest_message.get("text") or "")
        channel = str(tracker.get_latest_input_channel() or "")
        answer = await self._knowledge.answer(question, max_chars=MAX_CHARS.get(channel, DEFAULT_MAX_CHARS))
        outcome = answer.outcome
        if outcome != "answer" and frame.get("otherwise") == "out_of_scope":
            # What is outside the assistant's business and has no clear answer isn't worth a guess.
            outcome = "none"
        message_id = uuid.uuid4().hex
        citations = [citation.model_dump() for citation in answer.citations]
        if outcome == "closest":
            dispatcher.utter_message(response="utter_closest_answer")
        if outcome != "none":
            dispatcher.utter_message(text=answer.text, citations=citations, message_id=message_id)
        return [
            {
                "event": "knowledge_answered",
                "message_id": message_id,
                "question": question,
                "outcome": outcome,
                "confidence": answer.confidence,
                "text": answer.text if outcome != "none" else "",
                "citations": citations if outcome != "none" else [],
            }
        ]
