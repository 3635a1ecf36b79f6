"""Actions of the flow `branch_visit_booking`."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.bank import client
from actions.bank.turn import Events, outcome, turn_of


class CheckVisit(Action):  # type: ignore[misc]
    """`outcome` of day and time so far: open, free, taken, closed, past or too_far; `visit_times` are near and free."""

    def name(self) -> str:
        """As in domain.yml."""
        return "action_check_visit"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Look at the branch's day."""
        hour = tracker.get_slot("visit_time")
        day = str(tracker.get_slot("visit_date"))
        answer = await client.get(f"/branches/{tracker.get_slot('branch')}/times", day=day)
        if answer is None or answer["reason"]:
            return outcome(answer["reason"] if answer else "closed")
        opens, closes = answer["hours"]
        hours = _span(opens, closes)
        if hour is None:
            return outcome("open", visit_hours=hours)
        if hour in answer["times"]:
            return outcome("free", visit_hours=hours)
        inside = opens <= str(hour) < closes
        near = sorted(answer["times"], key=lambda free: abs(_minutes(free) - _minutes(str(hour))))[:3]
        return outcome("taken" if inside else "outside", visit_hours=hours, visit_times=_spoken(sorted(near)))


class BookVisit(Action):  # type: ignore[misc]
    """`outcome` done with `visit_reference`, or taken: somebody else was quicker."""

    def name(self) -> str:
        """As in domain.yml."""
        return "action_book_visit"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Book it."""
        wish = {
            "day": tracker.get_slot("visit_date"),
            "time": tracker.get_slot("visit_time"),
            "purpose": tracker.get_slot("visit_purpose"),
            "phone": tracker.get_slot("phone"),
        }
        try:
            answer = await client.post(
                f"/branches/{tracker.get_slot('branch')}/visits", wish, once=turn_of(tracker)
            )
        except client.CoreBankingError as error:
            if error.status != 409:
                raise
            return outcome("taken", visit_times=_spoken(error.answer.get("times", [])))
        return outcome("done", visit_reference=answer["reference"])


def _minutes(hour: str) -> int:
    return int(hour[:2]) * 60 + int(hour[3:5])


def _spoken(hours: list[str]) -> str:
    return ", ".join(_said(hour) for hour in hours)


def _said(hour: str) -> str:
    number, half = int(hour[:2]), " 30분" if hour[3:5] == "30" else ""
    return f"{'오전' if number < 12 else '오후'} {(number - 1) % 12 + 1}시{half}"


def _span(opens: str, closes: str) -> str:
    return f"{_said(opens)}부터 {_said(closes)}까지"
