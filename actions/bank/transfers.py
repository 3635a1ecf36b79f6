"""Actions of the flow `wrong_transfer`: find what was sent, and ask for it back."""

from __future__ import annotations

from datetime import date
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.bank import client
from actions.bank.turn import Events, outcome, refused, session_of, turn_of

TRIES = 2
"""Searches after which a person helps."""


class FindTransfer(Action):  # type: ignore[misc]
    """`outcome` found with `transfer_id` and `transfer_summary`, none, or give_up after `TRIES` searches."""

    def name(self) -> str:
        """As in domain.yml."""
        return "action_find_transfer"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """By day and amount, the newest first."""
        path = f"/customers/{tracker.get_slot('customer_id')}/transfers"
        amount, day = int(tracker.get_slot("transfer_amount") or 0), str(tracker.get_slot("transfer_date"))
        try:
            answer = await client.get(path, session=session_of(tracker), day=day, amount=str(amount))
        except client.CoreBankingError as error:
            return refused(error)
        found = (answer or {}).get("transfers", [])
        if not found:
            tries = int(tracker.get_slot("transfer_searches") or 0) + 1
            return outcome("none" if tries < TRIES else "give_up", transfer_searches=tries)
        return outcome(
            "found", transfer_id=found[0]["id"], transfer_summary=_summary(found[0]), transfer_searches=0
        )


class RequestReturn(Action):  # type: ignore[misc]
    """`outcome` done, already, or too_old; `return_guaranteed` where the deposit insurer helps later."""

    def name(self) -> str:
        """As in domain.yml."""
        return "action_request_return"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """File the wish."""
        path = (
            f"/customers/{tracker.get_slot('customer_id')}/transfers/{tracker.get_slot('transfer_id')}/return"
        )
        try:
            answer = await client.post(path, {}, once=turn_of(tracker), session=session_of(tracker))
        except client.CoreBankingError as error:
            return refused(error, too_old="too_old")
        return outcome(
            "already" if answer["already"] else "done",
            return_reference=answer["reference"],
            return_guaranteed=answer["guaranteed"],
        )


def _summary(transfer: dict[str, Any]) -> str:
    day = date.fromisoformat(transfer["day"])
    sent = f"{transfer['bank']} {transfer['to']}님께 보낸 {transfer['amount']:,}원"
    return f"{day.month}월 {day.day}일에 {sent}"
