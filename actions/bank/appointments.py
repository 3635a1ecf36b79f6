"""Actions of the flows `transfer_limit_change` and `request_callback`."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.bank import client
from actions.bank.card_loss import turn_of

Events = list[dict[str, Any]]


class CheckLimit(Action):  # type: ignore[misc]
    """Sets `current_limit` for the agent who will decide; an unknown customer has none."""

    def name(self) -> str:
        """As in domain.yml."""
        return "action_check_limit"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Look the limit up."""
        customer = await client.get("/customers", phone=str(tracker.get_slot("phone")))
        found = await client.get(f"/customers/{customer['id']}/limit") if customer else None
        return [SlotSet("current_limit", found["daily_limit"] if found else None)]


class BookCallback(Action):  # type: ignore[misc]
    """Books a telephone call."""

    def name(self) -> str:
        """As in domain.yml."""
        return "action_book_callback"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Sets the reference."""
        wish = {
            name: tracker.get_slot(name)
            for name in ("phone", "callback_date", "callback_time", "callback_topic")
        }
        answer = await client.post("/callbacks", wish, once=turn_of(tracker))
        return [SlotSet("callback_reference", answer["reference"])]
