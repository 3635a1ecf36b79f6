"""Who is it: actions of the flow `verify_customer`, and of those that a telephone number is enough for."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.bank import client
from actions.bank.turn import Events, outcome, session_of, turn_of


class FindCustomer(Action):  # type: ignore[misc]
    """Sets `customer_id`, or empties it for a number that nobody registered."""

    def name(self) -> str:
        """As in domain.yml."""
        return "action_find_customer"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Look the number up."""
        found = await client.get("/customers", phone=str(tracker.get_slot("phone")))
        return [SlotSet("customer_id", found["id"] if found else None)]


class CheckSession(Action):  # type: ignore[misc]
    """`outcome` open where the PIN was checked a while ago, for the same telephone number; else closed."""

    def name(self) -> str:
        """As in domain.yml."""
        return "action_check_session"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Ask the back office, whose clock counts."""
        token, phone = session_of(tracker), tracker.get_slot("phone")
        found = await client.get(f"/sessions/{token}") if token else None
        if found is None or phone not in (None, found["phone"]):
            return outcome("closed", customer_session=None)
        return outcome("open", customer_id=found["id"], phone=found["phone"])


class CheckPin(Action):  # type: ignore[misc]
    """`outcome` open, wrong (with `pin_tries_left`) or locked. The PIN itself is forgotten."""

    def name(self) -> str:
        """As in domain.yml."""
        return "action_check_pin"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """A number is read as one, so that leading zeros have to be put back."""
        path = f"/customers/{tracker.get_slot('customer_id')}/sessions"
        pin = str(tracker.get_slot("pin") or "").zfill(4)
        try:
            opened = await client.post(path, {"pin": pin}, once=turn_of(tracker))
        except client.CoreBankingError as error:
            if error.status == 423:
                return outcome("locked", pin=None)
            if error.answer.get("error") == "wrong_pin":
                return outcome("wrong", pin=None, pin_tries_left=error.answer["left"])
            raise
        return outcome("open", pin=None, customer_session=opened["session"])
