"""A case as the desk's `Case` JSON (docs/reference/desk-api.md)."""

from __future__ import annotations

from typing import Any

from bot.conversation.store import Case
from bot.conversation.transcript import iso
from korean.privacy import mask


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
    }


def customer_name(case: Case) -> str:
    """The customer's name, or a short number that tells visitors apart."""
    if case.customer_name:
        return case.customer_name
    return f"방문자 {sum(map(ord, case.conversation_id)) % 9000 + 1000}"
