"""Actions of the flow `certificate_trouble`."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.bank import client
from actions.bank.turn import Events, outcome, refused, turn_of


class CheckCertificate(Action):  # type: ignore[misc]
    """`outcome` expired, renewable, valid or none, with the last day in `certificate_until`."""

    def name(self) -> str:
        """As in domain.yml."""
        return "action_check_certificate"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Look it up."""
        path = f"/customers/{tracker.get_slot('customer_id')}/certificates"
        found = await client.get(path, kind=str(tracker.get_slot("certificate_kind"))) or {"state": "none"}
        return outcome(found["state"], certificate_until=found.get("until"))


class SendCertificateLink(Action):  # type: ignore[misc]
    """Sends a link for a new certificate to the registered telephone."""

    def name(self) -> str:
        """As in domain.yml."""
        return "action_send_certificate_link"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """`outcome` done, or what stands in the way."""
        path = f"/customers/{tracker.get_slot('customer_id')}/certificates/link"
        wish = {"kind": tracker.get_slot("certificate_kind")}
        try:
            await client.post(path, wish, once=turn_of(tracker))
        except client.CoreBankingError as error:
            return refused(error)
        return outcome("done")
