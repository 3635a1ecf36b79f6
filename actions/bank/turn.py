"""What the bank's actions share: keys of a turn, and failures of the back office that a flow can speak of."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from actions.bank.client import CoreBankingError

Events = list[dict[str, Any]]


def turn_of(tracker: Tracker) -> str:
    """A key that is the same whenever this turn is tried again."""
    frame = tracker.stack[-1] if tracker.stack else {}
    return f"{tracker.sender_id}:{frame.get('turn_id', '')}"


def session_of(tracker: Tracker) -> str:
    """The session that a checked PIN has opened; empty without one."""
    return str(tracker.get_slot("customer_session") or "")


def outcome(name: str, **slots: Any) -> Events:
    """`outcome` tells the flow how it went; further slots as they are."""
    return [SlotSet("outcome", name), *(SlotSet(slot, value) for slot, value in slots.items())]


def refused(error: CoreBankingError, **known: str) -> Events:
    """The outcome of a refusal that a flow can explain: maintenance, an ended session, or one of `known` (code=outcome).

    Raises the error again for anything else, which becomes an apology and the offer of a person.
    """
    code = str(error.answer.get("error", ""))
    if code == "maintenance":
        return outcome("maintenance", maintenance_until=str(error.answer.get("until", "")))
    if code == "session_needed":
        return outcome("session_needed", customer_session=None)
    if code in known:
        return outcome(known[code])
    raise error
