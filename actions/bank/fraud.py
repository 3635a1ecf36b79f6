"""Actions of the flow `phishing_report`: stop the accounts, call the people who hunt the money."""

from __future__ import annotations

import uuid
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.bank import client
from actions.bank.turn import Events, turn_of


class FreezeAccounts(Action):  # type: ignore[misc]
    """Stops all payments of the customer's accounts and sets `freeze_reference`."""

    def name(self) -> str:
        """As in domain.yml."""
        return "action_freeze_accounts"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Without a PIN: who freezes somebody else's account by mistake does less harm than who waits."""
        path = f"/customers/{tracker.get_slot('customer_id')}/freeze"
        answer = await client.post(path, {}, once=turn_of(tracker))
        return [SlotSet("freeze_reference", answer["reference"])]


class CallFraudTeam(Action):  # type: ignore[misc]
    """Opens an urgent case with the reason `phishing`, which queues and routing know."""

    def name(self) -> str:
        """As in domain.yml."""
        return "action_call_fraud_team"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Say in one line what happened and what was done."""
        stage, reference = tracker.get_slot("phishing_stage"), tracker.get_slot("freeze_reference")
        done = f"계좌 지급정지 완료({reference})" if reference else "아직 지급정지하지 않음"
        return [
            {
                "event": "handoff_requested",
                "case_id": uuid.uuid4().hex[:12],
                "reason_code": "phishing",
                "reason_text": f"금융사기 신고: {stage}, {done}",
                "urgency": "urgent",
            }
        ]
