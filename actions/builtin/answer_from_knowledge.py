"""`action_answer_from_knowledge`: put the customer's question to the documents and quote what they say."""

from __future__ import annotations

import json
import uuid
from contextlib import nullcontext
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.services import KnowledgeService, LiveService
from knowledge_base.types import Answer, Choice

MAX_CHARS = {"kakao": 400, "voice": 160}
"""Characters an answer may have on a channel: a KakaoTalk bubble folds, a caller must keep it in mind."""
DEFAULT_MAX_CHARS = 500
LOOK_BACK = 3
"""Earlier questions that may lend their subject."""
STALE = 600.0
"""Seconds after which a question is no longer what the next one is about."""
BUTTON = 40
"""Letters of a title on a button."""


class AnswerFromKnowledge(Action):  # type: ignore[misc]
    """Answers with citations, offers the nearest titles, or reports that there is no answer: the engine has words then."""

    reads_domain = False

    def __init__(self, knowledge: KnowledgeService, live: LiveService | None = None) -> None:
        self._knowledge = knowledge
        self._live = live

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
        max_chars = MAX_CHARS.get(channel, DEFAULT_MAX_CHARS)
        message_id = uuid.uuid4().hex
        stopped = False
        if frame.get("passage"):
            answer = await self._knowledge.open_passage(str(frame["passage"]), max_chars=max_chars)
        else:
            earlier = _earlier(tracker)
            live = self._live.open(tracker.sender_id, message_id, channel) if self._live else None
            async with live or nullcontext():
                answer = await self._knowledge.answer(
                    question, max_chars=max_chars, earlier=earlier, live=live
                )
            stopped = live is not None and live.stopped
        if answer.outcome != "answer" and frame.get("otherwise") == "out_of_scope":
            # What is outside the assistant's business and has no clear answer isn't worth a guess.
            answer = answer.model_copy(update={"outcome": "none"})
        if stopped and not answer.text:
            dispatcher.utter_message(response="utter_answer_stopped", message_id=message_id)
        else:
            _say(dispatcher, answer, channel, message_id, stopped=stopped)
        told = answer.outcome != "none"
        return [
            {
                "event": "knowledge_answered",
                "message_id": message_id,
                "question": question,
                "outcome": answer.outcome,
                "confidence": answer.confidence,
                "text": answer.text if told else "",
                "citations": [citation.model_dump() for citation in answer.citations] if told else [],
                "stopped": stopped,
            }
        ]


def _say(
    dispatcher: CollectingDispatcher, answer: Answer, channel: str, message_id: str, *, stopped: bool
) -> None:
    citations = [citation.model_dump() for citation in answer.citations]
    if answer.outcome == "closest" and answer.choices:
        buttons = [_button(choice) for choice in answer.choices]
        dispatcher.utter_message(response="utter_closest_answer", buttons=buttons, message_id=message_id)
        if channel == "voice":
            # A caller sees no buttons; a title that is said again finds its passage.
            dispatcher.utter_message(text=", ".join(choice.title for choice in answer.choices))
    elif answer.outcome != "none":
        custom = {"stopped": True} if stopped else {}
        dispatcher.utter_message(
            text=answer.text, citations=citations, json_message=custom, message_id=message_id
        )


def _button(choice: Choice) -> dict[str, str]:
    title = choice.title if len(choice.title) <= BUTTON else choice.title[: BUTTON - 1] + "…"
    chosen = json.dumps({"passage": choice.chunk_id, "question": choice.title}, ensure_ascii=False)
    return {"title": title, "payload": f"/open_passage{chosen}"}


def _earlier(tracker: Tracker) -> list[str]:
    """The customer's last questions for the documents, oldest first, as far as they still are what the talk is about."""
    asked = [event for event in tracker.events if event.get("event") == "knowledge_answered"]
    latest = float(tracker.events[-1].get("timestamp") or 0) if tracker.events else 0.0
    fresh = [event for event in asked if latest - float(event.get("timestamp") or 0) <= STALE]
    return [str(event.get("question") or "") for event in fresh[-LOOK_BACK:]]
