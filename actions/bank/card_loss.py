"""Actions of the flow `card_loss`: find the card, block it, order a new one."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.bank import client
from actions.bank.turn import Events, turn_of


class FindCard(Action):  # type: ignore[misc]
    """Sets `card_found`, `card_id` and `card_last4` for the active card of the named type."""

    def name(self) -> str:
        """As in domain.yml."""
        return "action_find_card"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Look through the customer's cards."""
        answer = await client.get(f"/customers/{tracker.get_slot('customer_id')}/cards") or {"cards": []}
        wanted = tracker.get_slot("card_type")
        cards = [c for c in answer["cards"] if c["type"] == wanted and c["status"] == "active"]
        card = cards[0] if cards else None
        return [
            SlotSet("card_found", card is not None),
            SlotSet("card_id", card["id"] if card else None),
            SlotSet("card_last4", card["last4"] if card else None),
        ]


class BlockCard(Action):  # type: ignore[misc]
    """Blocks the card; once for a turn, however often it is tried."""

    def name(self) -> str:
        """As in domain.yml."""
        return "action_block_card"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Raises for any failure, which becomes an apology and the offer of a person."""
        answer = await client.post(f"/cards/{tracker.get_slot('card_id')}/block", {}, once=turn_of(tracker))
        return [SlotSet("block_reference", answer["reference"])]


class ReissueCard(Action):  # type: ignore[misc]
    """Orders a new card to the registered address."""

    def name(self) -> str:
        """As in domain.yml."""
        return "action_reissue_card"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Sets how long it takes."""
        answer = await client.post(f"/cards/{tracker.get_slot('card_id')}/reissue", {}, once=turn_of(tracker))
        return [SlotSet("reissue_days", answer["days"])]
