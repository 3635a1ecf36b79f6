"""A case as the desk's `Case` JSON (docs/reference/desk-api.md)."""

from __future__ import annotations

from typing import Any
from zlib import crc32

from bot.conversation.store import Case, Person
from bot.conversation.transcript import iso
from bot.conversation.workforce import AgentRow
from bot.desk.presence import STATE_LABELS
from korean.privacy import mask_for_agent as mask


def case_json(case: Case) -> dict[str, Any]:
    """One row of the inbox."""
    return {
        "id": case.id,
        "conversation_id": case.conversation_id,
        "state": case.state,
        "version": case.version,
        "channel": case.channel,
        "customer": {"name": customer_name(case)},
        "reason": {"code": case.reason_code, "text": mask(case.reason_text)},
        "urgency": case.urgency,
        "goal": case.goal,
        "created_at": iso(case.created_at),
        "waiting_since": iso(case.waiting_since),
        "accepted_at": iso(case.accepted_at),
        "closed_at": iso(case.closed_at),
        "agent": {"id": case.agent_id, "name": case.agent_name} if case.agent_id else None,
        "last_message": {
            "speaker": case.last_speaker,
            "text": mask(case.last_text),
            "timestamp": iso(case.last_at),
        }
        if case.last_text
        else None,
        "sentiment": {"label": case.sentiment_label, "score": case.sentiment_score}
        if case.sentiment_label
        else None,
        "unread": case.unread,
        "outcome": {"code": case.outcome_code, "note": case.outcome_note} if case.outcome_code else None,
        "queue": case.queue,
        "skills": list(case.skills),
        "segment": case.segment,
        "language": case.language,
        "offered_to": _person(case.offered_to),
        "offer_expires_at": iso(case.offer_expires_at),
        "target": _person(case.target),
        "handed_by": _person(case.handed_by),
        "last_agent": _person(case.last_agent),
        "answer_by": iso(case.answer_by),
        "resolve_by": iso(case.resolve_by),
        "breached": list(case.breached),
        "due_at": iso(case.due_at),
        "message_left": case.message_left,
        "tags": list(case.tags),
    }


def agent_json(row: AgentRow) -> dict[str, Any]:
    """An agent as the desk's `Agent` JSON."""
    return {
        "id": row.user_id,
        "name": row.name,
        "state": row.state,
        "state_label": STATE_LABELS[row.state],
        "state_since": iso(row.state_since),
        "profile": row.profile.model_dump(mode="json"),
    }


def _person(person: Person | None) -> dict[str, str] | None:
    return {"id": person.id, "name": person.name} if person else None


def customer_name(case: Case) -> str:
    """The customer's name, or a short number that tells visitors apart."""
    return case.customer_name or visitor_name(case.conversation_id)


def visitor_name(conversation_id: str) -> str:
    """A short number that tells visitors apart, the same each time; among a hundred, two may share one."""
    return f"방문자 {crc32(conversation_id.encode()) % 9000 + 1000}"
