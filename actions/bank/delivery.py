"""Actions of the flow `card_delivery`."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.bank import client
from actions.bank.turn import Events, outcome, refused, session_of, turn_of


class FindDelivery(Action):  # type: ignore[misc]
    """`outcome` making, on_the_way, delivered, returned or none, with `delivery_day` and `delivery_receiver`."""

    def name(self) -> str:
        """As in domain.yml."""
        return "action_find_delivery"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Look it up."""
        found = await client.get(f"/customers/{tracker.get_slot('customer_id')}/delivery")
        if found is None:
            return outcome("none")
        return outcome(found["status"], delivery_day=found["day"], delivery_receiver=found["receiver"])


class OrderExpress(Action):  # type: ignore[misc]
    """`outcome` done, insufficient (with `balance`), too_late, or what stands in the way."""

    def name(self) -> str:
        """As in domain.yml."""
        return "action_order_express"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """The fee is taken from the account."""
        path = f"/customers/{tracker.get_slot('customer_id')}/delivery/express"
        try:
            answer = await client.post(path, {}, once=turn_of(tracker), session=session_of(tracker))
        except client.CoreBankingError as error:
            if error.answer.get("error") == "insufficient_balance":
                return outcome("insufficient", balance=error.answer["balance"])
            return refused(error, too_late="too_late")
        return outcome("done", delivery_day=answer["day"], balance=answer["balance"])


class SendAgain(Action):  # type: ignore[misc]
    """`outcome` done with the new `delivery_day`."""

    def name(self) -> str:
        """As in domain.yml."""
        return "action_send_card_again"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """To the registered address."""
        path = f"/customers/{tracker.get_slot('customer_id')}/delivery/again"
        try:
            answer = await client.post(path, {}, once=turn_of(tracker))
        except client.CoreBankingError as error:
            return refused(error)
        return outcome("done", delivery_day=answer["day"])
