"""Giving the customer to people: now, or by a call at a time that suits them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, Protocol

Urgency = Literal["normal", "high", "urgent"]


class HandoffService(Protocol):
    """Makes the events that open a case; the action returns them. The engine says who comes, and when."""

    def request(
        self,
        reason: str,
        *,
        code: str = "flow",
        urgency: Urgency = "normal",
        policy: str = "",
        evidence: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """A person takes over as soon as one is free. `reason` is what the agent reads first."""

    def call_back(
        self, at: datetime, *, phone: str, topic: str = "", reason: str = "전화 상담을 예약했어요"
    ) -> dict[str, Any]:
        """The bot goes on; a call is filed that comes to an agent at that time."""
