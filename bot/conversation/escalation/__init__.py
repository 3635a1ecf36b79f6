"""Escalation policies by name."""

from __future__ import annotations

from pydantic import BaseModel

from bot.conversation.escalation.abuse import AbuseEscalation
from bot.conversation.escalation.asked_for_person import AskedForPerson
from bot.conversation.escalation.channel import ChannelEscalation
from bot.conversation.escalation.flow import FlowEscalation
from bot.conversation.escalation.negative_sentiment import NegativeSentiment
from bot.conversation.escalation.no_answer import NoAnswer
from bot.conversation.escalation.policy import EscalationPolicy
from bot.conversation.escalation.repeated_failure import RepeatedFailure
from bot.conversation.escalation.segment import SegmentEscalation
from bot.conversation.escalation.sensitive_topic import SensitiveTopic
from bot.conversation.escalation.threat import ThreatEscalation
from bot.conversation.escalation.value_at_risk import ValueAtRisk
from bot.conversation.escalation.worsening_mood import WorseningMood

POLICIES: dict[str, type[BaseModel]] = {
    "negative_sentiment": NegativeSentiment,
    "repeated_failure": RepeatedFailure,
    "worsening_mood": WorseningMood,
    "abuse": AbuseEscalation,
    "threat": ThreatEscalation,
    "asked_for_person": AskedForPerson,
    "no_answer": NoAnswer,
    "flow": FlowEscalation,
    "segment": SegmentEscalation,
    "sensitive_topic": SensitiveTopic,
    "value_at_risk": ValueAtRisk,
    "channel": ChannelEscalation,
}
"""Name in config.yml -> settings, which are the policy."""


def policy_name(policy: EscalationPolicy) -> str:
    """The name in config.yml of a policy of the product, else that of its class."""
    return next((name for name, kind in POLICIES.items() if isinstance(policy, kind)), type(policy).__name__)


__all__ = [
    "POLICIES",
    "AbuseEscalation",
    "EscalationPolicy",
    "NegativeSentiment",
    "RepeatedFailure",
    "policy_name",
]
