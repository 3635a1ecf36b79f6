"""A conversation in Rasa's tracker JSON: for actions, and for `GET /conversations/{id}/tracker`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.conversation.domain import Domain
from bot.conversation.events import Event
from bot.conversation.tracker import Tracker


def event_json(event: Event) -> dict[str, Any]:
    """An event as Rasa's tracker JSON writes it; ours keep their own names beside Rasa's."""
    return event.model_dump(exclude_defaults=False)


def tracker_json(
    tracker: Tracker,
    domain: Domain,
    events: Iterable[Event] | None = None,
    context: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """The tracker as actions get it. `events` default to the recent ones; `context` is the innermost flow's."""
    state = tracker.state
    listed = [event_json(event) for event in (tracker.recent if events is None else events)]
    slots = {name: spec.initial_value for name, spec in domain.slots.items()}
    slots.update(tracker.slot_values())
    return {
        "sender_id": tracker.conversation_id,
        "slots": slots,
        "latest_message": state.latest_message or {"text": None, "intent": {}, "entities": []},
        "latest_event_time": listed[-1]["timestamp"] if listed else None,
        "followup_action": None,
        "paused": state.owner not in ("bot", "closed"),
        "events": listed,
        "latest_input_channel": state.channel or None,
        "active_loop": {},
        "latest_action": {"action_name": state.latest_action},
        "latest_action_name": state.latest_action,
        "stack": [{**frame.model_dump(), **frame.context} for frame in state.stack]
        + ([dict(context)] if context is not None else []),
        "owner": state.owner,
    }
