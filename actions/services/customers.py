"""Who the customer is, as far as it is known and they agreed to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class CustomerIdentity:
    """Something by which a customer is known."""

    kind: str
    """`phone`, `email`, `login`, or a channel's own name for its user."""
    value: str
    verified: bool
    """Whether somebody or something proved it. What a customer merely says opens no account."""


@dataclass(frozen=True, slots=True)
class CustomerProfile:
    """The customer of a conversation, over all their conversations and channels. Empty for a stranger."""

    id: str = ""
    name: str = ""
    segment: str = ""
    identities: tuple[CustomerIdentity, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    """Slot -> what is remembered with the customer's consent, and not expired."""
    consents: Mapping[str, bool] = field(default_factory=dict)
    """Slot -> whether it may be remembered; slots that the customer was never asked about are missing."""

    def verified(self, kind: str) -> str | None:
        """The first proven identity of a kind."""
        return next((one.value for one in self.identities if one.kind == kind and one.verified), None)


class CustomerProfileService(Protocol):
    """Profiles by conversation (`tracker.sender_id`)."""

    async def profile(self, conversation_id: str) -> CustomerProfile:
        """What is known; never raises for a conversation that nobody knows."""

    async def remember(self, conversation_id: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Keep values of slots for later conversations: those alone that the customer has agreed to.

        Gives the events that say so, for the action to return.
        """
