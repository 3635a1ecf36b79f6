"""The actions that come with the product."""

from __future__ import annotations

from rasa_sdk import Action

from actions.builtin.answer_from_knowledge import AnswerFromKnowledge
from actions.builtin.request_handoff import RequestHandoff
from actions.services import KnowledgeService, LiveService


def built_in_actions(knowledge: KnowledgeService, live: LiveService | None = None) -> list[Action]:
    """Instances, their services handed to them."""
    return [AnswerFromKnowledge(knowledge, live), RequestHandoff()]
