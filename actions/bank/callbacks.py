"""The action of the flow `request_callback`."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.bank import client
from actions.bank.turn import Events, outcome, turn_of
from actions.services import CalendarService, HandoffService


class BookCallback(Action):  # type: ignore[misc]
    """Books a telephone call: `outcome` done, or closed with `callback_opens`: nobody is at the desk then."""

    def __init__(self, calendar: CalendarService, handoff: HandoffService) -> None:
        self._calendar, self._handoff = calendar, handoff

    def name(self) -> str:
        """As in domain.yml."""
        return "action_book_callback"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Sets the reference, and files the call at the desk, where it comes to an agent in time."""
        wish = {
            name: tracker.get_slot(name)
            for name in ("phone", "callback_date", "callback_time", "callback_topic")
        }
        at = self._calendar.moment(str(wish["callback_date"]), str(wish["callback_time"]))
        if not self._calendar.desk_open(at):
            opens = self._calendar.desk_opens(at)
            return outcome("closed", callback_opens=opens and self._calendar.in_words(opens))
        answer = await client.post("/callbacks", wish, once=turn_of(tracker))
        call = self._handoff.call_back(
            at, phone=str(wish["phone"] or ""), topic=str(wish["callback_topic"] or "")
        )
        return [*outcome("done", callback_reference=answer["reference"]), call]
