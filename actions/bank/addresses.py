"""The action of the flow `address_change`."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.bank import client
from actions.bank.turn import Events, outcome, refused, session_of, turn_of


class ChangeAddress(Action):  # type: ignore[misc]
    """`outcome` done, under_way (a card is on its way to the old address), or what stands in the way."""

    def name(self) -> str:
        """As in domain.yml."""
        return "action_change_address"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """For cards, deposits and loans at once."""
        path, address = (
            f"/customers/{tracker.get_slot('customer_id')}/address",
            tracker.get_slot("new_address"),
        )
        try:
            answer = await client.post(
                path, {"address": address}, once=turn_of(tracker), session=session_of(tracker)
            )
        except client.CoreBankingError as error:
            return refused(error)
        return outcome("under_way" if answer["card_under_way"] else "done")
