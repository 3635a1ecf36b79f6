"""The action of the flow `loan_precheck`."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.bank import client
from actions.bank.turn import Events, outcome, turn_of


class PrecheckLoan(Action):  # type: ignore[misc]
    """`outcome` possible, reduced, refused_income or refused_work; `loan_most` in won and `loan_rates` for the words."""

    def name(self) -> str:
        """As in domain.yml."""
        return "action_precheck_loan"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Ask the back office; nothing is kept there."""
        wish = {
            "kind": tracker.get_slot("loan_type"),
            "work": tracker.get_slot("employment"),
            "income": tracker.get_slot("yearly_income"),
            "amount": tracker.get_slot("loan_amount"),
        }
        answer = await client.post("/loans/precheck", wish, once=turn_of(tracker))
        result = answer["result"]
        rates = f"연 {answer['rate_low']}%에서 {answer['rate_high']}%"
        return outcome(
            f"refused_{answer['reason']}" if result == "refused" else result,
            loan_most=answer["most"],
            loan_rates=rates,
        )
