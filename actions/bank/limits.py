"""Actions of the flow `transfer_limit_change`."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.bank import client
from actions.bank.turn import Events, outcome, refused, session_of, turn_of


class CheckLimit(Action):  # type: ignore[misc]
    """Sets `current_limit`; `outcome` lower, same or higher. An unknown customer has no limit and needs a person."""

    def name(self) -> str:
        """As in domain.yml."""
        return "action_check_limit"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Look the limit up and compare."""
        customer = await client.get("/customers", phone=str(tracker.get_slot("phone")))
        found = await client.get(f"/customers/{customer['id']}/limit") if customer else None
        if found is None:
            return outcome("higher", current_limit=None)
        current, wanted = found["daily_limit"], tracker.get_slot("amount") or 0
        way = "same" if wanted == current else "lower" if wanted < current else "higher"
        return outcome(way, current_limit=current)


class ChangeLimit(Action):  # type: ignore[misc]
    """Lowers the daily limit at once."""

    def name(self) -> str:
        """As in domain.yml."""
        return "action_change_limit"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """`outcome` done, or what stands in the way."""
        path, wanted = f"/customers/{tracker.get_slot('customer_id')}/limit", tracker.get_slot("amount")
        try:
            await client.post(
                path, {"daily_limit": wanted}, once=turn_of(tracker), session=session_of(tracker)
            )
        except client.CoreBankingError as error:
            return refused(error, needs_person="needs_person")
        return outcome("done", current_limit=wanted)
