"""Questions to the documents that failed, read from the conversations' own events."""

from __future__ import annotations

from collections.abc import Sequence

from bot.conversation.events import Event, FeedbackGiven, KnowledgeAnswered
from bot.conversation.store import ConversationStore
from knowledge_base.gaps import Reason, Unanswered

PAGE = 500
"""Events that are read at once."""


async def unanswered_questions(
    store: ConversationStore, since: float, *, most: int = 10_000
) -> list[Unanswered]:
    """Of conversations that were active after `since` (seconds since the epoch); at most `most` of those, newest first."""
    found: list[Unanswered] = []
    for conversation_id in await store.changed_since(since, limit=most):
        events = await _all_events(store, conversation_id)
        found += [one for one in failed_questions(conversation_id, events) if one.at >= since]
    return found


async def _all_events(store: ConversationStore, conversation_id: str) -> list[Event]:
    events: list[Event] = []
    while True:
        page = await store.events(conversation_id, after=events[-1].seq if events else 0, limit=PAGE)
        events += page
        if len(page) < PAGE:
            return events


def failed_questions(conversation_id: str, events: Sequence[Event]) -> list[Unanswered]:
    """Those without an answer, with near misses alone, or whose answer the customer called bad and left at that."""
    judged = {event.message_id: event.value for event in events if isinstance(event, FeedbackGiven)}
    found = []
    for event in events:
        if not isinstance(event, KnowledgeAnswered):
            continue
        reason: Reason | None = "down" if judged.get(event.message_id) == "down" else None
        if reason is None and event.outcome != "answer":
            reason = event.outcome
        if reason is not None:
            found.append(Unanswered(event.question, reason, conversation_id, event.timestamp))
    return found
