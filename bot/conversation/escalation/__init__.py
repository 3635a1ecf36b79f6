"""Escalation policies by name."""

from __future__ import annotations

from pydantic import BaseModel

from bot.conversation.escalation.abuse import AbuseEscalation
from bot.conversation.escalation.negative_sentiment import NegativeSentiment
from bot.conversation.escalation.policy import EscalationPolicy
from bot.conversation.escalation.repeated_failure import RepeatedFailure

POLICIES: dict[str, type[BaseModel]] = {
    "negative_sentiment": NegativeSentiment,
    "repeated_failure": RepeatedFailure,
    "abuse": AbuseEscalation,
}
"""Name in config.yml -> settings, which are the policy."""

__all__ = ["POLICIES", "AbuseEscalation", "EscalationPolicy", "NegativeSentiment", "RepeatedFailure"]
