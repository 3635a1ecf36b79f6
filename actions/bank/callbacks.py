"""The action of the flow `request_callback`."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.bank import client
from actions.bank.turn import Events, turn_of

KOREA = ZoneInfo("Asia/Seoul")


class BookCallback(Action):  # type: ignore[misc]
    """Books a telephone call."""

    def name(self) -> str:
        """As in domain.yml."""
        return "action_book_callback"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Sets the reference, and files the call at the desk, where it comes to an agent in time."""
        wish = {
            name: tracker.get_slot(name)
            for name in ("phone", "callback_date", "callback_time", "callback_topic")
        }
        answer = await client.post("/callbacks", wish, once=turn_of(tracker))
        filed = {
            "event": "handoff_requested",
            "case_id": uuid.uuid4().hex[:12],
            "reason_code": "callback",
            "reason_text": "전화 상담을 예약했어요",
            "callback": {
                "at": _moment(str(wish["callback_date"]), str(wish["callback_time"])),
                "phone": str(wish["phone"] or ""),
                "topic": str(wish["callback_topic"] or ""),
            },
        }
        return [SlotSet("callback_reference", answer["reference"]), filed]


def _moment(day: str, hour: str) -> float:
    """Seconds since the epoch; now for what is no date and time."""
    try:
        return datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=KOREA).timestamp()
    except ValueError:
        return datetime.now(KOREA).timestamp()
