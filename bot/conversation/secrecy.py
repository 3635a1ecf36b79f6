"""What customers say in secret, as a PIN: known while the turn runs, never stored, shown or sent on.

A slot is secret by `metadata: {secret: true}` in domain.yml. A flow uses its value in the turn in which it was given; from
then on there is only the mark, in memory as in the log.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.conversation.events import CommandsIssued, Event, SlotSet, UserUttered

HIDDEN = "••••"
"""Stands for a secret wherever it would be kept."""
_DIGITS = re.compile(r"\d(?:[\d\s.-]*\d)?")


def hidden_events(events: Sequence[Event], secrets: frozenset[str], asked: str | None) -> list[Event]:
    """The events of a turn as they may be kept. `asked`: the slot that was asked for when the customer spoke."""
    if not secrets:
        return list(events)
    filled = [e.name for e in events if isinstance(e, SlotSet) and e.value is not None and e.source == "user"]
    given = any(isinstance(e, SlotSet) and e.name in secrets and e.value is not None for e in events)
    # Who corrects a telephone number at the question for the PIN has answered something else.
    slip = asked in secrets and not filled
    return [_hidden(event, secrets, given, slip) for event in events]


def _hidden(event: Event, secrets: frozenset[str], given: bool, slip: bool) -> Event:
    match event:
        case SlotSet() if event.name in secrets and event.value is not None:
            return event.model_copy(update={"value": HIDDEN})
        case CommandsIssued() if given:
            commands = [
                {**c, "value": HIDDEN} if c.get("name") in secrets and "value" in c else c
                for c in event.commands
            ]
            return event.model_copy(update={"commands": commands})
        case UserUttered() if given or slip:
            return _said(event, secrets, given)
        case _:
            return event


def _said(event: UserUttered, secrets: frozenset[str], given: bool) -> UserUttered:
    """Whole where it gave the secret; where it was asked for and something else was said, only the digits are taken out."""
    text = HIDDEN if given else _DIGITS.sub(HIDDEN, event.text)
    if text == event.text:
        return event
    # Entities quote the words; the intent says nothing of them.
    parsed = {**event.parse_data, "text": text, "entities": []} if event.parse_data else {}
    form = event.metadata.get("form")
    metadata = event.metadata
    if isinstance(form, dict) and isinstance(form.get("values"), dict):
        values = {name: HIDDEN if name in secrets else value for name, value in form["values"].items()}
        metadata = {**metadata, "form": {**form, "values": values}}
    return event.model_copy(update={"text": text, "parse_data": parsed, "metadata": metadata})
