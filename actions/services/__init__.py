"""The services that actions are handed: an action asks for one by the type of an argument of its `__init__`.

`bot.server` composes them for the product's own actions and for those of builders alike; tests may hand in their own.
"""

from __future__ import annotations

from actions.services.calendar import CalendarService, CallSlot
from actions.services.customers import CustomerIdentity, CustomerProfile, CustomerProfileService
from actions.services.handoff import HandoffService
from actions.services.knowledge import KnowledgeService, LiveService, LiveText

__all__ = [
    "CalendarService",
    "CallSlot",
    "CustomerIdentity",
    "CustomerProfile",
    "CustomerProfileService",
    "HandoffService",
    "KnowledgeService",
    "LiveService",
    "LiveText",
]
