"""`action_request_handoff`: a person is needed; the whole conversation goes with the customer."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.services import HandoffService


class RequestHandoff(Action):  # type: ignore[misc]
    """Opens a case. The reason comes from the repair pattern, or from the slot `handoff_reason` that a flow has set.

    The engine has the words: whether somebody is being called or nobody is there now is known only when the case is put
    into its queue.
    """

    reads_domain = False

    def __init__(self, handoff: HandoffService) -> None:
        self._handoff = handoff

    def name(self) -> str:
        """The name under which flows call it."""
        return "action_request_handoff"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Adds a `handoff_requested` event."""
        frame = tracker.stack[-1] if tracker.stack else {}
        told = frame.get("reason_text") or tracker.get_slot("handoff_reason")
        goal = frame.get("goal")
        text = str(told or (f"{goal}: 상담원 확인이 필요해요" if goal else "상담원 확인이 필요해요"))
        return [
            self._handoff.request(
                text,
                code=str(frame.get("reason_code") or "flow"),
                urgency=frame.get("urgency") or "normal",
                policy=str(frame.get("policy") or ""),
                evidence=frame.get("evidence"),
            )
        ]
